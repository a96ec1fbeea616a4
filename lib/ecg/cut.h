/* One beat cut out of the signal: levelled, on the grid. */
#ifndef SECG_ECG_CUT_H
#define SECG_ECG_CUT_H

#include "dsp/interpolate.h"
#include "ecg/grid.h"
#include "ecg/history.h"

enum { SECG_CUT_UP_MAX = 3 };

/* An isoelectric level: where and how much. */
typedef struct secg_cut_level {
    int known;
    double frame;
    float mv[SECG_STRIDE_MAX];
} secg_cut_level;

/* The level under a beat between two places where it bends, in powers of the frames since its own. */
enum { SECG_CUT_ORDER = 3 };
typedef struct secg_cut_curve {
    double frame, until;
    float c[SECG_CUT_ORDER + 1][SECG_STRIDE_MAX];
} secg_cut_curve;

typedef struct secg_cut {
    secg_grid grid;
    size_t taps;
    float weight[SECG_CUT_UP_MAX][SECG_INTERPOLATE_TAPS_MAX];
    int64_t first_frame[SECG_CUT_UP_MAX];
    double r_frame;
    float share; /* of the slow wander to subtract, 0 .. 1                   */
    secg_cut_level before, own, after, second; /* second: after the one after            */
    secg_cut_curve curve; /* through these, where rows were last levelled, without the wander    */
} secg_cut;

void secg_cut_init(secg_cut *cut, const secg_grid *grid);

/* Sets the fiducial; the rows that follow are read around it.  Levels must not change after the first
 * row that is levelled. */
void secg_cut_at(secg_cut *cut, double r_frame);

/* Measures an isoelectric level as the mean over `half` frames to either side. */
void secg_cut_measure_level(const secg_cut *cut, const secg_history *history, double frame,
                            double half, secg_cut_level *level);

/* How far the own level lies from the line between its neighbours, squared, [stride]; 0 where one
 * of them is not known. */
void secg_cut_level_doubt(const secg_cut *cut, float *mv2);

/* `count` rows, [count][stride], in mV: as they are, or levelled.  NaN: gaps. */
void secg_cut_raw(const secg_cut *cut, const secg_history *history, size_t row, size_t count,
                  float *mv);
void secg_cut_levelled(secg_cut *cut, const secg_history *history, size_t row, size_t count,
                       float *mv);

/* Cells of rows, a multiple of four, in their stored form (grid.h): held within the range, gaps
 * marked. */
void secg_cut_store(const float *mv, size_t cells, int16_t *counts);

#endif
