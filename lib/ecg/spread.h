#ifndef SECG_ECG_SPREAD_H
#define SECG_ECG_SPREAD_H

#include "ecg/average.h"
#include "ecg/st.h"

enum { SECG_SPREAD_LAGS = 8, SECG_SPREAD_FORMS = 2, SECG_SPREAD_LINES = 5 };

#define SECG_SPREAD_MOVED_MV 1e-5f /* a count of it                                              */

typedef struct secg_spread {
    const secg_average *average;
    const secg_lead_source *lead;
    size_t leads;
    float *form[SECG_SPREAD_FORMS]; /* [rows]: level, slope                         */
    size_t first, last;             /* rows on which a form is not zero                         */
    int beat, lags;
    double rr_frames; /* from a beat to the next                                  */
    int64_t cycle;    /* cycles of the heart since the newest beat                           */
    float past[SECG_SPREAD_LAGS][SECG_SPREAD_FORMS][SECG_MAX_LEADS];
    float product[SECG_SPREAD_LAGS][SECG_SPREAD_FORMS][SECG_MAX_LEADS];
    int16_t *moved; /* [beats][stride]: what each beat moved the level by       */
    float line[SECG_SPREAD_LINES][SECG_SPREAD_FORMS][SECG_MAX_LEADS]; /* beside the heart's own */
    float sigma[SECG_SPREAD_FORMS][SECG_MAX_LEADS];  /* what falls with the beats            */
    float locked[SECG_SPREAD_FORMS][SECG_MAX_LEADS]; /* what keeps step and does not         */
} secg_spread;

void secg_spread_lay_out(secg_spread *spread, secg_arena *arena, const secg_grid *grid);

/* The forms are to be filled before; step returns 1 when sigma is known for every lead. */
void secg_spread_begin(secg_spread *spread, const secg_average *average,
                       const secg_lead_source *lead, size_t leads, double rr_frames);
int secg_spread_step(secg_spread *spread);

/* Both together. */
float secg_spread_of(const secg_spread *spread, int form, size_t lead);

/* The uncertainty of a level: its spread; what of the noise of one sample the spread cannot see; and
 * rounding. */
float secg_spread_uncertainty(float spread_mv, float noise_mv);

#endif
