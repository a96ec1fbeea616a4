/* Status texts, and the one way to fill a secg_error. */
#ifndef SECG_BASE_STATUS_H
#define SECG_BASE_STATUS_H

#include <stressecg/base.h>

/* Fills error (may be NULL) and returns status, so that callers write
 * `return secg_fail(error, SECG_E_FORMAT, "%s:%d: ...", ...)`.  Not for the real-time floors.
 * Exported, but in no public header: the sibling libraries (io, report) share it. */
SECG_API secg_status secg_fail(secg_error *error, secg_status status, const char *format, ...)
    SECG_PRINTF(3, 4);

#endif
