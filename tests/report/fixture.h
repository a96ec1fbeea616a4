/* A made-up stress test with everything a summary can hold, for looking at and for tests. */
#ifndef SECG_TESTS_REPORT_FIXTURE_H
#define SECG_TESTS_REPORT_FIXTURE_H

#include <stressecg/report.h>

typedef struct fixture {
    secg_signal signal;
    secg_lead_source lead[SECG_MAX_LEADS];
    secg_protocol protocol;
    secg_protocol_stage *plan;
    secg_stage_summary *stage;
    secg_st *stage_st, *trend_st;
    secg_complex *complex;
    float *complex_mv;
    secg_beat *beat;
    secg_rhythm *rhythm;
    secg_trend_point *trend;
    secg_rate *rate;
    secg_gap *gap;
    secg_fact *fact;
    secg_summary summary;
    secg_order order;
    secg_report_options options;
} fixture;

/* A Bruce test of 20 minutes on eight channels: supine, standing, `stages` of exercise of
 * `stage_s`, six minutes of recovery. */
void fixture_bruce(fixture *f, int stages, double stage_s);
/* The same on 1 to 16 channels, with as many minutes of recovery. */
void fixture_test(fixture *f, int channels, int stages, double stage_s, int recoveries);
/* 1 to 16 channels without a test, of unknown gain when calibrated is 0. */
void fixture_recording(fixture *f, int channels, double rate_hz, int calibrated);
/* Every text as long as its field, in several scripts, some cut in the middle of a character. */
void fixture_fill_texts(fixture *f);
void fixture_free(fixture *f);

/* The tracing behind it: options.tracing reads from here. */
secg_status fixture_read(void *context, int64_t from, size_t frames, float *mv);

#endif
