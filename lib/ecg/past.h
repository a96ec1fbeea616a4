#ifndef SECG_ECG_PAST_H
#define SECG_ECG_PAST_H

#include "base/arena.h"
#include "ecg/spread.h"

enum { SECG_PAST_WINDOWS = 2 };

/* What was known when a window ended, in the form that beats are kept in: its average, with whatever
 * counted beside it then. */
typedef struct secg_past_window {
    int64_t sample; /* end of the window; SECG_NO_SAMPLE: none                  */
    float rr_ms;
    int16_t *counts; /* [rows][stride]                                           */
    uint16_t beats[SECG_STRIDE_MAX];
    float noise_mv[SECG_STRIDE_MAX];
    float sigma[SECG_SPREAD_FORMS][SECG_MAX_LEADS], locked[SECG_SPREAD_FORMS][SECG_MAX_LEADS];
} secg_past_window;

typedef struct secg_past {
    secg_grid grid;
    secg_past_window window[SECG_PAST_WINDOWS];
    int kept; /* windows so far                                           */
    size_t row;
    const secg_past_window *beside; /* of the one being kept                                    */
    float share[SECG_STRIDE_MAX];
} secg_past;

void secg_past_lay_out(secg_past *past, secg_arena *arena, const secg_grid *grid);
void secg_past_forget(secg_past *past);

/* Keeps the present average and what counts beside it (NULL: nothing); both must stay until step,
 * bounded work each time, returns 1. */
void secg_past_begin(secg_past *past, int64_t sample, float rr_ms, const secg_spread *spread,
                     const secg_past_window *beside, const float *share);
int secg_past_step(secg_past *past, const secg_average *average);

/* The latest window that ended from `from` on and not after `to`, at about the same rate; NULL: none. */
const secg_past_window *secg_past_find(const secg_past *past, int64_t from, int64_t to,
                                       float rr_ms);

/* How much such a window is to count for beside the present average, 0 .. 1: share [stride]. */
void secg_past_weigh(const secg_past *past, const secg_past_window *window,
                     const secg_spread *spread, float *share);

/* One cell of it, mV; NaN: a gap. */
float secg_past_mv(const secg_past_window *window, size_t cell);

/* The same of the present average and a share of it; a row that it lacks is that of the present. */
float secg_past_mixed_mv(const secg_past_window *window, size_t cell, float now_mv, float share);

/* Noise of a channel, and the equal beats it is worth, when both averages count. */
float secg_past_noise(const secg_past_window *window, const secg_average *average, float share,
                      size_t channel);
uint16_t secg_past_beats(const secg_past_window *window, const secg_average *average, float share,
                         size_t channel);

/* The spread of a form in a lead when both averages count. */
float secg_past_spread(const secg_past_window *window, const secg_spread *spread,
                       const float *share, int form, size_t lead);

#endif
