#ifndef SECG_ECG_DELINEATE_FINE_H
#define SECG_ECG_DELINEATE_FINE_H

#include "base/arena.h"
#include "ecg/grid.h"

enum { SECG_FINE_TAPS = 8 };

/* Rows around QRS, read between those of a mean where these are coarse.  on: the grid of these rows;
 * where nothing is read between, that of the mean itself, and mv is not used. */
typedef struct secg_fine {
    secg_grid on;
    size_t first;                 /* row of the mean that the first one is                       */
    float *mv;                    /* [on.rows][stride], stride that of the mean */
    float weight[SECG_FINE_TAPS]; /* of the rows around one that is read between them    */
} secg_fine;

/* Rows that are read are at most so many. */
enum { SECG_FINE_ROWS_MAX = 320 };

void secg_fine_init(secg_fine *fine, const secg_grid *grid);
/* The same with room for what is read. */
void secg_fine_lay_out(secg_fine *fine, secg_arena *arena, const secg_grid *grid);

/* The mean itself, or mv. */
const float *secg_fine_rows(const secg_fine *fine, const float *mean);

/* Fills rows [row, row + count) of mv; row and count are even, but for the last. */
void secg_fine_read(const secg_fine *fine, const float *mean, size_t stride, size_t row,
                    size_t count);

#endif
