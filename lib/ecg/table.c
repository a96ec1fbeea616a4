/* When a level is shown: three beats and more, QRS onset and J found, residual noise of the
 * average under 50 uV (domain.md 3.2), and a sigma of noise under a limit that is chosen so that noise moves
 * 19 in 20 of the numbers shown by less than half a millimetre of paper at peak effort (27 uV from 150 bpm
 * on), and by less than a quarter at rest (17 uV up to 100 bpm), where changes are counted from and a quieter
 * moment can be waited for; in between the limit rises with the rate.  A
 * level of which that is a twentieth is shown all the same.  Otherwise the reason stands in its place.
 *
 * sigma, as a sum of squares: the spread over the beats and what it cannot see (ecg/spread.c), and
 * 2.8 ms of doubt about where J lies times the steepness of the complex at the point.  The latter is
 * told but hides nothing up to 15 mV/s, which a T wave rises by at 190 bpm: steeper, the point lies on
 * a wave and there is no segment, unless that doubt is under a tenth of the level, as where a large ST
 * elevation runs into T.
 *
 * Where the signal is so noisy that a window before the present one counts as well (ecg/past.c), all
 * rows of the complex shown are the weighted mean of both, and so are noise and spread, in squares. */
#include "ecg/table.h"

#include "base/lead_value.h"

#include <math.h>
#include <string.h>

static const float most_noise_mv = 0.050f, most_sigma_slow_mv = 0.017f, most_sigma_fast_mv = 0.027f,
                   level_part = 0.05f, steep_part = 0.1f, slow_bpm = 100, fast_bpm = 150,
                   steepest_mv_s = 15;
static const float j_doubt_s = 0.0028f, fewest_beats = 2.5f;

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

/* One channel of the average; rows that the past window does not have are those of the present. */
static void copy_channel(const secg_table *t, const secg_table_source *from, int channel, float *x)
{
    float share = from->past ? from->past_share[channel] : 0;
    const float *mean = from->average->mean + channel;
    size_t stride = t->grid.stride;
    for (size_t r = 0; r < t->grid.rows; r++)
        x[r] = mean[r * stride];
    for (size_t r = 0; r < t->grid.rows && share > 0; r++)
        x[r] = secg_past_mixed_mv(from->past, r * stride + (size_t)channel, x[r], share);
}

/* The rows of a channel as its own lead shows them; leads of channels come first and are there. */
static const float *channel_rows(const secg_table *t, int channel)
{
    size_t lead = 0;
    while (t->lead[lead].channel != channel)
        lead++;
    return t->shown + lead * t->grid.rows;
}

static void lead_rows(const secg_table *t, const secg_table_source *from, size_t lead, float *x)
{
    const secg_lead_source *s = &t->lead[lead];
    if (s->channel >= 0) {
        copy_channel(t, from, s->channel, x);
        return;
    }
    const float *i = channel_rows(t, s->channel_i), *ii = channel_rows(t, s->channel_ii);
    for (size_t r = 0; r < t->grid.rows; r++)
        x[r] = s->from_i * i[r] + s->from_ii * ii[r];
}

static float noise_of(const secg_table *t, const secg_table_source *from, size_t lead)
{
    float noise_mv[SECG_STRIDE_MAX];
    for (size_t k = 0; k < t->grid.channels; k++)
        noise_mv[k] =
            secg_past_noise(from->past, from->average, from->past ? from->past_share[k] : 0, k);
    return secg_lead_noise(&t->lead[lead], noise_mv);
}

static float spread_of(const secg_table_source *from, int form, size_t lead)
{
    return from->past ? secg_past_spread(from->past, from->spread, from->past_share, form, lead)
                      : secg_spread_of(from->spread, form, lead);
}

static float worth_of(const secg_lead_source *s, const secg_average *a)
{
    if (s->channel >= 0)
        return a->worth[s->channel];
    return fminf(a->worth[s->channel_i], a->worth[s->channel_ii]);
}

static uint16_t beats_of(const secg_table *t, const secg_table_source *from, size_t lead)
{
    const secg_lead_source *s = &t->lead[lead];
    int channel[2] = {s->channel >= 0 ? s->channel : s->channel_i,
                      s->channel >= 0 ? s->channel : s->channel_ii};
    uint16_t beats[2];
    for (int i = 0; i < 2; i++)
        beats[i] =
            secg_past_beats(from->past, from->average,
                            from->past ? from->past_share[channel[i]] : 0, (size_t)channel[i]);
    return beats[0] < beats[1] ? beats[0] : beats[1];
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
        .noise_mv = noise_of(t, from, lead),
        .bpm = 60000 / from->rr_ms,
        .beats = beats_of(t, from, lead),
        .j_by_operator = (uint8_t)from->j_by_operator,
    };
}

static float most_sigma(const secg_st *st)
{
    float part = fmaxf(0, fminf(1, (st->bpm - slow_bpm) / (fast_bpm - slow_bpm)));
    float most_mv = most_sigma_slow_mv + part * (most_sigma_fast_mv - most_sigma_slow_mv);
    return fmaxf(most_mv, level_part * fabsf(st->level_mv));
}

/* Sets sigma, and says what stands against a level that was measured. */
static secg_why judge(const secg_table *t, const secg_table_source *from, size_t lead, secg_st *st)
{
    float after_ms = secg_st_after_j_ms((secg_st_point)st->point, st->bpm);
    float steep =
        secg_st_steepness(&t->grid, from->marks, after_ms, t->shown + lead * t->grid.rows);
    float sigma_mv = secg_spread_uncertainty(spread_of(from, 0, lead), st->noise_mv);
    st->sigma_mv = hypotf(sigma_mv, j_doubt_s * steep);
    st->slope_sigma_mv_s = spread_of(from, 1, lead);
    if (!(sigma_mv < most_sigma(st)))
        return SECG_WHY_NOISE;
    int is_segment =
        fabsf(steep) < steepest_mv_s || j_doubt_s * fabsf(steep) < steep_part * fabsf(st->level_mv);
    return is_segment ? SECG_MEASURED : SECG_WHY_NO_FIDUCIAL;
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

/* At the highest rates the next beat begins before the last of its points. */
static int is_all_known(const secg_st *st)
{
    float sum = st->level_mv + st->level_j_mv + st->level_j60_mv + st->level_j80_mv +
                st->level_jrr16_mv + st->slope_mv_s + st->integral_mv_s;
    return sum == sum;
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
        lead_rows(t, from, lead, t->shown + lead * t->grid.rows);
        describe(t, from, lead);
        st.beats = c->beats;
        st.noise_mv = c->noise_mv;
        st.bpm = c->bpm;
        st.age_s = (float)((double)(from->sample - from->newest) / t->grid.input_rate_hz);
    }
    secg_st_blank(&st, from->average ? why_not(t, from, lead, c) : from->why[lead]);
    if (st.why == SECG_MEASURED) {
        secg_st_measure(&t->grid, from->marks, t->shown + lead * t->grid.rows, t->scratch, &st);
        secg_why why = is_all_known(&st) ? judge(t, from, lead, &st) : SECG_WHY_NO_FIDUCIAL;
        if (why != SECG_MEASURED)
            secg_st_blank(&st, why);
    }
    c->st = st;
}

secg_marks secg_table_lead_marks(const secg_table *t, size_t lead)
{
    const secg_complex *c = &t->complex[lead];
    float rows[3][SECG_GRID_ROWS_MAX], fine[SECG_FINE_ROWS_MAX];
    secg_delineator d = {.grid = t->grid, .speed = rows[0], .size = rows[1], .along = rows[2]};
    secg_fine_init(&d.fine, &t->grid);
    d.fine.mv = d.fine.on.rows == t->grid.rows ? NULL : fine;
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
                                                  .global = &global});
    while (!secg_delineator_step(&d))
        ;
    return d.marks;
}
