#include "fuzz.h"

#include <stressecg/order.h>

/* What was read and may be written comes back with the same facts, and is then written alike. */
static void write_and_read_again(const secg_test_file *file, double rate_hz)
{
    secg_test_file again;
    secg_error error = {0};
    if (secg_test_file_write(fuzz_path("w.json"), rate_hz, file, &error) != SECG_OK)
        return;
    if (secg_test_file_read(fuzz_path("w.json"), rate_hz, &again, &error) != SECG_OK ||
        again.facts != file->facts || again.start_unix_ms != file->start_unix_ms) {
        fprintf(stderr, "read again: %s\n", error.text);
        abort();
    }
    for (size_t i = 0; i < file->facts; i++)
        if (again.fact[i].kind != file->fact[i].kind ||
            again.fact[i].sample != file->fact[i].sample) {
            fprintf(stderr, "fact %zu differs\n", i);
            abort();
        }
    secg_test_file_free(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    secg_test_file file;
    secg_error error = {0};
    double rate_hz = size & 1 ? 360.5 : 500;
    fuzz_put("t.json", data, size);
    if (secg_test_file_read(fuzz_path("t.json"), rate_hz, &file, &error) != SECG_OK) {
        if (error.status == SECG_OK || !error.text[0])
            abort(); /* a refusal says why */
        return 0;
    }
    write_and_read_again(&file, rate_hz);
    secg_test_file_free(&file);
    return 0;
}
