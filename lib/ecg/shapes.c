/* Agreement is the normalised correlation over rows n and leads k,
 *
 *     sum_k w_k <s_k, t_k> / sqrt(sum_k w_k |s_k|^2 . sum_k w_k |t_k|^2),
 *
 * with w_k the inverse noise variance of lead k: the matched filter for independent noise, made
 * independent of amplitude.  The best of a few positions is taken, since the peak of the feature
 * wanders by a sample or two.
 *
 * A shape is the mean of its first 16 beats and from there an exponential mean, so that it follows
 * a slow change of the heart's axis. */
#include "ecg/shapes.h"

#include <math.h>
#include <string.h>

static const double HALF_MS = 90, REACH_MS = 22, WIDE_HALF_MS = 160, WIDE_STEP_MS = 11;
enum { LONGEST_MEMORY_BEATS = 16 };

void secg_shapes_lay_out(secg_shapes *s, secg_arena *arena, double rate_hz, size_t channels)
{
    *s = (secg_shapes){.channels = channels};
    s->half = (int32_t)lround(HALF_MS * 1e-3 * rate_hz);
    s->reach = (int32_t)ceil(REACH_MS * 1e-3 * rate_hz);
    size_t cells = (size_t)(2 * s->half + 1) * channels;
    s->wide_step = (int32_t)lround(WIDE_STEP_MS * 1e-3 * rate_hz);
    s->wide_half = (int32_t)lround(WIDE_HALF_MS * 1e-3 * rate_hz / s->wide_step);
    size_t wide_cells = (size_t)(2 * s->wide_half + 1) * channels;
    for (size_t i = 0; i < SECG_SHAPES; i++) {
        s->shape[i].value = secg_take(arena, cells, sizeof(float));
        s->shape[i].plain = secg_take(arena, cells, sizeof(float));
        s->shape[i].wide = secg_take(arena, wide_cells, sizeof(float));
    }
}

void secg_shapes_reset(secg_shapes *s)
{
    for (size_t i = 0; i < SECG_SHAPES; i++)
        s->shape[i].beats = 0;
}

/* Correlation sums of one position: with the template, and of the signal with itself. */
static float agreement(const secg_shapes *s, const secg_shape *shape, const secg_qrs_feature *f,
                       int64_t time, const float *weight)
{
    float cross[SECG_MAX_CHANNELS] = {0}, own[SECG_MAX_CHANNELS] = {0};
    const float *t = shape->value;
    for (int64_t n = time - s->half; n <= time + s->half; n++, t += s->channels) {
        const int32_t *bump = secg_qrs_bump(f, n);
        for (size_t k = 0; k < s->channels; k++) {
            float v = (float)bump[k];
            cross[k] += v * t[k];
            own[k] += v * v;
        }
    }
    float st = 0, ss = 0, tt = 0;
    for (size_t k = 0; k < s->channels; k++) {
        st += weight[k] * cross[k] * f->mv_per_bump;
        ss += weight[k] * own[k] * f->mv_per_bump * f->mv_per_bump;
        tt += weight[k] * shape->energy[k];
    }
    return ss > 0 && tt > 0 ? st / sqrtf(ss * tt) : 0;
}

secg_match secg_shapes_match(const secg_shapes *s, const secg_qrs_feature *f, int64_t time,
                             const float *weight, int32_t beats)
{
    secg_match best = {.shape = -1, .agreement = -1};
    for (int32_t i = 0; i < SECG_SHAPES; i++) {
        if (s->shape[i].beats < beats || s->shape[i].beats == 0)
            continue;
        for (int32_t shift = -s->reach; shift <= s->reach; shift++) {
            float a = agreement(s, &s->shape[i], f, time + shift, weight);
            if (a > best.agreement)
                best = (secg_match){.shape = i, .shift = shift, .agreement = a};
        }
    }
    return best;
}

/* Sums over one band of the signal s and a template t. */
typedef struct sums {
    float st[SECG_MAX_CHANNELS], ss[SECG_MAX_CHANNELS];
} sums;

static void add_row(sums *u, const float *v, const float *t, size_t channels)
{
    for (size_t k = 0; k < channels; k++) {
        u->st[k] += v[k] * t[k];
        u->ss[k] += v[k] * v[k];
    }
}

static void bump_row(const secg_qrs_feature *f, int64_t n, float *v)
{
    const int32_t *bump = secg_qrs_bump(f, n);
    for (size_t k = 0; k < f->channels; k++)
        v[k] = (float)bump[k] * f->mv_per_bump;
}

static void weigh(const sums *u, const float *energy, const float *weight, size_t channels,
                  float *st, float *ss, float *tt)
{
    *st = *ss = *tt = 0;
    for (size_t k = 0; k < channels; k++) {
        *st += weight[k] * u->st[k];
        *ss += weight[k] * u->ss[k];
        *tt += weight[k] * energy[k];
    }
}

secg_likeness secg_shapes_compare(const secg_shapes *s, const secg_qrs_feature *f, int64_t time,
                                  const float *weight, int32_t index)
{
    const secg_shape *shape = &s->shape[index];
    int32_t shift = 0;
    float best = -2;
    for (int32_t at = -s->reach; at <= s->reach; at++) {
        float a = agreement(s, shape, f, time + at, weight);
        if (a > best)
            best = a, shift = at;
    }
    sums narrow = {{0}, {0}}, wide = {{0}, {0}};
    float v[SECG_MAX_CHANNELS];
    for (int32_t n = -s->half; n <= s->half; n++) {
        bump_row(f, time + shift + n, v);
        add_row(&narrow, v, shape->value + (size_t)(n + s->half) * s->channels, s->channels);
    }
    for (int32_t n = -s->wide_half; n <= s->wide_half; n++) {
        secg_qrs_wide(f, time + shift + n * s->wide_step, v);
        add_row(&wide, v, shape->wide + (size_t)(n + s->wide_half) * s->channels, s->channels);
    }
    float st, ss, tt, wst, wss, wtt;
    weigh(&narrow, shape->energy, weight, s->channels, &st, &ss, &tt);
    weigh(&wide, shape->wide_energy, weight, s->channels, &wst, &wss, &wtt);
    if (!(ss > 0 && tt > 0 && wss > 0 && wtt > 0))
        return (secg_likeness){.distance = 1, .wide_distance = 1};
    return (secg_likeness){.agreement = st / sqrtf(ss * tt),
                           .wide_agreement = wst / sqrtf(wss * wtt),
                           .distance = sqrtf(fmaxf(ss - 2 * st + tt, 0) / tt),
                           .wide_distance = sqrtf(fmaxf(wss - 2 * wst + wtt, 0) / wtt),
                           .size = sqrtf(ss / tt),
                           .width = 0.5f * logf(wss / wtt * tt / ss)};
}

static int32_t least_used(const secg_shapes *s)
{
    int32_t worst = 0;
    for (int32_t i = 1; i < SECG_SHAPES; i++) {
        const secg_shape *a = &s->shape[i], *b = &s->shape[worst];
        if (a->beats < b->beats || (a->beats == b->beats && a->last < b->last))
            worst = i;
    }
    return worst;
}

/* The signal less its mean over half a piece before: the level that even a wide QRS leaves from. */
static void learn_plain(const secg_shapes *s, const secg_qrs_feature *f, secg_shape *shape,
                        int64_t time, float part)
{
    int64_t first = time - f->bump_delay - s->half;
    int32_t rows = 2 * s->half + 1, quiet = s->half;
    float base[SECG_MAX_CHANNELS] = {0};
    for (int32_t n = 0; n < quiet; n++)
        for (size_t k = 0; k < s->channels; k++)
            base[k] += (float)secg_qrs_x(f, first - quiet + n)[k] / (float)quiet;
    float *t = shape->plain;
    for (int32_t n = 0; n < rows; n++, t += s->channels)
        for (size_t k = 0; k < s->channels; k++)
            t[k] += part * ((float)secg_qrs_x(f, first + n)[k] - base[k] - t[k]);
}

int32_t secg_shapes_learn(secg_shapes *s, const secg_qrs_feature *f, int64_t time, secg_match match)
{
    int32_t index = match.shape >= 0 ? match.shape : least_used(s);
    secg_shape *shape = &s->shape[index];
    if (match.shape < 0)
        shape->beats = 0, match.shift = 0;
    shape->beats++;
    shape->last = time;
    float part =
        1.0f / (float)(shape->beats < LONGEST_MEMORY_BEATS ? shape->beats : LONGEST_MEMORY_BEATS);
    float *t = shape->value;
    memset(shape->energy, 0, sizeof shape->energy);
    for (int64_t n = -s->half; n <= s->half; n++, t += s->channels) {
        const int32_t *bump = secg_qrs_bump(f, time + match.shift + n);
        for (size_t k = 0; k < s->channels; k++) {
            t[k] += part * ((float)bump[k] * f->mv_per_bump - t[k]);
            shape->energy[k] += t[k] * t[k];
        }
    }
    learn_plain(s, f, shape, time + match.shift, part);
    float v[SECG_MAX_CHANNELS];
    t = shape->wide;
    memset(shape->wide_energy, 0, sizeof shape->wide_energy);
    for (int32_t n = -s->wide_half; n <= s->wide_half; n++, t += s->channels) {
        secg_qrs_wide(f, time + match.shift + n * s->wide_step, v);
        for (size_t k = 0; k < s->channels; k++) {
            t[k] += part * (v[k] - t[k]);
            shape->wide_energy[k] += t[k] * t[k];
        }
    }
    return index;
}
