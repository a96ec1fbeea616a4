/* The grid that every beat is cut out on, whatever the input rate: rows around the R peak. */
#ifndef SECG_ECG_GRID_H
#define SECG_ECG_GRID_H

#include <stddef.h>

/* Grid rate = input rate * up / down: the input rate thinned out as far as it stays over 245 Hz (500 and
 * 1000 Hz become 250), read between its samples where it is below, itself in between.  Levels are means of
 * 16 ms, and marks are read between rows: both are as good as on twice the rows (bench/README.md).  Sample arrays are [rows][stride],
 * stride being the channels filled up to whole vectors of four. */
typedef struct secg_grid {
    double rate_hz, input_rate_hz;
    int up, down;
    size_t rows, r_row; /* r_row: where the R peak lies                             */
    size_t channels, stride;
} secg_grid;

enum { SECG_GRID_PRE_MS = 280, SECG_GRID_POST_MS = 560, SECG_STRIDE_MAX = 16 };
enum { SECG_GRID_ROWS_MAX = 416 }; /* of that span: its rate stays under 490 Hz */

void secg_grid_init(secg_grid *grid, double input_rate_hz, size_t channels);
/* The same with rows for another time before and after R, thinned out as far as its rate stays over
 * least_hz, 245 or more. */
void secg_grid_init_span(secg_grid *grid, double input_rate_hz, size_t channels, double least_hz,
                         double pre_ms, double post_ms);

/* Row of a time relative to the R peak, not rounded; and back. */
double secg_grid_row(const secg_grid *grid, double ms);
double secg_grid_ms(const secg_grid *grid, double row);

/* The same, to the nearest row that exists. */
size_t secg_grid_near(const secg_grid *grid, double ms);

/* Samples of the stored form: 1 uV per count, SECG_GRID_GAP where nothing was acquired. */
enum { SECG_GRID_GAP = -32768 };
#define SECG_GRID_MV 0.001f

#endif
