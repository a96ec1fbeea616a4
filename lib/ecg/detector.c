#include "ecg/detector.h"

#include <stressecg/base.h>

#include <math.h>
#include <string.h>

enum { FEATURES = 30 };
static const float WEIGHT[FEATURES] = {
    -4.34f, 2.57f,  0.98f, 0.50f, 1.17f,  0.06f,  0.53f, 0.74f,  3.24f,  5.18f,
    -6.28f, -2.69f, 2.36f, 2.30f, -8.21f, -1.17f, 1.05f, -0.18f, -0.38f, 0.38f,
    -0.46f, 0.18f,  1.10f, 0.68f, 0.60f,  -2.45f, 0.22f, 0.48f,  0.68f,  -0.45f};

static int32_t samples_of(const secg_detector *d, double ms)
{
    return (int32_t)lround(ms * 1e-3 * d->feature->rate_hz);
}

void secg_detector_lay_out(secg_detector *d, secg_arena *arena, const secg_qrs_feature *feature,
                           int search_back)
{
    *d = (secg_detector){
        .feature = feature, .channels = feature->channels, .search_back = search_back};
    d->narrowest = samples_of(d, 95);
    d->learning = samples_of(d, 2000);
    d->overdue = samples_of(d, 2000);
    d->least_wait = samples_of(d, 280);
    d->longest_wait = samples_of(d, 950);
    d->refractory = samples_of(d, 180);
    d->bump_lag = (feature->mean - 1) / 2;
    secg_shapes_lay_out(&d->shapes, arena, feature->rate_hz, feature->channels);
    secg_detector_reset(d);
}

void secg_detector_reset(secg_detector *d)
{
    memset(d->beat_mv, 0, sizeof d->beat_mv);
    memset(d->noise_mv, 0, sizeof d->noise_mv);
    memset(d->gain, 0, sizeof d->gain);
    memset(d->weight, 0, sizeof d->weight);
    memset(d->segment_mv, 0, sizeof d->segment_mv);
    memset(d->rr, 0, sizeof d->rr);
    d->last = (secg_candidate){0};
    d->low_typical = 0;
    d->peak_time = 0;
    d->usable = 0;
    d->learned = 0;
    d->learning_since = 0;
    d->peak = d->valley = 0;
    d->seeking_valley = 0;
    d->candidates = d->out_count = d->out_first = 0;
    d->last_beat = SECG_NO_SAMPLE;
    d->blind_until = SECG_NO_SAMPLE;
    d->next_look = INT64_MAX;
    d->next_decay = 0;
    d->rr_count = 0;
    d->rr_typical = 0.8f * (float)d->feature->rate_hz;
    d->noise_height = 0.1f;
    secg_shapes_reset(&d->shapes);
}

static void set_gains(secg_detector *d)
{
    float a[SECG_MAX_CHANNELS], sum = 0;
    for (size_t k = 0; k < d->channels; k++) {
        a[k] = 0;
        if (d->beat_mv[k] > 0 && d->usable >> k & 1) {
            float n = d->noise_mv[k] / d->beat_mv[k];
            a[k] = 1 / (n * n + 0.05f * 0.05f);
        }
        sum += a[k];
    }
    for (size_t k = 0; k < d->channels; k++) {
        d->gain[k] = a[k] > 0 ? a[k] / (sum * d->beat_mv[k]) : 0;
        d->weight[k] = a[k] > 0 ? a[k] / (sum * d->beat_mv[k] * d->beat_mv[k]) : 0;
    }
}

static void set_usable(secg_detector *d, const secg_quality *quality)
{
    uint32_t usable = 0;
    for (size_t k = 0; k < d->channels; k++)
        usable |= (uint32_t)secg_quality_usable(quality, k) << k;
    if (usable != d->usable) {
        d->usable = usable;
        set_gains(d);
    }
    if (!usable)
        d->blind_until = d->feature->count - 1;
}

static void learn_level(secg_detector *d, const float *level)
{
    int64_t age = d->feature->count - 1 - d->learning_since;
    if (!d->usable) {
        d->learning_since = d->feature->count;
        memset(d->segment_mv, 0, sizeof d->segment_mv);
        return;
    }
    size_t part = (size_t)(age * 4 / d->learning);
    for (size_t k = 0; k < d->channels; k++) {
        float *highest = &d->segment_mv[part < 4 ? part : 3][k];
        *highest = fmaxf(*highest, level[k]);
        float first = 0, second = 0;
        for (size_t i = 0; i < 4; i++) {
            float v = d->segment_mv[i][k];
            second = fmaxf(second, fminf(first, v));
            first = fmaxf(first, v);
        }
        d->beat_mv[k] = part < 1 ? first : fminf(first, 4 * second);
        d->noise_mv[k] = 0.15f * d->beat_mv[k];
    }
    set_gains(d);
    if (age + 1 >= d->learning) {
        d->learned = 1;
        d->next_look = d->feature->count - 1;
        d->next_decay = d->feature->count;
    }
}

static float height_of(const secg_detector *d, const secg_candidate *c)
{
    float height = 0;
    for (size_t k = 0; k < d->channels; k++)
        if (c->usable >> k & 1)
            height += d->gain[k] * c->part_mv[k];
    return height;
}

/* Mean over leads of the log height: equal to the log of the mean when all leads agree. */
static float unity_of(const secg_detector *d, const secg_candidate *c)
{
    float sum = 0, weight = 0;
    for (size_t k = 0; k < d->channels; k++) {
        if (!(c->usable >> k & 1) || d->gain[k] <= 0)
            continue;
        float part = d->gain[k] * d->beat_mv[k];
        sum += part * logf(fmaxf(c->part_mv[k] / d->beat_mv[k], 0.01f));
        weight += part;
    }
    return weight > 0 ? sum / weight : 0;
}

static float noise_between(const secg_detector *d)
{
    float noise = 0;
    for (size_t k = 0; k < d->channels; k++)
        noise += d->gain[k] * d->noise_mv[k];
    return fmaxf(noise, 0.01f);
}

/* Largest wide-band deflection around the candidate, per lead. */
static void find_low(const secg_detector *d, secg_candidate *c)
{
    int64_t middle = c->time - d->bump_lag;
    int32_t reach = samples_of(d, 60);
    memset(c->low_mv, 0, sizeof c->low_mv);
    for (int64_t n = middle - reach; n <= middle + reach; n++) {
        float wide[SECG_MAX_CHANNELS];
        secg_qrs_wide(d->feature, n, wide);
        for (size_t k = 0; k < d->channels; k++)
            c->low_mv[k] = fmaxf(c->low_mv[k], fabsf(wide[k]));
    }
}

static void add_candidate(secg_detector *d)
{
    if (d->candidates == SECG_CANDIDATES) {
        memmove(d->candidate, d->candidate + 1, (SECG_CANDIDATES - 1) * sizeof *d->candidate);
        d->candidates--;
    }
    secg_candidate *c = &d->candidate[d->candidates++];
    c->time = d->peak_time;
    c->usable = d->usable;
    memcpy(c->part_mv, secg_qrs_level(d->feature, d->peak_time), d->channels * sizeof(float));
    find_low(d, c);
    c->agreement =
        secg_shapes_match(&d->shapes, d->feature, d->peak_time - d->bump_lag, d->weight, 2)
            .agreement;
    d->next_look = d->feature->count - 1;
}

/* In one usable lead at least.  A triangle of 0.15 mV, which no heart-rate meter may count, measures
 * 0.03 mV at most; one of 0.5 mV, which all must count, 0.06 mV at least (widths 40 .. 120 ms). */
static const float LEAST_MV = 0.034f;
static int is_tall_enough(const secg_detector *d)
{
    const float *part = secg_qrs_level(d->feature, d->peak_time);
    for (size_t k = 0; k < d->channels; k++)
        if (d->usable >> k & 1 && part[k] >= LEAST_MV)
            return 1;
    return 0;
}

static void seek_peak(secg_detector *d, float fused)
{
    int64_t now = d->feature->count - 1;
    if (d->seeking_valley) {
        if (fused <= d->valley) {
            d->valley = fused;
            return;
        }
        d->seeking_valley = 0;
        d->peak = fused;
        d->peak_time = now;
        return;
    }
    if (fused > d->peak) {
        d->peak = fused;
        d->peak_time = now;
    }
    if (now - d->peak_time < d->narrowest && fused > 0.5f * d->peak)
        return;
    if (d->peak > 0.05f && is_tall_enough(d))
        add_candidate(d);
    d->seeking_valley = 1;
    d->valley = fused;
}

static float neighbour(const secg_detector *d, int32_t i, float reach)
{
    float highest = 0.02f;
    int64_t time = d->candidate[i].time;
    if (d->last_beat != SECG_NO_SAMPLE && (float)(time - d->last_beat) < reach)
        highest = d->last.height;
    for (int32_t j = 0; j < d->candidates; j++)
        if (reach > 0 ? j < i && (float)(time - d->candidate[j].time) < reach
                      : j > i && (float)(d->candidate[j].time - time) < -reach)
            highest = fmaxf(highest, d->candidate[j].height);
    return highest;
}

static float clip(float x, float low, float high)
{
    return x < low ? low : x > high ? high : x;
}

static void features_of(const secg_detector *d, int32_t i, int32_t j, float *x)
{
    const secg_candidate *c = &d->candidate[i], *b = j < 0 ? &d->last : &d->candidate[j];
    float rate = (float)d->feature->rate_hz;
    x[0] = 1;
    x[1] = clip(c->log_height, -4, 1.5f);
    x[2] = clip(c->log_height - logf(d->noise_height), -1, 4);
    x[3] = clip(c->log_height - logf(neighbour(d, i, 0.3f * rate)), -2.5f, 2.5f);
    x[4] = clip(c->log_height - logf(neighbour(d, i, -0.3f * rate)), -2.5f, 2.5f);
    x[5] = clip(logf(c->low), -4, 2);
    x[6] = clip(logf(c->low / c->height) - d->low_typical, -2, 2);
    x[7] = c->tallest;
    x[8] = clip(c->unity, -3, 0);
    x[9] = c->agreement;
    x[10] = clip(c->agreement - 0.5f, -2, 0);
    x[11] = x[12] = x[13] = x[14] = 0;
    if (j >= 0 || d->last_beat != SECG_NO_SAMPLE) {
        float rr = (float)(c->time - b->time), ratio = rr / d->rr_typical;
        float early = logf(ratio) / 0.1f;
        x[11] = clip(logf(0.75f / ratio), 0, 2);
        x[12] = clip(logf(ratio / 1.25f), 0, 1.5f);
        x[13] = expf(-0.5f * early * early);
        x[14] = clip((0.4f - rr / rate) / 0.2f, 0, 1) * clip(b->log_height - c->log_height, 0, 2);
    }
    float noise = clip(logf(noise_between(d)) + 2.5f, -1, 2);
    for (int f = 0; f < FEATURES / 2; f++)
        x[FEATURES / 2 + f] = noise * x[f];
}

static float logit(const secg_detector *d, int32_t i, int32_t j)
{
    if (j >= 0 || d->last_beat != SECG_NO_SAMPLE) {
        int64_t before = j < 0 ? d->last_beat : d->candidate[j].time;
        if (d->candidate[i].time - before < d->refractory)
            return -20;
    }
    float x[FEATURES], sum = 0;
    features_of(d, i, j, x);
    for (int32_t f = 0; f < FEATURES; f++)
        sum += WEIGHT[f] * x[f];
    return clip(sum, -15, 15);
}

/* log(1 + e^x) */
static float softplus(float x)
{
    return x > 0 ? x + log1pf(expf(-x)) : log1pf(expf(x));
}

/* Log probabilities of each candidate given each possible last beat before it. */
static void set_pairs(secg_detector *d)
{
    for (int32_t i = 0; i < d->candidates; i++)
        for (int32_t j = -1; j < i; j++) {
            float z = logit(d, i, j);
            d->yes[j + 1][i] = -softplus(-z);
            d->no[j + 1][i] = -softplus(z);
        }
}

/* Best path over all candidates but `without`; its last candidate, or -1. */
static int32_t find_path(secg_detector *d, int32_t without, float *best_score)
{
    float tail = 0;
    for (int32_t r = 0; r < d->candidates; r++)
        tail += d->no[0][r];
    int32_t best = -1;
    *best_score = tail;
    for (int32_t i = 0; i < d->candidates; i++)
        d->candidate[i].score = -1e9f;
    for (int32_t j = -1; j < d->candidates; j++) {
        float score = j < 0 ? 0 : d->candidate[j].score;
        for (int32_t i = j + 1; i < d->candidates; i++) {
            if (i != without && score + d->yes[j + 1][i] > d->candidate[i].score) {
                d->candidate[i].score = score + d->yes[j + 1][i];
                d->candidate[i].from = j;
            }
            score += d->no[j + 1][i];
        }
        if (j >= 0 && score > *best_score) {
            *best_score = score;
            best = j;
        }
    }
    return best;
}

static void drop(secg_detector *d, int32_t count)
{
    d->candidates -= count;
    memmove(d->candidate, d->candidate + count, (size_t)d->candidates * sizeof *d->candidate);
}

static void reject(secg_detector *d, const secg_candidate *c)
{
    d->noise_height += 0.125f * (clip(c->height, 0.02f, 1) - d->noise_height);
}

static void note_interval(secg_detector *d, float rr)
{
    d->rr[d->rr_count++ % 8] = rr;
    int32_t count = d->rr_count < 8 ? d->rr_count : 8;
    float sorted[8];
    for (int32_t i = 0; i < count; i++) {
        int32_t j = i;
        for (; j > 0 && sorted[j - 1] > d->rr[i]; j--)
            sorted[j] = sorted[j - 1];
        sorted[j] = d->rr[i];
    }
    d->rr_typical = sorted[count / 2];
}

static void note_noise(secg_detector *d, int64_t from, int64_t to)
{
    float sum[SECG_MAX_CHANNELS] = {0};
    if (to - from < 4)
        return;
    for (int64_t n = from; n < to; n++) {
        const float *level = secg_qrs_level(d->feature, n);
        for (size_t k = 0; k < d->channels; k++)
            sum[k] += level[k];
    }
    for (size_t k = 0; k < d->channels; k++)
        d->noise_mv[k] += 0.25f * (sum[k] / (float)(to - from) - d->noise_mv[k]);
}

static void commit(secg_detector *d, int32_t i)
{
    const secg_candidate *c = &d->candidate[i];
    for (size_t k = 0; k < d->channels; k++) {
        if (!(c->usable >> k & 1))
            continue;
        float *beat = &d->beat_mv[k];
        *beat = *beat > 0 ? *beat + 0.125f * (clip(c->part_mv[k], 0.3f * *beat, 2 * *beat) - *beat)
                          : c->part_mv[k];
    }
    int blind = d->last_beat == SECG_NO_SAMPLE || d->blind_until > d->last_beat;
    if (!blind) {
        float rr = (float)(c->time - d->last_beat);
        note_interval(d, rr);
        if (rr < 2 * (float)d->feature->rate_hz)
            note_noise(d, d->last_beat + (int64_t)(0.5f * rr), c->time - samples_of(d, 120));
    }
    secg_match match =
        secg_shapes_match(&d->shapes, d->feature, c->time - d->bump_lag, d->weight, 1);
    if (match.agreement < 0.85f)
        match.shape = -1;
    int is_new = match.shape < 0;
    match.shape = secg_shapes_learn(&d->shapes, d->feature, c->time - d->bump_lag, match);
    d->last_beat = c->time;
    d->last = *c;
    d->low_typical += 0.125f * (clip(logf(c->low / c->height), -2, 2) - d->low_typical);
    set_gains(d);
    if (d->out_count < SECG_DETECTIONS)
        d->out[(d->out_first + d->out_count++) % SECG_DETECTIONS] =
            (secg_detection){.time = c->time,
                             .usable = c->usable,
                             .match = match,
                             .after_blind = blind,
                             .is_new = is_new,
                             .height = c->log_height,
                             .noise = logf(noise_between(d))};
    for (int32_t j = 0; j < i; j++)
        reject(d, &d->candidate[j]);
    drop(d, i + 1);
}

static void score_heights(secg_detector *d)
{
    for (int32_t i = 0; i < d->candidates; i++) {
        secg_candidate *c = &d->candidate[i];
        c->height = fmaxf(height_of(d, c), 0.001f);
        c->log_height = logf(c->height);
        c->low = 0.001f;
        c->tallest = -4;
        for (size_t k = 0; k < d->channels; k++)
            if (c->usable >> k & 1) {
                c->low += d->gain[k] * c->low_mv[k];
                if (d->gain[k] > 0)
                    c->tallest = fmaxf(c->tallest, logf(c->part_mv[k] / d->beat_mv[k]));
            }
        c->unity = unity_of(d, c) - c->log_height;
    }
}

/* Decides what can be decided; 1 when something was. */
static int decide(secg_detector *d, int64_t now, int all)
{
    if (d->candidates == 0)
        return 0;
    float best_score, other_score;
    score_heights(d);
    set_pairs(d);
    int32_t end = find_path(d, -1, &best_score), first = end;
    while (first >= 0 && d->candidate[first].from >= 0)
        first = d->candidate[first].from;
    int64_t oldest_age = now - d->candidate[0].time;
    if (first < 0 || (first > 0 && (all || oldest_age >= d->longest_wait))) {
        if (!all && oldest_age < d->longest_wait)
            return 0;
        reject(d, &d->candidate[0]);
        drop(d, 1);
        return 1;
    }
    int64_t age = now - d->candidate[first].time;
    if (!all && age < d->least_wait)
        return 0;
    if (!all && age < d->longest_wait) {
        find_path(d, first, &other_score);
        if (best_score - other_score < 6)
            return 0;
    }
    commit(d, first);
    return 1;
}

static int32_t first_on_path(const secg_detector *d, int32_t end)
{
    while (end >= 0 && d->candidate[end].from >= 0)
        end = d->candidate[end].from;
    return end;
}

int64_t secg_detector_foresee(secg_detector *d)
{
    float score;
    score_heights(d);
    set_pairs(d);
    int32_t first = first_on_path(d, find_path(d, -1, &score));
    return first < 0 ? SECG_NO_SAMPLE : d->candidate[first].time;
}

static void look(secg_detector *d, int64_t now, int all)
{
    while (decide(d, now, all))
        ;
    d->next_look = INT64_MAX;
    for (int32_t i = 0; i < d->candidates; i++) {
        int64_t time = d->candidate[i].time;
        int64_t next = now < time + d->least_wait ? time + d->least_wait : time + d->longest_wait;
        if (next > now && next < d->next_look)
            d->next_look = next;
    }
}

/* Without beats for long the level sinks, by half in 2 s, so that smaller ones are seen. */
static void decay(secg_detector *d, int64_t now)
{
    d->next_decay = now + samples_of(d, 100);
    int64_t since = d->last_beat != SECG_NO_SAMPLE && d->last_beat > d->blind_until ? d->last_beat
                    : d->blind_until != SECG_NO_SAMPLE                              ? d->blind_until
                                                       : d->learning_since;
    if (now - since < d->overdue || !d->usable)
        return;
    for (size_t k = 0; k < d->channels; k++)
        d->beat_mv[k] *= 0.966f;
    set_gains(d);
}

void secg_detector_push(secg_detector *d, const secg_quality *quality)
{
    int64_t now = d->feature->count - 1;
    const float *level = secg_qrs_level(d->feature, now);
    set_usable(d, quality);
    if (!d->learned)
        learn_level(d, level);
    float fused = 0;
    for (size_t k = 0; k < d->channels; k++)
        fused += d->gain[k] * level[k];
    seek_peak(d, fused);
    if (!d->learned)
        return;
    if (now >= d->next_decay)
        decay(d, now);
    if (now >= d->next_look)
        look(d, now, 0);
}

void secg_detector_flush(secg_detector *d)
{
    if (!d->seeking_valley && d->peak > 0.05f && is_tall_enough(d))
        add_candidate(d);
    look(d, d->feature->count - 1, 1);
}

int secg_detector_next(secg_detector *d, secg_detection *detection)
{
    if (d->out_count == 0)
        return 0;
    *detection = d->out[d->out_first];
    d->out_first = (d->out_first + 1) % SECG_DETECTIONS;
    d->out_count--;
    return 1;
}
