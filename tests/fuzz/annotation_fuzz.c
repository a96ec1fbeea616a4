#include "fuzz.h"

/* A list that was read and may be written comes back the same. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    secg_annotation *list, *again;
    size_t count, recount;
    secg_error error = {0};
    fuzz_put("r.atr", data, size);
    if (secg_annotations_read(fuzz_path("r.atr"), size & 1 ? 360 : 0, &list, &count, &error) !=
        SECG_OK) {
        if (!error.text[0])
            abort();
        return 0;
    }
    if (secg_annotations_write(fuzz_path("w.atr"), 360, list, count, NULL) == SECG_OK) {
        if (secg_annotations_read(fuzz_path("w.atr"), 360, &again, &recount, NULL) != SECG_OK ||
            recount != count)
            abort();
        for (size_t i = 0; i < count; i++)
            if (again[i].sample != list[i].sample || again[i].code != list[i].code ||
                again[i].subtype != list[i].subtype || again[i].chan != list[i].chan ||
                again[i].num != list[i].num || strcmp(again[i].aux, list[i].aux) != 0)
                abort();
        secg_annotations_free(again);
    }
    secg_annotations_free(list);
    return 0;
}
