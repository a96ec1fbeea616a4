/* Electrode contact is judged every 100 ms from the samples alone:
 *
 *   GAP        half of the block was not acquired.
 *   SATURATED  values at the given limits for 10 ms within the block; or, limits unknown, the same
 *              value for 50 to 70 ms, more than 2 mV away from the slow mean of the lead, and for as
 *              long as the lead stays at it.
 *   OFF        all values of the last 2 s within 2 uV: no living person's skin is as quiet, while
 *              the TP segment of a resting ECG with 5 uV steps may be, for a second.
 *
 * A state is entered at once and left after 500 ms without cause: that is longer than the step
 * response of the detection band-pass, so the edge of a returning lead is not seen as a beat.
 *
 * Noise is the level between beats.  The QRS feature is the mean |b| of the band-passed signal over
 * 100 ms, and between T and P waves it is lowest.  Of its lowest values in each of the latest twenty
 * blocks the second smallest is taken: two cycles and their quiet moments are in that time at any rate
 * from 60 bpm on.  For Gaussian noise rms = mean |b| sqrt(pi / 2), and of white noise that value is
 * 0.45 of the mean.  It is compared with what a beat measures in the same feature, so the judgement
 * does not depend on gain. */
#include "ecg/quality.h"

#include "base/quad.h"

#include <math.h>
#include <string.h>

static const double BLOCK_MS = 100, RAIL_MS = 10, STUCK_MS = 60, SLOW_MEAN_MS = 3000;
static const float STUCK_MV = 2, FLAT_MV = 0.002f, RMS_PER_MEAN = 1.2533f,
                   MEAN_PER_LOWEST = 1 / 0.45f;
enum { USUAL_STEPS = 10 }; /* of a block: loops over them that the compiler knows the length of */
enum { FLAT_BLOCKS = 20, CLEAN_BLOCKS = 5, CALM_BLOCKS = 20 };
/* Noise as a part of a beat: muscle noise of 0.35 mV rms, beside a QRS of 1 mV, measures 0.3 in the
 * detection band, and hides the ST segment of a single beat; from 1.1 on noise is taken for beats.
 * Left again at 0.8 of that, kept for 2 s. */
static const float NOISY = 0.28f, UNREADABLE = 1.1f, LEAVE = 0.8f;

static void begin_block(secg_quality *q, size_t k)
{
    secg_quality_lead *lead = &q->lead[k];
    q->low_mv[k] = INFINITY;
    q->high_mv[k] = -INFINITY;
    lead->absent = lead->railed = lead->longest_same = 0;
}

static int32_t steps_of(const secg_intake *intake, double ms)
{
    return (int32_t)lround(ms * 1e-3 * intake->step_hz);
}

void secg_quality_init(secg_quality *q, const secg_intake *intake, const float *rail_low,
                       const float *rail_high)
{
    *q = (secg_quality){.channels = intake->channels};
    q->row = q->channels == 1 ? 1 : secg_quad_filled(q->channels);
    q->block_steps = q->steps_left = steps_of(intake, BLOCK_MS);
    q->block_frames = q->block_steps * intake->factor;
    q->rail_frames = (int32_t)ceil(RAIL_MS * 1e-3 * intake->rate_hz);
    /* A value that lasts this long fills so many whole steps, less one that it begins within. */
    q->stuck_steps = steps_of(intake, STUCK_MS) - (intake->factor > 1);
    q->block_weight = (float)(BLOCK_MS / SLOW_MEAN_MS);
    /* Beyond the channels nothing changes, and nothing is looked for. */
    for (size_t k = 0; k < SECG_MAX_CHANNELS; k++) {
        for (size_t i = 0; k >= q->channels && k < q->row && i < SECG_QUALITY_NOISE_BLOCKS; i++)
            q->noise_block[i * q->row + k] = INFINITY;
        q->rail_low_mv[k] =
            rail_low && k < q->channels && !isnan(rail_low[k]) ? rail_low[k] : -INFINITY;
        q->rail_high_mv[k] =
            rail_high && k < q->channels && !isnan(rail_high[k]) ? rail_high[k] : INFINITY;
    }
    for (size_t k = 0; k < q->channels; k++) {
        secg_quality_lead *lead = &q->lead[k];
        lead->rail_low_mv = rail_low ? rail_low[k] : NAN;
        lead->rail_high_mv = rail_high ? rail_high[k] : NAN;
        lead->has_rail = !isnan(lead->rail_low_mv) || !isnan(lead->rail_high_mv);
        begin_block(q, k);
        lead->same_mv = lead->rail_mv = lead->mean_mv = lead->noise_mv = lead->beat_mv = NAN;
        lead->flat_low_mv = INFINITY;
        lead->flat_high_mv = -INFINITY;
        lead->clean_blocks = CLEAN_BLOCKS;
    }
}

static void watch_same(secg_quality_lead *lead, float low, float high)
{
    int one = low == high;
    lead->same = one ? (low == lead->same_mv ? lead->same + 1 : 1) : 0;
    lead->same_mv = one ? low : NAN;
    if (lead->same > lead->longest_same) {
        lead->longest_same = lead->same;
        lead->longest_mv = low;
    }
}

static int32_t count_railed(const secg_quality_lead *lead, const secg_intake *intake, int32_t n,
                            size_t k)
{
    int32_t railed = 0;
    const float *row = secg_intake_row(intake, secg_intake_begin(intake, n));
    for (int32_t i = 0; i < intake->factor; i++) {
        float mv = row[(size_t)i * intake->stride + k];
        railed += mv <= lead->rail_low_mv || mv >= lead->rail_high_mv;
    }
    return railed;
}

static void watch_lead(secg_quality *q, const secg_intake *intake, int32_t n, size_t k)
{
    secg_quality_lead *lead = &q->lead[k];
    float low, high;
    lead->absent += secg_intake_extremes(intake, n, k, &low, &high);
    if (low > high)
        return;
    watch_same(lead, low, high);
    if (low <= lead->rail_low_mv || high >= lead->rail_high_mv)
        lead->railed += count_railed(lead, intake, n, k);
}

/* The extremes of four leads; 1 where a rail was met. */
static int widen(secg_quality *q, size_t k, secg_quad low, secg_quad high)
{
    secg_quad_store(q->low_mv + k, secg_quad_min(low, secg_quad_load(q->low_mv + k)));
    secg_quad_store(q->high_mv + k, secg_quad_max(high, secg_quad_load(q->high_mv + k)));
    return secg_quad_lanes((low <= secg_quad_load(q->rail_low_mv + k)) |
                           (high >= secg_quad_load(q->rail_high_mv + k))) != 0;
}

static int widen_all(secg_quality *q, const secg_intake *intake)
{
    int railed = 0;
    for (size_t k = 0; k < q->channels; k += SECG_QUAD)
        railed |=
            widen(q, k, secg_quad_load(intake->low_mv + k), secg_quad_load(intake->high_mv + k));
    return railed;
}

/* A lead that has the rows for itself may meet a rail in one of the steps; what is behind them is looked
 * at too. */
static int may_meet_rail(const secg_quality *q, const secg_intake *intake)
{
    if (!q->lead[0].has_rail)
        return 0;
    secg_quad low = secg_quad_all(q->rail_low_mv[0]), high = secg_quad_all(q->rail_high_mv[0]);
    secg_quad_mask met = {0};
    for (int32_t i = 0; i < intake->ended; i += SECG_QUAD)
        met |= (secg_quad_load(intake->step_low_mv + i) <= low) |
               (secg_quad_load(intake->step_high_mv + i) >= high);
    return secg_quad_lanes(met) != 0;
}

/* Lead by lead, in the steps that are odd and in the one after each: to see that a value no longer
 * stands still. */
static void watch_odd_steps(secg_quality *q, const secg_intake *intake, uint32_t odd)
{
    for (; odd != 0; odd &= odd - 1)
        for (size_t k = 0; k < q->channels; k++)
            watch_lead(q, intake, __builtin_ctz(odd), k);
}

/* Steps [from, to), of one block. */
static void take_steps(secg_quality *q, const secg_intake *intake, int32_t from, int32_t to)
{
    int railed = intake->stride == 1 ? may_meet_rail(q, intake) : widen_all(q, intake);
    uint32_t all = ((1u << (to - from)) - 1) << from, odd = railed ? all : intake->odd & all;
    if (odd || q->is_eventful)
        watch_odd_steps(q, intake, (odd | odd << 1 | (uint32_t)q->is_eventful << from) & all);
    q->is_eventful = odd >> (to - 1) & 1;
}

static int is_stuck(const secg_quality *q, secg_quality_lead *lead)
{
    if (lead->has_rail)
        return lead->railed >= q->rail_frames;
    if (lead->longest_same < q->stuck_steps) {
        lead->rail_mv = NAN;
        return 0;
    }
    if (lead->longest_mv == lead->rail_mv || fabsf(lead->longest_mv - lead->mean_mv) > STUCK_MV) {
        lead->rail_mv = lead->longest_mv;
        return 1;
    }
    return 0;
}

static int is_flat(secg_quality_lead *lead, float low_mv, float high_mv)
{
    float low = lead->flat_low_mv < low_mv ? lead->flat_low_mv : low_mv;
    float high = lead->flat_high_mv > high_mv ? lead->flat_high_mv : high_mv;
    if (high - low <= FLAT_MV) {
        lead->flat_low_mv = low;
        lead->flat_high_mv = high;
        return ++lead->flat_blocks >= FLAT_BLOCKS;
    }
    lead->flat_low_mv = low_mv;
    lead->flat_high_mv = high_mv;
    lead->flat_blocks = high_mv - low_mv <= FLAT_MV;
    return 0;
}

static void follow_mean(const secg_quality *q, secg_quality_lead *lead, float low_mv, float high_mv)
{
    float middle = 0.5f * (low_mv + high_mv);
    if (!(lead->mean_mv == lead->mean_mv))
        lead->mean_mv = middle;
    lead->mean_mv += q->block_weight * (middle - lead->mean_mv);
}

/* Of a block with these extremes. */
static void find_contact(const secg_quality *q, secg_quality_lead *lead, float low_mv,
                         float high_mv)
{
    secg_signal_state found = SECG_SIGNAL_GOOD;
    if (2 * lead->absent >= q->block_frames) {
        found = SECG_SIGNAL_GAP;
    } else {
        int stuck = is_stuck(q, lead), flat = is_flat(lead, low_mv, high_mv);
        found = stuck ? SECG_SIGNAL_SATURATED : flat ? SECG_SIGNAL_OFF : SECG_SIGNAL_GOOD;
        follow_mean(q, lead, low_mv, high_mv);
    }
    if (found != SECG_SIGNAL_GOOD) {
        lead->clean_blocks = 0;
        lead->latest = (uint8_t)found;
    } else if (++lead->clean_blocks >= CLEAN_BLOCKS) {
        lead->latest = SECG_SIGNAL_GOOD;
    }
}

/* The extremes of eight steps at once, from the nth of those just ended on. */
static inline void keep_some(secg_quality *q, const secg_intake *intake, int32_t n)
{
    float *low = q->step_low_mv + q->kept + n, *high = q->step_high_mv + q->kept + n;
    memcpy(low, intake->step_low_mv + n, SECG_INTAKE_MORE * sizeof *low);
    memcpy(high, intake->step_high_mv + n, SECG_INTAKE_MORE * sizeof *high);
}

/* Of a lead that has the rows for itself. */
static inline void keep_steps(secg_quality *q, const secg_intake *intake)
{
    if (q->kept > SECG_QUALITY_STEPS - SECG_INTAKE_STEPS) {
        size_t begun = (size_t)(q->block_steps - q->steps_left), before = (size_t)q->kept - begun;
        secg_quad_copy(q->step_low_mv, q->step_low_mv + before, begun);
        secg_quad_copy(q->step_high_mv, q->step_high_mv + before, begun);
        q->kept = (int32_t)begun;
    }
    keep_some(q, intake, 0); /* mostly there are not more */
    for (int32_t n = SECG_INTAKE_MORE; n < intake->ended; n += SECG_INTAKE_MORE)
        keep_some(q, intake, n);
    q->kept += intake->ended;
}

_Static_assert(SECG_QUALITY_STEPS >= 3 * SECG_INTAKE_STEPS,
               "a block begun and what comes has room");

typedef struct extremes {
    float low_mv, high_mv;
} extremes;

SECG_INLINE extremes extremes_of(const float *low_mv, const float *high_mv, int32_t steps)
{
    return (extremes){secg_quad_least(low_mv, (size_t)steps),
                      secg_quad_greatest(high_mv, (size_t)steps)};
}

/* Of the block that ends with the last but so many of the steps kept. */
static inline extremes of_block(const secg_quality *q, int32_t behind)
{
    const float *low = q->step_low_mv + (q->kept - behind - q->block_steps);
    const float *high = q->step_high_mv + (q->kept - behind - q->block_steps);
    return q->block_steps == USUAL_STEPS ? extremes_of(low, high, USUAL_STEPS)
                                         : extremes_of(low, high, q->block_steps);
}

/* With step `end` of those just ended. */
static void end_block(secg_quality *q, const secg_intake *intake, int32_t end)
{
    uint8_t *contact = q->block_contact[q->blocks];
    if (intake->stride == 1) {
        extremes e = of_block(q, intake->ended - end);
        q->low_mv[0] = e.low_mv;
        q->high_mv[0] = e.high_mv;
    }
    for (size_t k = 0; k < q->channels; k++) {
        find_contact(q, &q->lead[k], q->low_mv[k], q->high_mv[k]);
        begin_block(q, k);
        contact[k] = q->lead[k].latest;
    }
    q->block_end[q->blocks++] = end;
    q->steps_left = q->block_steps;
}

_Static_assert(SECG_INTAKE_STEPS <= SECG_QUALITY_BLOCKS * 10, "blocks have ten steps at least");

/* From step `from` on of those just ended. */
static void push_from(secg_quality *q, const secg_intake *intake, int32_t from)
{
    for (int32_t to; from < intake->ended; from = to) {
        to = from + q->steps_left < intake->ended ? from + q->steps_left : intake->ended;
        take_steps(q, intake, from, to);
        q->steps_left -= to - from;
        if (q->steps_left == 0)
            end_block(q, intake, to);
    }
}

/* ---- a lead that has the rows for itself, while nothing happens to it: the same, shortly ------ */

static int is_quiet(const secg_quality *q, const secg_intake *intake)
{
    return intake->odd == 0 && !q->is_eventful && !may_meet_rail(q, intake);
}

/* 1: a block in which nothing was found step by step, nor is flat by itself, of a lead that is good. */
static int is_usual(const secg_quality_lead *lead, float low_mv, float high_mv)
{
    return (lead->absent | lead->railed | lead->longest_same | lead->latest) == 0 &&
           high_mv - low_mv > FLAT_MV && lead->mean_mv == lead->mean_mv;
}

/* What find_contact() does with it: blocks before only widen the range that is not flat, and clean ones
 * are counted only to become good. */
static void end_usual_block(secg_quality *q, int32_t end, float low_mv, float high_mv)
{
    secg_quality_lead *lead = q->lead;
    lead->rail_mv = NAN;
    lead->flat_low_mv = low_mv;
    lead->flat_high_mv = high_mv;
    lead->flat_blocks = 0;
    lead->mean_mv += q->block_weight * (0.5f * (low_mv + high_mv) - lead->mean_mv);
    q->block_contact[q->blocks][0] = SECG_SIGNAL_GOOD;
    q->block_end[q->blocks++] = end;
}

static void push_one(secg_quality *q, const secg_intake *intake)
{
    keep_steps(q, intake);
    if (!is_quiet(q, intake)) {
        push_from(q, intake, 0);
        return;
    }
    int32_t end = q->steps_left, ended = intake->ended;
    for (; end <= ended; end += q->block_steps) {
        extremes e = of_block(q, ended - end);
        if (!is_usual(q->lead, e.low_mv, e.high_mv)) {
            int32_t begin = end - q->block_steps, from = begin > 0 ? begin : 0;
            q->steps_left = end - from;
            push_from(q, intake, from);
            return;
        }
        end_usual_block(q, end, e.low_mv, e.high_mv);
    }
    q->steps_left = end - ended;
}

void secg_quality_push(secg_quality *q, const secg_intake *intake)
{
    q->blocks = 0;
    if (intake->stride == 1)
        push_one(q, intake);
    else
        push_from(q, intake, 0);
}

/* One more value to the two lowest of four leads. */
static inline void add_level(secg_quad *first, secg_quad *second, secg_quad v)
{
    *second = secg_quad_min(secg_quad_max(v, *first), *second);
    *first = secg_quad_min(v, *first);
}

/* The two lowest of the latest blocks after that at head has changed from `was`: they are looked for
 * anew only if it was one of them. */
static void note_level(secg_quality *q, size_t k, secg_quad was)
{
    const float *level = q->noise_block + k;
    secg_quad first = secg_quad_load(q->lowest + k), second = secg_quad_load(q->second + k);
    if (secg_quad_lanes((was <= second) & (was < INFINITY)) == 0) {
        add_level(&first, &second, secg_quad_load(level + (size_t)q->head * q->row));
    } else {
        first = second = secg_quad_all(INFINITY);
        for (size_t i = 0; i < SECG_QUALITY_NOISE_BLOCKS; i++)
            add_level(&first, &second, secg_quad_load(level + i * q->row));
    }
    secg_quad_store(q->lowest + k, first);
    secg_quad_store(q->second + k, second);
}

static void note_levels(secg_quality *q, const secg_qrs_feature *feature, int64_t end)
{
    float *level = q->noise_block + (size_t)q->head * q->row, was[SECG_MAX_CHANNELS];
    secg_quad_copy(was, level, q->row);
    secg_qrs_feature_lowest(feature, end - q->block_steps, q->block_steps, level);
    for (size_t k = 0; k < q->channels; k += SECG_QUAD)
        note_level(q, k, secg_quad_load(was + k));
}

/* ---- the same of a lead that is the only one: its blocks stand side by side ------------------ */

/* Among every fourth, then among what was found there. */
static void find_two_lowest(const secg_quality *q, secg_quad *first, secg_quad *second)
{
    secg_quad a, b;
    *first = *second = secg_quad_all(INFINITY);
    for (size_t i = 0; i < SECG_QUALITY_NOISE_BLOCKS; i += SECG_QUAD)
        add_level(first, second, secg_quad_load(q->noise_block + i));
    a = *first, b = *second;
    add_level(first, second, (secg_quad){a[2], a[3], a[0], a[1]});
    add_level(first, second, (secg_quad){b[2], b[3], b[0], b[1]});
    a = *first, b = *second;
    add_level(first, second, (secg_quad){a[1], a[0], a[3], a[2]});
    add_level(first, second, (secg_quad){b[1], b[0], b[3], b[2]});
}

_Static_assert(SECG_QUALITY_NOISE_BLOCKS % SECG_QUAD == 0, "whole quads of them");

/* In a quad, the first of which counts. */
static void note_level_of_one(secg_quality *q, const secg_qrs_feature *feature, int64_t end)
{
    float was = q->noise_block[q->head], is;
    secg_qrs_feature_lowest(feature, end - q->block_steps, q->block_steps, &is);
    secg_quad first = secg_quad_load(q->lowest), second = secg_quad_load(q->second);
    q->noise_block[q->head] = is;
    if (was <= second[0] && was < INFINITY)
        find_two_lowest(q, &first, &second);
    else
        add_level(&first, &second, secg_quad_all(is));
    secg_quad_store(q->lowest, first);
    secg_quad_store(q->second, second);
}

static void judge_noise(secg_quality_lead *lead)
{
    float part = lead->noise_mv / (RMS_PER_MEAN * lead->beat_mv);
    if (lead->state == SECG_SIGNAL_GOOD && !(part > NOISY))
        return; /* calm blocks are counted only to leave another state, and anew in each */
    int state = part > UNREADABLE ? SECG_SIGNAL_UNREADABLE
                : part > NOISY    ? SECG_SIGNAL_NOISY
                                  : SECG_SIGNAL_GOOD;
    int calm =
        lead->state == SECG_SIGNAL_UNREADABLE ? part < UNREADABLE * LEAVE : part < NOISY * LEAVE;
    lead->noise_good_blocks = calm ? lead->noise_good_blocks + 1 : 0;
    if (state > lead->state || lead->state > SECG_SIGNAL_UNREADABLE ||
        lead->noise_good_blocks >= CALM_BLOCKS) {
        lead->state = (uint8_t)state;
        lead->noise_good_blocks = 0;
    }
}

/* 1: its state is another than before. */
static int judge_lead(secg_quality *q, size_t k, uint8_t contact)
{
    secg_quality_lead *lead = &q->lead[k];
    uint8_t was = lead->state;
    lead->contact = contact;
    if (lead->contact != SECG_SIGNAL_GOOD) {
        lead->state = lead->contact;
        lead->noise_mv = NAN;
    } else {
        if (q->filled == SECG_QUALITY_NOISE_BLOCKS)
            lead->noise_mv = RMS_PER_MEAN * MEAN_PER_LOWEST * q->second[k];
        judge_noise(lead);
    }
    return lead->state != was;
}

/* Kept out of line, so that a lead alone does not set up what many need. */
SECG_OUT_OF_LINE static int judge_all(secg_quality *q, int32_t block,
                                      const secg_qrs_feature *feature, int64_t end)
{
    int changed = 0;
    note_levels(q, feature, end);
    for (size_t k = 0; k < q->channels; k++)
        changed |= judge_lead(q, k, q->block_contact[block][k]);
    return changed;
}

int secg_quality_judge(secg_quality *q, int32_t block, const secg_qrs_feature *feature, int64_t end)
{
    q->head = q->head + 1 < SECG_QUALITY_NOISE_BLOCKS ? q->head + 1 : 0;
    if (q->filled < SECG_QUALITY_NOISE_BLOCKS)
        q->filled++;
    if (q->channels > 1)
        return judge_all(q, block, feature, end);
    note_level_of_one(q, feature, end);
    return judge_lead(q, 0, q->block_contact[block][0]);
}

void secg_quality_set_beat(secg_quality *q, size_t channel, float beat_mv)
{
    q->lead[channel].beat_mv = beat_mv;
}
