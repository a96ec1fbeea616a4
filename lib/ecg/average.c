/* The average complex: a weighted mean of aligned beats, each lead with its own weights.
 *
 *     mean_k = sum_i w_ik x_ik / sum_i w_ik,     w_ik = 1 / (E_ik + m_k)
 *
 * E_ik is the mean square of beat i against the mean around the ST segment, m_k its median over
 * the beats.  Motion noise comes in bursts, so its variance differs from beat to beat: the
 * weights of least variance are 1 / variance (Gauss-Markov), and E estimates it.  m_k bounds the
 * weight of a beat that fits well by chance, and a beat far off counts with its inverse square,
 * which is the Cauchy M-estimate: what slips through cannot pull the mean far (domain.md 3.2).
 * The weights and the mean are found in turn, PASSES times, from equal weights or from the
 * average before.
 *
 * Noise of a sample of the mean: sqrt(sum w^2 E) / sum w, widened by n / (n - 1) since the mean
 * was fitted to the same beats; n = (sum w)^2 / sum w^2 are the beats that it is worth.
 *
 * Precision: beats are kept at 1 uV; rounding adds 0.3 uV rms to a beat, 0.1 uV to a mean of 8.
 * A step is one beat or a few rows. */
#include "ecg/average.h"

#include <math.h>
#include <string.h>

enum { PASSES = 3, ROWS_PER_STEP = 2, JUDGE_EVERY = 2 };
enum { STAGE_IDLE, STAGE_MEAN, STAGE_ENERGY, STAGE_WEIGHT, STAGE_FINAL };

static const float quietest_mv2 = 4e-6f; /* (2 uV)^2: rounding and the front end's floor */

void secg_average_lay_out(secg_average *a, secg_arena *arena, const secg_grid *grid)
{
    size_t cells = grid->rows * grid->stride;
    *a = (secg_average){.grid = *grid};
    a->sample = secg_take(arena, SECG_AVERAGE_SLOTS * cells, sizeof *a->sample);
    a->weight = secg_take(arena, SECG_AVERAGE_SLOTS * grid->stride, sizeof *a->weight);
    a->energy = secg_take(arena, SECG_AVERAGE_SLOTS * grid->stride, sizeof *a->energy);
    a->mean = secg_take(arena, cells, sizeof *a->mean);
    a->next = secg_take(arena, cells, sizeof *a->next);
}

void secg_average_forget(secg_average *a)
{
    a->stored = 0;
    a->present = 0;
    a->stage = STAGE_IDLE;
    a->count = 0;
}

static int16_t *slot_rows(const secg_average *a, int slot)
{
    return a->sample + (size_t)slot * a->grid.rows * a->grid.stride;
}

int16_t *secg_average_place(secg_average *a)
{
    return slot_rows(a, (int)(a->stored % SECG_AVERAGE_SLOTS));
}

/* A lead takes part with a beat only where every judged row was acquired. */
static void first_weights(secg_average *a, int slot, size_t first, size_t last)
{
    size_t stride = a->grid.stride;
    float *weight = a->weight + (size_t)slot * stride;
    const int16_t *rows = slot_rows(a, slot);
    for (size_t k = 0; k < stride; k++)
        weight[k] = k < a->grid.channels ? 1.0f : 0.0f;
    for (size_t r = first; r < last; r++)
        for (size_t k = 0; k < stride; k++)
            weight[k] = rows[r * stride + k] == SECG_GRID_GAP ? 0.0f : weight[k];
}

void secg_average_store(secg_average *a, int64_t sample, float rr_ms, size_t first, size_t last)
{
    int slot = (int)(a->stored % SECG_AVERAGE_SLOTS);
    a->beat[slot] = (secg_average_beat){sample, rr_ms};
    first_weights(a, slot, first, last);
    a->stored++;
}

const int16_t *secg_average_beat_rows(const secg_average *a, int i)
{
    return slot_rows(a, a->slot[i]);
}

const float *secg_average_beat_weight(const secg_average *a, int i)
{
    return a->weight + (size_t)a->slot[i] * a->grid.stride;
}

int secg_average_begin(secg_average *a, int64_t from, int64_t to, size_t first, size_t last)
{
    a->from = first;
    a->to = last;
    a->count = 0;
    int64_t oldest = a->stored > SECG_AVERAGE_SLOTS ? a->stored - SECG_AVERAGE_SLOTS : 0;
    for (int64_t i = a->stored - 1; i >= oldest && a->count < SECG_AVERAGE_BEATS; i--) {
        int slot = (int)(i % SECG_AVERAGE_SLOTS);
        if (a->beat[slot].sample <= from)
            break;
        if (a->beat[slot].sample > to)
            continue;
        a->slot[a->count++] = slot;
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
    size_t stride = a->grid.stride;
    float sum[SECG_STRIDE_MAX] = {0}, total[SECG_STRIDE_MAX] = {0};
    for (int i = 0; i < a->count; i++) {
        const int16_t *restrict x = slot_rows(a, a->slot[i]) + row * stride;
        const float *restrict w = a->weight + (size_t)a->slot[i] * stride;
        for (size_t k = 0; k < stride; k++) {
            float known = x[k] == SECG_GRID_GAP ? 0.0f : w[k];
            sum[k] += known * (float)x[k];
            total[k] += known;
        }
    }
    for (size_t k = 0; k < stride; k++)
        a->next[row * stride + k] = total[k] > 0 ? sum[k] / total[k] * SECG_GRID_MV : NAN;
}

/* Rows of the mean, a few at a time; 1 when the last is done. */
static int mean_rows(secg_average *a, size_t from, size_t to)
{
    for (int i = 0; i < ROWS_PER_STEP && from + (size_t)a->at < to; i++)
        mean_of_row(a, from + (size_t)a->at++);
    if (from + (size_t)a->at < to)
        return 0;
    a->at = 0;
    return 1;
}

static int energy_of_beat(secg_average *a)
{
    if (a->at < a->count) {
        size_t stride = a->grid.stride;
        const int16_t *rows = slot_rows(a, a->slot[a->at]);
        float sum[SECG_STRIDE_MAX] = {0}, scale = (float)JUDGE_EVERY / (float)(a->to - a->from);
        for (size_t r = a->from; r < a->to; r += JUDGE_EVERY)
            for (size_t k = 0; k < stride; k++) {
                float d = (float)rows[r * stride + k] * SECG_GRID_MV - a->next[r * stride + k];
                sum[k] += d * d;
            }
        for (size_t k = 0; k < stride; k++)
            a->energy[(size_t)a->slot[a->at] * stride + k] = sum[k] * scale;
        a->at++;
    }
    if (a->at < a->count)
        return 0;
    a->at = 0;
    return 1;
}

static float median_energy(const secg_average *a, size_t k)
{
    float sorted[SECG_AVERAGE_BEATS];
    int n = 0;
    for (int i = 0; i < a->count; i++) {
        size_t cell = (size_t)a->slot[i] * a->grid.stride + k;
        if (!(a->weight[cell] > 0) || !(a->energy[cell] >= 0))
            continue;
        int at = n++;
        for (; at > 0 && sorted[at - 1] > a->energy[cell]; at--)
            sorted[at] = sorted[at - 1];
        sorted[at] = a->energy[cell];
    }
    return n > 0 ? sorted[n / 2] : 0;
}

/* New weights of one lead, and what they say about the noise of the mean. */
static void weigh_lead(secg_average *a, size_t k)
{
    float bound = median_energy(a, k) + quietest_mv2;
    double total = 0, squares = 0, noise = 0;
    int beats = 0;
    for (int i = 0; i < a->count; i++) {
        size_t cell = (size_t)a->slot[i] * a->grid.stride + k;
        if (!(a->weight[cell] > 0))
            continue;
        float energy = a->energy[cell];
        float w = energy >= 0 ? bound / (energy + bound) : 1; /* not yet known: as any other */
        a->weight[cell] = w;
        total += w;
        squares += (double)w * w;
        noise += (double)w * w * (energy >= 0 ? energy : 0);
        beats++;
    }
    double worth = squares > 0 ? total * total / squares : 0;
    a->beats[k] = (uint16_t)beats;
    a->total[k] = (float)total;
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
        if (mean_rows(a, a->from, a->to))
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
        if (mean_rows(a, 0, a->grid.rows))
            finish(a);
        break;
    default:
        return 1;
    }
    return a->stage == STAGE_IDLE;
}
