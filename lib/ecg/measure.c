/* The measurement path put together, and its clock.
 *
 * frame -> mains -> history (raw, and wander)            at once
 * beat  -> left alone until WAIT after its R peak, when its T wave and the next beat's label are
 *          known -> isoelectric levels -> aligned with the average -> cut out on the grid -> stored
 * table -> every 5 s of the sample index, once the beats up to it are stored: average of the last
 *          10, 15 or 20 s -> marks -> spread -> what tells of motion in step with the heart -> with noise,
 *          what was known before -> ST of each lead
 *
 * Delay: WAIT = 2.6 s (1.2 s for the label, 1.25 s for the wander, the rest for a next beat at
 * slow rates), plus the table's own work, which is done a step per frame and ends within 1.4 s.
 * It depends on the sample count only, so the answer does not depend on how frames come.
 *
 * J and QRS onset are found once and used again (ecg/held_marks.c).  A rhythm of another shape makes beats
 * that do not fit the average; when eight in a row do not, the average is forgotten and learned anew. */
#include "ecg/measure.h"

#include "dsp/mains.h"
#include "ecg/align.h"
#include "ecg/diastole.h"
#include "ecg/held_marks.h"
#include "ecg/stride.h"
#include "ecg/table.h"

#include <math.h>
#include <string.h>

enum { BEATS_HELD = 64, MISFITS_MOST = 8, ROWS_PER_STEP = 16 };
enum {
    WORK_NONE,
    WORK_ALIGN,
    WORK_CUT,
    WORK_AVERAGE,
    WORK_LEARN,
    WORK_MARKS,
    WORK_KEEP_MARKS,
    WORK_BEGIN_SPREAD,
    WORK_SPREAD,
    WORK_DIASTOLE,
    WORK_BEGIN_STRIDE,
    WORK_STRIDE,
    WORK_STRIDE_TONES,
    WORK_LOOK_BACK,
    WORK_TABLE,
    WORK_KEEP
};

static const double table_s = 5, wait_s = 2.6, history_s = 4.15, wander_lag_s = 1.25;
static const double table_work_s = 1.4, first_table_s = 15, stale_s = 10, steps_hz = 500;
static const double level_half_ms = 10, level_first_ms = -70, level_reach_ms = 2000;
static const double window_quiet_s = 10, window_usual_s = 15, window_noisy_s = 20;
static const float quiet_mv = 0.004f, noisy_mv = 0.008f, fewest_worth = 6;
static const float diastole_part = 0.6f;
static const double tones_s = 90;
static const double judge_from_ms = -100, judge_to_ms = 200;
static const double wide_from_ms = 160, wide_to_ms = 500, next_beat_ms = 90;
static const float wander_none_ms = 450, wander_all_ms = 650, distant_trust = 0.05f;
static const float before_part = 0.55f, doubt_part = 0.4f;
static const float least_likeness = 0.4f, beat_noise_mv = 0.01f, marks_noise_mv = 0.03f;

typedef struct held_beat {
    double frame;
    uint8_t label, paced;
} held_beat;

typedef struct lead_gap { /* the last time in which a lead was off or saturated       */
    int64_t from, to;
    uint8_t state;
} lead_gap;

struct secg_measure {
    secg_measure_config config;
    secg_lead_source lead[SECG_MAX_LEADS];
    secg_grid grid;
    secg_mains mains;
    secg_history history;
    secg_cut cut;
    secg_align align;
    secg_average average;
    secg_delineator delineator;
    secg_spread spread;
    secg_past past;
    secg_diastole diastole;
    secg_stride stride;
    secg_table table;
    secg_table_source source;

    int64_t frames, wait;
    int steps; /* of work at each frame                                    */
    int work;
    int64_t next_work; /* frames at which there may be some again                         */

    held_beat beat[BEATS_HELD]; /* a ring: [next, end) are still to be cut                  */
    int64_t next, end;
    int16_t *place;
    size_t row, first_row, last_row;
    float rr_ms, trust;
    int misfits;

    int64_t tables;     /* begun so far                                             */
    double window_s;    /* of the beats to be averaged next */
    int64_t window;     /* of those averaged, frames */
    int fresh;          /* this table has an average and a spread of its own */
    int64_t learn_from; /* beats before this frame are of another time */
    size_t table_lead;
    int stride_tone;
    secg_held_marks held_marks;
    secg_marks marks;
    float override_j_ms;
    lead_gap gap[SECG_MAX_LEADS];
    int shown;                       /* tables are coming out                                    */
    secg_st out[2 * SECG_MAX_LEADS]; /* not yet reported; at the end there may be two tables */
    size_t out_next, out_end;

    int16_t *rest_counts; /* [leads][rows], as beats are kept */
    secg_complex rest[SECG_MAX_LEADS];
};

static double frames_of(const secg_measure *m, double ms)
{
    return ms * m->config.rate_hz / 1000;
}

static double ms_of(const secg_measure *m, double frames)
{
    return frames * 1000 / m->config.rate_hz;
}

static int64_t frames_in(const secg_measure *m, double s)
{
    return (int64_t)(s * m->config.rate_hz);
}

/* ---- lay-out ----------------------------------------------------------------------------- */

static void lay_out_parts(secg_measure *m, secg_arena *arena, const secg_measure_config *c)
{
    secg_grid_init(&m->grid, c->rate_hz, c->channels);
    secg_history_lay_out(&m->history, arena, c->rate_hz, c->channels, m->grid.stride, wander_lag_s,
                         history_s);
    secg_cut_init(&m->cut, &m->grid);
    secg_align_lay_out(&m->align, arena, &m->grid);
    secg_average_lay_out(&m->average, arena, &m->grid);
    secg_delineator_lay_out(&m->delineator, arena, &m->grid);
    secg_spread_lay_out(&m->spread, arena, &m->grid);
    secg_past_lay_out(&m->past, arena, &m->grid);
    m->rest_counts = secg_take(arena, c->lead_count * m->grid.rows, sizeof *m->rest_counts);
}

secg_measure *secg_measure_lay_out(secg_arena *arena, const secg_measure_config *config)
{
    secg_measure parts = {0}, *m = secg_take(arena, 1, sizeof *m);
    lay_out_parts(&parts, arena, config);
    secg_table_lay_out(&parts.table, arena, &parts.grid, NULL, config->lead_count);
    if (!m || arena->overflow)
        return NULL;
    *m = parts;
    m->config = *config;
    memcpy(m->lead, config->leads, config->lead_count * sizeof *m->lead);
    m->config.leads = m->table.lead = m->lead;
    m->wait = (int64_t)ceil(wait_s * config->rate_hz);
    m->steps = (int)ceil(steps_hz / config->rate_hz);
    secg_measure_reset(m);
    return m;
}

static void forget(secg_measure *m)
{
    secg_average_forget(&m->average);
    secg_align_forget(&m->align);
    secg_past_forget(&m->past);
    secg_diastole_forget(&m->diastole);
    secg_stride_forget(&m->stride);
    m->source.past = NULL;
    m->marks = secg_marks_none();
    secg_held_marks_forget(&m->held_marks);
    m->misfits = 0;
    m->window_s = window_usual_s;
    m->work = WORK_NONE;
}

void secg_measure_reset(secg_measure *m)
{
    secg_mains_init(&m->mains, m->config.rate_hz, m->config.channels, m->config.mains_hz);
    secg_history_reset(&m->history);
    secg_table_clear(&m->table);
    forget(m);
    m->frames = m->next = m->end = m->tables = m->learn_from = m->source.sample = m->next_work = 0;
    m->override_j_ms = NAN;
    m->shown = 0;
    m->out_next = m->out_end = 0;
    for (size_t k = 0; k < m->config.lead_count; k++) {
        m->gap[k] = (lead_gap){INT64_MAX, INT64_MAX, 0};
        m->rest[k] = (secg_complex){.sample = SECG_NO_SAMPLE};
    }
}

/* ---- beats ------------------------------------------------------------------------------- */

static held_beat *held(secg_measure *m, int64_t i)
{
    return &m->beat[i % BEATS_HELD];
}

static void leave_out(secg_measure *m, int64_t from, int64_t to)
{
    int64_t past = m->history.pushed;
    secg_baseline_leave_out(&m->history.baseline, from, to < past ? to : past);
}

void secg_measure_beat(secg_measure *m, const secg_beat *beat)
{
    double frame = (double)beat->sample + (double)beat->offset_samples;
    if (m->end > 0 && !(frame > held(m, m->end - 1)->frame))
        return;
    if (m->end - m->next >= BEATS_HELD / 2)
        m->next++;
    *held(m, m->end++) = (held_beat){frame, beat->label, beat->paced};
    m->next_work = 0;
    if (beat->label == SECG_BEAT_V || beat->paced)
        leave_out(m, (int64_t)(frame - frames_of(m, wide_from_ms)),
                  (int64_t)(frame + frames_of(m, wide_to_ms)));
}

/* A beat with an isoelectric PR segment before it. */
static int has_level(const held_beat *b)
{
    return !b->paced && (b->label == SECG_BEAT_N || b->label == SECG_BEAT_S);
}

static void measure_level(secg_measure *m, const held_beat *b, secg_cut_level *level)
{
    double before_r =
        m->marks.isoelectric_from_ms == m->marks.isoelectric_from_ms
            ? 0.5 * (double)(m->marks.isoelectric_from_ms + m->marks.isoelectric_to_ms)
            : level_first_ms;
    secg_cut_measure_level(&m->cut, &m->history, b->frame + frames_of(m, before_r),
                           frames_of(m, level_half_ms), level);
}

/* How much of the slow wander to take away first: all at slow rates, none where the levels come
 * densely enough to follow it by themselves. */
static float wander_share(float rr_ms)
{
    float share = (rr_ms - wander_none_ms) / (wander_all_ms - wander_none_ms);
    return share < 0 ? 0 : share < 1 ? share : 1;
}

static void find_levels(secg_measure *m, int64_t i)
{
    const held_beat *b = held(m, i), *before = i > 0 ? held(m, i - 1) : NULL;
    double reach = frames_of(m, level_reach_ms);
    m->cut.before.known = m->cut.after.known = m->cut.second.known = 0;
    measure_level(m, b, &m->cut.own);
    if (before && has_level(before) && b->frame - before->frame < reach)
        measure_level(m, before, &m->cut.before);
    m->trust = distant_trust;
    for (int64_t j = i + 1; j < m->end && held(m, j)->frame - b->frame < reach; j++)
        if (has_level(held(m, j))) {
            measure_level(m, held(m, j), &m->cut.after);
            m->trust = j == i + 1 ? 1 : distant_trust;
            break;
        }
    if (i + 2 < m->end && has_level(held(m, i + 1)) && has_level(held(m, i + 2)) &&
        held(m, i + 2)->frame - b->frame < reach)
        measure_level(m, held(m, i + 2), &m->cut.second);
}

static void begin_beat(secg_measure *m)
{
    int64_t i = m->next++;
    const held_beat *b = held(m, i);
    if (b->label != SECG_BEAT_N || b->paced ||
        b->frame + frames_of(m, judge_from_ms) < (double)m->learn_from)
        return;
    m->rr_ms = i + 1 < m->end ? (float)ms_of(m, held(m, i + 1)->frame - b->frame) : NAN;
    float before_ms = i > 0 ? (float)ms_of(m, b->frame - held(m, i - 1)->frame) : m->rr_ms;
    m->cut.share =
        wander_share(m->rr_ms == m->rr_ms ? 0.5f * (m->rr_ms + before_ms) : wander_all_ms);
    m->first_row = secg_grid_near(&m->grid, -(double)(before_part * before_ms));
    m->last_row = m->grid.rows;
    if (m->rr_ms == m->rr_ms)
        m->last_row = secg_grid_near(&m->grid, (double)m->rr_ms - next_beat_ms) + 1;
    if (m->last_row <= m->first_row) /* beside a gap a beat may stand right before another */
        return;
    find_levels(m, i);
    secg_cut_at(&m->cut, b->frame);
    m->row = m->first_row;
    secg_align_begin(&m->align);
    m->work = m->align.ready ? WORK_ALIGN : WORK_CUT;
}

static void align_beat(secg_measure *m)
{
    if (!secg_align_step(&m->align, &m->cut, &m->history))
        return;
    if (!(m->align.likeness > least_likeness)) {
        m->work = WORK_NONE;
        if (++m->misfits >= MISFITS_MOST)
            forget(m);
        return;
    }
    m->misfits = 0;
    secg_cut_at(&m->cut, m->cut.r_frame + (double)m->align.shift_rows * m->grid.down / m->grid.up);
    m->work = WORK_CUT;
}

static void cut_beat(secg_measure *m)
{
    float mv[ROWS_PER_STEP * SECG_STRIDE_MAX];
    size_t left = m->last_row - m->row, rows = left < ROWS_PER_STEP ? left : ROWS_PER_STEP;
    if (m->row == m->first_row)
        m->place = secg_average_place(&m->average, m->first_row, m->last_row);
    secg_cut_levelled(&m->cut, &m->history, m->row, rows, mv);
    secg_cut_store(mv, rows * m->grid.stride, m->place);
    m->place += rows * m->grid.stride;
    m->row += rows;
    if (m->row < m->last_row)
        return;
    secg_cut_level_doubt(&m->cut, mv);
    for (size_t k = 0; k < m->grid.stride; k++)
        mv[k] *= doubt_part;
    secg_average_store(&m->average, (int64_t)floor(m->cut.r_frame + 0.5), m->rr_ms, m->trust, mv,
                       secg_grid_near(&m->grid, judge_from_ms),
                       secg_grid_near(&m->grid, judge_to_ms));
    m->work = WORK_NONE;
}

/* ---- tables ------------------------------------------------------------------------------ */

/* The middle one of the beats averaged: a pause after an ectopic beat, or a beat that was missed,
 * says nothing of the rate that T waves follow. */
static float usual_rr_ms(const secg_average *a)
{
    float sorted[SECG_AVERAGE_BEATS];
    int n = 0;
    for (int i = 0; i < a->count; i++) {
        float rr = a->chosen[i]->rr_ms;
        if (!(rr == rr))
            continue;
        int at = n++;
        for (; at > 0 && sorted[at - 1] > rr; at--)
            sorted[at] = sorted[at - 1];
        sorted[at] = rr;
    }
    return n > 0 ? 0.5f * (sorted[(n - 1) / 2] + sorted[n / 2]) : NAN;
}

/* 1 when most of the beats in the window were ventricular or paced. */
static int mostly_wide(secg_measure *m, int64_t from, int64_t to)
{
    int wide = 0, all = 0;
    int64_t oldest = m->end > BEATS_HELD ? m->end - BEATS_HELD : 0;
    for (int64_t i = oldest; i < m->end; i++) {
        const held_beat *b = held(m, i);
        if (b->frame <= (double)from || b->frame > (double)to)
            continue;
        all++;
        wide += b->label == SECG_BEAT_V || b->paced;
    }
    return all > 2 && 2 * wide > all;
}

/* What is known about a lead before any measuring. */
static secg_why why_beforehand(secg_measure *m, size_t lead, int beats, int64_t window)
{
    const lead_gap *gap = &m->gap[lead];
    int64_t sample = m->source.sample;
    if (gap->from <= sample && gap->to > sample)
        return gap->state == SECG_SIGNAL_SATURATED ? SECG_WHY_SATURATED : SECG_WHY_LEAD_OFF;
    if (beats < 3 && mostly_wide(m, sample - window, sample))
        return SECG_WHY_VENTRICULAR;
    if (m->average.stored == 0)
        return sample < (int64_t)(first_table_s * m->config.rate_hz) ? SECG_WHY_NOT_YET
                                                                     : SECG_WHY_FEW_BEATS;
    if ((double)(sample - m->source.newest) > stale_s * m->config.rate_hz)
        return SECG_WHY_STALE;
    return beats < 3 ? SECG_WHY_FEW_BEATS : SECG_MEASURED;
}

/* A long window ends where the latest one begins that is kept and does not lie in it. */
static int64_t choose_frames(const secg_measure *m, int64_t sample)
{
    int64_t frames = frames_in(m, m->window_s), least = frames_in(m, window_usual_s);
    const secg_past_window *past =
        secg_past_find(&m->past, sample - frames, sample - least, m->source.rr_ms);
    return past ? sample - past->sample : frames;
}

static void begin_table(secg_measure *m, int64_t sample)
{
    int64_t window = m->window = choose_frames(m, sample);
    int beats = secg_average_begin(&m->average, sample - window, sample,
                                   secg_grid_near(&m->grid, judge_from_ms),
                                   secg_grid_near(&m->grid, judge_to_ms));
    m->source.sample = sample;
    m->source.past = NULL;
    m->fresh = 0;
    if (beats > 0)
        m->source.newest = m->average.chosen[0]->sample;
    for (size_t k = 0; k < m->config.lead_count; k++)
        m->source.why[k] = why_beforehand(m, k, beats, window);
    m->table_lead = 0;
    m->stride_tone = 0;
    m->work = beats >= 3 ? WORK_AVERAGE : WORK_TABLE;
}

/* Weights of the leads for whatever looks at all of them at once. */
static void lead_weights(const secg_measure *m, float floor_mv, float *weight)
{
    for (size_t k = 0; k < SECG_STRIDE_MAX; k++)
        weight[k] = k < m->grid.channels ? secg_average_weight(&m->average, k, floor_mv) : 0;
}

/* No level of this table is shown. */
static void refuse(secg_measure *m, secg_why why)
{
    for (size_t k = 0; k < m->config.lead_count; k++)
        if (m->source.why[k] == SECG_MEASURED)
            m->source.why[k] = why;
    m->work = WORK_TABLE;
}

/* Beats so far apart that none was followed by another in time have no rate, and by the rate an ST
 * point is chosen. */
static void average_beats(secg_measure *m)
{
    if (!secg_average_step(&m->average))
        return;
    m->source.rr_ms = usual_rr_ms(&m->average);
    if (!(m->source.rr_ms == m->source.rr_ms)) {
        refuse(m, SECG_WHY_FEW_BEATS);
        return;
    }
    m->work = WORK_LEARN;
}

static void learn_average(secg_measure *m)
{
    float weight[SECG_STRIDE_MAX];
    lead_weights(m, beat_noise_mv, weight);
    secg_align_learn(&m->align, m->average.mean, weight);
    lead_weights(m, marks_noise_mv, weight);
    secg_delineator_begin(&m->delineator, &(secg_marks_input){.mean = m->average.mean,
                                                              .channels = m->grid.channels,
                                                              .stride = m->grid.stride,
                                                              .weight = weight,
                                                              .noise_mv = m->average.noise_mv,
                                                              .rr_ms = m->source.rr_ms,
                                                              .whole_qrs = 1});
    m->work = WORK_MARKS;
}

/* P is of this table, the onset of QRS may be of others. */
static void end_p_before_qrs(secg_marks *marks)
{
    if (marks->p_peak_ms < marks->qrs_onset_ms)
        marks->p_end_ms = fminf(marks->p_end_ms, marks->qrs_onset_ms);
    else
        marks->p_onset_ms = marks->p_peak_ms = marks->p_end_ms = NAN;
}

/* Onset and J as they are held; the rest as found now. */
static void keep_marks(secg_measure *m)
{
    const secg_marks *now = &m->delineator.marks;
    if (now->j_ms == now->j_ms)
        secg_held_marks_take(&m->held_marks, &m->average, now);
    m->marks = *now;
    if (m->held_marks.j_ms == m->held_marks.j_ms) {
        m->marks.j_ms = m->held_marks.j_ms;
        m->marks.qrs_onset_ms = m->held_marks.onset_ms;
        secg_marks_set_isoelectric(&m->marks);
        end_p_before_qrs(&m->marks);
    }
    m->source.j_by_operator =
        m->override_j_ms == m->override_j_ms && m->marks.qrs_onset_ms == m->marks.qrs_onset_ms;
    if (m->source.j_by_operator)
        m->marks.j_ms = m->override_j_ms;
}

static void find_marks(secg_measure *m)
{
    if (secg_delineator_step(&m->delineator))
        m->work = WORK_KEEP_MARKS;
}

static void use_marks(secg_measure *m)
{
    keep_marks(m);
    m->table.point = secg_st_choose(m->config.st_point, m->table.point, 60000 / m->source.rr_ms);
    m->work = m->marks.j_ms == m->marks.j_ms ? WORK_BEGIN_SPREAD : WORK_TABLE;
}

static void begin_spread(secg_measure *m)
{
    float after_ms = secg_st_after_j_ms(m->table.point, 60000 / m->source.rr_ms);
    secg_st_level_form(&m->grid, &m->marks, after_ms, m->spread.form[0]);
    secg_st_slope_form(&m->grid, &m->marks, after_ms > 0 ? after_ms : 60, m->spread.form[1]);
    secg_spread_begin(&m->spread, &m->average, m->lead, m->config.lead_count,
                      frames_of(m, (double)m->source.rr_ms));
    m->work = WORK_SPREAD;
}

static float middle_of(const float *value, size_t count)
{
    float sorted[SECG_MAX_LEADS];
    size_t n = 0;
    for (size_t i = 0; i < count; i++) {
        if (!(value[i] > 0))
            continue;
        size_t at = n++;
        for (; at > 0 && sorted[at - 1] > value[i]; at--)
            sorted[at] = sorted[at - 1];
        sorted[at] = value[i];
    }
    return n > 0 ? sorted[n / 2] : 0;
}

/* What sigma would be over 15 s in the middle one of the leads. */
static float usual_sigma_mv(const secg_measure *m)
{
    float sigma[SECG_MAX_LEADS];
    for (size_t k = 0; k < m->config.lead_count; k++)
        sigma[k] = secg_spread_of(&m->spread, 0, k);
    return middle_of(sigma, m->config.lead_count) *
           (float)sqrt((double)m->window / m->config.rate_hz / window_usual_s);
}

/* A quiet average is kept to compare with; in noise, what the line between T and P is off from it by
 * widens sigma. */
static void look_between(secg_measure *m)
{
    float off_mv[SECG_DIASTOLE_POINTS * SECG_STRIDE_MAX];
    secg_spread *s = &m->spread;
    if (!(usual_sigma_mv(m) > noisy_mv)) {
        secg_diastole_keep(&m->diastole, &m->average, &m->marks, m->source.rr_ms);
        m->work = WORK_STRIDE_TONES;
        return;
    }
    m->work = WORK_BEGIN_STRIDE;
    secg_diastole_compare(&m->diastole, &m->average, &m->marks, m->source.rr_ms, off_mv);
    for (size_t k = 0; k < s->leads; k++) {
        float off = diastole_part * secg_diastole_off(&m->grid, off_mv, &s->lead[k]);
        float over = off * off - s->sigma[0][k] * s->sigma[0][k];
        s->locked[0][k] = fmaxf(s->locked[0][k], sqrtf(fmaxf(0, over)));
    }
}

/* So does a tone of the last averages that the heart's rate has caught up with. */
static void look_for_strides(secg_measure *m)
{
    int64_t from = m->source.sample - frames_in(m, tones_s);
    secg_stride_widen(&m->stride, m->stride_tone++, from, &m->spread);
    if (m->stride_tone == SECG_STRIDE_TONES)
        m->work = WORK_LOOK_BACK;
}

/* The window before counts as well where this one's beats are few for their noise. */
static void look_back(secg_measure *m, float sigma_mv)
{
    int64_t end = m->source.sample - m->window;
    if (!(sigma_mv > noisy_mv))
        return;
    m->source.past = secg_past_find(&m->past, end, end, m->source.rr_ms);
    if (m->source.past)
        secg_past_weigh(&m->past, m->source.past, &m->spread, m->source.past_share);
}

/* The next table's window: short where the ST of a changing workload would lag, long where noise
 * counts for more. */
static void choose_window(secg_measure *m, float sigma_mv)
{
    float worth = middle_of(m->average.worth, m->grid.channels);
    float worth_quiet = worth * (float)(window_quiet_s * m->config.rate_hz / (double)m->window);
    m->window_s = window_usual_s;
    if (sigma_mv > noisy_mv || worth < fewest_worth)
        m->window_s = window_noisy_s;
    else if (sigma_mv < quiet_mv && worth_quiet >= fewest_worth)
        m->window_s = window_quiet_s;
}

/* All is known of this average that the table needs. */
static void finish_spread(secg_measure *m)
{
    float sigma_mv = usual_sigma_mv(m);
    look_back(m, sigma_mv);
    choose_window(m, sigma_mv);
    m->fresh = 1;
    m->work = WORK_TABLE;
}

static void put_out(secg_measure *m)
{
    if (m->out_next == m->out_end || m->out_end > SECG_MAX_LEADS)
        m->out_next = m->out_end = 0;
    for (size_t k = 0; k < m->config.lead_count; k++)
        m->out[m->out_end++] = m->table.complex[k].st;
}

static void fill_table(secg_measure *m)
{
    m->source.average = m->average.present ? &m->average : NULL;
    m->source.marks = &m->marks;
    m->source.spread = &m->spread;
    secg_table_fill(&m->table, &m->source, m->table_lead++);
    if (m->table_lead < m->config.lead_count)
        return;
    m->work = WORK_NONE;
    m->shown |=
        m->average.present || m->source.sample >= (int64_t)(first_table_s * m->config.rate_hz);
    if (m->shown)
        put_out(m);
    if (m->fresh && m->tables % 2 == 0) {
        secg_past_begin(&m->past, m->source.sample, m->source.rr_ms, &m->spread, m->source.past,
                        m->source.past_share);
        m->work = WORK_KEEP;
    }
}

/* ---- the clock --------------------------------------------------------------------------- */

static int64_t next_table(const secg_measure *m)
{
    return (int64_t)floor((double)(m->tables + 1) * table_s * m->config.rate_hz + 0.5);
}

static void choose_work(secg_measure *m)
{
    int64_t due = m->frames - m->wait, sample = next_table(m);
    if (m->next < m->end && held(m, m->next)->frame <= (double)due) {
        begin_beat(m);
    } else if (sample <= due) {
        m->tables++;
        begin_table(m, sample);
    } else {
        double beat = m->next < m->end ? ceil(held(m, m->next)->frame) : (double)sample;
        m->next_work = m->wait + (beat < (double)sample ? (int64_t)beat : sample);
    }
}

static void work(secg_measure *m)
{
    switch (m->work) {
    case WORK_ALIGN:
        align_beat(m);
        break;
    case WORK_CUT:
        cut_beat(m);
        break;
    case WORK_AVERAGE:
        average_beats(m);
        break;
    case WORK_LEARN:
        learn_average(m);
        break;
    case WORK_MARKS:
        find_marks(m);
        break;
    case WORK_KEEP_MARKS:
        use_marks(m);
        break;
    case WORK_BEGIN_SPREAD:
        begin_spread(m);
        break;
    case WORK_SPREAD:
        if (secg_spread_step(&m->spread))
            m->work = WORK_DIASTOLE;
        break;
    case WORK_DIASTOLE:
        look_between(m);
        break;
    case WORK_BEGIN_STRIDE:
        secg_stride_begin(&m->stride, m->source.sample, &m->spread);
        m->work = WORK_STRIDE;
        break;
    case WORK_STRIDE:
        if (secg_stride_step(&m->stride))
            m->work = WORK_STRIDE_TONES;
        break;
    case WORK_STRIDE_TONES:
        look_for_strides(m);
        break;
    case WORK_LOOK_BACK:
        finish_spread(m);
        break;
    case WORK_TABLE:
        fill_table(m);
        break;
    case WORK_KEEP:
        if (secg_past_step(&m->past, &m->average))
            m->work = WORK_NONE;
        break;
    default:
        choose_work(m);
    }
}

/* Frames become the past as far as the work is concerned, wherever the run under way ends: as many
 * as there is nothing to do for, or one. */
static size_t pass_frames(secg_measure *m, size_t frames, int is_busy)
{
    if (m->work == WORK_NONE && m->frames + (int64_t)frames < m->next_work) {
        m->frames += (int64_t)frames;
        secg_history_pass(&m->history, frames);
        return frames;
    }
    m->frames++;
    secg_history_pass(&m->history, 1);
    for (int i = 0; i < m->steps && !is_busy; i++)
        if (m->work != WORK_NONE || m->frames >= m->next_work)
            work(m);
    return 1;
}

void secg_measure_write(secg_measure *m, const float *mv, size_t frames)
{
    while (frames > 0) {
        size_t room;
        float *clean = secg_history_room(&m->history, &room);
        room = room < frames ? room : frames;
        int is_known = secg_mains_take(&m->mains, mv, clean, room, m->grid.stride);
        secg_history_take(&m->history, room, is_known);
        mv += room * m->grid.stride;
        frames -= room;
    }
}

const float *secg_measure_latest(const secg_measure *m, size_t frames, size_t *run)
{
    size_t side, at = secg_history_place(&m->history, m->history.written - (int64_t)frames, &side);
    *run = side < frames ? side : frames;
    return m->history.mv + at * m->history.stride;
}

void secg_measure_pass(secg_measure *m, size_t frames, int last_is_busy)
{
    while (frames > 0)
        frames -= pass_frames(m, frames, frames == 1 && last_is_busy);
}

void secg_measure_push(secg_measure *m, const float *mv)
{
    float row[SECG_STRIDE_MAX] = {0};
    memcpy(row, mv, m->config.channels * sizeof *row);
    secg_measure_write(m, row, 1);
    secg_measure_pass(m, 1, 0);
}

void secg_measure_signal(secg_measure *m, const secg_signal_report *report)
{
    if (report->lead < 0 || (size_t)report->lead >= m->config.lead_count)
        return;
    lead_gap *gap = &m->gap[report->lead];
    if (report->state >= SECG_SIGNAL_SATURATED)
        *gap = (lead_gap){report->sample, INT64_MAX, report->state};
    else if (gap->from != INT64_MAX && gap->to == INT64_MAX)
        gap->to = report->sample;
}

void secg_measure_flush(secg_measure *m)
{
    float nothing[SECG_MAX_CHANNELS];
    int64_t end = m->frames;
    for (size_t k = 0; k < SECG_MAX_CHANNELS; k++)
        nothing[k] = NAN;
    while (m->frames < end + m->wait || m->next < m->end || m->work != WORK_NONE)
        secg_measure_push(m, nothing);
    if (m->source.sample == end)
        return; /* the grid's own table is the last */
    begin_table(m, end);
    while (m->work != WORK_NONE)
        work(m);
}

int secg_measure_next(secg_measure *m, secg_event *event)
{
    if (m->out_next == m->out_end)
        return 0;
    *event = (secg_event){.kind = SECG_EVENT_ST};
    event->st = m->out[m->out_next++];
    return 1;
}

/* ---- commands and queries ---------------------------------------------------------------- */

void secg_measure_relearn(secg_measure *m)
{
    forget(m);
    m->learn_from = m->frames;
}

void secg_measure_keep_rest(secg_measure *m)
{
    size_t cells = m->config.lead_count * m->grid.rows;
    memcpy(m->rest, m->table.complex, sizeof m->rest);
    for (size_t i = 0; i < cells; i++) {
        float count = m->table.shown[i] / SECG_GRID_MV;
        float held = fmaxf(-32767, fminf(32767, count));
        m->rest_counts[i] = (int16_t)(count == count ? lrintf(held) : SECG_GRID_GAP);
    }
}

void secg_measure_override_j(secg_measure *m, float j_ms)
{
    m->override_j_ms = j_ms;
}

void secg_measure_complex(const secg_measure *m, size_t lead, secg_complex *complex,
                          const float **mv)
{
    *complex = m->table.complex[lead];
    *mv = m->table.shown + lead * m->grid.rows;
}

secg_marks secg_measure_lead_marks(const secg_measure *m, size_t lead)
{
    return secg_table_lead_marks(&m->table, lead);
}

void secg_measure_rest(const secg_measure *m, size_t lead, secg_complex *complex, float *mv)
{
    const int16_t *counts = m->rest_counts + lead * m->grid.rows;
    *complex = m->rest[lead];
    for (size_t r = 0; mv && r < m->grid.rows; r++)
        mv[r] = counts[r] == SECG_GRID_GAP ? NAN : (float)counts[r] * SECG_GRID_MV;
}

size_t secg_measure_complex_samples(double rate_hz)
{
    secg_grid grid;
    secg_grid_init(&grid, rate_hz, 1);
    return grid.rows;
}

int64_t secg_measure_delay_samples(const secg_measure *m)
{
    return m->wait + (int64_t)ceil(table_work_s * m->config.rate_hz);
}
