/* test.h: a stress test around an analyser: the stage clock and the timeline of facts.
 *
 * The timeline is the primary object: an append-only list of facts with sample times.  What the
 * summary says follows from that list and from the analyser's events, so a saved list plus the
 * tracing rebuilds it, to the last bit, whenever the facts arrived.
 *
 * Threads: push, flush and every command or fact come from one thread; one other may poll.
 * Real time: push and poll as in analyzer.h.  Commands and facts do bounded work and take no
 * memory, but they are not marked real-time.
 *
 * `now` is a sample index, usually secg_test_frames(test).  A fact that changes the stage (STAGE,
 * HOLD, END) may be at most 20 s old (the average complexes of older moments are gone), and no
 * stage may begin before the one before it: SECG_E_ARGUMENT.  Other facts may have any time from 0
 * to the present.
 *
 * Live and replay.  A fact has two times: `sample`, when it happened, and `entered`, the frames
 * recorded when it became known.  The summary goes by `sample`.  Events (STAGE, PROMPT) come at
 * `entered`, in the order of entry.  What a fact does to the analyser (rest template kept when
 * exercise starts; averages relearned when electrodes or posture change) follows the delay of the
 * measurement path after `sample`, when all that was measured before is out, but not before
 * `entered`.  Both hold live and in a replay
 * alike: so a replay of the saved facts gives the same events, digest and summary to the last bit
 * even for facts that were entered late.  A saved test must keep all facts, the clock's own among
 * them, in order of entry (secg_test_facts), and `entered` where it differs from `sample`. */
#ifndef STRESSECG_TEST_H
#define STRESSECG_TEST_H

#include "analyzer.h"
#include "protocol.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct secg_test secg_test;

typedef struct secg_test_patient {
    float age_years;            /* 0: not stated                                            */
    float weight_kg, height_cm; /* 0: not stated                                            */
    char sex;                   /* 'M', 'F' or 0: not stated                                */
    uint8_t reserved[15];
} secg_test_patient;

/* Figures at which staff want a prompt; 0: none.  Each is said once when it is reached, a blood
 * pressure or SpO2 each time one does; nothing is decided. */
typedef struct secg_test_limits {
    float bpm; /* displayed rate in exercise and recovery, to 300              */
    float systolic_mmhg, diastolic_mmhg; /* reached or exceeded                         */
    float spo2_pct;    /* reached or fallen below                                      */
    float exercise_s;  /* time in exercise                                             */
    uint8_t no_target; /* 1: no prompt at the target heart rate                        */
    uint8_t reserved[11];
} secg_test_limits;

typedef struct secg_test_config {
    const secg_protocol *protocol; /* NULL: none; stages are then what the facts say. Copied
                                        by reference: must outlive the test                  */
    secg_test_patient patient;
    const char *max_bpm_formula; /* NULL: "fox"; read at creation                            */
    float target_pct;            /* of the predicted maximum; 0: 85                          */
    int64_t start_unix_ms;       /* wall clock of sample 0; SECG_NO_SAMPLE: not known        */
    int32_t utc_offset_min;
    uint32_t max_minutes;      /* longest recording; 0: 120; at most 2880                  */
    uint32_t max_facts;        /* 0: 2000                                                  */
    float recovery_interval_s; /* recovery is summarised this often; 0: 60                 */
    uint8_t replay;            /* 1: no stage clock, the facts say when stages began; they may
                                    lie in the future, those of a kind STAGE, HOLD or END must
                                    be added in order of entry                               */
    uint8_t manual;            /* 1: no stage clock, the operator advances                 */
    uint8_t mets_convention;   /* secg_mets_convention of the peak; 0: interpolated        */
    uint8_t mets_of_actual;    /* 1: METs of the measured load where there is one          */
    uint8_t handrail;          /* secg_handrail                                            */
    uint8_t reserved1[3];
    float max_bpm;              /* predicted maximum entered by staff, 60 .. 250; 0: by formula.
                                    The formula is then "manual"                             */
    const char *mets_formula;   /* of predicted METs; NULL: none; read at creation          */
    const char *protocol_label; /* printed instead of the table's name; NULL: that; read at
                                    creation, at most 63 bytes                               */
    secg_test_limits limits;
    uint8_t reserved[32];
    secg_memory memory; /* of the test and its summaries, copied; what context points to
                                    must outlive the test.  Zero: the C library's; both take and
                                    give, or neither                                         */
} secg_test_config;

/* The analyser stays the caller's, must not have taken frames yet, must not be pushed, polled,
 * flushed or reset directly until the test is destroyed, and must outlive it.
 * All memory is taken here, in one piece, from config->memory.  It grows with max_minutes: some
 * 56 kB a minute at 12 leads, most of it room that an ordinary recording never touches.  Pushing
 * writes into that memory and does nothing else with it; whether it is resident, locked or lies in
 * a file is up to who provides it.  SECG_E_MEMORY: there is none. */
SECG_API secg_status secg_test_create(secg_analyzer *analyzer, const secg_test_config *config,
                                      secg_test **test, secg_error *error);
SECG_API void secg_test_destroy(secg_test *test);
/* The bytes that secg_test_create will ask for; 0 for a configuration that it would refuse. */
SECG_API size_t secg_test_memory(const secg_analyzer *analyzer, const secg_test_config *config);

/* As secg_analyzer_push_*.  SECG_E_CAPACITY: max_minutes are recorded (or more events have come
 * than hearts give in that time); *taken says how many frames still fitted.  SECG_E_STATE: after flush.
 *
 * The stage clock runs in push: at the planned end of an exercise stage the next one of the table
 * begins, at exactly that sample whatever the chunking; a hold prolongs the stage by the time held.
 * The last stage of the table, and stages outside of it, stay until the operator acts; recovery
 * ends with secg_test_finish.  Prompts: see secg_prompt_kind in event.h;
 *   BP_DUE       the table's bp_due_s before a stage's planned end, unless one was taken in the
 *                last 60 s; in recovery after 1 min and then every 2 min as long as planned
 *   BP_OVERDUE   30 s after that planned end (90 s after the prompt in recovery) when there is
 *                still none
 *   STAGE_SOON   10 s before the planned end of a stage that another one follows
 *   STRIP_DUE    the table's strip_due_s before a stage's planned end
 *   LACKING      20 s before it (at the start of a shorter stage of 30 s and more), when something
 *                is wanted that has not been entered since the stage began: a blood pressure or strip
 *                if the table asks for one, in stages of a minute and more a symptom entry, and, drug
 *                tests aside, an RPE
 *   the limits   a rate at the first whole second after it is displayed, others when entered */
SECG_API SECG_REALTIME secg_status secg_test_push_i16(secg_test *test, const int16_t *counts,
                                                      size_t frames, size_t *taken);
SECG_API SECG_REALTIME secg_status secg_test_push_i32(secg_test *test, const int32_t *counts,
                                                      size_t frames, size_t *taken);
SECG_API SECG_REALTIME secg_status secg_test_push_mv(secg_test *test, const float *mv,
                                                     size_t frames, size_t *taken);
SECG_API SECG_REALTIME secg_status secg_test_poll(secg_test *test, secg_event *event);
SECG_API SECG_REALTIME secg_status secg_test_flush(secg_test *test);
SECG_API int64_t secg_test_frames(const secg_test *test);
SECG_API const secg_analyzer *secg_test_analyzer(const secg_test *test);

/* ---- facts -------------------------------------------------------------------------------- */

/* Values are pinned; they are written to saved tests by name (secg_fact_name). */
typedef enum secg_fact_kind {
    SECG_FACT_STAGE = 1,           /* a stage began: phase, stage, label, target load          */
    SECG_FACT_HOLD = 2,            /* the stage clock was stopped (code 1) or goes on (code 0) */
    SECG_FACT_END = 3,             /* the test ended: code secg_end, text                      */
    SECG_FACT_LOAD = 4,            /* measured load: speed_mph, grade_pct, power_w             */
    SECG_FACT_BLOOD_PRESSURE = 5,  /* systolic_mmhg, diastolic_mmhg at deflation               */
    SECG_FACT_SYMPTOM = 6,         /* code secg_symptom, grade 0-10 (-1: not graded), text     */
    SECG_FACT_RPE = 7,             /* value; label "6-20" or "CR10"                            */
    SECG_FACT_SPO2 = 8,            /* value, %                                                 */
    SECG_FACT_DRUG = 9,            /* label: agent; value: dose; unit; text: lot, route        */
    SECG_FACT_NOTE = 10,           /* text                                                     */
    SECG_FACT_ADVERSE = 11,        /* adverse event: text; code 1: "none" stated by staff      */
    SECG_FACT_STRIP = 12,          /* a strip was asked for                                    */
    SECG_FACT_ELECTRODES = 13,     /* electrodes or posture changed: averages relearned; text  */
    SECG_FACT_RESTING_ECG = 14,    /* the resting ECG was taken; text: staff's finding line    */
    SECG_FACT_TARGET = 15,         /* the operator set the load of the present stage by hand   */
    SECG_FACT_PAUSE = 16,          /* belt or brake was stopped, and the stage clock with it
                                      (code 1), or goes on (code 0)                           */
    SECG_FACT_EMERGENCY_STOP = 17, /* the machine was stopped at once; text                   */
    SECG_FACT_FAULT = 18,          /* a device reported a fault; label: device, text           */
    SECG_FACT_RETRACTION = 19,     /* `corrects` was entered in error; text: why               */
    SECG_FACT_KINDS
} secg_fact_kind;
SECG_API const char *secg_fact_name(secg_fact_kind kind); /* "blood_pressure", ... */
SECG_API secg_fact_kind secg_fact_find(const char *name); /* 0: none              */

typedef enum secg_source {
    SECG_SOURCE_STAFF = 0,
    SECG_SOURCE_DEVICE = 1,
    SECG_SOURCE_CLOCK = 2
} secg_source;

/* Symptoms, with the SNOMED CT codes of domain.md 1.8. */
typedef enum secg_symptom {
    SECG_SYMPTOM_NONE = 1, /* staff state that there was none                          */
    SECG_SYMPTOM_CHEST_PAIN = 2,
    SECG_SYMPTOM_CHEST_DISCOMFORT = 3,
    SECG_SYMPTOM_DYSPNEA = 4,
    SECG_SYMPTOM_FATIGUE = 5,
    SECG_SYMPTOM_DIZZINESS = 6,
    SECG_SYMPTOM_NAUSEA = 7,
    SECG_SYMPTOM_SYNCOPE = 8,
    SECG_SYMPTOM_CLAUDICATION = 9,
    SECG_SYMPTOM_FLUSHING = 10,
    SECG_SYMPTOM_PALPITATIONS = 11,
    SECG_SYMPTOM_OTHER = 12,
    SECG_SYMPTOM_KINDS
} secg_symptom;
SECG_API const char *secg_symptom_name(secg_symptom symptom); /* "chest_pain"          */
SECG_API const char *secg_symptom_text(secg_symptom symptom); /* "chest pain"          */
SECG_API secg_symptom secg_symptom_find(const char *name);    /* 0: none               */

/* Why it ended, domain.md 1.8. */
typedef enum secg_end {
    SECG_END_TARGET_RATE = 1,
    SECG_END_PROTOCOL_COMPLETE = 2,
    SECG_END_FATIGUE = 3,
    SECG_END_DYSPNEA = 4,
    SECG_END_CHEST_PAIN = 5,
    SECG_END_CLAUDICATION = 6,
    SECG_END_SYNCOPE = 7,
    SECG_END_ARRHYTHMIA = 8,
    SECG_END_ECG_CHANGE = 9,
    SECG_END_HYPOTENSION = 10,
    SECG_END_HYPERTENSION = 11,
    SECG_END_PATIENT_REQUEST = 12,
    SECG_END_PHYSICIAN_REQUEST = 13,
    SECG_END_EQUIPMENT = 14,
    SECG_END_ORTHOPAEDIC = 15,
    SECG_END_OTHER = 16,
    SECG_END_KINDS
} secg_end;
SECG_API const char *secg_end_name(secg_end end); /* "target_rate"         */
SECG_API const char *secg_end_text(secg_end end); /* "target heart rate reached" */
SECG_API secg_end secg_end_find(const char *name);

typedef struct secg_fact {
    int64_t sample;  /* when it happened                                         */
    int64_t entered; /* frames recorded when it was entered: set by the library; in a
                                    replay as saved, anything before sample means sample     */
    uint16_t kind;   /* secg_fact_kind                                           */
    uint8_t source;  /* secg_source                                              */
    uint8_t phase;   /* STAGE: secg_phase                                        */
    int16_t stage;   /* STAGE: index in the protocol's table; -1: outside of it  */
    int16_t code;
    int16_t grade;
    int16_t systolic_mmhg, diastolic_mmhg;
    uint16_t reserved;
    int32_t corrects; /* 0: a fact of its own; n: stands for the n-th fact in order of adding,
                          from 1, which stays in the timeline                 */
    float speed_mph, grade_pct, power_w;
    float value; /* STAGE, LOAD of a drug protocol: the dose, in unit        */
    char label[24];
    char unit[16];
    char text[240];
    char by[40];  /* who entered it; "" unknown                              */
    char lot[32]; /* DRUG: lot number                                        */
} secg_fact;

/* A fact with every number unset (NaN, -1) and the given kind and time. */
SECG_API secg_fact secg_fact_make(secg_fact_kind kind, int64_t sample);

/* Appends a checked copy; fields that the kind does not use are left out of it, and what a STAGE
 * fact of the table does not state (label, load) is taken from the table.
 * SECG_E_ARGUMENT names the field in error.  SECG_E_STATE: the stage cannot follow the present one,
 * or STAGE, HOLD, END after flush.  SECG_E_CAPACITY: max_facts.  SECG_AGAIN: the queue is full of
 * unpolled events; poll, then add it again. */
SECG_API secg_status secg_test_add(secg_test *test, const secg_fact *fact, secg_error *error);
/* All facts so far, the clock's own among them, in order of entry. */
SECG_API const secg_fact *secg_test_facts(const secg_test *test, size_t *count);

/* Commands, each of which appends a fact; they return what secg_test_add does, and
 * SECG_E_ARGUMENT for a text that is longer than its field: nothing is cut off.
 *   pretest   before exercise: a posture or stage such as "Supine"; a change of it relearns
 *   start     exercise or infusion begins with the table's first stage
 *   advance   the next stage of the table; without protocol: one more stage, numbered
 *   hold      1: the clock stops; 0: it goes on.  Ends by itself with the stage
 *   recover   exercise is over
 *   finish    the test is over, from any phase */
SECG_API secg_status secg_test_pretest(secg_test *test, int64_t now, const char *label);
SECG_API secg_status secg_test_start(secg_test *test, int64_t now);   /* first exercise stage */
SECG_API secg_status secg_test_advance(secg_test *test, int64_t now); /* next stage now       */
SECG_API secg_status secg_test_hold(secg_test *test, int64_t now, int on);
SECG_API secg_status secg_test_recover(secg_test *test, int64_t now);
SECG_API secg_status secg_test_finish(secg_test *test, int64_t now, secg_end why, const char *text);

SECG_API secg_status secg_test_blood_pressure(secg_test *test, int64_t now, int systolic_mmhg,
                                              int diastolic_mmhg);
SECG_API secg_status secg_test_symptom(secg_test *test, int64_t now, secg_symptom symptom,
                                       int grade, const char *text);
SECG_API secg_status secg_test_rpe(secg_test *test, int64_t now, double value, const char *scale);
SECG_API secg_status secg_test_note(secg_test *test, int64_t now, const char *text);
SECG_API secg_status secg_test_drug(secg_test *test, int64_t now, const char *agent, double dose,
                                    const char *unit, const char *lot);

/* ---- treadmill and ergometer ------------------------------------------------------------------
 * The library owns no port: LOAD events say what to send, these calls say what came back. */

/* The load that the machine reports; NaN: not reported. */
SECG_API secg_status secg_test_actual(secg_test *test, int64_t now, double speed_mph,
                                      double grade_pct, double power_w);
SECG_API secg_status secg_test_fault(secg_test *test, int64_t now, const char *device,
                                     const char *text);
/* The operator's load, until the next stage; NaN: as it is.  The clock goes on: a vendor's habit of
 * holding the stage with it is secg_test_hold. */
SECG_API secg_status secg_test_set_load(secg_test *test, int64_t now, double speed_mph,
                                        double grade_pct, double power_w);
/* 1: belt or brake stop, and the clock with them; 0: both go on.  Ends by itself with the stage. */
SECG_API secg_status secg_test_pause(secg_test *test, int64_t now, int on);
/* Skips: the table's stage of that index begins now; it must not have begun before. */
SECG_API secg_status secg_test_go_to(secg_test *test, int64_t now, size_t stage);
/* Stop at once; in exercise, recovery begins with it. */
SECG_API secg_status secg_test_emergency_stop(secg_test *test, int64_t now, const char *text);

/* ---- corrections -------------------------------------------------------------------------------
 * An addendum: the fact that it corrects stays in the timeline, the summary goes by the correction
 * and shows both.  `fact` is of the same kind, or a RETRACTION; its `corrects` is the number of the
 * fact.  What moved the clock (STAGE, HOLD, PAUSE, EMERGENCY_STOP) has happened and is not corrected;
 * of END, reason and text are, not the time.  A corrected fact is corrected again through its
 * correction.  SECG_E_ARGUMENT, SECG_E_STATE. */
SECG_API secg_status secg_test_correct(secg_test *test, int32_t number, const secg_fact *fact,
                                       secg_error *error);

#ifdef __cplusplus
}
#endif
#endif
