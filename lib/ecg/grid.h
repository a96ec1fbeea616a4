/* The grid that every beat is cut out on, whatever the input rate: rows around the R peak. */
#ifndef SECG_ECG_GRID_H
#define SECG_ECG_GRID_H

#include <stddef.h>

/* Grid rate = input rate * up / down: the input rate thinned out to some 500 Hz from 750 Hz on,
 * read between its samples below 250 Hz, itself in between.  Sample arrays are [rows][stride],
 * stride being the channels filled up to whole vectors of four. */
typedef struct secg_grid {
    double rate_hz, input_rate_hz;
    int up, down;
    size_t rows, r_row; /* r_row: where the R peak lies                             */
    size_t channels, stride;
} secg_grid;

enum { SECG_GRID_PRE_MS = 280, SECG_GRID_POST_MS = 560, SECG_STRIDE_MAX = 16 };
enum { SECG_GRID_ROWS_MAX = 640 }; /* of that span: its rate stays under 750 Hz */

void secg_grid_init(secg_grid *grid, double input_rate_hz, size_t channels);
/* The same with rows for another time before and after R. */
void secg_grid_init_span(secg_grid *grid, double input_rate_hz, size_t channels, double pre_ms,
                         double post_ms);

/* Row of a time relative to the R peak, not rounded; and back. */
double secg_grid_row(const secg_grid *grid, double ms);
double secg_grid_ms(const secg_grid *grid, double row);

/* The same, to the nearest row that exists. */
size_t secg_grid_near(const secg_grid *grid, double ms);

/* Samples of the stored form: 1 uV per count, SECG_GRID_GAP where nothing was acquired. */
enum { SECG_GRID_GAP = -32768 };
#define SECG_GRID_MV 0.001f

#endif
