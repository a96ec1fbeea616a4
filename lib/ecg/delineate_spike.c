/* A pacer's spike is no part of QRS.  It is told by how sharply the leads turn, their second
 * difference over 2 ms: rows from 160 to 40 ms before R where that is more than 0.3 of the largest
 * speed of QRS and 1.5 times what QRS itself has.  A step or a pulse turns by 1 and more of its height;
 * of a sine the turn is 2 sin^2(2 ms pi f) / sin(12 ms pi f) of what it runs through in 12 ms, 0.12 at
 * 40 Hz.  How often that is seen where no pacer is: bench/README.md. */
#include "ecg/delineate_spike.h"

#include <math.h>

static const double turn_ms = 2, front_ms = -160, core_from_ms = -40, core_to_ms = 90;
static const float part_of_most = 0.3f, over_core = 1.5f;

float secg_spike_turn(const secg_delineator *d, size_t row)
{
    const secg_grid *g = &d->fine.on;
    double ms = secg_grid_ms(g, (double)row);
    size_t reach = (size_t)fmax(1, floor(turn_ms * g->rate_hz / 1000 + 0.5));
    if (ms < front_ms || ms > core_to_ms || row < reach || row + reach >= g->rows)
        return 0;
    const float *at = secg_fine_rows(&d->fine, d->mean) + row * d->stride;
    const float *before = at - reach * d->stride, *after = at + reach * d->stride;
    float sum = 0;
    for (size_t k = 0; k < d->channels; k++) {
        float turn = before[k] - 2 * at[k] + after[k];
        sum += d->weight[k] > 0 && turn == turn ? d->weight[k] * turn * turn : 0.0f;
    }
    return sqrtf(sum);
}

void secg_spike_find(const secg_grid *g, const float *turn, float most, secg_marks *m)
{
    size_t front = secg_grid_near(g, front_ms), core = secg_grid_near(g, core_from_ms);
    float limit = part_of_most * most;
    for (size_t r = core; r < secg_grid_near(g, core_to_ms); r++)
        limit = fmaxf(limit, over_core * turn[r]);
    for (size_t r = front; r < core; r++) {
        float ms = (float)secg_grid_ms(g, (double)r);
        if (!(turn[r] > limit))
            continue;
        m->spike_to_ms = ms + (float)turn_ms;
        if (m->spike_from_ms != m->spike_from_ms)
            m->spike_from_ms = ms - (float)turn_ms;
    }
}

double secg_spike_over_ms(const secg_grid *g, const float *speed, double reach_ms,
                          const secg_marks *m)
{
    size_t r = secg_grid_near(g, (double)m->spike_to_ms + reach_ms);
    while (r < g->r_row && speed[r + 1] < speed[r])
        r++;
    return secg_grid_ms(g, (double)r);
}
