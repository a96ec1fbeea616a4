#include "ecg/beats.h"

#include "base/quad.h"
#include "ecg/classify.h"
#include "ecg/detector.h"
#include "ecg/fiducial.h"
#include "ecg/quality.h"
#include "ecg/rate.h"
#include "ecg/rhythm.h"
#include "ecg/spikes.h"

#include <math.h>
#include <string.h>

enum { UNITS = 4, FRAMES_TO_SPARE = 4 /* in a step */ };
/* Pulses kept: a lone lead's are looked at up to 220 ms later, and again when a beat comes out, 1.3 s after
 * the first that it may follow, or 2.3 s at the start. */
enum { PACERS = 32 };
/* Steps taken together: of leads that share rows, and times leads filled up to quads. */
enum { MOST_STEPS = 6, MOST_AT_ONCE = 48 };
enum { EVENT_ROOM = 2 * SECG_BEATS_EVENTS_PER_FRAME };
static const double PACER_WINDOW_MS = 150, LABEL_WAIT_MS = SECG_BEATS_LABEL_DELAY_MS - 20;
static const double WHOLE_QRS_MS = 200; /* from its first deflection */
static const double SETTLED_MS = 100;   /* spikes are no more looked for, and smoothing knows all */

struct secg_beats {
    secg_beats_config config;
    secg_lead_source lead[SECG_MAX_LEADS];
    float rail_low_mv[SECG_MAX_CHANNELS], rail_high_mv[SECG_MAX_CHANNELS];
    secg_intake intake;
    secg_spikes spikes;
    secg_qrs_feature feature;
    secg_quality quality;
    secg_detector detector;
    secg_classify classify;
    secg_rate_meter rate;
    secg_rhythm_watch rhythm;
    int64_t paced[PACERS]; /* latest pacer pulses                                      */
    int64_t pacers;
    secg_fiducial_place peak_place; /* where a peak was last looked for,              */
    secg_peak peak;                 /* and what was found there                       */
    int has_peak;
    double last_peak;  /* samples; NaN: none                                       */
    secg_beat waiting; /* for its label, until the next beat or the time is up     */
    secg_beat_evidence evidence;
    int is_waiting;
    int64_t label_samples;
    int32_t due; /* frames after the last step that was ended when there is something to do   */
    /* Frames of the step under way after which a unit of the work that the step before brought is due: a
     * fifth of it after the other, all of it before the next step. */
    int32_t unit_due[UNITS];
    int32_t unit;     /* of that step's work, the next to be done; UNITS: all is           */
    int64_t now;      /* of a lead alone: frames whose steps have been gone through               */
    size_t reference; /* channel whose deflection is the fiducial                 */
    int has_reference;
    uint8_t state[SECG_MAX_LEADS], overall;
    int announced; /* states have been reported at least once                  */
    secg_event event[EVENT_ROOM];
    int32_t first, events;
};

static void init_parts(secg_beats *b)
{
    const secg_beats_config *c = &b->config;
    secg_spikes_init(&b->spikes, &b->intake);
    secg_quality_init(&b->quality, &b->intake, b->rail_low_mv, b->rail_high_mv);
    secg_classify_init(&b->classify);
    secg_rate_init(&b->rate, c->rate_hz);
    secg_rhythm_init(&b->rhythm, &(secg_rhythm_config){.rate_hz = c->rate_hz});
    b->pacers = 0;
    b->has_peak = 0;
    b->last_peak = NAN;
    b->reference = 0;
    b->has_reference = 0;
    b->is_waiting = 0;
    b->label_samples = (int64_t)(LABEL_WAIT_MS * 1e-3 * c->rate_hz);
    b->announced = 0;
    b->unit = UNITS;
    b->now = 0;
    b->due = b->intake.factor;
    for (int32_t i = 0; i < UNITS; i++)
        b->unit_due[i] = (i + 1) * b->intake.factor / (UNITS + 1);
    b->first = b->events = 0;
    memset(b->state, 0, sizeof b->state);
    b->overall = 0;
}

static void keep_config(secg_beats *b, const secg_beats_config *config)
{
    b->config = *config;
    memcpy(b->lead, config->leads, config->lead_count * sizeof *config->leads);
    b->config.leads = b->lead;
    for (size_t k = 0; k < config->channels; k++) {
        b->rail_low_mv[k] = config->saturation_low_mv ? config->saturation_low_mv[k] : NAN;
        b->rail_high_mv[k] = config->saturation_high_mv ? config->saturation_high_mv[k] : NAN;
    }
}

secg_beats *secg_beats_lay_out(secg_arena *arena, const secg_beats_config *config)
{
    secg_beats *b = secg_take(arena, 1, sizeof *b);
    secg_beats measuring, *parts = b ? b : &measuring;
    size_t stride =
        config->channels == 1 && config->own_rows ? 1 : secg_quad_filled(config->channels);
    secg_intake_lay_out(&parts->intake, arena, config->rate_hz, config->channels, stride);
    secg_qrs_feature_lay_out(&parts->feature, arena, &parts->intake);
    secg_detector_lay_out(&parts->detector, arena, &parts->feature,
                          &(secg_detector_config){.search_back = !config->no_search_back,
                                                  .announces = !config->no_qrs,
                                                  .is_alone = stride == 1});
    if (!b)
        return NULL;
    keep_config(b, config);
    init_parts(b);
    return b;
}

void secg_beats_reset(secg_beats *b)
{
    secg_intake_reset(&b->intake);
    secg_qrs_feature_reset(&b->feature);
    secg_detector_reset(&b->detector);
    init_parts(b);
}

static secg_event *add_event(secg_beats *b, secg_event_kind kind)
{
    if (b->events == EVENT_ROOM)
        return NULL;
    secg_event *event = &b->event[(b->first + b->events++) % EVENT_ROOM];
    memset(event, 0, sizeof *event);
    event->kind = (uint32_t)kind;
    return event;
}

static void report_rhythm(secg_beats *b)
{
    secg_rhythm rhythm;
    while (secg_rhythm_next(&b->rhythm, &rhythm)) {
        secg_event *event = add_event(b, SECG_EVENT_RHYTHM);
        if (event)
            event->rhythm = rhythm;
    }
}

/* A lone lead's step has little work: none is put off. */
static int is_at_once(const secg_beats *b)
{
    return b->detector.is_alone;
}

/* Frames whose steps have been gone through. */
static int64_t now(const secg_beats *b)
{
    return is_at_once(b) ? b->now : secg_intake_count(&b->intake);
}

static size_t paced_known(const secg_beats *b)
{
    return b->pacers < PACERS ? (size_t)b->pacers : PACERS;
}

static int is_paced(const secg_beats *b, int64_t sample)
{
    int64_t window = (int64_t)(PACER_WINDOW_MS * 1e-3 * b->config.rate_hz);
    for (size_t i = 0; i < paced_known(b); i++)
        if (b->paced[i] <= sample && sample - b->paced[i] <= window)
            return 1;
    return 0;
}

/* The first lead in which beats stand out a third as well as in the best one, kept while that is a
 * fiftieth: the fiducial must not jump from lead to lead.  Where it must leave its lead, it goes to the
 * one whose main deflection lies nearest: from an R wave to an R wave, not to a deep S wave. */
static size_t reference_lead(const secg_beats *b, secg_match match)
{
    const float *gain = b->detector.levels.gain, *beat = b->detector.levels.beat_mv;
    float best = 0;
    for (size_t k = 0; k < b->config.channels; k++)
        best = fmaxf(best, gain[k] * beat[k]);
    if (gain[b->reference] * beat[b->reference] >= best / 50)
        return b->reference;
    size_t chosen = b->reference;
    int32_t nearest = INT32_MAX;
    for (size_t k = 0; k < b->config.channels; k++) {
        if (gain[k] * beat[k] < best / 3)
            continue;
        int32_t distance = 0;
        if (b->has_reference)
            distance = secg_fiducial_distance(&b->detector.shapes, match, k, b->reference);
        if (distance < nearest)
            nearest = distance, chosen = k;
    }
    return chosen;
}

static float best_noise(const secg_beats *b)
{
    float best = NAN;
    for (size_t k = 0; k < b->config.channels; k++)
        if (secg_quality_usable(&b->quality, k))
            best = fminf(best, b->quality.lead[k].noise_mv);
    return best;
}

/* By the end of the record: a complex of which half is missing looks like no other, which proves
 * nothing. */
static int is_cut(const secg_beats *b, int64_t sample)
{
    return (double)(now(b) - sample) < WHOLE_QRS_MS * 1e-3 * b->config.rate_hz;
}

static void report_beat(secg_beats *b, const secg_beat *beat)
{
    secg_event *event = add_event(b, SECG_EVENT_BEAT);
    if (event)
        event->beat = *beat;
    secg_rate_beat(&b->rate, beat);
}

static void finish_beat(secg_beats *b, float next_rr_ms, int open)
{
    secg_beat *beat = &b->waiting;
    b->is_waiting = 0;
    secg_beat_label label = secg_classify_label(&b->classify, &b->evidence, next_rr_ms, open);
    int doubtful = label != SECG_BEAT_N && is_cut(b, beat->sample);
    beat->label = (uint8_t)(beat->paced || doubtful ? SECG_BEAT_Q : label);
    report_beat(b, beat);
    secg_rhythm_beat(&b->rhythm, beat);
    report_rhythm(b);
}

/* A beat waits for its label until the next one, or the time is up, if that can still change it. */
static void label_beat(secg_beats *b, const secg_beat *beat, const secg_detection *d)
{
    if (b->is_waiting)
        finish_beat(
            b, (float)((double)(beat->sample - b->waiting.sample) * 1e3 / b->config.rate_hz), 0);
    b->waiting = *beat;
    b->is_waiting = 1;
    b->evidence = secg_classify_observe(&b->classify, &b->detector, d, beat->rr_ms);
    if (secg_classify_is_usual(&b->classify, &b->evidence))
        finish_beat(b, b->classify.median, 0);
}

static uint8_t leads_in(const secg_beats *b, uint32_t usable)
{
    unsigned leads = 0;
    for (size_t k = 0; k < b->config.channels; k++)
        leads += usable >> k & 1;
    return (uint8_t)leads;
}

/* A beat that was announced is mostly looked for at the same place again; what is SETTLED_MS old has
 * not changed there. */
static secg_peak find_peak(secg_beats *b, const secg_fiducial_place *place)
{
    const secg_fiducial_place *last = &b->peak_place;
    if (!b->has_peak || place->around != last->around || place->channel != last->channel ||
        place->sign != last->sign)
        b->peak = secg_fiducial_find(&b->intake, place);
    b->peak_place = *place;
    b->has_peak = (double)(now(b) - place->around) > SETTLED_MS * 1e-3 * b->config.rate_hz;
    return b->peak;
}

static void take_beat(secg_beats *b, const secg_detection *d)
{
    b->reference = reference_lead(b, d->match);
    b->has_reference = 1;
    secg_fiducial_place place = secg_fiducial_expect(&b->feature, &b->detector.shapes, d->match,
                                                     d->time - b->detector.bump_lag, b->reference);
    secg_peak peak = find_peak(b, &place);
    double at = (double)peak.sample + (double)peak.offset_samples;
    secg_beat beat = {
        .sample = peak.sample, .offset_samples = peak.offset_samples, .noise_mv = best_noise(b)};
    beat.rr_ms = d->after_blind ? NAN : (float)((at - b->last_peak) * 1e3 / b->config.rate_hz);
    b->last_peak = at;
    beat.leads_used = leads_in(b, d->usable);
    beat.paced = (uint8_t)is_paced(b, beat.sample);
    if (b->config.no_labels) {
        beat.label = SECG_BEAT_Q;
        report_beat(b, &beat);
    } else {
        label_beat(b, &beat, d);
    }
    for (size_t k = 0; k < b->config.channels; k++)
        secg_quality_set_beat(&b->quality, k, b->detector.levels.beat_mv[k]);
}

static void report_qrs(secg_beats *b, const secg_sighting *seen)
{
    int64_t middle = seen->time - b->detector.bump_lag;
    secg_fiducial_place place = seen->match.shape < 0
                                    ? secg_fiducial_guess(&b->feature, middle, b->reference)
                                    : secg_fiducial_expect(&b->feature, &b->detector.shapes,
                                                           seen->match, middle, b->reference);
    secg_peak peak = find_peak(b, &place);
    double age_s = (double)(secg_intake_count(&b->intake) - peak.sample) / b->config.rate_hz;
    if (age_s > SECG_BEATS_EARLY_DELAY_MS * 1e-3)
        return;
    secg_event *event = add_event(b, SECG_EVENT_QRS);
    if (event)
        event->qrs = (secg_qrs){.sample = peak.sample,
                                .offset_samples = peak.offset_samples,
                                .leads_used = leads_in(b, seen->usable)};
}

/* A beat has waited for the next one as long as it may, until `now`: what is in sight must do. */
static void stop_waiting(secg_beats *b, int64_t now)
{
    int64_t next = secg_detector_foresee(&b->detector);
    int open = next == SECG_NO_SAMPLE;
    int64_t until = open ? now : (next - b->feature.delay) * b->feature.factor;
    finish_beat(b, (float)((double)(until - b->waiting.sample) * 1e3 / b->config.rate_hz), open);
}

static int has_label_due(const secg_beats *b, int64_t now)
{
    return b->is_waiting && now - b->waiting.sample >= b->label_samples;
}

static void take_detections(secg_beats *b, int64_t now)
{
    secg_detection detection;
    if (secg_detector_next(&b->detector, &detection))
        take_beat(b, &detection);
    else if (has_label_due(b, now))
        stop_waiting(b, now);
}

static uint8_t lead_state(const secg_beats *b, size_t lead, float *noise_mv)
{
    const secg_lead_source *source = &b->lead[lead];
    if (source->channel >= 0) {
        *noise_mv = b->quality.lead[source->channel].noise_mv;
        return b->quality.lead[source->channel].state;
    }
    const secg_quality_lead *i = &b->quality.lead[source->channel_i];
    const secg_quality_lead *ii = &b->quality.lead[source->channel_ii];
    *noise_mv = hypotf(source->from_i * i->noise_mv, source->from_ii * ii->noise_mv);
    return i->state > ii->state ? i->state : ii->state;
}

static void report_state(secg_beats *b, int64_t sample, int lead, uint8_t *was, uint8_t is,
                         float noise_mv)
{
    if (b->announced && *was == is)
        return;
    secg_event *event = add_event(b, SECG_EVENT_SIGNAL);
    if (event)
        event->signal =
            (secg_signal_report){.sample = sample,
                                 .lead = (int16_t)lead,
                                 .state = is,
                                 .previous = *was,
                                 .noise_mv = is <= SECG_SIGNAL_UNREADABLE ? noise_mv : NAN};
    *was = is;
}

static void report_states(secg_beats *b, int64_t sample)
{
    uint8_t best = SECG_SIGNAL_GAP;
    float least = NAN;
    for (size_t i = 0; i < b->config.lead_count; i++) {
        float noise;
        uint8_t state = lead_state(b, i, &noise);
        report_state(b, sample, (int)i, &b->state[i], state, noise);
        if (state < best)
            best = state;
        least = fminf(least, noise);
    }
    uint8_t overall = best > SECG_SIGNAL_UNREADABLE ? SECG_SIGNAL_UNREADABLE : best;
    report_state(b, sample, -1, &b->overall, overall, least);
    b->announced = 1;
}

static secg_why signal_why(const secg_beats *b)
{
    if (b->overall < SECG_SIGNAL_UNREADABLE)
        return SECG_MEASURED;
    uint8_t best = SECG_SIGNAL_GAP;
    for (size_t k = 0; k < b->config.channels; k++)
        best = b->quality.lead[k].state < best ? b->quality.lead[k].state : best;
    return best == SECG_SIGNAL_UNREADABLE  ? SECG_WHY_NOISE
           : best == SECG_SIGNAL_SATURATED ? SECG_WHY_SATURATED
                                           : SECG_WHY_LEAD_OFF;
}

static void set_usable(secg_beats *b)
{
    uint32_t usable = 0;
    for (size_t k = 0; k < b->config.channels; k++)
        usable |= (uint32_t)secg_quality_usable(&b->quality, k) << k;
    secg_detector_set_usable(&b->detector, usable);
}

static void report_rate(secg_beats *b)
{
    secg_rate rate;
    if (!secg_rate_tick(&b->rate, now(b) - 1, signal_why(b), &rate))
        return;
    if (b->config.no_labels)
        rate.pvc_per_min = SECG_PVC_NOT_COUNTED;
    secg_event *event = add_event(b, SECG_EVENT_RATE);
    if (event)
        event->rate = rate;
}

static void report_sighting(secg_beats *b)
{
    secg_sighting seen;
    if (secg_detector_sight(&b->detector, &seen))
        report_qrs(b, &seen);
}

/* Kept out of line: most blocks change nothing. */
SECG_OUT_OF_LINE static void report_quality(secg_beats *b, int64_t end)
{
    set_usable(b);
    report_states(b, end * b->intake.factor - 1);
}

/* The blocks of signal quality that end within so many steps from `begin` on, one after the other. */
SECG_INLINE void judge_blocks(secg_beats *b, int64_t begin, int32_t *next, int32_t steps)
{
    secg_quality *q = &b->quality;
    for (; *next < q->blocks && q->block_end[*next] <= steps; ++*next) {
        int64_t end = begin + q->block_end[*next];
        if (secg_quality_judge(q, *next, &b->feature, end) || !b->announced)
            report_quality(b, end);
    }
}

/* Steps that hold so many frames more, at least one; no more than `steps`. */
static int64_t steps_for(const secg_beats *b, int64_t steps, int64_t frames)
{
    int32_t factor = b->intake.factor;
    if (frames > (steps - 1) * factor)
        return steps;
    return frames > factor ? (frames + factor - 1) / factor : 1;
}

/* Of `steps` from frame `from` on, those up to the one after which a label is due, */
static int64_t steps_to_label(const secg_beats *b, int64_t steps, int64_t from)
{
    return b->is_waiting ? steps_for(b, steps, b->waiting.sample + b->label_samples - from) : steps;
}

/* or the rate too. */
static int64_t steps_to_report(const secg_beats *b, int64_t steps, int64_t from)
{
    return steps_to_label(b, steps_for(b, steps, b->rate.next + 1 - from), from);
}

/* All of it at once, as of when the last unit would be due: so a lead says the same alone as among
 * others. */
static void work_at_once(secg_beats *b)
{
    while (b->detector.unit != SECG_DETECTOR_DONE)
        secg_detector_work(&b->detector);
    take_detections(b, b->now + b->unit_due[UNITS - 1]);
}

/* Where the detector must stop in the steps that follow the first `shown`: where a block of signal
 * quality changes which leads are usable, which it is to know from the next step on, and for a lead whose
 * work is done at once where the rate or a label is due. */
static int32_t end_of_part(const secg_beats *b, int64_t begin, int32_t shown, int32_t next,
                           int32_t steps)
{
    const secg_quality *q = &b->quality;
    int64_t end = steps;
    for (int32_t i = next; i < q->blocks && q->block_end[i] < end; i++)
        if (secg_quality_turns(q, i))
            end = q->block_end[i];
    return shown + (int32_t)(is_at_once(b) ? steps_to_report(b, end - shown,
                                                             (begin + shown) * b->intake.factor)
                                           : end - shown);
}

static void end_part(secg_beats *b, int64_t begin, int32_t shown, int32_t *next)
{
    if (b->detector.has_sighting) {
        judge_blocks(b, begin, next, shown - 1);
        report_sighting(b);
    }
    judge_blocks(b, begin, next, shown);
    if (!is_at_once(b))
        return;
    b->now = (begin + shown) * b->intake.factor;
    if (b->now > b->rate.next)
        report_rate(b);
    if (b->detector.unit != SECG_DETECTOR_DONE || has_label_due(b, b->now))
        work_at_once(b);
}

/* Steps that are complete.  They go through the filters together, and then part by part through what
 * depends on what was found before: what is found does not depend on how many there are. */
SECG_OUT_OF_LINE static void take_steps(secg_beats *b)
{
    int64_t begin = b->intake.steps;
    secg_intake_end_steps(&b->intake);
    secg_quality_push(&b->quality, &b->intake);
    secg_spikes_remove(&b->spikes, &b->intake, b->paced, paced_known(b));
    int32_t steps = b->intake.ended, shown = 0, next = 0;
    secg_qrs_feature_push(&b->feature, secg_intake_released(&b->intake), b->intake.stride, steps);
    secg_intake_release(&b->intake);
    while (shown < steps) {
        int32_t end = end_of_part(b, begin, shown, next, steps);
        shown += secg_detector_push(&b->detector, end - shown);
        end_part(b, begin, shown, &next);
    }
}

/* ---- a step's work, over its frames ---------------------------------------------------------- */

/* Not so many that one frame had to carry the work of all of them.  A block of signal quality may end
 * within the steps of a lead that has the rows for itself, but not within those of others. */
static int64_t most_steps(const secg_beats *b)
{
    int64_t most = secg_earlier(MOST_STEPS, MOST_AT_ONCE / (int64_t)b->intake.stride);
    return is_at_once(b) ? SECG_INTAKE_STEPS : secg_earlier(b->quality.steps_left, most);
}

/* The next step that brings more than a peak to be found: until then frames are only kept.  The rate of a
 * lead whose work is done at once comes with the next. */
static void plan(secg_beats *b)
{
    int64_t ended = secg_intake_ended(&b->intake);
    int64_t steps = secg_earlier(most_steps(b), secg_detector_left(&b->detector));
    steps = is_at_once(b) ? steps_to_label(b, steps, ended) : steps_to_report(b, steps, ended);
    b->due = (int32_t)steps * b->intake.factor;
}

static void plan_units(secg_beats *b)
{
    int idle =
        b->detector.unit == SECG_DETECTOR_DONE && !has_label_due(b, secg_intake_count(&b->intake));
    b->unit = idle ? UNITS : 0;
}

/* When the last unit is due. */
static int64_t last_due(const secg_beats *b)
{
    return secg_intake_ended(&b->intake) + b->unit_due[UNITS - 1];
}

/* Nothing more can come of the step. */
static int is_idle(const secg_beats *b)
{
    return b->detector.unit == SECG_DETECTOR_DONE && b->detector.out_count == 0 &&
           !has_label_due(b, last_due(b));
}

/* The detector's three, then what becomes of a beat it found. */
static void work(secg_beats *b)
{
    if (++b->unit == UNITS) {
        take_detections(b, secg_intake_count(&b->intake));
        return;
    }
    secg_detector_work(&b->detector);
    if (is_idle(b))
        b->unit = UNITS;
}

float *secg_beats_room(const secg_beats *b, size_t *room, size_t *stride)
{
    *stride = b->intake.stride;
    return secg_intake_room(&b->intake, room);
}

size_t secg_beats_left(const secg_beats *b)
{
    return (size_t)((b->unit < UNITS ? b->unit_due[b->unit] : b->due) - b->intake.phase);
}

/* None comes before something is due, then with every frame at most; but no more than twice in a step:
 * at its end, and with the last unit of its work. */
size_t secg_beats_reach(const secg_beats *b, size_t times)
{
    size_t frames = secg_beats_left(b) + times - 1, steps = times / 2 * (size_t)b->intake.factor;
    return frames > steps ? frames : steps;
}

secg_beats_work secg_beats_take(secg_beats *b, size_t frames, int paced)
{
    if (paced)
        b->paced[b->pacers++ % PACERS] = secg_intake_count(&b->intake);
    int is_step = secg_intake_take(&b->intake, frames) && b->intake.phase >= b->due, worked = 0;
    if (is_step) {
        take_steps(b);
        if (!is_at_once(b)) {
            if (secg_intake_count(&b->intake) > b->rate.next)
                report_rate(b);
            plan_units(b);
        }
    }
    for (; b->unit < UNITS && b->intake.phase >= b->unit_due[b->unit]; worked = 1)
        work(b);
    if (is_step || worked)
        plan(b);
    if (worked || (is_step && b->intake.factor >= FRAMES_TO_SPARE))
        return SECG_BEATS_MUCH;
    return is_step ? SECG_BEATS_SOME : SECG_BEATS_NOTHING;
}

void secg_beats_push(secg_beats *b, const float *mv, int paced)
{
    size_t room, stride;
    memcpy(secg_beats_room(b, &room, &stride), mv, b->config.channels * sizeof *mv);
    secg_beats_take(b, 1, paced);
}

void secg_beats_flush(secg_beats *b)
{
    secg_detection detection;
    while (b->unit < UNITS)
        work(b);
    if (b->intake.phase >= b->intake.factor)
        take_steps(b);
    b->now = secg_intake_count(&b->intake);
    secg_detector_flush(&b->detector);
    while (secg_detector_next(&b->detector, &detection))
        take_beat(b, &detection);
    if (b->is_waiting)
        stop_waiting(b, secg_intake_count(&b->intake));
    secg_rhythm_flush(&b->rhythm);
    report_rhythm(b);
}

int secg_beats_next(secg_beats *b, secg_event *event)
{
    if (b->events == 0)
        return 0;
    *event = b->event[b->first];
    b->first = (b->first + 1) % EVENT_ROOM;
    b->events--;
    return 1;
}
