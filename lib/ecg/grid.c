#include "ecg/grid.h"

#include "base/quad.h"

#include <math.h>

static const double coarsest_hz = 245;

void secg_grid_init(secg_grid *g, double input_rate_hz, size_t channels)
{
    secg_grid_init_span(g, input_rate_hz, channels, coarsest_hz, SECG_GRID_PRE_MS,
                        SECG_GRID_POST_MS);
}

void secg_grid_init_span(secg_grid *g, double input_rate_hz, size_t channels, double least_hz,
                         double pre_ms, double post_ms)
{
    *g = (secg_grid){.input_rate_hz = input_rate_hz, .up = 1, .down = 1, .channels = channels};
    if (input_rate_hz < coarsest_hz)
        g->up = (int)ceil(coarsest_hz / input_rate_hz);
    else if (input_rate_hz >= 2 * least_hz)
        g->down = (int)(input_rate_hz / least_hz);
    g->rate_hz = input_rate_hz * g->up / g->down;
    g->r_row = (size_t)ceil(pre_ms * g->rate_hz / 1000);
    g->rows = g->r_row + (size_t)ceil(post_ms * g->rate_hz / 1000) + 1;
    g->stride = secg_quad_filled(channels);
}

double secg_grid_row(const secg_grid *g, double ms)
{
    return (double)g->r_row + ms * g->rate_hz / 1000;
}

double secg_grid_ms(const secg_grid *g, double row)
{
    return (row - (double)g->r_row) * 1000 / g->rate_hz;
}

size_t secg_grid_near(const secg_grid *g, double ms)
{
    double row = floor(secg_grid_row(g, ms) + 0.5);
    if (!(row > 0))
        return 0;
    return row < (double)(g->rows - 1) ? (size_t)row : g->rows - 1;
}
