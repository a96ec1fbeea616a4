/* The average complex: a weighted mean of aligned beats, each lead with its own weights.
 *
 *     mean_k = sum_i w_ik x_ik / sum_i w_ik,     w_ik = q_i / (1 + B_ik / 2 m_k),   B = E + D
 *
 * E_ik is the mean square of beat i against the mean around the ST segment, D_ik what its baseline
 * may be off by (ecg/cut.h), m_k the median of B over the beats.  1 / B alone would have the least
 * variance for independent beats of known noise (Gauss-Markov).  But E is taken against a mean that
 * the same beats make, so a few alike would draw it to themselves; and motion is slow: neighbours
 * share its swings, which cancel only where their weights are about equal.  With recorded noise at
 * 12 dB, 150 to 190 bpm, errors of muscle noise keep falling with less than 2 m_k and those of
 * electrode motion rise; D, which no mean takes part in, lowers the latter by a tenth.  What slips
 * through hardly counts (domain.md 3.2).  q_i (trust) is small for a beat whose baseline is not
 * known well, as before an ectopic one.
 * The weights and the mean are found in turn, PASSES times, from equal weights or from the
 * average before.
 *
 * Noise of a sample of the mean: sqrt(sum w^2 E) / sum w, widened by n / (n - 1) since the mean
 * was fitted to the same beats; n = (sum w)^2 / sum w^2 are the beats that it is worth.
 *
 * Precision: beats are kept at 1 uV; rounding adds 0.3 uV rms to a beat, 0.1 uV to a mean of 8.
 * A step is one beat or a few rows. */
#include "ecg/average.h"

#include "base/quad.h"

#include <math.h>
#include <string.h>

enum { POOL_BEATS = 29, FLAT_COUNTS = 8 };
enum { PASSES = 2, ROWS_PER_STEP = 4, JUDGE_EVERY = 2 };
enum { STAGE_IDLE, STAGE_MEAN, STAGE_ENERGY, STAGE_WEIGHT, STAGE_FINAL };

static const float quietest_mv2 = 4e-6f; /* (2 uV)^2: rounding and the front end's floor */
static const float half_weight_medians = 2;

void secg_average_lay_out(secg_average *a, secg_arena *arena, const secg_grid *grid)
{
    size_t cells = grid->rows * grid->stride;
    *a = (secg_average){.grid = *grid, .pool_rows = POOL_BEATS * grid->rows};
    a->pool = secg_take(arena, a->pool_rows * grid->stride, sizeof *a->pool);
    a->beat = secg_take(arena, SECG_AVERAGE_HELD, sizeof *a->beat);
    a->mean = secg_take(arena, cells, sizeof *a->mean);
    a->next = secg_take(arena, cells, sizeof *a->next);
}

void secg_average_forget(secg_average *a)
{
    a->oldest = a->stored = 0;
    a->tail = 0;
    a->present = 0;
    a->stage = STAGE_IDLE;
    a->count = 0;
}

static secg_average_beat *kept(const secg_average *a, int64_t i)
{
    return &a->beat[i % SECG_AVERAGE_HELD];
}

/* Beats are dropped, oldest first, until the rows and the entry asked for are free. */
static void make_room(secg_average *a, size_t from, size_t to)
{
    while (a->oldest < a->stored) {
        const secg_average_beat *b = kept(a, a->oldest);
        int in_the_way = b->at < to && b->at + (size_t)(b->last - b->first) > from;
        if (!in_the_way && a->stored - a->oldest < SECG_AVERAGE_HELD)
            break;
        a->oldest++;
    }
}

int16_t *secg_average_place(secg_average *a, size_t first, size_t last)
{
    size_t rows = last - first;
    if (a->tail + rows > a->pool_rows) {
        make_room(a, a->tail, a->pool_rows);
        a->tail = 0;
    }
    make_room(a, a->tail, a->tail + rows);
    *kept(a, a->stored) = (secg_average_beat){
        .at = (uint32_t)a->tail, .first = (uint16_t)first, .last = (uint16_t)last};
    return a->pool + a->tail * a->grid.stride;
}

const int16_t *secg_average_row(const secg_average *a, const secg_average_beat *b, size_t row)
{
    if (row < b->first || row >= b->last)
        return NULL;
    return a->pool + (b->at + row - b->first) * a->grid.stride;
}

/* A lead takes part with a beat only where every judged row was acquired and it was not flat. */
static void first_weights(secg_average *a, secg_average_beat *b, size_t from, size_t to)
{
    const secg_quad nothing = secg_quad_all(0), one = secg_quad_all(1);
    for (size_t k = 0; k < a->grid.stride; k += SECG_QUAD) {
        secg_quad low = secg_quad_all(INT16_MAX), high = secg_quad_all(-INT16_MAX);
        for (size_t r = from; r < to; r++) {
            const int16_t *row = secg_average_row(a, b, r);
            secg_quad x = row ? secg_quad_from_counts(row + k) : secg_quad_all(SECG_GRID_GAP);
            low = secg_quad_pick(x < low, x, low);
            high = secg_quad_pick(x > high, x, high);
        }
        secg_quad_mask usable = (low != (float)SECG_GRID_GAP) & (high - low > (float)FLAT_COUNTS);
        secg_quad_store(b->weight + k, secg_quad_pick(usable, one, nothing));
    }
    for (size_t k = a->grid.channels; k < a->grid.stride; k++)
        b->weight[k] = 0;
}

void secg_average_store(secg_average *a, int64_t sample, float rr_ms, float trust,
                        const float *doubt_mv2, size_t judge_from, size_t judge_to)
{
    secg_average_beat *b = kept(a, a->stored);
    b->sample = sample;
    b->rr_ms = rr_ms;
    b->trust = trust;
    if (doubt_mv2)
        memcpy(b->doubt, doubt_mv2, a->grid.stride * sizeof *b->doubt);
    first_weights(a, b, judge_from, judge_to);
    a->tail += (size_t)(b->last - b->first);
    a->stored++;
}

int secg_average_begin(secg_average *a, int64_t from, int64_t to, size_t first, size_t last)
{
    a->from = first;
    a->to = last;
    a->count = 0;
    for (int64_t i = a->stored - 1; i >= a->oldest && a->count < SECG_AVERAGE_BEATS; i--) {
        if (kept(a, i)->sample <= from)
            break;
        if (kept(a, i)->sample <= to)
            a->chosen[a->count++] = kept(a, i);
    }
    if (a->present)
        memcpy(a->next, a->mean, a->grid.rows * a->grid.stride * sizeof *a->next);
    a->stage = a->present ? STAGE_ENERGY : STAGE_MEAN;
    a->pass = 0;
    a->at = 0;
    return a->count;
}

static void mean_of_row(secg_average *a, size_t row)
{
    const secg_quad gap = secg_quad_all(SECG_GRID_GAP);
    size_t quads = a->grid.stride / SECG_QUAD;
    secg_quad sum[SECG_STRIDE_MAX / SECG_QUAD] = {{0}}, total[SECG_STRIDE_MAX / SECG_QUAD] = {{0}};
    for (int i = 0; i < a->count; i++) {
        const int16_t *rows = secg_average_row(a, a->chosen[i], row);
        const float *weight = a->chosen[i]->weight;
        for (size_t q = 0; rows && q < quads; q++) {
            secg_quad x = secg_quad_from_counts(rows + q * SECG_QUAD);
            secg_quad w = secg_quad_load(weight + q * SECG_QUAD);
            w = secg_quad_keep(x != gap, w);
            sum[q] += w * x;
            total[q] += w;
        }
    }
    /* 0 / 0: no beat has this row */
    for (size_t q = 0; q < quads; q++)
        secg_quad_store(a->next + row * a->grid.stride + q * SECG_QUAD,
                        sum[q] / total[q] * SECG_GRID_MV);
}

/* Rows of the mean, a few at a time; 1 when the last is done. */
static int mean_rows(secg_average *a, size_t from, size_t to, int every)
{
    for (int i = 0; i < ROWS_PER_STEP && from + (size_t)a->at < to; i++, a->at += every)
        mean_of_row(a, from + (size_t)a->at);
    if (from + (size_t)a->at < to)
        return 0;
    a->at = 0;
    return 1;
}

static int energy_of_beat(secg_average *a)
{
    size_t stride = a->grid.stride;
    secg_average_beat *b = a->chosen[a->at];
    float scale = (float)JUDGE_EVERY / (float)(a->to - a->from);
    for (size_t k = 0; k < stride; k += SECG_QUAD) {
        secg_quad sum = secg_quad_all(0);
        for (size_t r = a->from; r < a->to; r += JUDGE_EVERY) {
            const int16_t *rows = secg_average_row(a, b, r);
            if (!rows)
                continue;
            secg_quad d = secg_quad_from_counts(rows + k) * SECG_GRID_MV -
                          secg_quad_load(a->next + r * stride + k);
            sum += d * d;
        }
        secg_quad_store(b->energy + k, sum * scale);
    }
    if (++a->at < a->count)
        return 0;
    a->at = 0;
    return 1;
}

/* What stands against a beat in a lead. */
static float badness(const secg_average_beat *b, size_t k)
{
    return b->energy[k] + b->doubt[k];
}

static float median_badness(const secg_average *a, size_t k)
{
    float sorted[SECG_AVERAGE_BEATS];
    int n = 0;
    for (int i = 0; i < a->count; i++) {
        const secg_average_beat *b = a->chosen[i];
        if (!(b->weight[k] > 0) || !(b->energy[k] >= 0))
            continue;
        int at = n++;
        float bad = badness(b, k);
        for (; at > 0 && sorted[at - 1] > bad; at--)
            sorted[at] = sorted[at - 1];
        sorted[at] = bad;
    }
    return n > 0 ? sorted[n / 2] : 0;
}

/* New weights of one lead, and what they say about the noise of the mean. */
static void weigh_lead(secg_average *a, size_t k)
{
    float bound = half_weight_medians * median_badness(a, k) + quietest_mv2;
    double total = 0, squares = 0, noise = 0;
    int beats = 0;
    for (int i = 0; i < a->count; i++) {
        secg_average_beat *b = a->chosen[i];
        if (!(b->weight[k] > 0))
            continue;
        float energy = b->energy[k];
        float over = energy >= 0 ? badness(b, k) / bound : 0; /* not yet known: as any other */
        float w = 1 / (1 + over);
        w *= b->trust;
        b->weight[k] = w;
        total += w;
        squares += (double)w * w;
        noise += (double)w * w * (energy >= 0 ? energy : 0);
        beats++;
    }
    double worth = squares > 0 ? total * total / squares : 0;
    a->beats[k] = (uint16_t)beats;
    a->total[k] = (float)total;
    a->worth[k] = (float)worth;
    a->noise_mv[k] = worth > 1.5 ? (float)(sqrt(noise * worth / (worth - 1)) / total) : NAN;
}

static int weigh(secg_average *a)
{
    weigh_lead(a, (size_t)a->at++);
    if ((size_t)a->at < a->grid.channels)
        return 0;
    a->at = 0;
    return 1;
}

static void finish(secg_average *a)
{
    float *spare = a->mean;
    a->mean = a->next;
    a->next = spare;
    a->present = 1;
    a->stage = STAGE_IDLE;
}

int secg_average_step(secg_average *a)
{
    switch (a->stage) {
    case STAGE_MEAN:
        if (mean_rows(a, a->from, a->to, JUDGE_EVERY))
            a->stage = STAGE_ENERGY;
        break;
    case STAGE_ENERGY:
        if (energy_of_beat(a))
            a->stage = STAGE_WEIGHT;
        break;
    case STAGE_WEIGHT:
        if (weigh(a))
            a->stage = ++a->pass < PASSES ? STAGE_MEAN : STAGE_FINAL;
        break;
    case STAGE_FINAL:
        if (mean_rows(a, 0, a->grid.rows, 1))
            finish(a);
        break;
    default:
        return 1;
    }
    return a->stage == STAGE_IDLE;
}
