/* How far the same measurement spreads over the beats of an average, and so how sure it is.
 *
 * A level or a slope is one linear form f of the rows.  Beat i of a lead adds to the error of the
 * average
 *
 *     u_i = w_i (f x_i - f mean) / sum w,     and     var = sum_i u_i^2 + 2 sum_{l<L} (1 - l/L) sum_i u_i u_{i-l}
 *
 * (Newey and West 1987): motion noise swings over several beats, and beats share isoelectric
 * levels, so neighbours are not independent; Bartlett's weights keep the sum positive.  L is a
 * sixth of the beats, 2 .. 8: more lags see slower swings, but from few beats badly.  It is
 * what the beats did, isoelectric noise, alignment and all, not what a model of noise foretells.
 * The mean was fitted to the same beats: times n / (n - 1); and few beats know their own variance
 * badly: times 1 + 2 / n, which brings the normal 1.96 to Student's quantile within 5 % from
 * n = 5 on.  Derived leads: u of I and II are combined before they are squared, so what noise the
 * two share is counted right.
 *
 * Motion in step with the heart is the same in every beat and spreads nothing.  But strides of two
 * feet, or arms and legs, make no simple tone: where a multiple of their rate meets the heart's,
 * other multiples fall on a half, thirds or quarters of it, and are seen as patterns over two, three
 * or four beats that last as long as the average.  What such a pattern comes to in this average,
 *
 *     |c_q|^2 = |sum_i u_i exp(2 pi j i / q)|^2,      q = 2, 3, 4,
 *
 * is what the mean itself, at q = 1, would err by if the spectrum were flat there; it is of the size
 * of var where nothing keeps step, the largest of the three of some 1.8 var.  Of what that one has over 2.5
 * var, 0.6 are `locked`: the square of an error that is no smaller in the mean of two windows
 * (ecg/past.c).
 *
 * To that comes, in squares, 0.3 of the noise of one sample, for noise that keeps step with the heart
 * for longer than the spread can see (so chosen that 9 in 10 errors and more lie within 1.96 sigma
 * with the noise recordings em and ma at 12 dB); and 1 uV for rounding and resampling.
 *
 * A step is one beat. */
#include "ecg/spread.h"

#include "base/lead_value.h"
#include "ecg/spread_loop.h"

#include <math.h>
#include <string.h>

static const int beats_per_lag = 6;
static const float rounding_mv = 0.001f, unseen = 0.3f;
static const double line_floor = 2.5, line_part = 0.6;

/* exp(2 pi j i / q) for q = 2, 3 and 4 over the twelve cycles after which all three begin anew; of
 * the first the real part is all. */
enum { TURN = 12, THIRD = 1, QUARTER = 3 };
static const float sin_60 = 0.8660254f;

void secg_spread_lay_out(secg_spread *s, secg_arena *arena, const secg_grid *grid)
{
    *s = (secg_spread){0};
    for (int f = 0; f < SECG_SPREAD_FORMS; f++)
        s->form[f] = secg_take(arena, grid->rows, sizeof *s->form[f]);
    s->moved = secg_take(arena, SECG_AVERAGE_BEATS * grid->stride, sizeof *s->moved);
}

void secg_spread_begin(secg_spread *s, const secg_average *average, const secg_lead_source *lead,
                       size_t leads, double rr_frames)
{
    s->rr_frames = rr_frames;
    s->cycle = 0;
    s->average = average;
    s->lead = lead;
    s->leads = leads;
    s->beat = 0;
    s->lags = average->count / beats_per_lag;
    s->lags = s->lags < 2 ? 2 : s->lags > SECG_SPREAD_LAGS ? SECG_SPREAD_LAGS : s->lags;
    memset(s->past, 0, sizeof s->past);
    memset(s->product, 0, sizeof s->product);
    memset(s->line, 0, sizeof s->line);
    s->first = average->grid.rows;
    s->last = 0;
    for (size_t r = 0; r < average->grid.rows; r++)
        if (s->form[0][r] != 0.0f || s->form[1][r] != 0.0f) {
            s->first = r < s->first ? r : s->first;
            s->last = r + 1;
        }
}

/* u of every channel for one beat; a beat with a gap in the rows adds nothing. */
static void channel_shares(const secg_spread *s, int beat, float u[][SECG_STRIDE_MAX])
{
    const secg_average *a = s->average;
    const secg_average_beat *b = a->chosen[beat];
    size_t stride = a->grid.stride;
    size_t first = s->first > b->first ? s->first : b->first;
    size_t last = s->last < b->last ? s->last : b->last;
    memset(u, 0, SECG_SPREAD_FORMS * sizeof *u);
    if (first < last) {
        const int16_t *x = secg_average_row(a, b, first);
        for (size_t k = 0; k < stride; k += secg_wide_lanes(stride - k))
            SECG_WIDE(secg_spread_loop, stride - k)
        (x + k, a->mean + first * stride + k, s->form[0] + first, s->form[1] + first, last - first,
         stride, u[0] + k, u[1] + k);
    }
    for (size_t k = 0; k < stride; k++) {
        float share = b->weight[k] > 0 && a->total[k] > 0 ? b->weight[k] / a->total[k] : 0;
        for (int f = 0; f < SECG_SPREAD_FORMS; f++)
            u[f][k] = share > 0 ? u[f][k] * share : 0;
    }
}

static void keep_moved(secg_spread *s, int beat, const float *u)
{
    size_t stride = s->average->grid.stride;
    int16_t *moved = s->moved + (size_t)beat * stride;
    for (size_t k = 0; k < stride; k++) {
        float count = u[k] == u[k] ? u[k] / SECG_SPREAD_MOVED_MV : 0;
        moved[k] = (int16_t)fmaxf(-32767, fminf(32767, count));
    }
}

/* Leads stand side by side, filled up to whole quads. */
static void add_products(float *sums, const float *x, const float *y, size_t leads)
{
    for (size_t k = 0; k < leads; k += SECG_QUAD)
        secg_quad_store(sums + k,
                        secg_quad_load(sums + k) + secg_quad_load(x + k) * secg_quad_load(y + k));
}

static void add_scaled(float *sums, const float *x, float factor, size_t leads)
{
    for (size_t k = 0; k < leads; k += SECG_QUAD)
        secg_quad_store(sums + k, secg_quad_load(sums + k) + factor * secg_quad_load(x + k));
}

static void add_beat(secg_spread *s, float u[][SECG_STRIDE_MAX])
{
    memmove(s->past[1], s->past[0], (SECG_SPREAD_LAGS - 1) * sizeof *s->past);
    for (int f = 0; f < SECG_SPREAD_FORMS; f++) {
        for (size_t k = 0; k < s->leads; k++)
            s->past[0][f][k] = secg_lead_value(&s->lead[k], u[f]);
        for (int l = 0; l < s->lags; l++)
            add_products(s->product[l][f], s->past[0][f], s->past[l][f], s->leads);
    }
}

/* Cycles of the heart from the newest beat back to this one: some beats in between may be missing. */
static void count_cycles(secg_spread *s, int beat)
{
    const secg_average *a = s->average;
    if (beat == 0)
        return;
    double apart = (double)(a->chosen[beat - 1]->sample - a->chosen[beat]->sample) / s->rr_frames;
    s->cycle += apart > 1.5 ? (int64_t)(apart + 0.5) : 1;
}

static void add_to_lines(secg_spread *s)
{
    static const float cos_third[] = {1, -0.5f, -0.5f}, cos_quarter[] = {1, 0, -1, 0};
    int64_t i = s->cycle % TURN;
    const float sin_third[] = {0, sin_60, -sin_60};
    const float turn[SECG_SPREAD_LINES] = {i % 2 ? -1.0f : 1.0f, cos_third[i % 3], sin_third[i % 3],
                                           cos_quarter[i % 4], cos_quarter[(i + 3) % 4]};
    for (int l = 0; l < SECG_SPREAD_LINES; l++)
        for (int f = 0; f < SECG_SPREAD_FORMS; f++)
            add_scaled(s->line[l][f], s->past[0][f], turn[l], s->leads);
}

/* The square of the largest pattern. */
static double largest_line(const secg_spread *s, int f, size_t k)
{
    float half = s->line[0][f][k], most = half * half;
    for (int l = THIRD; l <= QUARTER; l += 2) {
        float re = s->line[l][f][k], im = s->line[l + 1][f][k], square = re * re + im * im;
        most = square > most ? square : most;
    }
    return (double)most;
}

/* What the beats of a lead are worth when weights differ. */
static double worth(const secg_spread *s, const secg_lead_source *lead)
{
    const secg_average *a = s->average;
    if (lead->channel >= 0)
        return (double)a->worth[lead->channel];
    return fmin((double)a->worth[lead->channel_i], (double)a->worth[lead->channel_ii]);
}

/* Of a mean that is worth n beats. */
static double variance_of(const secg_spread *s, int f, size_t k, double n)
{
    double alone = (double)s->product[0][f][k], variance = alone;
    for (int l = 1; l < s->lags; l++)
        variance += 2 * (1 - (double)l / s->lags) * (double)s->product[l][f][k];
    return fmax(variance, 0.5 * alone) * n / (n - 1) * (1 + 2 / n) * (1 + 2 / n);
}

static void finish(secg_spread *s)
{
    for (size_t k = 0; k < s->leads; k++) {
        double n = worth(s, &s->lead[k]);
        for (int f = 0; f < SECG_SPREAD_FORMS; f++) {
            double variance = n > 1.5 ? variance_of(s, f, k, n) : (double)NAN;
            double over = largest_line(s, f, k) - line_floor * variance;
            s->sigma[f][k] = (float)sqrt(variance);
            s->locked[f][k] = over > 0 ? (float)sqrt(line_part * over) : 0;
        }
    }
}

float secg_spread_of(const secg_spread *s, int form, size_t lead)
{
    return hypotf(s->sigma[form][lead], s->locked[form][lead]);
}

int secg_spread_step(secg_spread *s)
{
    float u[SECG_SPREAD_FORMS][SECG_STRIDE_MAX];
    if (s->beat < s->average->count) {
        count_cycles(s, s->beat);
        channel_shares(s, s->beat, u);
        keep_moved(s, s->beat++, u[0]);
        add_beat(s, u);
        add_to_lines(s);
        return 0;
    }
    finish(s);
    return 1;
}

float secg_spread_uncertainty(float spread_mv, float noise_mv)
{
    float rough = unseen * noise_mv;
    return sqrtf(spread_mv * spread_mv + rough * rough + rounding_mv * rounding_mv);
}
