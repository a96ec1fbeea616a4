/* The wording guard as the rules use it. */
#ifndef SECG_DOCUMENT_WORDING_H
#define SECG_DOCUMENT_WORDING_H

#include <stressecg/claim.h>

typedef enum secg_wording_field {
    SECG_WORDING_NOTE = 0,   /* anything written during the test                            */
    SECG_WORDING_RESTING = 1 /* the descriptor of the resting ECG, where the observed rhythm and
                                conduction are described                                    */
} secg_wording_field;

/* As secg_wording_check, for a field. */
size_t secg_wording_scan(const char *text, secg_wording_field field, secg_wording_hit *hits,
                         size_t capacity);

#endif
