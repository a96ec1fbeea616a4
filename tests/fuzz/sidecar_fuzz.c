#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const uint8_t wav[] = {'R', 'I', 'F',  'F',  44, 0, 0, 0, 'W', 'A', 'V', 'E', 'f',
                                  'm', 't', ' ',  16,   0,  0, 0, 1, 0,   2,   0,   244, 1,
                                  0,   0,   0xd0, 0x07, 0,  0, 4, 0, 16,  0,   'd', 'a', 't',
                                  'a', 8,   0,    0,    0,  1, 0, 2, 0,   3,   0,   4,   0};
    fuzz_put("x.wav", wav, sizeof wav);
    fuzz_put("x.json", data, size);
    fuzz_record("x.wav", NULL);
    return 0;
}
