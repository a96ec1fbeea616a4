/* What the stress floor needs of an analyser beyond its public face. */
#ifndef SECG_ANALYZER_ANALYZER_H
#define SECG_ANALYZER_ANALYZER_H

#include <stressecg/analyzer.h>

/* Called in the pushing thread for every event in order of emission, before it can be polled.
 * Must be real-time itself.  One observer; NULL removes it. */
typedef void secg_observer(void *context, const secg_event *event);
void secg_analyzer_observe(secg_analyzer *analyzer, secg_observer *observer, void *context);

/* Puts an event of the caller's own between the analyser's, at the present frame: it is numbered
 * (`emitted`), digested, observed and queued like any other.  SECG_AGAIN: the queue is full. */
secg_status secg_analyzer_emit(secg_analyzer *analyzer, const secg_event *event);

/* 1 when the analyser has taken no frame since creation or reset. */
int secg_analyzer_is_fresh(const secg_analyzer *analyzer);

/* 0 with no_labels. */
int secg_analyzer_labels_beats(const secg_analyzer *analyzer);

/* The present average complex without copying; *mv is valid until the next push. */
secg_status secg_analyzer_complex_view(const secg_analyzer *analyzer, size_t lead,
                                       secg_complex *complex, const float **mv);

int secg_analyzer_mains_hz(const secg_analyzer *analyzer);

#endif
