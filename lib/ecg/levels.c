/* Each lead's feature f_k is divided by what a beat measures in it, S_k, and leads are averaged
 * with the weights of independent noises n_k = N_k / S_k:
 *
 *     fused = sum_k a_k f_k / S_k / sum_k a_k,     a_k = 1 / (n_k^2 + 0.3 r_k^2 + 0.05^2),
 *
 * N_k: the mean feature between beats; r_k = R_k / S_k, R_k: the mean feature of peaks that turned
 * out to be no beats, so that a lead in which other things look like beats has less to say.  0.05 keeps a single very quiet lead from deciding alone.
 * So a typical beat measures 1 whatever the gains, and a lead that is lost or drowned in noise
 * takes no part.  Correlations use a_k / S_k^2, since they are products of two signals.
 *
 * S_k follows beats over eight of them, each limited to 0.3 .. 2 S_k, so an ectopic beat hardly
 * moves it.  At the start it is the largest feature in 2 s, or four times the second largest of
 * four quarters when that is less: one artefact does not make the detector deaf, one QRS complex
 * among three quarters of T waves (slow rates) is still found.  Without beats S_k halves in 2 s. */
#include "ecg/levels.h"

#include <string.h>

static const float LEAST_NOISE = 0.05f, FIRST_NOISE = 0.15f, MOST_OVER_SECOND = 4;
static const float BEAT_STEP = 0.125f, LOWEST_STEP = 0.3f, HIGHEST_STEP = 2, NOISE_STEP = 0.25f;
static const float REJECT_PART = 0.3f, REJECT_STEP = 0.05f;
static const float SINK = 0.966f; /* 2^(-1/20): per 100 ms */

void secg_levels_init(secg_levels *l, size_t channels)
{
    *l = (secg_levels){
        .channels = channels, .version = 1, .quarter = -1, .usable = (1u << channels) - 1};
}

static float greater(float a, float b)
{
    return a > b ? a : b;
}

static float lesser(float a, float b)
{
    return a < b ? a : b;
}

/* a_k above. */
static float trust(const secg_levels *l, size_t k)
{
    float n = l->noise_mv[k] / l->beat_mv[k], r = l->reject_mv[k] / l->beat_mv[k];
    return 1 / (n * n + REJECT_PART * r * r + LEAST_NOISE * LEAST_NOISE);
}

static int is_known(const secg_levels *l, size_t k)
{
    return l->beat_mv[k] > 0 && l->usable >> k & 1;
}

static void set_gain(secg_levels *l, size_t k, float share)
{
    l->share[k] = share;
    l->gain[k] = share > 0 ? share / l->beat_mv[k] : 0;
    l->weight[k] = share > 0 ? l->gain[k] / l->beat_mv[k] : 0;
}

/* A lead by itself has all of the share, whatever its noise. */
static void set_gains(secg_levels *l)
{
    float a[SECG_MAX_CHANNELS], sum = 0;
    l->version++;
    if (l->channels == 1) {
        set_gain(l, 0, is_known(l, 0) ? 1 : 0);
        return;
    }
    for (size_t k = 0; k < l->channels; k++) {
        a[k] = is_known(l, k) ? trust(l, k) : 0;
        sum += a[k];
    }
    for (size_t k = 0; k < l->channels; k++)
        set_gain(l, k, a[k] > 0 ? a[k] / sum : 0);
}

void secg_levels_set_usable(secg_levels *l, uint32_t usable)
{
    if (usable == l->usable)
        return;
    l->usable = usable;
    set_gains(l);
}

void secg_levels_forget_learning(secg_levels *l)
{
    memset(l->first_mv, 0, sizeof l->first_mv);
    l->quarter = -1;
}

/* Most features are no higher than those before, and change nothing. */
static int is_news(const secg_levels *l, int quarter, const float *feature_mv)
{
    if (quarter != l->quarter)
        return 1;
    for (size_t k = 0; k < l->channels; k++)
        if (feature_mv[k] > l->first_mv[quarter][k])
            return 1;
    return 0;
}

void secg_levels_learn(secg_levels *l, int quarter, const float *feature_mv)
{
    if (!is_news(l, quarter, feature_mv))
        return;
    l->quarter = quarter;
    for (size_t k = 0; k < l->channels; k++) {
        float *highest = &l->first_mv[quarter][k], first = 0, second = 0;
        *highest = greater(*highest, feature_mv[k]);
        for (int i = 0; i < 4; i++) {
            second = greater(second, lesser(first, l->first_mv[i][k]));
            first = greater(first, l->first_mv[i][k]);
        }
        l->beat_mv[k] = quarter < 1 ? first : lesser(first, MOST_OVER_SECOND * second);
        l->noise_mv[k] = FIRST_NOISE * l->beat_mv[k];
    }
    set_gains(l);
}

void secg_levels_beat(secg_levels *l, uint32_t usable, const float *feature_mv)
{
    for (size_t k = 0; k < l->channels; k++) {
        float *beat = &l->beat_mv[k], seen = feature_mv[k];
        if (!(usable >> k & 1))
            continue;
        float limited = lesser(greater(seen, LOWEST_STEP * *beat), HIGHEST_STEP * *beat);
        *beat = *beat > 0 ? *beat + BEAT_STEP * (limited - *beat) : seen;
    }
    set_gains(l);
}

void secg_levels_noise(secg_levels *l, const float *mean_mv)
{
    for (size_t k = 0; k < l->channels; k++)
        l->noise_mv[k] += NOISE_STEP * (mean_mv[k] - l->noise_mv[k]);
}

void secg_levels_reject(secg_levels *l, uint32_t usable, const float *feature_mv)
{
    for (size_t k = 0; k < l->channels; k++) {
        if (!(usable >> k & 1))
            continue;
        float limited = lesser(feature_mv[k], HIGHEST_STEP * l->beat_mv[k]);
        l->reject_mv[k] += REJECT_STEP * (limited - l->reject_mv[k]);
    }
}

void secg_levels_sink(secg_levels *l)
{
    for (size_t k = 0; k < l->channels; k++)
        l->beat_mv[k] *= SINK;
    set_gains(l);
}
