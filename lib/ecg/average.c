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

#include "ecg/average_loop.h"

#include <math.h>
#include <string.h>

enum { POOL_BEATS = 30, FLAT_COUNTS = 8 };
enum { PASSES = 2, ROWS_PER_STEP = SECG_AVERAGE_ROWS, JUDGE_EVERY = 2 };
enum { STAGE_IDLE, STAGE_MEAN, STAGE_ENERGY, STAGE_WEIGHT, STAGE_FINAL };

typedef struct mean_rows { /* rows, `every` so many of the grid, from `row` on                  */
    size_t row, rows, every;
    size_t whole, torn_count; /* beats that have all of them, and others              */
    const int16_t *x[SECG_AVERAGE_BEATS];
    const float *weight[SECG_AVERAGE_BEATS];
    const secg_average_beat *torn[SECG_AVERAGE_BEATS];
} mean_rows;

static const float quietest_mv2 = 4e-6f; /* (2 uV)^2: rounding and the front end's floor */
static const float half_weight_medians = 2;

void secg_average_lay_out(secg_average *a, secg_arena *arena, const secg_grid *grid)
{
    size_t cells = grid->rows * grid->stride;
    *a = (secg_average){.grid = *grid, .pool_rows = POOL_BEATS * grid->rows};
    a->pool = secg_take(arena, a->pool_rows * grid->stride, sizeof *a->pool);
    a->beat = secg_take(arena, SECG_AVERAGE_HELD, sizeof *a->beat);
    a->mean = secg_take(arena, cells, sizeof *a->mean);
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

/* Takes some rows of a beat into the least and the largest count of each lead. */
static void find_range(const secg_average *a, const secg_average_beat *b, size_t from, size_t to,
                       int16_t *low, int16_t *high)
{
    size_t stride = a->grid.stride;
    const int16_t *x = a->pool + (b->at + from - b->first) * stride;
    for (size_t k = 0; from < to && k < stride; k += secg_wide_lanes(stride - k))
        SECG_WIDE(secg_average_range_loop, stride - k)(x + k, to - from, stride, low + k, high + k);
}

static int has_gap(const secg_average *a, const secg_average_beat *b, size_t from, size_t to)
{
    int16_t low[SECG_STRIDE_MAX], high[SECG_STRIDE_MAX];
    int gap = 0;
    find_range(a, b, from, to, low, high);
    for (size_t k = 0; from < to && k < a->grid.stride; k++)
        gap |= low[k] == SECG_GRID_GAP;
    return gap;
}

/* A lead takes part with a beat only where every judged row was acquired and it was not flat. */
static void judge(const secg_average *a, secg_average_beat *b, size_t from, size_t to)
{
    int16_t low[SECG_STRIDE_MAX], high[SECG_STRIDE_MAX];
    memset(b->weight, 0, sizeof b->weight);
    if (from < b->first || to > b->last) {
        b->whole = !has_gap(a, b, b->first, b->last);
        return;
    }
    b->whole = !has_gap(a, b, b->first, from) && !has_gap(a, b, to, b->last);
    find_range(a, b, from, to, low, high);
    for (size_t k = 0; k < a->grid.stride; k++)
        b->whole &= low[k] != SECG_GRID_GAP;
    for (size_t k = 0; k < a->grid.channels; k++)
        b->weight[k] = low[k] != SECG_GRID_GAP && high[k] - low[k] > FLAT_COUNTS;
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
    judge(a, b, judge_from, judge_to);
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
    a->stage = a->present ? STAGE_ENERGY : STAGE_MEAN;
    a->pass = 0;
    a->at = 0;
    return a->count;
}

/* Beats that have every row of the block, in every lead, share one sum of weights. */
static void sort_beats(const secg_average *a, mean_rows *block)
{
    size_t first = block->row, last = block->row + (block->rows - 1) * block->every;
    for (int i = 0; i < a->count; i++) {
        const secg_average_beat *b = a->chosen[i];
        if (first >= b->first && last < b->last && b->whole) {
            block->x[block->whole] = a->pool + (b->at + first - b->first) * a->grid.stride;
            block->weight[block->whole++] = b->weight;
        } else if (first < b->last && last >= b->first) {
            block->torn[block->torn_count++] = b;
        }
    }
}

/* Sums over all whole beats, and the sums of their weights. */
static void add_whole(const secg_average *a, const mean_rows *block, float *sums, float *total)
{
    size_t stride = a->grid.stride, row_step = block->every * stride;
    for (size_t k = 0; k < stride; k += secg_wide_lanes(stride - k))
        SECG_WIDE(secg_average_sum_loop, stride - k)
    (block->x, block->weight, block->whole, block->rows, row_step, k, sums, total);
}

/* Rows of the block before one of the grid. */
static size_t rows_before(const mean_rows *block, size_t row)
{
    if (row <= block->row)
        return 0;
    size_t rows = (row - block->row + block->every - 1) / block->every;
    return rows < block->rows ? rows : block->rows;
}

/* The same with care for any other beat, that need not have the rows, nor every lead. */
static void add_torn(const secg_average *a, const mean_rows *block, const secg_average_beat *b,
                     float *sums, float *totals)
{
    size_t stride = a->grid.stride, first = rows_before(block, b->first);
    size_t rows = rows_before(block, b->last) - first, row = block->row + first * block->every;
    const int16_t *x = a->pool + (b->at + row - b->first) * stride;
    for (size_t k = 0; k < stride; k += secg_wide_lanes(stride - k)) {
        size_t at = first * SECG_STRIDE_MAX + k;
        SECG_WIDE(secg_average_torn_loop, stride - k)
        (x + k, rows, block->every * stride, b->weight + k, sums + at, totals + at);
    }
}

/* Rows that all have the total of the first get their own, and what torn beats add. */
static void add_all_torn(const secg_average *a, const mean_rows *block, float *sums, float *totals)
{
    for (size_t r = 1; r < block->rows; r++)
        memcpy(totals + r * SECG_STRIDE_MAX, totals, a->grid.stride * sizeof *totals);
    for (size_t i = 0; i < block->torn_count; i++)
        add_torn(a, block, block->torn[i], sums, totals);
}

/* A few rows of the mean; 0 / 0 where no beat has them. */
static void mean_of_rows(secg_average *a, const mean_rows *block)
{
    float sums[ROWS_PER_STEP * SECG_STRIDE_MAX], totals[ROWS_PER_STEP * SECG_STRIDE_MAX];
    size_t stride = a->grid.stride, total_step = block->torn_count > 0 ? SECG_STRIDE_MAX : 0;
    float *mean = a->mean + block->row * stride;
    add_whole(a, block, sums, totals);
    if (block->torn_count > 0)
        add_all_torn(a, block, sums, totals);
    for (size_t k = 0; k < stride; k += secg_wide_lanes(stride - k))
        SECG_WIDE(secg_average_mean_loop, stride - k)
    (sums + k, totals + k, total_step, block->rows, block->every * stride, mean + k);
}

/* Rows of the mean, a few at a time; 1 when the last is done. */
static int find_mean(secg_average *a, size_t from, size_t to, size_t every)
{
    size_t left = (to - from - (size_t)a->at + every - 1) / every;
    mean_rows block;
    block.row = from + (size_t)a->at;
    block.rows = left < ROWS_PER_STEP ? left : ROWS_PER_STEP;
    block.every = every;
    block.whole = block.torn_count = 0;
    sort_beats(a, &block);
    mean_of_rows(a, &block);
    a->at += (int)(block.rows * every);
    if (from + (size_t)a->at < to)
        return 0;
    a->at = 0;
    return 1;
}

/* Mean square against the mean, of every JUDGE_EVERY-th row. */
static int energy_of_beat(secg_average *a)
{
    size_t stride = a->grid.stride;
    secg_average_beat *b = a->chosen[a->at];
    float scale = (float)JUDGE_EVERY / (float)(a->to - a->from);
    size_t first = a->from, last = a->to < b->last ? a->to : b->last;
    if (first < b->first)
        first += (b->first - first + JUDGE_EVERY - 1) / JUDGE_EVERY * JUDGE_EVERY;
    size_t count = last > first ? (last - first + JUDGE_EVERY - 1) / JUDGE_EVERY : 0;
    const int16_t *x = a->pool + (b->at + first - b->first) * stride;
    for (size_t k = 0; k < stride; k += secg_wide_lanes(stride - k))
        SECG_WIDE(secg_average_square_loop, stride - k)
    (x + k, a->mean + first * stride + k, count, JUDGE_EVERY * stride, b->energy + k);
    for (size_t k = 0; k < stride; k++)
        b->energy[k] *= scale;
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

/* The value that stands at a place when all are in order (Hoare 1961); they are moved. */
static float value_at(float *v, int count, int place)
{
    for (int low = 0, high = count - 1; low < high;) {
        float pivot = v[place];
        int i = low, j = high;
        while (i <= j) {
            while (v[i] < pivot)
                i++;
            while (pivot < v[j])
                j--;
            if (i <= j) {
                float swapped = v[i];
                v[i++] = v[j];
                v[j--] = swapped;
            }
        }
        low = j < place ? i : low;
        high = place < i ? j : high;
    }
    return v[place];
}

static float median_badness(const secg_average *a, size_t k)
{
    float bad[SECG_AVERAGE_BEATS];
    int n = 0;
    for (int i = 0; i < a->count; i++) {
        const secg_average_beat *b = a->chosen[i];
        if (b->weight[k] > 0 && b->energy[k] >= 0)
            bad[n++] = badness(b, k);
    }
    return n > 0 ? value_at(bad, n, n / 2) : 0;
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
    a->present = 1;
    a->stage = STAGE_IDLE;
}

int secg_average_step(secg_average *a)
{
    switch (a->stage) {
    case STAGE_MEAN:
        if (find_mean(a, a->from, a->to, JUDGE_EVERY))
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
        if (find_mean(a, 0, a->grid.rows, 1))
            finish(a);
        break;
    default:
        return 1;
    }
    return a->stage == STAGE_IDLE;
}

float secg_average_weight(const secg_average *a, size_t k, float floor_mv)
{
    float noise = a->noise_mv[k];
    return noise == noise ? 1 / (noise * noise + floor_mv * floor_mv) : 0;
}
