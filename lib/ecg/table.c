/* When a level is shown: three beats and more, QRS onset and J found, residual noise of the
 * average under 50 uV (domain.md 3.2), and 1.96 sigma under 50 uV, so that of the numbers shown
 * 19 in 20 and more lie within half a millimetre of paper.  Otherwise the reason stands in its place.
 *
 * sigma, as a sum of squares: the spread over the beats (ecg/spread.c); 0.5 of the noise of one
 * sample, for noise that keeps step with the heart for longer than the spread can see, as motion
 * at peak exercise does (so chosen that 9 in 10 errors and more lie within 1.96 sigma with the noise
 * recordings em and ma at 12 dB); 3 ms of doubt about where J lies times the steepness of the
 * complex at the point; and 1 uV for rounding and resampling. */
#include "ecg/table.h"

#include <math.h>
#include <string.h>

static const float most_noise_mv = 0.050f, most_sigma_mv = 0.0255f;
static const float j_doubt_s = 0.002f, rounding_mv = 0.001f, fewest_beats = 2.5f;
static const float unseen = 0.5f;

void secg_table_lay_out(secg_table *t, secg_arena *arena, const secg_grid *grid,
                        const secg_lead_source *lead, size_t leads)
{
    *t = (secg_table){.grid = *grid, .lead = lead, .leads = leads};
    t->shown = secg_take(arena, leads * grid->rows, sizeof *t->shown);
    t->scratch = secg_take(arena, grid->rows, sizeof *t->scratch);
}

void secg_table_clear(secg_table *t)
{
    t->point = SECG_ST_AUTO;
    for (size_t k = 0; k < t->leads; k++)
        t->complex[k] = (secg_complex){.sample = SECG_NO_SAMPLE};
}

static void lead_rows(const secg_table *t, const secg_lead_source *s, const float *mean, float *x)
{
    size_t stride = t->grid.stride;
    for (size_t r = 0; r < t->grid.rows; r++, mean += stride)
        x[r] = s->channel >= 0 ? mean[s->channel]
                               : s->from_i * mean[s->channel_i] + s->from_ii * mean[s->channel_ii];
}

static float noise_of(const secg_lead_source *s, const secg_average *a)
{
    if (s->channel >= 0)
        return a->noise_mv[s->channel];
    return hypotf(s->from_i * a->noise_mv[s->channel_i], s->from_ii * a->noise_mv[s->channel_ii]);
}

static float worth_of(const secg_lead_source *s, const secg_average *a)
{
    if (s->channel >= 0)
        return a->worth[s->channel];
    return fminf(a->worth[s->channel_i], a->worth[s->channel_ii]);
}

static uint16_t beats_of(const secg_lead_source *s, const secg_average *a)
{
    if (s->channel >= 0)
        return a->beats[s->channel];
    uint16_t i = a->beats[s->channel_i], ii = a->beats[s->channel_ii];
    return i < ii ? i : ii;
}

static void describe(secg_table *t, const secg_table_source *from, size_t lead)
{
    const secg_marks *m = from->marks;
    const float *x = t->shown + lead * t->grid.rows;
    int found = m->j_ms == m->j_ms;
    t->spike_from_ms = m->spike_from_ms;
    t->spike_to_ms = m->spike_to_ms;
    t->complex[lead] = (secg_complex){
        .sample = from->sample,
        .rate_hz = t->grid.rate_hz,
        .samples = (uint32_t)t->grid.rows,
        .r_index = (uint32_t)t->grid.r_row,
        .p_onset_ms = m->p_onset_ms,
        .p_end_ms = m->p_end_ms,
        .qrs_onset_ms = m->qrs_onset_ms,
        .j_ms = m->j_ms,
        .t_peak_ms = m->t_peak_ms,
        .t_end_ms = m->t_end_ms,
        .isoelectric_from_ms = m->isoelectric_from_ms,
        .isoelectric_to_ms = m->isoelectric_to_ms,
        .isoelectric_mv = found ? secg_st_isoelectric(&t->grid, m, x) : NAN,
        .noise_mv = noise_of(&t->lead[lead], from->average),
        .bpm = 60000 / from->rr_ms,
        .beats = beats_of(&t->lead[lead], from->average),
        .j_by_operator = (uint8_t)from->j_by_operator,
    };
}

static void set_sigma(const secg_table *t, const secg_table_source *from, size_t lead, secg_st *st)
{
    float spread = from->spread->sigma[0][lead];
    float after_ms = secg_st_after_j_ms((secg_st_point)st->point, st->bpm);
    float doubt = j_doubt_s * secg_st_steepness(&t->grid, from->marks, after_ms,
                                                t->shown + lead * t->grid.rows);
    float rough = unseen * st->noise_mv;
    st->sigma_mv =
        sqrtf(spread * spread + rough * rough + doubt * doubt + rounding_mv * rounding_mv);
    st->slope_sigma_mv_s = from->spread->sigma[1][lead];
}

static secg_why why_not(const secg_table *t, const secg_table_source *from, size_t lead,
                        const secg_complex *c)
{
    if (from->why[lead] != SECG_MEASURED)
        return from->why[lead];
    if (c->beats == 0)
        return SECG_WHY_LEAD_OFF;
    if (!(worth_of(&t->lead[lead], from->average) >= fewest_beats))
        return SECG_WHY_FEW_BEATS;
    if (!(c->j_ms == c->j_ms) || !secg_st_fits(&t->grid, from->marks, c->bpm))
        return SECG_WHY_NO_FIDUCIAL;
    return c->noise_mv < most_noise_mv ? SECG_MEASURED : SECG_WHY_NOISE;
}

void secg_table_fill(secg_table *t, const secg_table_source *from, size_t lead)
{
    secg_complex *c = &t->complex[lead];
    secg_st st = {.sample = from->sample,
                  .lead = (uint8_t)lead,
                  .point = (uint8_t)t->point,
                  .path = SECG_PATH_MEASUREMENT,
                  .noise_mv = NAN,
                  .bpm = NAN,
                  .age_s = NAN};
    if (from->average) {
        lead_rows(t, &t->lead[lead], from->average->mean, t->shown + lead * t->grid.rows);
        describe(t, from, lead);
        st.beats = c->beats;
        st.noise_mv = c->noise_mv;
        st.bpm = c->bpm;
        st.age_s = (float)((double)(from->sample - from->newest) / t->grid.input_rate_hz);
    }
    secg_st_blank(&st, from->average ? why_not(t, from, lead, c) : from->why[lead]);
    if (st.why == SECG_MEASURED) {
        secg_st_measure(&t->grid, from->marks, t->shown + lead * t->grid.rows, t->scratch, &st);
        set_sigma(t, from, lead, &st);
        if (!(st.sigma_mv < most_sigma_mv))
            secg_st_blank(&st, SECG_WHY_NOISE);
    }
    c->st = st;
}

secg_marks secg_table_lead_marks(const secg_table *t, size_t lead)
{
    const secg_complex *c = &t->complex[lead];
    float rows[3][SECG_GRID_ROWS_MAX];
    secg_delineator d = {.grid = t->grid, .speed = rows[0], .size = rows[1], .along = rows[2]};
    const float one = 1;
    secg_marks global = secg_marks_none();
    if (c->samples == 0 || !(c->j_ms == c->j_ms))
        return global;
    global.p_onset_ms = c->p_onset_ms;
    global.p_end_ms = c->p_end_ms;
    global.qrs_onset_ms = c->qrs_onset_ms;
    global.spike_from_ms = t->spike_from_ms;
    global.spike_to_ms = t->spike_to_ms;
    global.j_ms = c->j_ms;
    secg_delineator_begin(&d, &(secg_marks_input){.mean = t->shown + lead * t->grid.rows,
                                                  .channels = 1,
                                                  .stride = 1,
                                                  .weight = &one,
                                                  .noise_mv = &c->noise_mv,
                                                  .rr_ms = 60000 / c->bpm,
                                                  .global = &global,
                                                  .edge_most_ms = SECG_MARKS_EDGE_SEEN_MS});
    while (!secg_delineator_step(&d))
        ;
    return d.marks;
}
