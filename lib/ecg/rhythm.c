/* Each watcher looks at one beat at a time and reports an episode once, when it has ended.
 *
 *   ventricular   V beats in a row: 1 PVC, 2 a couplet, run_beats or more a run.  Every V beat is
 *                 in exactly one of these, so counts add up.
 *   bi-, trigeminy  single V beats with exactly one, or two, beats of another kind between; as
 *                 many V beats as `cycles`.  They overlay the PVC events.
 *   supraventricular  S beats in a row: svt_beats or more a run, else one event for each.
 *   pause         an interval of pause_ms or longer.
 *   missed beat   three normal beats before; RR > 1.5 times the last one and > 1.75 times the mean
 *                 (above 100 bpm: > 1000 ms); the next interval < 1.5 times the mean; no pause.
 *   brady, tachy  mean of the last 8 intervals beyond the limit, until it is 5 bpm inside.
 *   irregular     over the last 32 intervals between beats that are not V, the median step from
 *                 one to the next exceeds irregular_part of their mean, for irregular_s or longer.
 *                 In sinus rhythm that part is below 0.06, in atrial fibrillation above 0.12.
 *
 * A time in which beats could not be seen (rr_ms NaN) ends everything. */
#include "ecg/rhythm.h"

#include "base/quad.h"

#include <math.h>
#include <string.h>

static const float RATE_HYSTERESIS_BPM = 5;
enum { RATE_INTERVALS = 8, NORMALS_BEFORE_MISSED = 3 };

static float or_default(float value, float otherwise)
{
    return value > 0 ? value : otherwise;
}

void secg_rhythm_init(secg_rhythm_watch *w, const secg_rhythm_config *config)
{
    *w = (secg_rhythm_watch){.config = *config, .gap_start = SECG_NO_SAMPLE};
    secg_rhythm_config *c = &w->config;
    c->brady_bpm = or_default(c->brady_bpm, 50);
    c->tachy_bpm = or_default(c->tachy_bpm, 120);
    c->pause_ms = or_default(c->pause_ms, 2000);
    c->run_beats = c->run_beats > 0 ? c->run_beats : 3;
    c->svt_beats = c->svt_beats > 0 ? c->svt_beats : 5;
    if (c->svt_beats > SECG_RHYTHM_SINGLES)
        c->svt_beats = SECG_RHYTHM_SINGLES;
    c->cycles = c->cycles > 0 ? c->cycles : 3;
    c->irregular_s = or_default(c->irregular_s, 30);
    c->irregular_part = or_default(c->irregular_part, 0.1f);
}

static void report(secg_rhythm_watch *w, secg_rhythm_kind kind, const secg_episode *episode)
{
    if (w->count == SECG_RHYTHM_QUEUE)
        return;
    float span_s = (float)((double)(episode->end - episode->start) / w->config.rate_hz);
    int32_t beats = episode->beats < UINT16_MAX ? episode->beats : UINT16_MAX;
    w->queue[(w->first + w->count++) % SECG_RHYTHM_QUEUE] =
        (secg_rhythm){.start = episode->start,
                      .end = episode->end,
                      .kind = (uint16_t)kind,
                      .beats = (uint16_t)beats,
                      .bpm = episode->beats > 1 ? 60 * (float)(episode->beats - 1) / span_s : NAN};
}

static void extend(secg_episode *episode, int64_t sample)
{
    if (episode->beats++ == 0)
        episode->start = sample;
    episode->end = sample;
}

static void end_ventricular(secg_rhythm_watch *w)
{
    secg_episode *e = &w->ventricular;
    if (e->beats >= w->config.run_beats) {
        report(w, SECG_RHYTHM_RUN, e);
    } else if (e->beats > 1) {
        report(w, SECG_RHYTHM_COUPLET, e);
    } else if (e->beats == 1) {
        report(w, SECG_RHYTHM_PVC, e);
    }
    e->beats = 0;
}

static void end_supraventricular(secg_rhythm_watch *w)
{
    const secg_episode *e = &w->supraventricular;
    if (e->beats >= w->config.svt_beats)
        report(w, SECG_RHYTHM_SVT_RUN, e);
    for (int32_t i = 0; i < e->beats && e->beats < w->config.svt_beats; i++)
        report(w, SECG_RHYTHM_SVE,
               &(secg_episode){.start = w->single[i], .end = w->single[i], .beats = 1});
    w->supraventricular.beats = 0;
}

static void end_alternation(secg_rhythm_watch *w, secg_episode *e, secg_rhythm_kind kind,
                            int32_t period)
{
    if (e->beats >= w->config.cycles * period)
        report(w, kind, e);
    e->beats = 0;
}

/* A single V beat after `period - 1` others carries the pattern on; anything else ends it. */
static void watch_alternation(secg_rhythm_watch *w, secg_episode *e, secg_rhythm_kind kind,
                              int32_t period, const secg_beat *beat)
{
    int in_step = w->others == period - 1;
    if (beat->label != SECG_BEAT_V) {
        if (w->others >= period)
            end_alternation(w, e, kind, period);
        return;
    }
    if (e->beats > 0 && in_step) {
        e->beats += period;
        e->end = beat->sample;
        return;
    }
    end_alternation(w, e, kind, period);
    if (w->others >= period - 1)
        *e = (secg_episode){.start = w->recent[period - 2], .end = beat->sample, .beats = period};
}

static void watch_ventricular(secg_rhythm_watch *w, const secg_beat *beat)
{
    int is_v = beat->label == SECG_BEAT_V;
    if (is_v)
        extend(&w->ventricular, beat->sample);
    else
        end_ventricular(w), w->others++;
    watch_alternation(w, &w->bigeminy, SECG_RHYTHM_BIGEMINY, 2, beat);
    watch_alternation(w, &w->trigeminy, SECG_RHYTHM_TRIGEMINY, 3, beat);
    if (is_v)
        w->others = 0;
}

static void watch_supraventricular(secg_rhythm_watch *w, const secg_beat *beat)
{
    if (beat->label != SECG_BEAT_S) {
        end_supraventricular(w);
        return;
    }
    if (w->supraventricular.beats < SECG_RHYTHM_SINGLES)
        w->single[w->supraventricular.beats] = beat->sample;
    extend(&w->supraventricular, beat->sample);
}

static float latest_rr(const secg_rhythm_watch *w, int32_t back)
{
    return w->rr[(uint32_t)(w->rr_count - 1 - back) % SECG_RHYTHM_RR];
}

/* From the latest back: to where the ring begins, then on from its end. */
static float mean_rr(const secg_rhythm_watch *w, int32_t count)
{
    int32_t latest = (w->rr_count - 1) % SECG_RHYTHM_RR, side = latest + 1 - count;
    float sum = 0;
    for (int32_t i = latest; i >= 0 && i >= side; i--)
        sum += w->rr[i];
    for (int32_t i = SECG_RHYTHM_RR - 1; i >= side + SECG_RHYTHM_RR; i--)
        sum += w->rr[i];
    return sum / (float)count;
}

/* Before the new interval is noted. */
static void watch_gaps(secg_rhythm_watch *w, const secg_beat *beat)
{
    float rr = beat->rr_ms;
    if (w->gap_start != SECG_NO_SAMPLE && rr < 1.5f * w->gap_mean_ms)
        report(w, SECG_RHYTHM_MISSED_BEAT,
               &(secg_episode){.start = w->gap_start, .end = w->gap_end, .beats = 2});
    w->gap_start = SECG_NO_SAMPLE;
    if (rr >= w->config.pause_ms) {
        report(w, SECG_RHYTHM_PAUSE,
               &(secg_episode){.start = w->recent[0], .end = beat->sample, .beats = 2});
        return;
    }
    if (w->rr_count < RATE_INTERVALS || w->normals_in_row < NORMALS_BEFORE_MISSED)
        return;
    float mean = mean_rr(w, RATE_INTERVALS);
    if (rr > 1.5f * latest_rr(w, 0) && (mean > 600 ? rr > 1.75f * mean : rr > 1000)) {
        w->gap_start = w->recent[0];
        w->gap_end = beat->sample;
        w->gap_mean_ms = mean;
    }
}

static void end_episode(secg_rhythm_watch *w, secg_episode *e, secg_rhythm_kind kind)
{
    if (e->beats > 0)
        report(w, kind, e);
    e->beats = 0;
}

static void watch_rate(secg_rhythm_watch *w, const secg_beat *beat)
{
    if (w->rr_count < RATE_INTERVALS)
        return;
    float bpm = 6e4f / mean_rr(w, RATE_INTERVALS);
    float brady = w->config.brady_bpm + (w->brady.beats ? RATE_HYSTERESIS_BPM : 0);
    float tachy = w->config.tachy_bpm - (w->tachy.beats ? RATE_HYSTERESIS_BPM : 0);
    if (bpm < brady)
        extend(&w->brady, beat->sample);
    else
        end_episode(w, &w->brady, SECG_RHYTHM_BRADY);
    if (bpm > tachy)
        extend(&w->tachy, beat->sample);
    else
        end_episode(w, &w->tachy, SECG_RHYTHM_TACHY);
}

static int is_large(const secg_rhythm_watch *w, int32_t a, int32_t b, float least)
{
    return fabsf(w->rr[a % SECG_RHYTHM_RR] - w->rr[b % SECG_RHYTHM_RR]) > least;
}

/* The median step between successive intervals is more than the given part of their mean: so are
 * more than half of the steps.  All round the ring, less the one from the latest to the oldest. */
static int is_irregular(const secg_rhythm_watch *w)
{
    float least = w->config.irregular_part * mean_rr(w, SECG_RHYTHM_RR);
    secg_quad_mask four = {0};
    int32_t i = 0, latest = w->rr_count - 1;
    for (; i + SECG_QUAD < SECG_RHYTHM_RR; i += SECG_QUAD)
        four -= secg_quad_size(secg_quad_load(w->rr + i) - secg_quad_load(w->rr + i + 1)) > least;
    int32_t large = four[0] + four[1] + four[2] + four[3] - is_large(w, latest, latest + 1, least);
    for (; i < SECG_RHYTHM_RR; i++)
        large += is_large(w, i, i + 1, least);
    return large >= SECG_RHYTHM_RR / 2;
}

static void end_irregular(secg_rhythm_watch *w)
{
    double span_s = (double)(w->irregular.end - w->irregular.start) / w->config.rate_hz;
    if (w->irregular.beats > 0 && span_s >= w->config.irregular_s)
        report(w, SECG_RHYTHM_IRREGULAR, &w->irregular);
    w->irregular.beats = 0;
}

static void watch_regularity(secg_rhythm_watch *w, const secg_beat *beat)
{
    if (w->rr_count >= SECG_RHYTHM_RR && is_irregular(w))
        extend(&w->irregular, beat->sample);
    else
        end_irregular(w);
}

static void end_all(secg_rhythm_watch *w)
{
    end_ventricular(w);
    end_supraventricular(w);
    end_alternation(w, &w->bigeminy, SECG_RHYTHM_BIGEMINY, 2);
    end_alternation(w, &w->trigeminy, SECG_RHYTHM_TRIGEMINY, 3);
    end_episode(w, &w->brady, SECG_RHYTHM_BRADY);
    end_episode(w, &w->tachy, SECG_RHYTHM_TACHY);
    end_irregular(w);
}

static void forget(secg_rhythm_watch *w)
{
    end_all(w);
    w->others = 0;
    w->rr_count = 0;
    w->normals_in_row = 0;
    w->gap_start = SECG_NO_SAMPLE;
}

void secg_rhythm_beat(secg_rhythm_watch *w, const secg_beat *beat)
{
    if (isnan(beat->rr_ms)) {
        forget(w);
    } else {
        watch_gaps(w, beat);
        w->rr[w->rr_count++ % SECG_RHYTHM_RR] = beat->rr_ms;
        if (w->rr_count >= 2 * SECG_RHYTHM_RR)
            w->rr_count -= SECG_RHYTHM_RR;
        watch_rate(w, beat);
        watch_regularity(w, beat);
    }
    watch_ventricular(w, beat);
    watch_supraventricular(w, beat);
    w->normals_in_row = beat->label == SECG_BEAT_N ? w->normals_in_row + 1 : 0;
    memmove(w->recent + 1, w->recent, 2 * sizeof *w->recent);
    w->recent[0] = beat->sample;
}

void secg_rhythm_flush(secg_rhythm_watch *w)
{
    end_all(w);
}

int secg_rhythm_next(secg_rhythm_watch *w, secg_rhythm *event)
{
    if (w->count == 0)
        return 0;
    *event = w->queue[w->first];
    w->first = (w->first + 1) % SECG_RHYTHM_QUEUE;
    w->count--;
    return 1;
}
