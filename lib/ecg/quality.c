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
    q->block_steps = q->steps_left = steps_of(intake, BLOCK_MS);
    q->block_frames = q->block_steps * intake->factor;
    q->rail_frames = (int32_t)ceil(RAIL_MS * 1e-3 * intake->rate_hz);
    /* A value that lasts this long fills so many whole steps, less one that it begins within. */
    q->stuck_steps = steps_of(intake, STUCK_MS) - (intake->factor > 1);
    q->block_weight = (float)(BLOCK_MS / SLOW_MEAN_MS);
    /* Beyond the channels nothing changes, and nothing is looked for. */
    for (size_t k = 0; k < SECG_MAX_CHANNELS; k++) {
        for (int32_t i = 0; k >= q->channels && i < SECG_QUALITY_NOISE_BLOCKS; i++)
            q->noise_block[i][k] = INFINITY;
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

/* Over steps [from, to). */
static int widen_one(secg_quality *q, const secg_intake *intake, int32_t from, int32_t to)
{
    float low = secg_quad_least(intake->step_low_mv + from, (size_t)(to - from));
    float high = secg_quad_greatest(intake->step_high_mv + from, (size_t)(to - from));
    return widen(q, 0, (secg_quad){low, INFINITY, INFINITY, INFINITY},
                 (secg_quad){high, -INFINITY, -INFINITY, -INFINITY});
}

static int widen_all(secg_quality *q, const secg_intake *intake)
{
    int railed = 0;
    for (size_t k = 0; k < q->channels; k += SECG_QUAD)
        railed |=
            widen(q, k, secg_quad_load(intake->low_mv + k), secg_quad_load(intake->high_mv + k));
    return railed;
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
    int railed = intake->stride == 1 ? widen_one(q, intake, from, to) : widen_all(q, intake);
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

static void find_contact(secg_quality *q, size_t k)
{
    secg_quality_lead *lead = &q->lead[k];
    secg_signal_state found = SECG_SIGNAL_GOOD;
    if (2 * lead->absent >= q->block_frames) {
        found = SECG_SIGNAL_GAP;
    } else {
        int stuck = is_stuck(q, lead), flat = is_flat(lead, q->low_mv[k], q->high_mv[k]);
        found = stuck ? SECG_SIGNAL_SATURATED : flat ? SECG_SIGNAL_OFF : SECG_SIGNAL_GOOD;
        float middle = 0.5f * (q->low_mv[k] + q->high_mv[k]);
        if (!(lead->mean_mv == lead->mean_mv))
            lead->mean_mv = middle;
        lead->mean_mv += q->block_weight * (middle - lead->mean_mv);
    }
    if (found != SECG_SIGNAL_GOOD) {
        lead->clean_blocks = 0;
        lead->latest = (uint8_t)found;
    } else if (++lead->clean_blocks >= CLEAN_BLOCKS) {
        lead->latest = SECG_SIGNAL_GOOD;
    }
}

static void end_block(secg_quality *q, int32_t end)
{
    uint8_t *contact = q->block_contact[q->blocks];
    for (size_t k = 0; k < q->channels; k++) {
        find_contact(q, k);
        begin_block(q, k);
        contact[k] = q->lead[k].latest;
    }
    q->block_end[q->blocks++] = end;
    q->steps_left = q->block_steps;
}

_Static_assert(SECG_INTAKE_STEPS <= SECG_QUALITY_BLOCKS * 10, "blocks have ten steps at least");

void secg_quality_push(secg_quality *q, const secg_intake *intake)
{
    q->blocks = 0;
    for (int32_t from = 0, to; from < intake->ended; from = to) {
        to = from + q->steps_left < intake->ended ? from + q->steps_left : intake->ended;
        take_steps(q, intake, from, to);
        q->steps_left -= to - from;
        if (q->steps_left == 0)
            end_block(q, to);
    }
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
    secg_quad first = secg_quad_load(q->lowest + k), second = secg_quad_load(q->second + k);
    if (secg_quad_lanes((was <= second) & (was < INFINITY)) == 0) {
        add_level(&first, &second, secg_quad_load(q->noise_block[q->head] + k));
    } else {
        first = second = secg_quad_all(INFINITY);
        for (int32_t i = 0; i < SECG_QUALITY_NOISE_BLOCKS; i++)
            add_level(&first, &second, secg_quad_load(q->noise_block[i] + k));
    }
    secg_quad_store(q->lowest + k, first);
    secg_quad_store(q->second + k, second);
}

static void note_levels(secg_quality *q, const secg_qrs_feature *feature, int64_t end)
{
    float *level = q->noise_block[q->head], was[SECG_MAX_CHANNELS];
    memcpy(was, level, sizeof was);
    secg_qrs_feature_lowest(feature, end - q->block_steps, q->block_steps, level);
    for (size_t k = 0; k < q->channels; k += SECG_QUAD)
        note_level(q, k, secg_quad_load(was + k));
}

static void judge_noise(secg_quality_lead *lead)
{
    float part = lead->noise_mv / (RMS_PER_MEAN * lead->beat_mv);
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

static void judge_lead(secg_quality *q, size_t k, uint8_t contact)
{
    secg_quality_lead *lead = &q->lead[k];
    lead->contact = contact;
    if (lead->contact != SECG_SIGNAL_GOOD) {
        lead->state = lead->contact;
        lead->noise_mv = NAN;
        return;
    }
    if (q->filled == SECG_QUALITY_NOISE_BLOCKS)
        lead->noise_mv = RMS_PER_MEAN * MEAN_PER_LOWEST * q->second[k];
    judge_noise(lead);
}

int secg_quality_judge(secg_quality *q, int32_t block, const secg_qrs_feature *feature, int64_t end)
{
    int changed = 0;
    q->head = q->head + 1 < SECG_QUALITY_NOISE_BLOCKS ? q->head + 1 : 0;
    q->filled += q->filled < SECG_QUALITY_NOISE_BLOCKS;
    note_levels(q, feature, end);
    for (size_t k = 0; k < q->channels; k++) {
        uint8_t was = q->lead[k].state;
        judge_lead(q, k, q->block_contact[block][k]);
        changed |= q->lead[k].state != was;
    }
    return changed;
}

void secg_quality_set_beat(secg_quality *q, size_t channel, float beat_mv)
{
    q->lead[channel].beat_mv = beat_mv;
}
