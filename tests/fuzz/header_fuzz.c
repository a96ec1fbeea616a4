#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char segment[] = "s 2 250 4\nr.dat 16 200 16 0 0 0 0 ECG\nr.dat 16\n";
    static const char samples[3000] = "samples of any kind";
    fuzz_put("r.dat", samples, sizeof samples);
    fuzz_put("s.hea", segment, sizeof segment - 1);
    fuzz_put("r.hea", data, size);
    secg_record_options options = {.high_resolution = (uint8_t)(size & 1)};
    fuzz_record("r", &options);
    return 0;
}
