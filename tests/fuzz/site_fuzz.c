#include "fuzz.h"

#include <math.h>
#include <stressecg/claim.h>

/* A site file that is taken gives thresholds that rules can be run with. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    secg_claim_site site;
    secg_error error = {0};
    fuzz_put("site.json", data, size);
    if (secg_claim_site_read(fuzz_path("site.json"), &site, &error) != SECG_OK) {
        if (error.status == SECG_OK || !error.text[0])
            abort(); /* a refusal says why */
        return 0;
    }
    for (int i = 0; i < SECG_MAX_SITE_CODES; i++)
        if (!memchr(site.headers[i], '\0', sizeof site.headers[i]) ||
            !memchr(site.necessity[i], '\0', sizeof site.necessity[i]))
            abort();
    return 0;
}
