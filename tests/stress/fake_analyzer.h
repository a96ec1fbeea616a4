/* An analyser that does as it is told, for tests of the floor above it.  The input is a script:
 * channel 0 says what happens at a frame, channel 1 is the heart rate to display.
 *
 *     channel 0:  0 nothing, 1 a beat of class N, 2 of class V, 3 of class S
 *     channel 1:  negative: neither rates nor ST tables come
 *     NaN on a channel: its lead has no values; on both: the signal is not readable
 *
 * Once a second a RATE; every 5 s, FAKE_DELAY_S later, an ST table of both leads.  Commands of the
 * floor above (relearn, keep_rest) go into the digest with the frame at which they came. */
#ifndef TESTS_STRESS_FAKE_ANALYZER_H
#define TESTS_STRESS_FAKE_ANALYZER_H

#include "analyzer/analyzer.h"

enum { FAKE_CHANNELS = 2, FAKE_COMPLEX_SAMPLES = 4, FAKE_ST_EVERY_S = 5 };
#define FAKE_DELAY_S 2.5

secg_analyzer *fake_analyzer(double rate_hz, size_t queue_capacity);
void fake_analyzer_free(secg_analyzer *analyzer);

/* Frames at which the commands came; -1: never, else the last. */
int64_t fake_relearned_at(const secg_analyzer *analyzer);
int fake_relearned(const secg_analyzer *analyzer);
int64_t fake_rest_kept_at(const secg_analyzer *analyzer);
int fake_rest_kept(const secg_analyzer *analyzer);

/* At this table the view shows the complex of an older one. */
void fake_without_average(secg_analyzer *analyzer, int64_t table);

/* Level in mV of a lead in the table at a sample: what the tests expect. */
float fake_level_mv(int64_t sample, double rate_hz, size_t lead);

#endif
