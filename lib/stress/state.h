/* A stress test as a struct: what is in it, shared by the files of this room. */
#ifndef SECG_STRESS_STATE_H
#define SECG_STRESS_STATE_H

#include "analyzer/analyzer.h"
#include "stress/capture.h"
#include "stress/course.h"
#include "stress/log.h"

#include <stressecg/summary.h>
#include <stressecg/test.h>

#define SECG_TEST_SOON_S 10.0 /* SECG_PROMPT_STAGE_SOON */

enum {
    /* How late the change of a stage may be entered. */
    SECG_TEST_LATE_S = 20,
    /* STAGE, LOAD and PROMPT events that can wait for the queue; and the most that one thing brings. */
    SECG_TEST_PENDING = 128,
    SECG_TEST_AT_ONCE = 4
};

/* A prompt at a limit: waits for the next whole second, so that the chunking does not matter. */
typedef struct secg_limit {
    int said;
    int64_t due; /* SECG_NO_SAMPLE: not reached */
    float value;
} secg_limit;

/* What the clock has said in the present stage. */
typedef struct secg_clock {
    int soon_said, bp_said, strip_said, lacking_said;
    int64_t last_strip, last_symptom, last_rpe; /* newest known; SECG_NO_SAMPLE: none */
    int64_t ramp_steps;                         /* of the present stage, sent */
    secg_target sent;                           /* last load sent; NaN: never one */
    secg_limit target_rate, rate;
    int time_said;
    int64_t overdue_at;     /* SECG_NO_SAMPLE: no blood pressure is waited for */
    int64_t bp_counts_from; /* a blood pressure of this time or later answers */
    int64_t last_bp;        /* newest blood pressure known */
    int64_t recovery_rows;  /* marks passed */
    int recovery_prompts;
    int64_t relearn_at, keep_rest_at; /* SECG_NO_SAMPLE: not asked for */
} secg_clock;

struct secg_test {
    secg_analyzer *analyzer;
    const secg_protocol *protocol;
    secg_test_patient patient;
    char formula[16];
    float target_pct;
    double recovery_interval_s;
    int64_t start_unix_ms;
    int32_t utc_offset_min;
    uint8_t replay, manual, mets_of_actual;
    secg_mets_convention mets_convention;
    secg_handrail handrail;
    float max_bpm; /* entered; 0: by formula */
    char mets_formula[16], protocol_label[64];
    secg_test_limits limits;
    float target_bpm; /* NaN: not known */

    double rate_hz;
    size_t channels;
    int64_t frame_limit;
    int flushed;

    /* The timeline.  order[] lists the facts by `entered`, then by entry; the first `applied`
     * have had their effect. */
    secg_fact *fact;
    uint32_t *order;
    size_t facts, fact_capacity, staff_capacity, applied;

    secg_course said;     /* after all facts */
    int64_t said_entered; /* of the last fact that moved it */
    secg_course now;      /* after those applied */
    secg_clock clock;
    secg_event pending[SECG_TEST_PENDING];
    size_t pending_first, pending_count;

    secg_log log;
    secg_captures captures;
    secg_memory memory; /* where the two blocks come from */
    void *block, *summary_block;
    size_t block_bytes, summary_bytes;
};

/* ---- the stream: real-time ------------------------------------------------------------------------ */

/* push.c: the analyser's observer; context is the test. */
void secg_test_observe(void *context, const secg_event *event);

/* stage.c: does what is due at the present frame and hands its events to the analyser: 1, or 0
 * when the queue is full and more waits.  And the first sample at which there is something to do. */
int secg_test_settle(secg_test *test);
int64_t secg_test_next_stop(const secg_test *test);

/* pending.c: events wait here, in order, until drain has handed all of them on: 1, or 0. */
void secg_test_put_stage(secg_test *test, const secg_fact *fact, secg_phase phase);
void secg_test_put_prompt(secg_test *test, secg_prompt_kind kind, int64_t sample);
void secg_test_put_lacking(secg_test *test, int64_t sample, uint32_t lacks);
void secg_test_put_limit(secg_test *test, secg_prompt_kind kind, int64_t sample, float value);
/* The load in the machine's steps, unless there is none to send. */
void secg_test_put_load(secg_test *test, secg_load_cause cause, int64_t sample, secg_target load);
int secg_test_drain(secg_test *test);

/* effect.c: appends a checked and tidied fact, in order of `entered`; fills what a fact leaves
 * open to the table; lets a fact have its effect. */
void secg_test_append(secg_test *test, const secg_fact *fact);
void secg_test_stage_from_table(const secg_test *test, secg_fact *fact);
void secg_test_apply(secg_test *test, const secg_fact *fact);
/* limit.c: a rate is displayed; a reading is entered. */
void secg_test_watch_rate(secg_test *test, const secg_event *event);
void secg_test_watch_reading(secg_test *test, const secg_fact *fact);
/* A row of the summary ends at `end`; the complexes at its end are to be kept. */
void secg_test_end_row(secg_test *test, int64_t end);

/* timeline.c: the second of two facts that belong together: does not wait for the queue. */
secg_status secg_test_add_at_once(secg_test *test, const secg_fact *fact);

/* create.c: entered by staff, or by formula; not rounded; NaN: not known. */
double secg_test_predicted_max(const secg_test *test);

/* ---- facts ----------------------------------------------------------------------------------------- */

/* fact.c: a copy with only what the kind uses; and whether a fact states what its kind must. */
secg_fact secg_fact_tidy(const secg_fact *fact);
secg_status secg_fact_check(const secg_test *test, const secg_fact *fact, secg_error *error);

#endif
