/* Errors of a list of beats against annotators: EC57's counts, and how far matched beats lie from
 * the annotators' marks. */
#ifndef BENCH_ACCURACY_SCORE_H
#define BENCH_ACCURACY_SCORE_H

#include "recording.h"

#include <stressecg/evaluate.h>

/* Differences test - reference, in seconds, of pairs that are each other's nearest and at most
 * window_s apart.  Both lists in order of time. */
void pair_nearest(const numbers *reference_s, const numbers *test_s, double window_s,
                  numbers *difference_s);

/* The sum of scores of several records, or one record's. */
typedef struct score {
    secg_ec57 counts;    /* only the sums qrs_, veb_, sveb_ are added up           */
    numbers residual_ms; /* of matched beats, each record's median taken out        */
    numbers whole_ms;    /* the same for beats at whole samples, as annotation files hold them   */
    double median_ms;    /* of the last record added                                */
    size_t records;
} score;

/* A list of beats as EC57's comparison takes them; free with free(). */
secg_annotation *beats_as_annotations(const seen_beat *beat, size_t beats);

/* Adds a record: test beats (test_at_s: their times with sub-sample part) against r's reference
 * from from_s on.  0, or -1 after saying what is wrong. */
int score_add(score *sum, const recording *r, const secg_annotation *test, size_t tests,
              const numbers *test_at_s, double from_s);
/* The same for what the analyser saw. */
int score_add_seen(score *sum, const recording *r, const seen_beat *beat, size_t beats,
                   double from_s);
void score_free(score *s);

void score_print_head(const char *title);
void score_print_row(const char *name, const score *s);

#endif
