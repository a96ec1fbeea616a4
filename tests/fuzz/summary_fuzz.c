#include "fuzz.h"

#include <stressecg/claim.h>
#include <stressecg/export.h>

/* What was read is what the check and the exports walk through. */
static void use(const secg_summary *summary)
{
    secg_findings *findings = secg_claim_check(summary, NULL, NULL, NULL);
    char *json = findings ? secg_findings_json(findings) : NULL;
    free(json);
    secg_findings_free(findings);
    secg_error error = {0};
    secg_summary_write_stages_csv(summary, fuzz_path("stages.csv"), &error);
    secg_export_fhir(summary, NULL, fuzz_path("fhir.json"), &error);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    secg_summary_file *file;
    secg_error error = {0};
    fuzz_put("s.json", data, size);
    if (secg_summary_read_json(fuzz_path("s.json"), &file, &error) != SECG_OK) {
        if (file || error.status == SECG_OK || !error.text[0])
            abort(); /* a refusal says why */
        return 0;
    }
    use(secg_summary_file_get(file));
    secg_summary_file_free(file);
    return 0;
}
