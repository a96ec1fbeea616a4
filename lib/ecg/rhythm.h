/* Rhythm events out of labelled beats: descriptions with thresholds, no verdicts. */
#ifndef SECG_ECG_RHYTHM_H
#define SECG_ECG_RHYTHM_H

#include <stressecg/event.h>

/* Zero means the default of domain.md 4, given behind each. */
typedef struct secg_rhythm_config {
    double rate_hz;
    float brady_bpm;      /* 50                                                       */
    float tachy_bpm;      /* 120                                                      */
    float pause_ms;       /* 2000                                                     */
    int32_t run_beats;    /* 3: ventricular beats that make a run                     */
    int32_t svt_beats;    /* 5: supraventricular beats that make a run; to 16         */
    int32_t cycles;       /* 3: cycles that make bigeminy or trigeminy                */
    float irregular_s;    /* 30: shortest irregular rhythm reported                   */
    float irregular_part; /* 0.1: median step of RR, as a part of mean RR             */
} secg_rhythm_config;

enum { SECG_RHYTHM_QUEUE = 32, SECG_RHYTHM_RR = 32, SECG_RHYTHM_SINGLES = 16 };

/* Something that goes on from beat to beat. */
typedef struct secg_episode {
    int64_t start, end;
    int32_t beats; /* 0: none                                                  */
} secg_episode;

typedef struct secg_rhythm_watch {
    secg_rhythm_config config;
    secg_episode ventricular, supraventricular, bigeminy, trigeminy, brady, tachy, irregular;
    int64_t single[SECG_RHYTHM_SINGLES]; /* beats of the supraventricular row under way      */
    int32_t others;           /* beats that are not V since the last one that is           */
    int64_t recent[3];        /* the beats before this one, latest first                  */
    float rr[SECG_RHYTHM_RR]; /* latest intervals                                         */
    int32_t rr_count;
    int32_t normals_in_row;
    int64_t gap_start, gap_end; /* a long interval that waits for the next beat             */
    float gap_mean_ms;
    secg_rhythm queue[SECG_RHYTHM_QUEUE];
    int32_t first, count;
} secg_rhythm_watch;

void secg_rhythm_init(secg_rhythm_watch *watch, const secg_rhythm_config *config);
void secg_rhythm_beat(secg_rhythm_watch *watch, const secg_beat *beat);
/* Ends and reports whatever goes on: end of record. */
void secg_rhythm_flush(secg_rhythm_watch *watch);
int secg_rhythm_next(secg_rhythm_watch *watch, secg_rhythm *event);

#endif
