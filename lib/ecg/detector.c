/* Peaks of the fused feature (levels.h) become candidates; which of them are beats is decided by
 * decision.h, with a look ahead:
 *
 *   a candidate ends when the feature has fallen to half, or 95 ms after its peak;
 *   a beat is committed from 280 ms after its peak on, when the path with it is e^6 times as
 *   probable as the best one without, else 950 ms after it;
 *   what lies before a committed beat is noise, and so is what 950 ms did not make a beat;
 *   a beat is announced 100 ms after its peak when it is one as things stand then: 210 ms after the
 *   middle of the QRS complex, for whoever cannot wait.  Nothing is learned from that.
 *
 * 280 ms lets its T wave's beginning and a larger neighbour be seen; most beats are committed then.
 * Levels, shapes, intervals and noise are learned from committed beats only.
 *
 * Without beats levels sink, after 4 s they are learned anew from the latest 1.9 s, and the last beat is
 * no more compared with: what comes may have nothing in common with it, as a slow, wide escape rhythm.
 *
 * At the start 1.9 s are listened to before anything is decided; those beats come late, not never. */
#include "ecg/detector.h"

#include "base/log.h"
#include "base/quad.h"

#include <stressecg/base.h>

#include <math.h>
#include <string.h>

static const double NARROWEST_MS = 95, LEARNING_MS = 1900, OVERDUE_MS = 2000, SINK_MS = 100,
                    ADRIFT_MS = 4000;
static const double EARLY_WAIT_MS = 100, LEAST_WAIT_MS = 280, LONGEST_WAIT_MS = 950,
                    QRS_ONSET_MS = 120, AROUND_MS = 60;
static const float SURE = 6;             /* log odds                                         */
static const float LEAST_HEIGHT = 0.05f; /* of a candidate, as a part of a typical beat      */
static const float SAME_SHAPE = 0.85f;   /* agreement from which a beat joins a shape        */
enum { SHAPE_BEATS = 2 };                /* a shape of one beat proves nothing               */
enum { MOST_AROUND = 2 * 12 + 1 };       /* rows, at 200 steps a second, the most there are  */

/* In one usable lead at least.  A triangle of 0.15 mV, which no heart-rate meter may count, measures
 * 0.032 mV at most; one of 0.5 mV, which all must count, 0.06 mV at least (widths 40 .. 120 ms). */
static const float LEAST_MV = 0.034f;
static const float LEAST_PART_MV = 1e-6f,
                   MOST_WIDTH = 2; /* of what logarithms are kept of, and a logarithm */

static int32_t samples_of(const secg_detector *d, double ms)
{
    return (int32_t)lround(ms * 1e-3 * d->feature->rate_hz);
}

static void start(secg_detector *d, int search_back)
{
    secg_levels_init(&d->levels, d->channels);
    secg_decision_init(&d->decision, d->feature->rate_hz, search_back);
    d->learned = d->seeking_valley = 0;
    d->learning_since = d->peak_time = d->next_sink = d->next_start = 0;
    d->peak = d->valley = 0;
    d->blind_until = SECG_NO_SAMPLE;
    d->next_look = d->next_judgement = INT64_MAX;
    d->has_sighting = 0;
    d->unit = SECG_DETECTOR_DONE;
    d->rr_count = d->out_count = d->out_first = 0;
}

void secg_detector_lay_out(secg_detector *d, secg_arena *arena, secg_qrs_feature *feature,
                           const secg_detector_config *config)
{
    *d = (secg_detector){.feature = feature,
                         .channels = feature->channels,
                         .announces = config->announces,
                         .is_alone = config->is_alone};
    d->narrowest = samples_of(d, NARROWEST_MS);
    d->learning = samples_of(d, LEARNING_MS);
    d->overdue = samples_of(d, OVERDUE_MS);
    d->adrift = samples_of(d, ADRIFT_MS);
    d->around = samples_of(d, AROUND_MS);
    d->early_wait = samples_of(d, EARLY_WAIT_MS);
    d->least_wait = samples_of(d, LEAST_WAIT_MS);
    d->longest_wait = samples_of(d, LONGEST_WAIT_MS);
    d->bump_lag = (feature->mean - 1) / 2;
    secg_shapes_lay_out(&d->shapes, arena, feature->rate_hz, feature->channels);
    start(d, config->search_back);
}

void secg_detector_reset(secg_detector *d)
{
    secg_shapes_reset(&d->shapes);
    start(d, d->decision.search_back);
}

void secg_detector_set_usable(secg_detector *d, uint32_t usable)
{
    secg_levels_set_usable(&d->levels, usable);
}

static void learn(secg_detector *d, int64_t now, const float *level)
{
    int64_t age = now - d->learning_since;
    if (!d->levels.usable) {
        d->learning_since = now + 1;
        secg_levels_forget_learning(&d->levels);
        secg_decision_drop(&d->decision,
                           d->decision.candidates); /* of a signal that is not held for long */
        return;
    }
    int quarter = (int)(age * 4 / d->learning);
    secg_levels_learn(&d->levels, quarter < 4 ? quarter : 3, level);
    if (age + 1 >= d->learning) {
        d->learned = 1;
        d->next_look = now;
        d->next_sink = now + 1;
    }
}

static inline secg_quad sizes_of(const int32_t *x)
{
    secg_quad_mask v;
    memcpy(&v, x, sizeof v);
    return secg_quad_size(__builtin_convertvector(v, secg_quad));
}

/* Of one lead, at least four rows: the last quad reaches back. */
static float find_widest_of_one(const secg_qrs_feature *f, int64_t first, int32_t rows)
{
    int32_t copy[MOST_AROUND];
    const int32_t *x = secg_qrs_rows(f, f->wide, first, rows, copy);
    secg_quad widest = sizes_of(x + rows - SECG_QUAD);
    for (int32_t r = 0; r + SECG_QUAD < rows; r += SECG_QUAD)
        widest = secg_quad_max(sizes_of(x + r), widest);
    return secg_quad_highest(widest);
}

static void find_widest(const secg_qrs_feature *f, int64_t first, int32_t rows, float *mv)
{
    int32_t copy[MOST_AROUND * SECG_MAX_CHANNELS], widest[SECG_MAX_CHANNELS] = {0};
    const int32_t *wide = secg_qrs_rows(f, f->wide, first, rows, copy);
    for (int32_t r = 0; r < rows; r++)
        for (size_t k = 0; k < f->channels; k++, wide++) {
            int32_t size = *wide < 0 ? -*wide : *wide;
            widest[k] = size > widest[k] ? size : widest[k];
        }
    for (size_t k = 0; k < f->channels; k++)
        mv[k] = (float)widest[k] * secg_qrs_mv_per_wide(f);
}

/* Largest wide-band deflection around the candidate, per lead; in rows that are not known yet the
 * latest. */
static void find_wide(const secg_detector *d, secg_candidate *c)
{
    const secg_qrs_feature *f = d->feature;
    int64_t middle = c->time - d->bump_lag + f->wide_delay, first = middle - d->around;
    int32_t rows = (int32_t)(secg_earlier(middle + d->around, f->count - 1) - first) + 1;
    if (d->channels == 1)
        c->wide_mv[0] = find_widest_of_one(f, first, rows) * secg_qrs_mv_per_wide(f);
    else
        find_widest(f, first, rows, c->wide_mv);
}

static int is_tall_enough(const secg_detector *d)
{
    const float *part = secg_qrs_level(d->feature, d->peak_time);
    for (size_t k = 0; k < d->channels && d->peak > LEAST_HEIGHT; k++)
        if (d->levels.usable >> k & 1 && part[k] >= LEAST_MV)
            return 1;
    return 0;
}

static void add_candidate(secg_detector *d)
{
    if (!is_tall_enough(d))
        return;
    secg_candidate *c = secg_decision_add(&d->decision);
    c->time = d->peak_time;
    c->usable = d->levels.usable;
    memcpy(c->part_mv, secg_qrs_level(d->feature, d->peak_time), d->channels * sizeof(float));
    for (size_t k = 0; k < d->channels; k++)
        c->log_part[k] = secg_log(c->part_mv[k] > LEAST_PART_MV ? c->part_mv[k] : LEAST_PART_MV);
    find_wide(d, c);
    c->match = secg_shapes_match(&d->shapes, d->feature, c->time - d->bump_lag, d->levels.weight,
                                 SHAPE_BEATS);
    c->is_judged = c->is_expected = 0;
    c->version = 0;
    if (d->announces && c->time + d->early_wait < d->next_judgement)
        d->next_judgement = c->time + d->early_wait;
    if (c->time + d->least_wait < d->next_look)
        d->next_look = c->time + d->least_wait;
}

static void reject(secg_detector *d, const secg_candidate *c)
{
    secg_decision_reject(&d->decision, c);
    secg_levels_reject(&d->levels, c->usable, c->part_mv);
}

/* One of the values, in rising order, gives way to another. */
static void replace_sorted(float *x, int32_t count, float old, float now)
{
    int32_t i = 0;
    while (i + 1 < count && x[i] != old)
        i++;
    for (; i > 0 && x[i - 1] > now; i--)
        x[i] = x[i - 1];
    for (; i + 1 < count && x[i + 1] < now; i++)
        x[i] = x[i + 1];
    x[i] = now;
}

/* Intervals that are still to come are as good as endless. */
static void note_interval(secg_detector *d, float rr)
{
    for (int32_t i = 0; i < SECG_DETECTOR_RR && d->rr_count == 0; i++)
        d->rr[i] = d->rr_sorted[i] = INFINITY;
    float *oldest = &d->rr[d->rr_count % SECG_DETECTOR_RR];
    replace_sorted(d->rr_sorted, SECG_DETECTOR_RR, *oldest, rr);
    *oldest = rr;
    d->rr_count = d->rr_count + 1 < 2 * SECG_DETECTOR_RR ? d->rr_count + 1 : SECG_DETECTOR_RR;
    int32_t count = d->rr_count < SECG_DETECTOR_RR ? d->rr_count : SECG_DETECTOR_RR;
    secg_decision_set_rr(&d->decision, d->rr_sorted[count / 2]);
}

/* Of a lone lead: the sum of its feature, one step after the other. */
static float sum_levels(const secg_qrs_feature *f, int64_t from, int64_t to)
{
    float sum = 0;
    for (int64_t n = from; n < to; n++)
        sum += f->level[(uint64_t)n & f->mask];
    return sum;
}

static void sum_levels_of_all(const secg_qrs_feature *f, int64_t from, int64_t to, float *sum)
{
    memset(sum, 0, f->channels * sizeof *sum);
    for (int64_t n = from; n < to; n++) {
        const float *level = secg_qrs_level(f, n);
        for (size_t k = 0; k < f->channels; k++)
            sum[k] += level[k];
    }
}

/* Noise is what lies between the middle of an interval and the next QRS complex: P waves belong to
 * it, T waves do not. */
static void note_noise(secg_detector *d, int64_t from, int64_t to)
{
    float mean[SECG_MAX_CHANNELS];
    if (to - from < 4)
        return;
    if (d->channels == 1)
        mean[0] = sum_levels(d->feature, from, to);
    else
        sum_levels_of_all(d->feature, from, to, mean);
    for (size_t k = 0; k < d->channels; k++)
        mean[k] /= (float)(to - from);
    secg_levels_noise(&d->levels, mean);
}

static void learn_interval(secg_detector *d, int64_t time)
{
    float rr = (float)(time - d->decision.last.time);
    note_interval(d, rr);
    if (rr < 2 * (float)d->feature->rate_hz)
        note_noise(d, d->decision.last.time + (int64_t)(0.5f * rr),
                   time - samples_of(d, QRS_ONSET_MS));
}

static void put_out(secg_detector *d, const secg_detection *detection)
{
    if (d->out_count < SECG_DETECTIONS)
        d->out[(d->out_first + d->out_count++) % SECG_DETECTIONS] = *detection;
}

static void commit(secg_detector *d)
{
    const secg_decision *decision = &d->decision;
    const secg_candidate *c = &decision->candidate[d->chosen];
    int blind = !decision->has_last || d->blind_until > decision->last.time;
    if (!blind)
        learn_interval(d, c->time);
    secg_levels_beat(&d->levels, c->usable, c->part_mv);
    d->found =
        (secg_detection){.time = c->time,
                         .usable = c->usable,
                         .match = secg_shapes_match(&d->shapes, d->feature, c->time - d->bump_lag,
                                                    d->levels.weight, 1),
                         .after_blind = blind,
                         .height = c->height,
                         .noise = secg_log(secg_levels_fused_noise(&d->levels))};
    if (d->found.match.agreement < SAME_SHAPE)
        d->found.match.shape = -1;
    d->found.is_new = d->found.match.shape < 0;
}

static void plan_next_look(secg_detector *d, int64_t now)
{
    d->next_look = INT64_MAX;
    for (int32_t i = 0; i < d->decision.candidates; i++) {
        int64_t time = d->decision.candidate[i].time;
        int64_t next = time + (now < time + d->least_wait ? d->least_wait : d->longest_wait);
        if (next > now && next < d->next_look)
            d->next_look = next;
    }
}

/* The oldest candidate has gone: the next one may be due already.  A lone lead looks when it is. */
static void look_again(secg_detector *d, int64_t now)
{
    const secg_decision *decision = &d->decision;
    int is_due = decision->candidates > 0 && now + 1 - decision->candidate[0].time >= d->least_wait;
    if (is_due || !d->is_alone)
        d->next_look = now + 1;
    else
        plan_next_look(d, now);
}

/* The last step that is known to have had a beat, or to have had no signal. */
static int64_t last_heard(const secg_detector *d)
{
    if (d->decision.has_last && d->decision.last.time > d->blind_until)
        return d->decision.last.time;
    return d->blind_until != SECG_NO_SAMPLE ? d->blind_until : d->learning_since;
}

/* Levels sink every SINK_MS, but are not looked at before it could matter. */
static void postpone_sink(secg_detector *d)
{
    int64_t due = last_heard(d) + d->overdue, every = samples_of(d, SINK_MS);
    if (d->next_sink < due)
        d->next_sink += (due - d->next_sink + every - 1) / every * every;
}

static void learn_shape(secg_detector *d)
{
    secg_decision *decision = &d->decision;
    const secg_candidate *c = &decision->candidate[d->chosen];
    d->found.match.shape =
        secg_shapes_learn(&d->shapes, d->feature, c->time - d->bump_lag, d->found.match);
    float width = c->width > -MOST_WIDTH ? c->width : -MOST_WIDTH;
    width = width < MOST_WIDTH ? width : MOST_WIDTH;
    decision->width += 0.125f * (width - decision->width);
    decision->last = *c;
    decision->has_last = 1;
    decision->is_adrift = 0;
    put_out(d, &d->found);
    for (int32_t j = 0; j < d->chosen; j++)
        reject(d, &decision->candidate[j]);
    secg_decision_drop(decision, d->chosen + 1);
    look_again(d, d->feature->count - 1);
    if (d->is_alone)
        postpone_sink(d);
}

static void reject_oldest(secg_detector *d)
{
    reject(d, &d->decision.candidate[0]);
    secg_decision_drop(&d->decision, 1);
}

typedef enum verdict { UNDECIDED, NO_BEAT, BEAT } verdict;

/* Of the oldest candidate, or of one after it, chosen, that makes it none; all: no more is to come. */
static verdict decide(secg_detector *d, int64_t now, int all)
{
    const secg_decision *decision = &d->decision;
    if (decision->candidates == 0 || (!all && now - decision->candidate[0].time < d->least_wait))
        return UNDECIDED;
    float margin;
    int32_t first = secg_decision_find(&d->decision, &d->levels, &margin);
    int waited = all || now - decision->candidate[0].time >= d->longest_wait;
    if (first != 0 && waited)
        return NO_BEAT;
    if (first < 0)
        return UNDECIDED;
    int64_t age = now - decision->candidate[first].time;
    if (!all && age < d->longest_wait && (age < d->least_wait || margin < SURE))
        return UNDECIDED;
    d->chosen = first;
    return BEAT;
}

/* One candidate a step: a step's work is bounded also when all of the learning time is decided. */
static void look(secg_detector *d, int64_t now)
{
    verdict v = decide(d, now, 0);
    if (v == NO_BEAT) {
        reject_oldest(d);
        look_again(d, now);
    } else if (v == UNDECIDED) {
        plan_next_look(d, now);
    }
    d->unit = v == BEAT ? SECG_DETECTOR_COMMIT : SECG_DETECTOR_DONE;
}

void secg_detector_work(secg_detector *d)
{
    if (d->unit == SECG_DETECTOR_DECIDE) {
        look(d, d->feature->count - 1);
    } else if (d->unit == SECG_DETECTOR_COMMIT) {
        commit(d);
        d->unit = SECG_DETECTOR_LEARN;
    } else if (d->unit == SECG_DETECTOR_LEARN) {
        learn_shape(d);
        d->unit = SECG_DETECTOR_DONE;
    }
}

static void see(secg_detector *d, const secg_candidate *c)
{
    d->sighting = (secg_sighting){.time = c->time, .usable = c->usable, .match = c->match};
    if (c->match.agreement < SAME_SHAPE)
        d->sighting.match.shape = -1;
    d->has_sighting = 1;
}

/* Candidates lie more than a step apart: one is due at a time.  Those of the learning time are not
 * judged, for it is too late to announce them. */
static void judge_early(secg_detector *d, int64_t now)
{
    d->next_judgement = INT64_MAX;
    for (int32_t i = 0; i < d->decision.candidates; i++) {
        secg_candidate *c = &d->decision.candidate[i];
        int64_t due = c->time + d->early_wait;
        if (!c->is_judged && due > now && due < d->next_judgement)
            d->next_judgement = due;
        if (c->is_judged || due > now)
            continue;
        c->is_judged = 1;
        c->is_expected = now == due && secg_decision_expects(&d->decision, &d->levels, i);
        if (c->is_expected)
            see(d, c);
    }
}

int64_t secg_detector_foresee(secg_detector *d)
{
    float margin;
    int32_t first = secg_decision_find(&d->decision, &d->levels, &margin);
    return first < 0 ? SECG_NO_SAMPLE : d->decision.candidate[first].time;
}

static void start_anew(secg_detector *d, int64_t now)
{
    d->next_start = now + d->learning;
    secg_levels_forget_learning(&d->levels);
    for (int64_t n = now - d->learning + 1; n <= now; n++)
        secg_levels_learn(&d->levels, (int)((n - now + d->learning - 1) * 4 / d->learning),
                          secg_qrs_level(d->feature, n));
    secg_decision_cut_adrift(&d->decision);
}

static void sink(secg_detector *d, int64_t now)
{
    int64_t since = last_heard(d);
    d->next_sink = now + samples_of(d, SINK_MS);
    postpone_sink(d);
    if (now < since + d->overdue || !d->levels.usable)
        return;
    secg_levels_sink(&d->levels);
    if (now - since >= d->adrift && now >= d->next_start)
        start_anew(d, now);
}

/* While nothing is known yet, or nothing is heard. */
static void listen(secg_detector *d, int64_t now, const float *level)
{
    if (!d->levels.usable)
        d->blind_until = now;
    if (!d->learned)
        learn(d, now, level);
}

SECG_INLINE float fuse(const secg_detector *d, const float *level, size_t channels)
{
    float fused = d->levels.gain[0] * level[0];
    for (size_t k = 1; k < channels; k++)
        fused += d->levels.gain[k] * level[k];
    return fused;
}

/* Follows the fused feature from step `now` on, in rows of [channels].  Returns the step that a peak ends
 * with, or `end`.  A peak lasts one step more at least. */
SECG_INLINE int64_t seek_peak(secg_detector *d, const float *level, int64_t now, int64_t end,
                              size_t channels)
{
    float valley = d->valley, peak = d->peak;
    int64_t peak_time = d->peak_time;
    int seeking_valley = d->seeking_valley;
    for (; seeking_valley && now < end; now++, level += channels) {
        float fused = fuse(d, level, channels);
        if (fused <= valley)
            valley = fused;
        else
            seeking_valley = 0, peak = fused, peak_time = now;
    }
    for (; now < end; now++, level += channels) {
        float fused = fuse(d, level, channels);
        if (fused > peak) {
            peak = fused, peak_time = now;
        } else if (!(now - peak_time < d->narrowest && fused > 0.5f * peak)) {
            seeking_valley = 1, valley = fused;
            break;
        }
    }
    d->seeking_valley = seeking_valley;
    d->valley = valley;
    d->peak = peak;
    d->peak_time = peak_time;
    return now;
}

/* A lead by itself has a loop of its own. */
static int64_t seek_any_peak(secg_detector *d, const float *level, int64_t now, int64_t end)
{
    return d->channels == 1 ? seek_peak(d, level, now, end, 1)
                            : seek_peak(d, level, now, end, d->channels);
}

/* The step after which there is something to do beside seeking peaks. */
static int64_t due_step(const secg_detector *d)
{
    return secg_earlier(secg_earlier(d->next_judgement, d->next_look), d->next_sink);
}

/* Of the steps from `now` on, up to `end`, those that one with something to do ends: only where the
 * caller can take them in parts. */
static int64_t end_of_part(const secg_detector *d, int64_t now, int64_t end)
{
    if (!d->is_alone || !d->learned)
        return end;
    int64_t due = due_step(d);
    return secg_earlier(end, (due > now ? due : now) + 1);
}

/* Steps are shown up to the end of a peak before that is looked at: what is known of it shall not
 * depend on how many steps are taken at once. */
static void seek_peaks(secg_detector *d, secg_qrs_feature *f, int32_t steps)
{
    const float *level = secg_qrs_waiting(f);
    int64_t now = f->count, end = end_of_part(d, now, now + steps);
    while (now < end) {
        int64_t until = end;
        if (!d->learned || !d->levels.usable) {
            listen(d, now, level);
            until = now + 1;
        }
        int64_t next = seek_any_peak(d, level, now, until);
        if (next < until) {
            next++;
            secg_qrs_feature_show(f, (int32_t)(next - f->count));
            add_candidate(d);
            end = end_of_part(d, next - 1, end);
        }
        level += (size_t)(next - now) * d->channels;
        now = next;
    }
    secg_qrs_feature_show(f, (int32_t)(end - f->count));
}

int32_t secg_detector_push(secg_detector *d, int32_t steps)
{
    int64_t before = d->feature->count;
    seek_peaks(d, d->feature, steps);
    int64_t now = d->feature->count - 1;
    steps = (int32_t)(now + 1 - before);
    if (!d->learned)
        return steps;
    if (now >= d->next_sink)
        sink(d, now);
    if (now >= d->next_judgement)
        judge_early(d, now);
    if (now >= d->next_look)
        d->unit = SECG_DETECTOR_DECIDE;
    return steps;
}

/* When the oldest candidate must be decided. */
static int64_t last_chance(const secg_detector *d)
{
    const secg_decision *decision = &d->decision;
    return decision->candidates > 0 ? decision->candidate[0].time + d->longest_wait : INT64_MAX;
}

int64_t secg_detector_left(const secg_detector *d)
{
    int64_t count = d->feature->count;
    if (!d->learned)
        return d->levels.usable ? d->learning_since + d->learning - count : d->learning;
    int64_t early =
        d->announces ? (d->seeking_valley ? count : d->peak_time) + d->early_wait : INT64_MAX;
    if (!d->is_alone)
        return secg_earlier(due_step(d), early) - count + 1;
    int64_t prompt = secg_earlier(secg_earlier(d->next_judgement, early), last_chance(d));
    return prompt == INT64_MAX ? d->learning : prompt > count ? prompt - count + 1 : 1;
}

void secg_detector_flush(secg_detector *d)
{
    if (!d->seeking_valley)
        add_candidate(d);
    for (verdict v; (v = decide(d, d->feature->count - 1, 1)) != UNDECIDED;)
        if (v == NO_BEAT) {
            reject_oldest(d);
        } else {
            commit(d);
            learn_shape(d);
        }
}

int secg_detector_sight(secg_detector *d, secg_sighting *sighting)
{
    if (!d->has_sighting)
        return 0;
    *sighting = d->sighting;
    d->has_sighting = 0;
    return 1;
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
