#include "ecg/measure.h"

#include "dsp/mains.h"
#include "ecg/cut.h"
#include "ecg/st.h"

#include <math.h>
#include <string.h>

enum { PENDING_MAX = 64 };
enum { WORK_NONE, WORK_QRS, WORK_MATCH, WORK_ROWS, WORK_AVERAGE };

static const double table_s = 5, wait_s = 2.6, history_s = 4.2, window_s = 15;
static const double lag_s = 1.6, knot_reach_s = 2.0;
static const float level_half_ms = 10;

typedef struct pending_beat {
    double frame;
    float rr_ms;
    uint8_t label, paced;
} pending_beat;

typedef struct lead_gap { /* a time in which the lead was off or saturated            */
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
    secg_average average;
    int64_t frames;
    int64_t wait; /* frames between an R peak and its cutting                 */
    int steps;    /* of work at each frame                                    */

    pending_beat pending[PENDING_MAX];
    int64_t first_pending, last_pending; /* [first, last) still to be cut                */
    int work;
    int16_t *place;

    int64_t table; /* number of the next table                                 */
    int64_t table_sample;
    double override_j_ms;
    float iso_ms; /* centre of the isoelectric window before R                */
    lead_gap gap[SECG_MAX_LEADS];

    secg_marks marks;
    float *scratch;
    float *shown; /* [leads][rows]: complexes of the last table               */
    secg_complex complex[SECG_MAX_LEADS];
    secg_st_point point;
    int emit; /* next lead to report; lead_count: none                    */
    int started;
    int64_t newest; /* R of the newest beat stored                              */
};

static double frames_of(const secg_measure *m, double ms)
{
    return ms * m->config.rate_hz / 1000;
}

secg_measure *secg_measure_lay_out(secg_arena *arena, const secg_measure_config *config)
{
    secg_measure *m = secg_take(arena, 1, sizeof *m);
    secg_grid grid;
    secg_history history;
    secg_cut cut;
    secg_average average;
    secg_grid_init(&grid, config->rate_hz, config->channels);
    secg_history_lay_out(&history, arena, config->rate_hz, config->channels, grid.stride, lag_s,
                         history_s);
    secg_cut_lay_out(&cut, arena, &grid);
    secg_average_lay_out(&average, arena, &grid);
    float *scratch = secg_take(arena, 3 * grid.rows, sizeof *scratch);
    float *shown = secg_take(arena, config->lead_count * grid.rows, sizeof *shown);
    if (!shown)
        return NULL;
    *m = (secg_measure){.config = *config,
                        .grid = grid,
                        .history = history,
                        .cut = cut,
                        .average = average,
                        .scratch = scratch,
                        .shown = shown};
    memcpy(m->lead, config->leads, config->lead_count * sizeof *m->lead);
    m->config.leads = m->lead;
    m->wait = (int64_t)ceil(wait_s * config->rate_hz);
    m->steps = (int)ceil(500 / config->rate_hz);
    secg_measure_reset(m);
    return m;
}

static void forget(secg_measure *m)
{
    secg_average_forget(&m->average);
    m->first_pending = m->last_pending;
    m->work = WORK_NONE;
    m->iso_ms = -70;
    m->marks = (secg_marks){NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN};
    m->newest = SECG_NO_SAMPLE;
}

void secg_measure_reset(secg_measure *m)
{
    m->frames = 0;
    m->first_pending = m->last_pending = 0;
    forget(m);
    secg_mains_init(&m->mains, m->config.rate_hz, m->config.channels, m->config.mains_hz);
    secg_history_reset(&m->history);
    m->table = 1;
    m->override_j_ms = NAN;
    m->point = SECG_ST_AUTO;
    m->emit = (int)m->config.lead_count;
    m->started = 0;
    for (size_t k = 0; k < m->config.lead_count; k++) {
        m->gap[k] = (lead_gap){INT64_MAX, INT64_MAX, 0};
        m->complex[k] = (secg_complex){.sample = SECG_NO_SAMPLE};
    }
}

/* ---- beats ------------------------------------------------------------------------------- */

static pending_beat *pending(secg_measure *m, int64_t i)
{
    return &m->pending[i % PENDING_MAX];
}

void secg_measure_beat(secg_measure *m, const secg_beat *beat)
{
    double frame = (double)beat->sample + (double)beat->offset_samples;
    if (m->last_pending - m->first_pending >= PENDING_MAX - 2)
        return;
    if (m->last_pending > 0 && frame <= pending(m, m->last_pending - 1)->frame)
        return;
    *pending(m, m->last_pending++) = (pending_beat){frame, beat->rr_ms, beat->label, beat->paced};
    int wide = beat->label == SECG_BEAT_V || beat->paced;
    secg_baseline_leave_out(&m->history.baseline, (int64_t)(frame - frames_of(m, wide ? 140 : 60)),
                            (int64_t)(frame + frames_of(m, wide ? 420 : 80)));
}

static int carries_level(const pending_beat *b)
{
    return b->label == SECG_BEAT_N || b->label == SECG_BEAT_S;
}

/* The isoelectric levels before this beat and its neighbours. */
static void find_levels(secg_measure *m, int64_t i)
{
    secg_cut *c = &m->cut;
    const pending_beat *b = pending(m, i);
    double half = frames_of(m, level_half_ms), iso = frames_of(m, m->iso_ms);
    double reach = knot_reach_s * m->config.rate_hz;
    int64_t ended = i > 0 ? i - 1 : 0;
    c->has_before =
        i > 0 && carries_level(pending(m, ended)) && b->frame - pending(m, ended)->frame < reach;
    c->own_frame = b->frame + iso;
    secg_history_level(&m->history, c->own_frame, half, c->own);
    if (c->has_before) {
        c->before_frame = pending(m, ended)->frame + iso;
        secg_history_level(&m->history, c->before_frame, half, c->before);
    }
    c->has_after = 0;
    c->rr_ms = NAN;
    for (int64_t j = i + 1; j < m->last_pending; j++) {
        const pending_beat *next = pending(m, j);
        if (j == i + 1)
            c->rr_ms = (float)((next->frame - b->frame) * 1000 / m->config.rate_hz);
        if (!carries_level(next) || next->frame - b->frame > reach)
            continue;
        c->has_after = 1;
        c->after_frame = next->frame + iso;
        secg_history_level(&m->history, c->after_frame, half, c->after);
        break;
    }
}

static void begin_beat(secg_measure *m)
{
    int64_t i = m->first_pending++;
    const pending_beat *b = pending(m, i);
    if (b->label != SECG_BEAT_N || b->paced)
        return;
    find_levels(m, i);
    secg_cut_at(&m->cut, b->frame);
    m->cut.row = 0;
    m->place = secg_average_place(&m->average);
    m->work = WORK_ROWS;
}

static int16_t stored(float mv)
{
    if (!(mv == mv))
        return SECG_GRID_GAP;
    float count = mv / SECG_GRID_MV;
    count = count > 32767 ? 32767 : count < -32767 ? -32767 : count;
    return (int16_t)lrintf(count);
}

static void finish_beat(secg_measure *m)
{
    int64_t sample = (int64_t)floor(m->cut.r_frame + 0.5);
    secg_average_store(&m->average, sample, m->cut.rr_ms, secg_grid_near(&m->grid, -100),
                       secg_grid_near(&m->grid, 200));
    m->newest = sample;
    m->work = WORK_NONE;
}

static void cut_rows(secg_measure *m)
{
    float mv[SECG_STRIDE_MAX];
    for (int i = 0; i < 4 && m->cut.row < m->grid.rows; i++, m->cut.row++) {
        secg_cut_row(&m->cut, &m->history, m->cut.row, mv);
        for (size_t k = 0; k < m->grid.stride; k++)
            m->place[m->cut.row * m->grid.stride + k] = stored(mv[k]);
    }
    if (m->cut.row == m->grid.rows)
        finish_beat(m);
}

/* ---- the table --------------------------------------------------------------------------- */

static int64_t grid_sample(const secg_measure *m, int64_t table)
{
    return (int64_t)floor((double)table * table_s * m->config.rate_hz + 0.5);
}

static void begin_table(secg_measure *m, int64_t sample)
{
    m->table_sample = sample;
    int64_t window = (int64_t)(window_s * m->config.rate_hz);
    secg_average_begin(&m->average, sample - window, sample, secg_grid_near(&m->grid, -100),
                       secg_grid_near(&m->grid, 180));
    m->work = WORK_AVERAGE;
}

static float mean_rr_ms(const secg_average *a)
{
    float sum = 0;
    int n = 0;
    for (int i = 0; i < a->count; i++) {
        float rr = a->beat[a->slot[i]].rr_ms;
        if (rr == rr)
            sum += rr, n++;
    }
    return n > 0 ? sum / (float)n : NAN;
}

static void lead_rows(const secg_measure *m, size_t lead, float *x)
{
    const secg_lead_source *s = &m->lead[lead];
    size_t stride = m->grid.stride;
    const float *mean = m->average.mean;
    for (size_t r = 0; r < m->grid.rows; r++)
        x[r] = s->channel >= 0 ? mean[r * stride + (size_t)s->channel]
                               : s->from_i * mean[r * stride + (size_t)s->channel_i] +
                                     s->from_ii * mean[r * stride + (size_t)s->channel_ii];
}

static void blank(secg_st *st, secg_why why)
{
    st->why = (uint8_t)why;
    st->level_mv = st->sigma_mv = st->slope_mv_s = st->slope_sigma_mv_s = NAN;
    st->level_j_mv = st->level_j60_mv = st->level_j80_mv = st->level_jrr16_mv = NAN;
    st->integral_mv_s = NAN;
}

static uint16_t lead_beats(const secg_measure *m, size_t lead)
{
    const secg_lead_source *s = &m->lead[lead];
    const uint16_t *beats = m->average.beats;
    if (s->channel >= 0)
        return beats[s->channel];
    return beats[s->channel_i] < beats[s->channel_ii] ? beats[s->channel_i] : beats[s->channel_ii];
}

static float lead_noise_mv(const secg_measure *m, size_t lead)
{
    const secg_lead_source *s = &m->lead[lead];
    const float *noise = m->average.noise_mv;
    if (s->channel >= 0)
        return noise[s->channel];
    return hypotf(s->from_i * noise[s->channel_i], s->from_ii * noise[s->channel_ii]);
}

static secg_why why_not(const secg_measure *m, size_t lead, const secg_st *st)
{
    const lead_gap *gap = &m->gap[lead];
    if (gap->from <= m->table_sample && gap->to > m->table_sample)
        return gap->state == SECG_SIGNAL_SATURATED ? SECG_WHY_SATURATED : SECG_WHY_LEAD_OFF;
    if (!m->average.present || m->average.count == 0)
        return SECG_WHY_NOT_YET;
    if (st->beats < 3)
        return SECG_WHY_FEW_BEATS;
    if (!(m->marks.j_ms == m->marks.j_ms))
        return SECG_WHY_NO_FIDUCIAL;
    if (!(st->noise_mv < 0.05f))
        return SECG_WHY_NOISE;
    return SECG_MEASURED;
}

static void measure_lead(secg_measure *m, size_t lead, float rr_ms)
{
    float *x = m->shown + lead * m->grid.rows;
    secg_complex *c = &m->complex[lead];
    secg_st *st = &c->st;
    *c = (secg_complex){
        .sample = m->table_sample, .rate_hz = m->grid.rate_hz, .r_index = (uint32_t)m->grid.r_row};
    *st = (secg_st){.sample = m->table_sample,
                    .lead = (uint8_t)lead,
                    .point = (uint8_t)m->point,
                    .path = SECG_PATH_MEASUREMENT,
                    .beats = lead_beats(m, lead),
                    .noise_mv = lead_noise_mv(m, lead),
                    .bpm = 60000 / rr_ms,
                    .age_s = NAN};
    if (m->average.count > 0)
        st->age_s = (float)((double)(m->table_sample - m->average.beat[m->average.slot[0]].sample) /
                            m->config.rate_hz);
    blank(st, why_not(m, lead, st));
    if (!m->average.present)
        return;
    lead_rows(m, lead, x);
    c->samples = (uint32_t)m->grid.rows;
    c->p_onset_ms = m->marks.p_onset_ms;
    c->p_end_ms = m->marks.p_end_ms;
    c->qrs_onset_ms = m->marks.qrs_onset_ms;
    c->j_ms = m->marks.j_ms;
    c->t_peak_ms = m->marks.t_peak_ms;
    c->t_end_ms = m->marks.t_end_ms;
    c->isoelectric_from_ms = m->marks.isoelectric_from_ms;
    c->isoelectric_to_ms = m->marks.isoelectric_to_ms;
    c->noise_mv = st->noise_mv;
    c->bpm = st->bpm;
    c->beats = st->beats;
    c->isoelectric_mv =
        m->marks.j_ms == m->marks.j_ms ? secg_st_isoelectric(&m->grid, &m->marks, x, 1) : NAN;
    if (st->why == SECG_MEASURED) {
        secg_st_levels(&m->grid, &m->marks, x, 1, st);
        st->sigma_mv = st->noise_mv;
        st->slope_sigma_mv_s = st->noise_mv / 0.05f;
    }
}

static void finish_table(secg_measure *m)
{
    float rr_ms = mean_rr_ms(&m->average);
    if (m->average.present) {
        float weight[SECG_STRIDE_MAX];
        for (size_t k = 0; k < m->grid.stride; k++)
            weight[k] = k < m->grid.channels && m->average.noise_mv[k] < 0.1f ? 1.0f : 0.0f;
        secg_delineate(&m->grid, m->average.mean, weight, rr_ms, m->scratch, &m->marks);
        if (m->override_j_ms == m->override_j_ms)
            m->marks.j_ms = (float)m->override_j_ms;
    }
    m->point = secg_st_choose(m->config.st_point, m->point, 60000 / rr_ms);
    for (size_t k = 0; k < m->config.lead_count; k++)
        measure_lead(m, k, rr_ms);
    m->started |= m->average.present;
    m->emit = m->started || m->table >= 3 ? 0 : (int)m->config.lead_count;
    m->work = WORK_NONE;
}

/* ---- the clock --------------------------------------------------------------------------- */

static void choose_work(secg_measure *m)
{
    int64_t cut_to = m->frames - m->wait;
    if (m->first_pending < m->last_pending &&
        pending(m, m->first_pending)->frame <= (double)cut_to) {
        begin_beat(m);
        return;
    }
    int64_t sample = grid_sample(m, m->table);
    if (sample <= cut_to) {
        m->table++;
        begin_table(m, sample);
    }
}

static void work(secg_measure *m)
{
    switch (m->work) {
    case WORK_ROWS:
        cut_rows(m);
        break;
    case WORK_AVERAGE:
        if (m->average.count == 0 || secg_average_step(&m->average))
            finish_table(m);
        break;
    default:
        choose_work(m);
    }
}

void secg_measure_push(secg_measure *m, const float *mv)
{
    float clean[SECG_STRIDE_MAX] = {0};
    memcpy(clean, mv, m->config.channels * sizeof *clean);
    secg_mains_run(&m->mains, clean);
    secg_history_push(&m->history, clean);
    m->frames++;
    for (int i = 0; i < m->steps; i++)
        work(m);
}

void secg_measure_signal(secg_measure *m, const secg_signal_report *report)
{
    if (report->lead < 0 || (size_t)report->lead >= m->config.lead_count)
        return;
    lead_gap *gap = &m->gap[report->lead];
    int bad = report->state >= SECG_SIGNAL_SATURATED;
    if (bad)
        *gap = (lead_gap){report->sample, INT64_MAX, report->state};
    else if (gap->to == INT64_MAX && gap->from != INT64_MAX)
        gap->to = report->sample;
}

void secg_measure_flush(secg_measure *m)
{
    float nothing[SECG_STRIDE_MAX];
    for (size_t k = 0; k < SECG_STRIDE_MAX; k++)
        nothing[k] = NAN;
    int64_t end = m->frames;
    while (m->work != WORK_NONE || m->first_pending < m->last_pending || m->frames < end + m->wait)
        secg_measure_push(m, nothing);
    begin_table(m, end);
    while (m->work != WORK_NONE)
        work(m);
}

int secg_measure_next(secg_measure *m, secg_event *event)
{
    if (m->emit >= (int)m->config.lead_count)
        return 0;
    *event = (secg_event){.kind = SECG_EVENT_ST};
    event->st = m->complex[m->emit++].st;
    return 1;
}

void secg_measure_relearn(secg_measure *m)
{
    forget(m);
}

void secg_measure_keep_rest(secg_measure *m)
{
    (void)m;
}

void secg_measure_override_j(secg_measure *m, float j_ms)
{
    m->override_j_ms = (double)j_ms;
}

void secg_measure_complex(const secg_measure *m, size_t lead, secg_complex *complex,
                          const float **mv)
{
    *complex = m->complex[lead];
    *mv = m->shown + lead * m->grid.rows;
}

size_t secg_measure_complex_samples(double rate_hz)
{
    secg_grid grid;
    secg_grid_init(&grid, rate_hz, 1);
    return grid.rows;
}

int64_t secg_measure_delay_samples(const secg_measure *m)
{
    return m->wait + (int64_t)(1.5 * m->config.rate_hz);
}
