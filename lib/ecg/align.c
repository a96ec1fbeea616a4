/* Where in a beat the average fits best: cross-correlation of rises over all usable leads.
 *
 *     c(l) = sum_k w_k sum_r x'_k(r + l) m'_k(r) / sqrt(sum x'^2 sum m'^2),   x'(r) = x(r+1) - x(r-1)
 *
 * over 60 ms to either side of R and lags up to 16 ms; the maximum is refined by a parabola
 * through its neighbours.  Why rises: a matched filter for noise that falls with frequency, as
 * motion and wander do, is the derivative; and rises know no baseline.  Why all leads at once:
 * they share one fiducial, so its error falls with the sum of their signal-to-noise ratios; w_k is
 * the inverse noise variance of each.
 *
 * Precision: with a 1.5 mV QRS of 30 ms and 50 uV rms noise in 8 leads the Cramer-Rao bound is
 * 0.2 ms; jitter of 1 ms would low-pass the average at 132 Hz (domain.md 3.2).  The average the
 * beat is fitted to is made of 10 and more others, so that noise does not mould itself. */
#include "ecg/align.h"

#include "ecg/align_loop.h"

#include <math.h>
#include <string.h>

enum { STAGE_READ, STAGE_MATCH };

static const double half_ms = 60, reach_ms = 16;
static const size_t rows_per_step = 16;

void secg_align_lay_out(secg_align *a, secg_arena *arena, const secg_grid *grid)
{
    *a = (secg_align){.grid = *grid};
    a->reach = (int)ceil(reach_ms * grid->rate_hz / 1000);
    a->lags = 2 * a->reach + 1;
    size_t matched = (size_t)(a->lags + SECG_ALIGN_LAGS - 1) / SECG_ALIGN_LAGS * SECG_ALIGN_LAGS;
    a->from = secg_grid_near(grid, -half_ms);
    a->to = secg_grid_near(grid, half_ms) + 1;
    size_t rows = a->to - a->from;
    a->pattern = secg_take(arena, rows * grid->stride, sizeof *a->pattern);
    a->rise = secg_take(arena, (rows + matched + 2) * grid->stride, sizeof *a->rise);
    a->match = secg_take(arena, matched, sizeof *a->match);
}

void secg_align_forget(secg_align *a)
{
    a->ready = 0;
}

void secg_align_learn(secg_align *a, const float *mean, const float *weight)
{
    size_t stride = a->grid.stride;
    double energy = 0;
    memcpy(a->weight, weight, sizeof a->weight);
    const float *after = mean + (a->from + 1) * stride, *before = after - 2 * stride;
    float *pattern = a->pattern;
    for (size_t r = a->from; r < a->to; r++)
        for (size_t k = 0; k < stride; k += SECG_QUAD) {
            secg_quad w = secg_quad_load(weight + k);
            secg_quad rise = secg_quad_load(after) - secg_quad_load(before);
            rise = secg_quad_keep((w > 0.0f) & (rise == rise), rise);
            secg_quad_store(pattern, rise * w);
            secg_quad square = rise * rise * w;
            for (size_t j = 0; j < SECG_QUAD; j++)
                energy += (double)square[j];
            after += SECG_QUAD, before += SECG_QUAD, pattern += SECG_QUAD;
        }
    a->pattern_energy = (float)energy;
    a->ready = energy > 0;
}

void secg_align_begin(secg_align *a)
{
    a->stage = STAGE_READ;
    a->row = 0;
}

/* The beat as detected, a row more at either end than there are rises. */
static int read_rows(secg_align *a, const secg_cut *cut, const secg_history *history)
{
    size_t rows = a->to - a->from + 2 * (size_t)a->reach + 2, stride = a->grid.stride;
    size_t count = rows - a->row < rows_per_step ? rows - a->row : rows_per_step;
    secg_cut_raw(cut, history, a->from - (size_t)a->reach - 1 + a->row, count,
                 a->rise + a->row * stride);
    a->row += count;
    return a->row == rows;
}

/* Rows become rises in place: rise r from rows r and r + 2. */
static void take_rises(secg_align *a)
{
    size_t ahead = 2 * a->grid.stride;
    float *row = a->rise, *end = row + (a->to - a->from + 2 * (size_t)a->reach) * a->grid.stride;
    for (; row < end; row += SECG_QUAD) {
        secg_quad rise = secg_quad_load(row + ahead) - secg_quad_load(row);
        secg_quad_store(row, secg_quad_keep(rise == rise, rise));
    }
}

/* A few lags from one on, which share the reading of the pattern; what lies beyond the last is matched
 * with what the place holds, and not looked at. */
static void match_lags(secg_align *a, size_t lag)
{
    size_t stride = a->grid.stride, cells = (a->to - a->from) * stride;
    float sums[SECG_ALIGN_LAGS * SECG_ALIGN_LANES];
    SECG_WIDE(secg_align_loop, SECG_ALIGN_LANES)
    (a->rise + lag * stride, a->pattern, cells, stride, sums);
    for (const float *sum = sums; sum < sums + sizeof sums / sizeof *sums; sum += SECG_ALIGN_LANES)
        a->match[lag++] = secg_quad_total(secg_quad_load(sum) + secg_quad_load(sum + SECG_QUAD));
}

/* The largest match, between lags; likeness is its correlation. */
static void decide(secg_align *a)
{
    size_t best = 1, stride = a->grid.stride;
    for (size_t l = 2; l + 1 < (size_t)a->lags; l++)
        if (a->match[l] > a->match[best])
            best = l;
    float before = a->match[best - 1], at = a->match[best], after = a->match[best + 1];
    float bend = before - 2 * at + after, part = bend < 0 ? 0.5f * (before - after) / bend : 0;
    part = part < -1 ? -1 : part > 1 ? 1 : part;
    a->shift_rows = (float)((int)best - a->reach) + part;
    secg_quad sum = secg_quad_all(0);
    for (size_t r = 0; r < a->to - a->from; r++)
        for (size_t k = 0; k < stride; k += SECG_QUAD) {
            secg_quad x = secg_quad_load(a->rise + (r + best) * stride + k);
            sum += secg_quad_load(a->weight + k) * x * x;
        }
    float energy = secg_quad_total(sum);
    a->likeness = energy > 0 ? at / sqrtf(energy * a->pattern_energy) : 0;
}

int secg_align_step(secg_align *a, const secg_cut *cut, const secg_history *history)
{
    if (a->stage == STAGE_READ) {
        if (read_rows(a, cut, history)) {
            take_rises(a);
            a->stage = STAGE_MATCH;
            a->row = 0;
        }
        return 0;
    }
    if (a->row < (size_t)a->lags) {
        if (a->row % SECG_ALIGN_LAGS == 0)
            match_lags(a, a->row);
        a->row++;
        return 0;
    }
    decide(a);
    return 1;
}
