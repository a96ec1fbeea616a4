/* The running hash behind secg_analyzer_digest(). */
#ifndef SECG_BASE_FINGERPRINT_H
#define SECG_BASE_FINGERPRINT_H

#include <stressecg/event.h>

#define SECG_FINGERPRINT_START UINT64_C(0xcbf29ce484222325)

/* Folds every field of the event in; padding and unused bytes of the union do not count, and
 * every NaN is the same NaN. */
uint64_t secg_fingerprint(uint64_t hash, const secg_event *event);

#endif
