#include "ecg/delineate.h"

#include <math.h>

static float speed(const secg_grid *g, const float *mean, const float *weight, size_t r, size_t h)
{
    float sum = 0;
    for (size_t k = 0; k < g->channels; k++) {
        float d = mean[(r + h) * g->stride + k] - mean[(r - h) * g->stride + k];
        sum += weight[k] > 0 && d == d ? weight[k] * d * d : 0.0f;
    }
    return sqrtf(sum) * (float)(g->rate_hz / (double)(2 * h));
}

static void unknown(secg_marks *m)
{
    *m = (secg_marks){NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN};
}

static float least(const float *v, size_t from, size_t to, size_t span)
{
    float best = INFINITY;
    for (size_t r = from; r + span <= to; r++) {
        float sum = 0;
        for (size_t i = 0; i < span; i++)
            sum += v[r + i];
        if (sum < best)
            best = sum;
    }
    return best / (float)span;
}

void secg_delineate(const secg_grid *g, const float *mean, const float *weight, float rr_ms,
                    float *scratch, secg_marks *m)
{
    unknown(m);
    size_t h = (size_t)fmax(1, floor(0.004 * g->rate_hz));
    float *v = scratch;
    for (size_t r = 0; r < g->rows; r++)
        v[r] = r >= h && r + h < g->rows ? speed(g, mean, weight, r, h) : 0;
    size_t from = secg_grid_near(g, -90), to = secg_grid_near(g, 110);
    float most = 0;
    for (size_t r = secg_grid_near(g, -60); r < secg_grid_near(g, 60); r++)
        most = fmaxf(most, v[r]);
    if (!(most > 0))
        return;
    size_t quiet = (size_t)fmax(2, 0.010 * g->rate_hz);
    size_t first = from, last = to;
    while (first < g->r_row && v[first] < 0.3f * most)
        first++;
    while (last > g->r_row && v[last] < 0.3f * most)
        last--;
    float floor_on = least(v, secg_grid_near(g, -160), first, quiet);
    float floor_j = least(v, last, secg_grid_near(g, 200), quiet);
    float limit_on = floor_on + 0.06f * most, limit_j = floor_j + 0.06f * most;
    size_t run = 0, r;
    for (r = first; r > secg_grid_near(g, -160) && run < quiet; r--)
        run = v[r] < limit_on ? run + 1 : 0;
    if (run < quiet)
        return;
    m->qrs_onset_ms = (float)secg_grid_ms(g, (double)(r + run));
    run = 0;
    for (r = last; r < secg_grid_near(g, 200) && run < quiet; r++)
        run = v[r] < limit_j ? run + 1 : 0;
    if (run < quiet)
        return;
    m->j_ms = (float)secg_grid_ms(g, (double)(r - run));
    m->j_sigma_ms = 4;
    m->isoelectric_to_ms = m->qrs_onset_ms - 4;
    m->isoelectric_from_ms = m->isoelectric_to_ms - 16;
    (void)rr_ms;
}
