/* One beat cut out of the signal: levelled, aligned, on the grid. */
#ifndef SECG_ECG_CUT_H
#define SECG_ECG_CUT_H

#include "base/arena.h"
#include "dsp/baseline.h"
#include "dsp/interpolate.h"
#include "ecg/average.h"

#include <stdint.h>

/* The last frames of the signal, [frames][stride], and the wander under them. */
typedef struct secg_history {
    float *mv;
    size_t frames, stride, channels;
    int64_t pushed;
    secg_baseline baseline;
} secg_history;

void secg_history_lay_out(secg_history *history, secg_arena *arena, double rate_hz, size_t channels,
                          size_t stride, double lag_s, double history_s);
void secg_history_reset(secg_history *history);
void secg_history_push(secg_history *history, const float *mv);

/* Mean over [centre - half, centre + half] frames less the wander there; NaN: gaps. */
void secg_history_level(const secg_history *history, double centre, double half, float *level);

enum { SECG_CUT_UP_MAX = 3, SECG_CUT_LAGS_MAX = 96 };

typedef struct secg_cut {
    secg_grid grid;
    size_t taps;
    float weight[SECG_CUT_UP_MAX][SECG_INTERPOLATE_TAPS_MAX];
    int64_t first_frame[SECG_CUT_UP_MAX];

    double r_frame; /* R peak as detected, then as aligned                      */
    float rr_ms;
    int has_before, has_after;
    double before_frame, own_frame, after_frame; /* of the levels                     */
    float before[SECG_STRIDE_MAX], own[SECG_STRIDE_MAX], after[SECG_STRIDE_MAX];

    size_t row;
    float *qrs; /* [rows][stride]: the QRS as detected, to be aligned       */
    int lag;
    float match[SECG_CUT_LAGS_MAX];
} secg_cut;

void secg_cut_lay_out(secg_cut *cut, secg_arena *arena, const secg_grid *grid);

/* Sets the fiducial; the rows that follow are read around it. */
void secg_cut_at(secg_cut *cut, double r_frame);
/* Reads one row, levelled, in mV. */
void secg_cut_row(const secg_cut *cut, const secg_history *history, size_t row, float *mv);

#endif
