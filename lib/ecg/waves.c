/* Marks of a beat are found on the mean of itself and those of the five beats before and the five
 * after it that look like it: correlation of 0.9 and more over QRS, ST and T, all leads at once,
 * where they fit best.  So a lone ectopic beat is marked on itself alone, and ten alike lend each
 * other their signal-to-noise ratio while slow changes of QT are followed within seconds.
 *
 * Noise of the mean: what the beats differ from it by, over sqrt(n - 1); of beats with few like
 * them, what the others of the record had, or the rms second difference over sqrt(6), which is the
 * standard deviation of white noise, where that is more. */
#include "ecg/waves.h"

#include "base/lead_value.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double least_hz = 375, pre_ms = 400, post_ms = 760, wait_s = 2.6, history_s = 7,
                    lag_s = 1.25;
static const double level_ms = -70, level_half_ms = 10, next_beat_ms = 90, before_part = 0.55;
static const double like_from_ms = -80, like_to_ms = 320, shift_most_ms = 12;
static const float least_likeness = 0.9f, floor_mv = 0.01f;

void secg_waves_lay_out(secg_waves *w, secg_arena *arena, const secg_waves_config *c)
{
    *w = (secg_waves){.config = *c};
    memcpy(w->lead, c->leads, c->lead_count * sizeof *w->lead);
    secg_grid_init_span(&w->grid, c->rate_hz, c->channels, least_hz, pre_ms, post_ms);
    size_t cells = w->grid.rows * w->grid.stride;
    secg_history_lay_out(&w->history, arena, c->rate_hz, c->channels, w->grid.stride, lag_s,
                         history_s);
    secg_cut_init(&w->cut, &w->grid);
    secg_delineator_lay_out(&w->delineator, arena, &w->grid);
    for (int i = 0; i < SECG_WAVES_HELD; i++)
        w->held[i].mv = secg_take(arena, cells, sizeof(float));
    w->mean = secg_take(arena, cells, sizeof *w->mean);
    w->one = secg_take(arena, w->grid.rows, sizeof *w->one);
    w->wait = (int64_t)ceil(wait_s * c->rate_hz);
    secg_mains_init(&w->mains, c->rate_hz, c->channels, c->mains_hz);
    w->cut.share = 1;
}

static double frames_of(const secg_waves *w, double ms)
{
    return ms * w->config.rate_hz / 1000;
}

static double frame_of(const secg_beat *beat)
{
    return (double)beat->sample + (double)beat->offset_samples;
}

static secg_beat *waiting(secg_waves *w, int64_t i)
{
    return &w->waiting[i % SECG_WAVES_WAITING];
}

static secg_waves_beat *held(secg_waves *w, int64_t i)
{
    return &w->held[i % SECG_WAVES_HELD];
}

/* ---- cutting ----------------------------------------------------------------------------- */

static void cut_beat(secg_waves *w, int64_t i)
{
    const secg_beat *beat = waiting(w, i);
    double ms = 1000 / w->config.rate_hz, frame = frame_of(beat);
    secg_waves_beat *out = held(w, w->cut_beats++);
    float *mv = out->mv;
    *out = (secg_waves_beat){.beat = *beat, .frame = frame, .mv = mv};
    out->rr_ms = i + 1 < w->end ? (frame_of(waiting(w, i + 1)) - frame) * ms : (double)NAN;
    out->before_ms = i > 0 ? (frame - frame_of(waiting(w, i - 1))) * ms : (double)NAN;
    secg_cut_at(&w->cut, frame);
    secg_cut_measure_level(&w->cut, &w->history, frame + frames_of(w, level_ms),
                           frames_of(w, level_half_ms), &w->cut.own);
    double first_ms = isnan(out->before_ms) ? -pre_ms : -before_part * out->before_ms;
    double last_ms = isnan(out->rr_ms) ? post_ms : out->rr_ms - next_beat_ms;
    for (size_t r = 0; r < w->grid.rows; r++, mv += w->grid.stride) {
        double at = secg_grid_ms(&w->grid, (double)r);
        if (at >= first_ms && at <= last_ms)
            secg_cut_levelled(&w->cut, &w->history, r, 1, mv);
        else
            for (size_t k = 0; k < w->grid.stride; k++)
                mv[k] = NAN;
    }
}

/* Beats whose time has come, while the ring has room for them. */
static void cut_beats(secg_waves *w)
{
    while (w->next < w->end && frame_of(waiting(w, w->next)) <= (double)(w->frames - w->wait) &&
           w->cut_beats - w->marked <= SECG_WAVES_REACH)
        cut_beat(w, w->next++);
}

void secg_waves_push(secg_waves *w, const float *mv)
{
    float clean[SECG_STRIDE_MAX] = {0};
    memcpy(clean, mv, w->config.channels * sizeof *clean);
    secg_mains_run(&w->mains, clean);
    secg_history_push(&w->history, clean);
    w->frames++;
    cut_beats(w);
}

void secg_waves_beat_found(secg_waves *w, const secg_beat *beat)
{
    if (w->end > 0 && !(frame_of(beat) > frame_of(waiting(w, w->end - 1))))
        return;
    if (w->end - w->next < SECG_WAVES_WAITING - 1)
        *waiting(w, w->end++) = *beat;
}

void secg_waves_flush(secg_waves *w)
{
    float nothing[SECG_STRIDE_MAX];
    for (size_t k = 0; k < SECG_STRIDE_MAX; k++)
        nothing[k] = NAN;
    for (int64_t i = 0; i < w->wait; i++)
        secg_waves_push(w, nothing);
    w->flushed = 1;
}

/* ---- the mean of beats alike ------------------------------------------------------------- */

/* Correlation of two beats, b read `shift` rows later, about their means. */
static float likeness(const secg_waves *w, const secg_waves_beat *a, const secg_waves_beat *b,
                      int shift)
{
    const secg_grid *g = &w->grid;
    double both = 0, of_a = 0, of_b = 0;
    size_t from = secg_grid_near(g, like_from_ms), to = secg_grid_near(g, like_to_ms);
    for (size_t r = from; r < to; r += 2) {
        const float *x = a->mv + r * g->stride;
        const float *y = b->mv + (size_t)((int)r + shift) * g->stride;
        for (size_t k = 0; k < w->config.channels; k++) {
            if (!(x[k] == x[k]) || !(y[k] == y[k]))
                continue;
            both += (double)(x[k] * y[k]);
            of_a += (double)(x[k] * x[k]);
            of_b += (double)(y[k] * y[k]);
        }
    }
    return of_a > 0 && of_b > 0 ? (float)(both / sqrt(of_a * of_b)) : 0;
}

/* The best shift of b, in rows; likeness there in *best. */
static int fit(const secg_waves *w, const secg_waves_beat *a, const secg_waves_beat *b, float *best)
{
    int most = (int)(shift_most_ms * w->grid.rate_hz / 1000), at = 0;
    *best = likeness(w, a, b, 0);
    for (int way = -1; way <= 1; way += 2)
        for (int shift = way; abs(shift) <= most; shift += way) {
            float like = likeness(w, a, b, shift);
            if (like > *best) {
                *best = like;
                at = shift;
            }
        }
    return at;
}

typedef struct member {
    const secg_waves_beat *beat;
    int shift;
} member;

static void mean_of_rows(secg_waves *w, const member *of, int count)
{
    const secg_grid *g = &w->grid;
    for (size_t r = 0; r < g->rows; r++)
        for (size_t k = 0; k < w->config.channels; k++) {
            float sum = 0, n = 0;
            for (int i = 0; i < count; i++) {
                int row = (int)r + of[i].shift;
                if (row < 0 || row >= (int)g->rows)
                    continue;
                float x = of[i].beat->mv[(size_t)row * g->stride + k];
                sum += x == x ? x : 0;
                n += x == x;
            }
            w->mean[r * g->stride + k] = n > 0 ? sum / n : NAN;
        }
}

/* Of one beat in one channel, over the rows before QRS and after it. */
static float noise_of(const secg_waves *w, const member *of, int count, size_t k)
{
    const secg_grid *g = &w->grid;
    double sum = 0, n = 0;
    for (size_t r = 1; r + 1 < g->rows; r++) {
        double ms = secg_grid_ms(g, (double)r);
        if (ms > -60 && ms < 80)
            continue;
        const float *mean = w->mean + r * g->stride + k;
        float bend = mean[-(ptrdiff_t)g->stride] - 2 * mean[0] + mean[g->stride];
        if (count == 1 && bend == bend)
            sum += (double)(bend * bend) / 6, n++;
        for (int i = 0; count > 1 && i < count; i++) {
            int row = (int)r + of[i].shift;
            if (row < 0 || row >= (int)g->rows)
                continue;
            float off = of[i].beat->mv[(size_t)row * g->stride + k] - mean[0];
            if (off == off)
                sum += (double)(off * off), n++;
        }
    }
    return n > 0 ? (float)sqrt(sum / n) : NAN;
}

/* The noise of the mean of `count` beats; alone_mv is kept for beats that have none like them. */
static void set_noise(secg_waves *w, const member *of, int count)
{
    for (size_t k = 0; k < w->config.channels; k++) {
        float noise = noise_of(w, of, count, k);
        if (count >= SECG_WAVES_REACH)
            w->alone_mv[k] = noise;
        else
            noise = fmaxf(noise, w->alone_mv[k]);
        noise /= sqrtf(count > 1 ? (float)(count - 1) : 1.0f);
        w->noise_mv[k] = noise;
        w->weight[k] = noise == noise ? 1 / (noise * noise + floor_mv * floor_mv) : 0;
    }
}

static void average_around(secg_waves *w, int64_t at)
{
    member of[SECG_WAVES_HELD];
    int64_t first = at - SECG_WAVES_REACH, last = at + SECG_WAVES_REACH;
    of[0] = (member){held(w, at), 0};
    w->count = 1;
    for (int64_t i = first > 0 ? first : 0; i <= last && i < w->cut_beats; i++) {
        float like;
        if (i == at)
            continue;
        int shift = fit(w, of[0].beat, held(w, i), &like);
        if (like >= least_likeness)
            of[w->count++] = (member){held(w, i), shift};
    }
    mean_of_rows(w, of, w->count);
    set_noise(w, of, w->count);
}

/* ---- marks ------------------------------------------------------------------------------- */

/* The mean interval of the beats before this one: QT follows those, not the one it lies in. */
static float pace_before(secg_waves *w)
{
    double sum = 0;
    int count = 0;
    int64_t first = w->marked - SECG_WAVES_REACH;
    for (int64_t i = first > 0 ? first : 0; i <= w->marked; i++) {
        double before_ms = held(w, i)->before_ms;
        if (isnan(before_ms))
            continue;
        sum += before_ms;
        count++;
    }
    return count > 0 ? (float)(sum / count) : NAN;
}

static secg_marks find(secg_waves *w, const secg_marks_input *input)
{
    secg_delineator_begin(&w->delineator, input);
    while (!secg_delineator_step(&w->delineator))
        ;
    return w->delineator.marks;
}

static secg_marks find_in_lead(secg_waves *w, size_t lead, float rr_ms, const secg_marks *global)
{
    const secg_lead_source *s = &w->lead[lead];
    const float one = 1, *mean = w->mean;
    float noise = secg_lead_noise(s, w->noise_mv);
    for (size_t r = 0; r < w->grid.rows; r++, mean += w->grid.stride)
        w->one[r] = secg_lead_value(s, mean);
    return find(w, &(secg_marks_input){.mean = w->one,
                                       .channels = 1,
                                       .stride = 1,
                                       .weight = &one,
                                       .noise_mv = &noise,
                                       .rr_ms = rr_ms,
                                       .pace_ms = pace_before(w),
                                       .global = global});
}

int secg_waves_next(secg_waves *w, secg_waves_marks *out)
{
    cut_beats(w);
    int64_t last = w->marked + SECG_WAVES_REACH;
    if (w->marked >= w->cut_beats || (last >= w->cut_beats && !(w->flushed && w->next == w->end)))
        return 0;
    const secg_waves_beat *b = held(w, w->marked);
    float rr_ms = (float)(isnan(b->rr_ms) ? b->before_ms : b->rr_ms);
    average_around(w, w->marked);
    *out = (secg_waves_marks){.beat = b->beat, .beats = w->count};
    out->global = find(w, &(secg_marks_input){.mean = w->mean,
                                              .channels = w->config.channels,
                                              .stride = w->grid.stride,
                                              .weight = w->weight,
                                              .noise_mv = w->noise_mv,
                                              .rr_ms = rr_ms,
                                              .pace_ms = pace_before(w)});
    for (size_t k = 0; k < w->config.lead_count; k++)
        out->lead[k] = out->global.j_ms == out->global.j_ms
                           ? find_in_lead(w, k, rr_ms, &out->global)
                           : secg_marks_none();
    w->marked++;
    return 1;
}
