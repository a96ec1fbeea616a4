#include "fuzz.h"

#include <stressecg/archive.h>

/* A seal that was not made here never vouches for anything: the hash of its lines, and the files that
 * it names, are not there.  Only the seeds, which were made here, pass the chain. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    secg_seal seal;
    secg_addendum addendum;
    secg_error error = {0};
    char folder[128];
    fuzz_put("seal.jsonl", data, size);
    snprintf(folder, sizeof folder, "%s", fuzz_path("seal.jsonl"));
    *strrchr(folder, '/') = '\0';
    secg_status status = secg_seal_read(folder, NULL, NULL, &seal, &error);
    if (status == SECG_OK || seal.is_signed || error.status == SECG_OK || !error.text[0])
        abort();
    for (size_t i = 0; i < 4 && secg_seal_addendum(folder, i, &addendum, &error) == SECG_OK; i++)
        ;
    secg_seal_check_digest(folder, "0000", &error);
    return 0;
}
