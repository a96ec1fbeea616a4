#include "stress/protocol_table.h"

#include <string.h>

const secg_protocol *secg_protocol_at(size_t index)
{
    return index < secg_protocol_table_count ? &secg_protocol_table[index] : NULL;
}

const secg_protocol *secg_protocol_find(const char *id)
{
    for (size_t i = 0; id && i < secg_protocol_table_count; i++)
        if (strcmp(secg_protocol_table[i].id, id) == 0)
            return &secg_protocol_table[i];
    return NULL;
}

const char *secg_modality_text(secg_modality modality)
{
    switch (modality) {
    case SECG_MODALITY_TREADMILL:
        return "treadmill";
    case SECG_MODALITY_BICYCLE:
        return "bicycle";
    case SECG_MODALITY_ARM:
        return "arm crank";
    case SECG_MODALITY_DRUG:
        return "drug";
    }
    return "unknown";
}
