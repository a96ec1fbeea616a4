/* Which peaks of the QRS feature are beats: the most probable path among candidates. */
#ifndef SECG_ECG_DECISION_H
#define SECG_ECG_DECISION_H

#include "ecg/levels.h"
#include "ecg/shapes.h"

enum { SECG_CANDIDATES = 32 };

/* A peak of the fused feature.  Of a power of two in bytes: it is looked up by number all the time. */
typedef struct secg_candidate {
    int64_t time;                      /* step, at the peak of the feature             */
    int64_t version;                   /* of the levels, for which height .. unity are known */
    float part_mv[SECG_MAX_CHANNELS];  /* the feature of each lead there                   */
    float log_part[SECG_MAX_CHANNELS]; /* log of it                                       */
    float wide_mv[SECG_MAX_CHANNELS];  /* largest wide-band deflection around it           */
    uint32_t usable;               /* bit k: lead k was usable                                 */
    secg_match match;              /* with the best of the shapes that are known             */
    int8_t is_judged, is_expected; /* early: see secg_decision_expects                        */
    float height;                  /* log of the fused feature, 0 for a typical beat           */
    float wide;                    /* log of the same of wide_mv                               */
    float width;                   /* log of wide over narrow: wide less height                */
    float tallest;                 /* log of the feature in the lead where it is largest       */
    float unity;                   /* mean log over leads less height: 0 when leads agree      */
    /* What its odds below were worked out for: */
    uint32_t weighed; /* number of changes                                        */
    float after;      /* the tallest within 0.3 s after                           */
} secg_candidate;
_Static_assert((sizeof(secg_candidate) & (sizeof(secg_candidate) - 1)) == 0, "a power of two");

typedef struct secg_decision {
    float rate_hz;    /* of time                                                  */
    int search_back;  /* 0: a late beat is not expected any more than others      */
    float refractory; /* steps, as the next */
    int32_t neighbourhood;
    /* Number of changes of what evidence comes from: the levels, what was rejected, intervals, the last beat.
     * Who sets the last beat, or the width of beats, drops it from the candidates, which counts for them. */
    uint32_t changes;
    union {
        struct {
            secg_candidate last;                       /* the last beat                         */
            secg_candidate candidate[SECG_CANDIDATES]; /* in order of time                      */
        };
        secg_candidate before[SECG_CANDIDATES + 1]; /* the same: candidate i is before[i + 1]   */
    };
    int32_t candidates;
    int has_last;
    int is_adrift;    /* 1: no beat for so long that the last one tells nothing    */
    float rr_typical; /* median of the latest intervals, in steps                 */
    float log_rr_typical_s;
    int32_t rejected;   /* candidates so far, at most 1000                          */
    float noise_height; /* of rejected candidates, a part of a typical beat         */
    float log_noise_height;
    int64_t version; /* of the levels, for which is known:                       */
    float noise;     /* log of what is between beats, as evidence                */
    float log_beat[SECG_MAX_CHANNELS]; /* log of beat_mv                                        */
    float width; /* log of wide over narrow, of beats                        */
    /* Log odds of candidate i when before[j] is the beat before it: [i][j], j up to i. */
    float odds[SECG_CANDIDATES][SECG_CANDIDATES];
} secg_decision;

void secg_decision_init(secg_decision *d, double rate_hz, int search_back);

/* Without beats for long: what is expected is what was expected at the start. */
void secg_decision_cut_adrift(secg_decision *d);

void secg_decision_set_rr(secg_decision *d, float rr_typical);

/* Room for a new candidate; when there is none the oldest goes. */
secg_candidate *secg_decision_add(secg_decision *d);
void secg_decision_drop(secg_decision *d, int32_t count);

/* A candidate that is no beat: what noise looks like. */
void secg_decision_reject(secg_decision *d, const secg_candidate *c);

/* Weighs all candidates.  Returns the first beat on the most probable path, or -1.
 * *margin: log odds of that path against the best one without this beat. */
int32_t secg_decision_find(secg_decision *d, const secg_levels *levels, float *margin);

/* 1: candidate i is a beat as things stand: by itself, beside its neighbours so far, and after the
 * latest beat expected before it.  Cheaper than _find, and not the last word. */
int secg_decision_expects(secg_decision *d, const secg_levels *levels, int32_t i);

#endif
