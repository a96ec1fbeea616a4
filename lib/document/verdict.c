#include "document/verdict.h"

#include <stressecg/claim.h>
#include <string.h>

/* domain.md 1.8, "interpretive codes to refuse": SNOMED CT of CID 3208 and 3238, and DICOM. */
static const struct code {
    const char *code, *text;
} codes[] = {
    {"165084003", "CID 3208, the first result of a stress test"},
    {"165082004", "CID 3208, the second result of a stress test"},
    {"370367002", "CID 3208, the third result of a stress test"},
    {"304915008", "CID 3238, a treadmill score"},
    {"122753", "DCM, a stress test's conclusion"},
    {"122755", "DCM, a stress test's conclusion"},
    {"122756", "DCM, a stress test's conclusion"},
};

const char *secg_verdict_code_text(const char *code)
{
    for (size_t i = 0; code && i < sizeof codes / sizeof *codes; i++)
        if (strcmp(codes[i].code, code) == 0)
            return codes[i].text;
    return NULL;
}

int secg_names_verdict(const char *name)
{
    static const char *const part[] = {
        "interpret", "impression", "conclusion", "diagnos", "verdict",    "result", "prognos",
        "risk",      "duke",       "isch",       "opinion", "assessment", "finding"};
    char lower[64];
    size_t length = strlen(name) < sizeof lower - 1 ? strlen(name) : sizeof lower - 1;
    for (size_t i = 0; i < length; i++)
        lower[i] = (char)(name[i] >= 'A' && name[i] <= 'Z' ? name[i] - 'A' + 'a' : name[i]);
    lower[length] = '\0';
    for (size_t i = 0; i < sizeof part / sizeof *part; i++)
        if (strstr(lower, part[i]))
            return 1;
    return 0;
}
