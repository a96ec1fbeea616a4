/* The whole measurement path against tracings whose ST is known from a formula. */
#include "measured.h"
#include "shared_data.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>

#define TWO_PI 6.283185307179586

static measured result;

static double wander_and_mains(void *context, double t, int lead)
{
    const double *hz = context; /* wander, mains */
    return 0.5 * sin(TWO_PI * hz[0] * t + 0.3 * lead) + 0.1 * sin(TWO_PI * hz[1] * t + lead);
}

/* The aim: 95 % of errors within 10 uV from 50 to 200 bpm, at any rate of sampling. */
struct clean {
    double bpm, rate_hz, limit_mv;
};
ParameterizedTestParameters(measure, clean)
{
    static struct clean row[] = {{50, 500, 0.003},  {75, 500, 0.002},   {100, 500, 0.002},
                                 {150, 500, 0.003}, {175, 500, 0.005},  {200, 500, 0.008},
                                 {100, 100, 0.004}, {100, 125, 0.004},  {120, 250, 0.003},
                                 {90, 360, 0.003},  {150, 1000, 0.003}, {80, 2000, 0.002}};
    return cr_make_param_array(struct clean, row, sizeof row / sizeof *row);
}
ParameterizedTest(struct clean *want, measure, clean)
{
    tracing c = {.bpm = want->bpm,
                 .seconds = 25,
                 .rate_hz = want->rate_hz,
                 .seed = 3,
                 .jitter_ms = 0.3,
                 .rr_spread = 0.02};
    run_tracing(&c, 10, &result);
    cr_expect_geq(result.shown, 27);
    cr_expect_eq(result.shown, result.count, "%d of %d shown", result.shown, result.count);
    cr_expect_leq(result.worst_mv, want->limit_mv, "%g bpm at %g Hz: %.1f uV", want->bpm,
                  want->rate_hz, 1000 * result.worst_mv);
    cr_expect_geq(result.in_sigma, 0.95 * result.shown);
    cr_expect_float_eq(result.complex.bpm, want->bpm, 0.02 * want->bpm);
    cr_expect_float_eq(result.complex.j_ms, 1000 * ANALYTIC_J_S, fmax(1.5, 400 / want->rate_hz));
}

/* 1 mV of wander at 0.3 Hz and 0.2 mV of mains a little off its nominal frequency. */
ParameterizedTestParameters(measure, wander)
{
    static double row[] = {50, 75, 100, 150, 175};
    return cr_make_param_array(double, row, sizeof row / sizeof *row);
}
ParameterizedTest(double *bpm, measure, wander)
{
    double hz[] = {0.3, 59.93};
    tracing c = {.bpm = *bpm,
                 .seconds = 60,
                 .rate_hz = 500,
                 .seed = 3,
                 .jitter_ms = 0.5,
                 .rr_spread = 0.02,
                 .add = wander_and_mains,
                 .context = hz,
                 .mains_hz = 60};
    run_tracing(&c, 10, &result);
    cr_expect_geq(result.shown, 0.97 * result.count); /* the first table has 8 beats at 50 bpm */
    cr_expect_leq(result.p95_mv, 0.010, "%g bpm: %.1f uV", *bpm, 1000 * result.p95_mv);
}

/* Ectopic beats at 20 % move no level by more than 10 uV, 95 % of them by less than 7. */
ParameterizedTestParameters(measure, ectopy)
{
    static double row[] = {60, 90, 150};
    return cr_make_param_array(double, row, sizeof row / sizeof *row);
}
ParameterizedTest(double *bpm, measure, ectopy)
{
    tracing c = {.bpm = *bpm,
                 .seconds = 60,
                 .rate_hz = 500,
                 .seed = 3,
                 .jitter_ms = 0.5,
                 .rr_spread = 0.02,
                 .pvc = 0.2};
    run_tracing(&c, 10, &result);
    cr_expect_eq(result.shown, result.count);
    cr_expect_leq(result.p95_mv, 0.007, "%g bpm: %.1f uV", *bpm, 1000 * result.p95_mv);
    cr_expect_leq(result.worst_mv, 0.010);
}

/* 3 mV for 100 ms between beats (domain.md 2.2) may move ST by 10 uV at most. */
static double impulse(void *context, double t, int lead)
{
    const double *at = context;
    (void)lead;
    return t >= *at && t < *at + 0.1 ? 3 : 0;
}
Test(measure, impulse_between_beats_leaves_st_alone)
{
    double at = 20.4 + 0.5;
    for (double bpm = 60; bpm <= 120; bpm += 30) {
        tracing c = {
            .bpm = bpm, .seconds = 35, .rate_hz = 500, .seed = 1, .add = impulse, .context = &at};
        run_tracing(&c, 10, &result);
        cr_expect_eq(result.shown, result.count);
        cr_expect_leq(result.worst_mv, 0.010, "%g bpm: %.1f uV", bpm, 1000 * result.worst_mv);
    }
}

/* Real motion (em) and muscle (ma) noise at 12 and 6 dB on top of 1 mV wander, 150 to 190 bpm. */
struct recorded {
    int16_t *em, *ma;
    double at[ANALYTIC_LEADS], gain[ANALYTIC_LEADS];
};
static int16_t *load(const char *name, long *frames)
{
    char text[1024];
    FILE *file = fopen(shared_data(text, sizeof text, name), "rb");
    cr_assert(file);
    fseek(file, 0, SEEK_END);
    long bytes = ftell(file);
    rewind(file);
    int16_t *counts = malloc((size_t)bytes);
    cr_assert_eq(fread(counts, 1, (size_t)bytes, file), (size_t)bytes);
    fclose(file);
    *frames = bytes / 4;
    return counts;
}
static double recorded_at(const struct recorded *r, int lead, double t)
{
    double at = r->at[lead] + 360 * t, part = at - floor(at);
    size_t i = 2 * (size_t)at + (size_t)(lead & 1);
    return ((1 - part) * (r->em[i] + r->ma[i]) + part * (r->em[i + 2] + r->ma[i + 2])) / 200;
}
static double recorded_noise(void *context, double t, int lead)
{
    const struct recorded *r = context;
    return r->gain[lead] * recorded_at(r, lead, t) + 0.5 * sin(TWO_PI * 0.3 * t + 0.3 * lead);
}
/* Signal power as in the noise stress test: QRS peak to peak squared, over 8; noise power about
 * its mean over a second. */
static void scale_noise(struct recorded *r, long frames, double seconds, double snr_db,
                        uint64_t *seed)
{
    for (int k = 0; k < ANALYTIC_LEADS; k++) {
        const analytic_lead *l = &analytic_leads[k];
        double peak = fabs(l->r) + fmax(fabs(l->s), fabs(l->q)), mean = 0, sum = 0;
        r->at[k] = analytic_uniform(seed) * ((double)frames - seconds * 360 - 2000);
        for (int n = 0; n < (int)(seconds * 360); n++) {
            double x = recorded_at(r, k, n / 360.0);
            mean += n ? (x - mean) / 360 : x;
            sum += (x - mean) * (x - mean);
        }
        double power = sum / (seconds * 360);
        r->gain[k] = sqrt(peak * peak / 8 / pow(10, snr_db / 10) / power);
    }
}
Test(measure, at_peak_exercise_levels_are_right_or_withheld)
{
    static const struct {
        double snr_db, p95_mv, shown, in_sigma;
    } row[] = {{24, 0.012, 0.99, 0.93}, {12, 0.029, 0.92, 0.92}, {6, 0.050, 0.43, 0.90}};
    struct recorded noise;
    long frames, other;
    noise.em = load("nstdb/em_first_half.dat", &frames);
    noise.ma = load("nstdb/ma_first_half.dat", &other);
    frames = other < frames ? other : frames;
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        int shown = 0, all = 0, sure = 0;
        double p95 = 0;
        for (int run = 0; run < 3; run++) {
            uint64_t seed = 7 + 13 * (uint64_t)run;
            tracing c = {.bpm = 150 + 20 * run,
                         .seconds = 60,
                         .rate_hz = 500,
                         .seed = seed,
                         .jitter_ms = 2,
                         .rr_spread = 0.02,
                         .add = recorded_noise,
                         .context = &noise};
            scale_noise(&noise, frames, 60, row[i].snr_db, &seed);
            run_tracing(&c, 12, &result);
            shown += result.shown;
            all += result.count;
            sure += result.in_sigma;
            p95 += result.p95_mv / 3;
        }
        cr_expect_geq(shown, row[i].shown * all, "%g dB: %d of %d", row[i].snr_db, shown, all);
        cr_expect_leq(p95, row[i].p95_mv, "%g dB: %.1f uV", row[i].snr_db, 1000 * p95);
        cr_expect_geq(sure, row[i].in_sigma * shown, "%g dB: %d of %d", row[i].snr_db, sure, shown);
    }
    free(noise.em);
    free(noise.ma);
}

/* White noise: sigma must be what the errors are, neither more nor less than twice. */
static double white(void *context, double t, int lead)
{
    (void)t, (void)lead;
    return 0.05 * analytic_normal(context);
}
Test(measure, sigma_says_how_far_errors_go)
{
    uint64_t noise_seed = 99;
    tracing c = {.bpm = 120,
                 .seconds = 120,
                 .rate_hz = 500,
                 .seed = 5,
                 .jitter_ms = 1,
                 .rr_spread = 0.02,
                 .add = white,
                 .context = &noise_seed};
    run_tracing(&c, 20, &result);
    cr_expect_geq(result.shown, 0.99 * result.count);
    cr_expect_geq(result.in_sigma, 0.93 * result.shown, "%d of %d", result.in_sigma, result.shown);
    double mean_sigma = 0;
    for (int i = 0; i < result.count; i++)
        mean_sigma += (double)result.st[i].sigma_mv / result.count;
    cr_expect_leq(mean_sigma, result.p95_mv, "sigma %.1f uV, 95 %% of errors under %.1f uV",
                  1000 * mean_sigma, 1000 * result.p95_mv);
}

/* A derived lead is the same sum of what I and II give. */
Test(measure, derived_lead_follows_from_i_and_ii)
{
    tracing c = {.bpm = 80, .seconds = 20, .rate_hz = 500, .seed = 2};
    run_tracing(&c, 10, &result);
    const secg_st *i = &result.st[result.count - 9], *ii = i + 1, *iii = i + 8;
    cr_assert_eq(iii->lead, 8);
    cr_expect_float_eq(iii->level_mv, ii->level_mv - i->level_mv, 1e-5);
    cr_expect_float_eq(iii->slope_mv_s, ii->slope_mv_s - i->slope_mv_s, 1e-3);
}

/* ---- reasons ----------------------------------------------------------------------------- */

static double gap_in_lead_3(void *context, double t, int lead)
{
    (void)context;
    return lead == 3 && t > 15 ? (double)NAN : 0;
}
static double huge_noise_in_lead_3(void *context, double t, int lead)
{
    return lead == 3 && t > 1 ? analytic_normal(context) : 0;
}
static int why_of(int lead, double sample_s, double rate_hz)
{
    for (int i = 0; i < result.count; i++)
        if (result.st[i].lead == lead && (double)result.st[i].sample == sample_s * rate_hz)
            return result.st[i].why;
    return -1;
}

Test(measure, gap_blanks_its_lead_only)
{
    tracing c = {.bpm = 80, .seconds = 45, .rate_hz = 500, .seed = 2, .add = gap_in_lead_3};
    run_tracing(&c, 5, &result);
    cr_expect_eq(why_of(3, 15, 500), SECG_MEASURED);
    cr_expect_neq(why_of(3, 35, 500), SECG_MEASURED);
    cr_expect_eq(why_of(3, 35, 500), SECG_WHY_LEAD_OFF);
    cr_expect_eq(why_of(4, 35, 500), SECG_MEASURED);
    for (int i = 0; i < result.count; i++)
        cr_expect_eq(isnan(result.st[i].level_mv), result.st[i].why != SECG_MEASURED);
}

Test(measure, noise_blanks_its_lead_only)
{
    uint64_t seed = 11;
    tracing c = {.bpm = 80,
                 .seconds = 30,
                 .rate_hz = 500,
                 .seed = 2,
                 .add = huge_noise_in_lead_3,
                 .context = &seed};
    run_tracing(&c, 20, &result);
    cr_expect_eq(why_of(3, 25, 500), SECG_WHY_NOISE);
    cr_expect_eq(why_of(2, 25, 500), SECG_MEASURED);
}

Test(measure, rhythm_without_ordinary_beats_is_not_measured)
{
    static const struct {
        uint8_t label;
        int why;
    } row[] = {{'V', SECG_WHY_VENTRICULAR}, {'Q', SECG_WHY_FEW_BEATS}, {'N', SECG_MEASURED}};
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        tracing c = {.bpm = 150, .seconds = 25, .rate_hz = 500, .seed = 2, .label = row[i].label};
        run_tracing(&c, 20, &result);
        cr_expect_eq(why_of(0, 20, 500), row[i].why, "label %c: %s", row[i].label,
                     secg_why_text((secg_why)why_of(0, 20, 500)));
    }
}

/* 15 bpm: no beat is followed by another while it waits to be stored, so there is no rate to choose an
 * ST point by. */
Test(measure, beats_without_a_rate_are_not_measured)
{
    tracing c = {.bpm = 15, .seconds = 60, .rate_hz = 250, .seed = 2};
    run_tracing(&c, 0, &result);
    cr_expect_gt(result.count, 0);
    cr_expect_eq(result.shown, 0);
    cr_expect_eq(why_of(0, 50, 250), SECG_WHY_FEW_BEATS, "%s",
                 secg_why_text((secg_why)why_of(0, 50, 250)));
}

/* Tables come every 5 s of the sample index, each lead once, the first within 15 s. */
Test(measure, tables_keep_to_their_grid)
{
    tracing c = {.bpm = 80, .seconds = 32, .rate_hz = 360, .seed = 2};
    run_tracing(&c, 0, &result);
    cr_assert_eq(result.count % 9, 0);
    cr_expect_leq(result.st[0].sample, 15 * 360);
    for (int i = 0; i < result.count; i++)
        cr_expect_eq(result.st[i].lead, i % 9);
    for (int i = 9; i < result.count - 9; i += 9)
        cr_expect_eq(result.st[i].sample - result.st[i - 9].sample, 5 * 360);
    cr_expect_eq(result.st[result.count - 10].sample, 30 * 360, "due while flushing");
    cr_expect_eq(result.st[result.count - 1].sample, 32 * 360, "the last table ends the record");
    c.seconds = 30;
    run_tracing(&c, 0, &result);
    cr_expect_eq(result.st[result.count - 1].sample, 30 * 360);
    cr_expect_eq(result.st[result.count - 10].sample, 25 * 360, "once and not twice");
}

/* White noise of 0.1 mV rms, in which more is looked for. */
static double loud(void *seed, double t, int lead)
{
    (void)t;
    (void)lead;
    return 0.1 * analytic_normal(seed);
}

/* Work is spread over the frames that follow, and still ends in time, quiet or not. */
Test(measure, tables_come_within_the_stated_delay)
{
    static const double rate_hz[] = {100, 250, 500, 1000, 100, 250, 500, 1000};
    uint64_t seed = 7;
    for (size_t i = 0; i < 8; i++) {
        tracing c = {.bpm = 220, .seconds = 30, .rate_hz = rate_hz[i], .seed = 2, .jitter_ms = 1};
        if (i >= 4)
            c.add = loud, c.context = &seed;
        run_tracing(&c, 10, &result);
        cr_expect_leq(result.latest, result.delay, "%g Hz: %g s", rate_hz[i],
                      (double)result.latest / rate_hz[i]);
        cr_expect_geq((double)result.latest, 2 * rate_hz[i]);
    }
}

/* ---- commands ---------------------------------------------------------------------------- */

static void feed(path *p, double from_s, double to_s, double scale)
{
    secg_event e;
    for (int64_t n = (int64_t)(from_s * 500); n < (int64_t)(to_s * 500); n++) {
        float frame[ANALYTIC_LEADS];
        double t = (double)n / 500, beat = floor(t / 0.75);
        for (int k = 0; k < ANALYTIC_LEADS; k++)
            frame[k] =
                (float)(scale * (analytic_beat(&analytic_leads[k], t - beat * 0.75, 0.75) +
                                 analytic_beat(&analytic_leads[k], t - beat * 0.75 - 0.75, 0.75)));
        secg_measure_push(p->measure, frame);
        if ((n - 500) % 375 == 0)
            secg_measure_beat(p->measure,
                              &(secg_beat){.sample = n - 500, .label = 'N', .rr_ms = 750});
        while (secg_measure_next(p->measure, &e))
            ;
    }
}

Test(measure, operator_sets_j_until_nan)
{
    path p = make_path(500, ANALYTIC_LEADS, 0, SECG_ST_J80);
    secg_complex c;
    const float *mv;
    feed(&p, 0, 20, 1);
    secg_measure_override_j(p.measure, 70);
    feed(&p, 20, 35, 1);
    secg_measure_complex(p.measure, 1, &c, &mv);
    cr_expect_eq(c.j_by_operator, 1);
    cr_expect_float_eq(c.j_ms, 70, 1e-6);
    secg_measure_override_j(p.measure, NAN);
    feed(&p, 35, 50, 1);
    secg_measure_complex(p.measure, 1, &c, &mv);
    cr_expect_eq(c.j_by_operator, 0);
    cr_expect_float_eq(c.j_ms, 1000 * ANALYTIC_J_S, 2);
    free(p.block);
}

Test(measure, relearning_forgets_beats_and_keeps_the_rest_template)
{
    path p = make_path(500, ANALYTIC_LEADS, 0, SECG_ST_J80);
    secg_complex rest, now;
    static float rest_mv[SECG_GRID_ROWS_MAX];
    const float *mv;
    feed(&p, 0, 20, 1);
    secg_measure_keep_rest(p.measure);
    secg_measure_relearn(p.measure);
    feed(&p, 20, 45.5, 0.5); /* half the size from here: another posture */
    secg_measure_rest(p.measure, 6, &rest, rest_mv);
    secg_measure_complex(p.measure, 6, &now, &mv);
    cr_expect_float_eq(rest_mv[rest.r_index], 1.6, 0.02);
    cr_expect_float_eq(mv[now.r_index], 0.8, 0.02);
    cr_expect_float_eq(now.st.level_mv, 0.5f * rest.st.level_mv, 0.003);
    free(p.block);
}

/* A wide QRS in lead 0, a narrow one within it in lead 1, nothing in lead 2: each has its own marks,
 * and those of all leads together are those of the wide one.  Times are where a cosine ends. */
static double cosine(double t, double half_s)
{
    return fabs(t) < half_s ? pow(cos(TWO_PI / 4 * t / half_s), 2) : 0;
}
Test(measure, each_lead_has_marks_of_its_own)
{
    path p = make_path(500, 3, 0, SECG_ST_J80);
    secg_event e;
    for (int64_t n = 0; n < 20 * 500; n++) {
        double t = (double)n / 500 - 0.4, after_r = t - 0.8 * floor(t / 0.8 + 0.5);
        double waves = 0.3 * cosine(after_r - 0.26, 0.08);
        float frame[3] = {(float)(cosine(after_r, 0.05) + waves),
                          (float)(cosine(after_r, 0.03) - waves), 0};
        secg_measure_push(p.measure, frame);
        if (n >= 500 && (n - 500) % 400 == 200)
            secg_measure_beat(p.measure,
                              &(secg_beat){.sample = n - 500, .label = 'N', .rr_ms = 800});
        while (secg_measure_next(p.measure, &e))
            ;
    }
    secg_marks wide = secg_measure_lead_marks(p.measure, 0);
    secg_marks narrow = secg_measure_lead_marks(p.measure, 1);
    secg_complex c;
    const float *mv;
    secg_measure_complex(p.measure, 0, &c, &mv);
    cr_expect_float_eq(wide.qrs_onset_ms, -50, 4);
    cr_expect_float_eq(wide.j_ms, 50, 4);
    cr_expect_float_eq(narrow.qrs_onset_ms, -30, 5);
    cr_expect_float_eq(narrow.j_ms, 30, 5);
    cr_expect_float_eq(narrow.t_peak_ms, 260, 5);
    cr_expect_float_eq(c.j_ms, 50, 4);
    cr_expect(isnan(secg_measure_lead_marks(p.measure, 2).j_ms), "a flat line has no QRS");
    free(p.block);
}

/* J is set by hand while nothing is known that it could belong to: when a QRS comes it is measured. */
Test(measure, j_set_before_there_is_a_qrs_waits_for_it)
{
    path p = make_path(500, 3, 0, SECG_ST_J80);
    secg_event e;
    int measured_leads = 0;
    secg_measure_override_j(p.measure, 46);
    for (int64_t n = 0; n < 80 * 500; n++) {
        double t = (double)n / 500, after_r = t - 0.8 * floor(t / 0.8 + 0.5);
        float frame[3] = {0};
        for (int k = 0; k < 3; k++)
            frame[k] = t < 30 ? 0.3f * (float)sin(TWO_PI * 1.25 * t)
                              : (float)(analytic_beat(&analytic_leads[k], after_r, 0.8) +
                                        analytic_beat(&analytic_leads[k], after_r + 0.8, 0.8));
        secg_measure_push(p.measure, frame);
        if (n >= 500 && (n - 500) % 400 == 0)
            secg_measure_beat(p.measure,
                              &(secg_beat){.sample = n - 500, .label = 'N', .rr_ms = 800});
        while (secg_measure_next(p.measure, &e))
            measured_leads += e.st.why == SECG_MEASURED && e.st.sample > 55 * 500;
    }
    secg_complex c;
    const float *mv;
    secg_measure_complex(p.measure, 0, &c, &mv);
    cr_expect(c.j_by_operator);
    cr_expect_float_eq(c.j_ms, 46, 1e-6);
    cr_expect_geq(measured_leads, 6);
    free(p.block);
}

/* The last value is never shown as new.  Beats stop at 20 s: age grows from table to table, and from
 * the first one more than 10 s after the last beat (domain.md 3.2) there is none. */
Test(measure, a_value_grows_old_and_is_withheld)
{
    path p = make_path(500, ANALYTIC_LEADS, 0, SECG_ST_J80);
    secg_event e;
    double shown_s = 0;
    int stale = 0;
    for (int64_t n = 0; n < 50 * 500; n++) {
        float frame[ANALYTIC_LEADS] = {0};
        double t = (double)n / 500, beat = floor(t / 0.75);
        for (int k = 0; k < ANALYTIC_LEADS && t < 20; k++)
            frame[k] = (float)(analytic_beat(&analytic_leads[k], t - beat * 0.75, 0.75) +
                               analytic_beat(&analytic_leads[k], t - beat * 0.75 - 0.75, 0.75));
        secg_measure_push(p.measure, frame);
        if (n >= 500 && (n - 500) % 375 == 0 && n - 500 < 19 * 500)
            secg_measure_beat(p.measure,
                              &(secg_beat){.sample = n - 500, .label = 'N', .rr_ms = 750});
        while (secg_measure_next(p.measure, &e)) {
            double at = (double)e.st.sample / 500, newest = 0.75 * floor(18.999 / 0.75);
            newest = fmin(newest, 0.75 * floor(at / 0.75));
            cr_expect_float_eq(e.st.age_s, at - newest, 0.05, "at %g s: age %g s", at,
                               (double)e.st.age_s);
            if (e.st.why == SECG_MEASURED)
                shown_s = fmax(shown_s, at);
            stale += e.st.why == SECG_WHY_STALE;
            cr_expect_eq(isnan(e.st.level_mv), e.st.why != SECG_MEASURED);
            cr_expect(!(e.st.why == SECG_MEASURED && e.st.age_s > 10), "%g s old",
                      (double)e.st.age_s);
        }
    }
    cr_expect_eq(shown_s, 25, "last shown at %g s", shown_s);
    cr_expect_geq(stale, 3 * ANALYTIC_LEADS, "30, 35, 40 s");
    free(p.block);
}

/* Where a gap hides its peak a beat may stand right before the next one, with hardly a row between. */
Test(measure, beats_side_by_side_have_no_rows)
{
    path p = make_path(500, ANALYTIC_LEADS, 0, SECG_ST_J80);
    secg_complex c;
    const float *mv;
    int64_t twin = 0;
    feed(&p, 0, 20, 1);
    for (int64_t apart = -2; apart < 40; apart++)
        for (int i = 0; i < 2; i++) {
            twin = i ? twin + apart : 20 * 500 + (apart + 2) * 375 / 20;
            secg_measure_beat(p.measure, &(secg_beat){.sample = twin, .label = 'N', .rr_ms = 17});
        }
    feed(&p, 20, 45, 1);
    secg_measure_complex(p.measure, 1, &c, &mv);
    cr_expect_float_eq(c.j_ms, 1000 * ANALYTIC_J_S, 2);
    free(p.block);
}

/* Any state is gone after reset: the same input gives the same bits. */
Test(measure, reset_starts_afresh)
{
    path p = make_path(500, ANALYTIC_LEADS, 60, SECG_ST_AUTO);
    secg_complex first, second;
    const float *mv;
    feed(&p, 0, 19, 1);
    secg_measure_complex(p.measure, 5, &first, &mv);
    secg_measure_reset(p.measure);
    secg_measure_complex(p.measure, 5, &second, &mv);
    cr_expect_eq(second.samples, 0);
    feed(&p, 0, 19, 1);
    secg_measure_complex(p.measure, 5, &second, &mv);
    cr_expect_eq(memcmp(&first, &second, sizeof first), 0);
    free(p.block);
}

Test(measure, twelve_leads_at_1000_hz_fit_in_700_kib)
{
    path p = make_path(1000, 12, 60, SECG_ST_AUTO);
    cr_expect_leq(p.bytes, (size_t)700 * 1024, "%zu bytes", p.bytes);
    free(p.block);
}

/* No level is made up from a T wave: with P, T and QRS run together no J need be found, but what
 * is shown is right. */
Test(measure, above_200_bpm_levels_are_right_or_withheld)
{
    for (double bpm = 205; bpm <= 240; bpm += 15) {
        tracing c = {.bpm = bpm, .seconds = 30, .rate_hz = 500, .seed = 4, .rr_spread = 0.01};
        run_tracing(&c, 15, &result);
        cr_expect(!(result.worst_mv > 0.025), "%g bpm: %.1f uV", bpm, 1000 * result.worst_mv);
    }
}
