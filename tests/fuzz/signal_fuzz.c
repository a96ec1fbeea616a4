#include "fuzz.h"

/* Three bytes choose format, signals and what the header says of them; the rest is the file. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const int format[] = {8, 16, 24, 32, 61, 80, 160, 212, 310, 311, 508, 516, 524};
    static char header[4000];
    if (size < 3)
        return 0;
    int code = format[data[0] % (sizeof format / sizeof *format)], signals = 1 + data[1] % 9;
    int used = snprintf(header, sizeof header, "r %d 500 %d\n", signals, data[2] & 1 ? 0 : 64);
    for (int k = 0; k < signals; k++)
        used += snprintf(header + used, sizeof header - (size_t)used,
                         "r.dat %dx%d:%d+%d 200 12 0 -7 99 0 V%d\n", code, 1 + (data[2] >> 1 & 3),
                         data[2] >> 3 & 3, data[2] >> 5 & 3, k);
    fuzz_put("r.hea", header, (size_t)used);
    fuzz_put("r.dat", data + 3, size - 3);
    secg_record_options options = {.high_resolution = data[1] >> 7};
    fuzz_record("r", &options);
    return 0;
}
