#include "fixture.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const secg_value none = {SECG_WHY_NOT_ENTERED, NAN, 0};

static secg_value value(double v)
{
    return (secg_value){SECG_MEASURED, (float)v, 0};
}

static double bell(double t, double centre, double width)
{
    return exp(-0.5 * (t - centre) * (t - centre) / (width * width));
}

/* A heartbeat of channel k, t seconds from its R peak, with an ST level of st millivolts. */
static double wave(int k, double t, double st)
{
    static const double r[] = {0.7, 1.1, 0.25, 0.5, 0.9, 1.6, 1.4, 1.0};
    static const double s[] = {-0.1, -0.15, -1.1, -1.3, -0.8, -0.4, -0.2, -0.1};
    static const double tw[] = {0.2, 0.28, -0.08, 0.35, 0.4, 0.38, 0.3, 0.22};
    double step = 1 / (1 + exp(-(t - 0.045) / 0.004)) * (1 - 1 / (1 + exp(-(t - 0.2) / 0.025)));
    return 0.11 * bell(t, -0.16, 0.022) - 0.06 * bell(t, -0.022, 0.008) + r[k] * bell(t, 0, 0.010) +
           s[k] * bell(t, 0.024, 0.009) + tw[k] * bell(t, 0.26, 0.045) + st * step;
}

static double rate_of(const fixture *f, double t)
{
    double start = secg_seconds(f->summary.exercise_start, f->signal.rate_hz);
    double end = secg_seconds(f->summary.exercise_end, f->signal.rate_hz);
    if (f->summary.exercise_start == SECG_NO_SAMPLE || t < start)
        return 74 + 3 * sin(t / 17);
    if (t <= end)
        return 78 + 90 * pow((t - start) / (end - start), 0.8);
    return 84 + 84 * exp(-(t - end) / 75);
}

static double st_of(const fixture *f, int k, double t)
{
    static const double depth[] = {-0.04, -0.10, 0.02, 0.01, -0.05, -0.12, -0.19, -0.13};
    return depth[k] * (rate_of(f, t) - 74) / 90;
}

secg_status fixture_read(void *context, int64_t from, size_t frames, float *mv)
{
    const fixture *f = context;
    int channels = f->signal.channels;
    for (size_t n = 0; n < frames; n++) {
        double t = secg_seconds(from + (int64_t)n, f->signal.rate_hz);
        double rr = 60 / rate_of(f, floor(t / 10) * 10);
        double phase = fmod(t, rr);
        unsigned noise = (unsigned)(from + (int64_t)n) * 2654435761u;
        for (int k = 0; k < channels; k++) {
            noise = noise * 1664525u + 1013904223u;
            double y = wave(k % 8, phase, st_of(f, k % 8, t)) + wave(k % 8, phase - rr, 0) +
                       0.06 * sin(1.9 * t + k) + ((double)(noise >> 8) / (1 << 24) - 0.5) * 0.04;
            if (k == 5 && fmod(t, 97) < 0.6)
                y += 3.5; /* leaves its row */
            mv[n * (size_t)channels + (size_t)k] =
                k == 2 && fmod(t, 180) > 176 ? (float)NAN : (float)y;
        }
    }
    return SECG_OK;
}

static secg_st make_st(const fixture *f, size_t lead, int64_t sample)
{
    double t = secg_seconds(sample, f->signal.rate_hz);
    const secg_lead_source *source = &f->lead[lead];
    double level = source->channel >= 0 ? st_of(f, source->channel % 8, t)
                                        : (double)source->from_i * st_of(f, 0, t) +
                                              (double)source->from_ii * st_of(f, 1, t);
    secg_st st = {.sample = sample, .lead = (uint8_t)lead, .beats = 14, .path = 1};
    double bpm = rate_of(f, t);
    st.point = bpm < 120 ? SECG_ST_J80 : SECG_ST_J60;
    st.bpm = (float)bpm;
    st.noise_mv = (float)(0.004 + 0.00008 * (bpm - 70));
    st.level_mv = (float)level;
    st.slope_mv_s = (float)(-3 * level + 0.4);
    st.sigma_mv = 0.01f;
    if (lead == 2 && fmod(t, 240) > 150) {
        st.why = lead % 2 ? SECG_WHY_NOISE : SECG_WHY_LEAD_OFF;
        st.level_mv = st.slope_mv_s = st.sigma_mv = NAN;
    }
    return st;
}

static void fill_complexes(fixture *f, size_t stage)
{
    secg_summary *s = &f->summary;
    secg_complex *c = f->complex + stage * s->leads;
    float *mv = f->complex_mv + stage * s->leads * s->complex_capacity;
    int64_t at = f->stage[stage].end;
    double t = secg_seconds(at, f->signal.rate_hz);
    for (size_t k = 0; k < s->leads; k++) {
        const secg_lead_source *l = &f->lead[k];
        c[k] = (secg_complex){.sample = at, .rate_hz = f->signal.rate_hz, .beats = 14};
        c[k].st = make_st(f, k, at);
        c[k].noise_mv = c[k].st.noise_mv;
        if (c[k].st.why != SECG_MEASURED)
            continue;
        c[k].r_index = (uint32_t)(0.28 * f->signal.rate_hz);
        c[k].samples = (uint32_t)(0.8 * f->signal.rate_hz);
        c[k].isoelectric_from_ms = -60;
        c[k].isoelectric_to_ms = -44;
        c[k].j_ms = 48;
        c[k].qrs_onset_ms = -42;
        c[k].p_onset_ms = c[k].st.bpm < 150 ? -198 : NAN;
        c[k].t_end_ms = 352;
        c[k].isoelectric_mv = 0.02f;
        c[k].bpm = c[k].st.bpm;
        for (uint32_t n = 0; n < c[k].samples; n++) {
            double x = ((double)n - c[k].r_index) / c[k].rate_hz;
            double y = l->channel >= 0 ? wave(l->channel % 8, x, st_of(f, l->channel % 8, t))
                                       : (double)l->from_i * wave(0, x, st_of(f, 0, t)) +
                                             (double)l->from_ii * wave(1, x, st_of(f, 1, t));
            mv[k * s->complex_capacity + n] = (float)(y + 0.02);
        }
    }
    f->stage[stage].complex = c;
    f->stage[stage].complex_mv = mv;
}

static void add_stage(fixture *f, secg_phase phase, const char *label, double from_s, double to_s,
                      double phase_start_s)
{
    secg_summary *s = &f->summary;
    double rate = f->signal.rate_hz;
    size_t i = s->stages++;
    secg_stage_summary *g = &f->stage[i];
    *g = (secg_stage_summary){.phase = phase,
                              .stage = -1,
                              .speed_mph = NAN,
                              .grade_pct = NAN,
                              .power_w = NAN,
                              .actual_speed_mph = NAN,
                              .actual_grade_pct = NAN,
                              .actual_power_w = NAN,
                              .rpe = none,
                              .spo2 = none,
                              .coverage_pct = 100,
                              .readable_pct = 99.2f};
    snprintf(g->label, sizeof g->label, "%s", label);
    g->start = secg_sample_at(from_s, rate);
    g->end = secg_sample_at(to_s, rate);
    g->phase_s = to_s - phase_start_s;
    g->bpm = value(rate_of(f, to_s - 5));
    g->bp = (secg_blood_pressure){SECG_WHY_NOT_ENTERED, 0, 0, 0};
    g->rate_pressure = none;
    g->mets.mets = none;
    g->counts = (secg_beat_counts){.beats = (int32_t)((to_s - from_s) * rate_of(f, to_s) / 60)};
    g->counts.n = g->counts.beats;
    secg_st *st = f->stage_st + i * s->leads;
    for (size_t k = 0; k < s->leads; k++)
        st[k] = make_st(f, k, g->end);
    g->st = s->calibrated ? st : NULL;
    fill_complexes(f, i);
}

static void add_pressure(fixture *f, size_t stage, int systolic, int diastolic)
{
    secg_stage_summary *g = &f->stage[stage];
    int64_t at = g->end - (int64_t)(20 * f->signal.rate_hz);
    secg_fact *fact = &f->fact[f->summary.facts++];
    *fact = (secg_fact){.kind = SECG_FACT_BLOOD_PRESSURE,
                        .sample = at,
                        .source = 1,
                        .grade = -1,
                        .systolic_mmhg = (int16_t)systolic,
                        .diastolic_mmhg = (int16_t)diastolic,
                        .value = NAN,
                        .speed_mph = NAN,
                        .grade_pct = NAN,
                        .power_w = NAN};
    g->bp = (secg_blood_pressure){SECG_MEASURED, systolic, diastolic, at};
    g->rate_pressure = value((double)g->bpm.value * systolic);
}

static secg_fact *add_fact(fixture *f, secg_fact_kind kind, double t, const char *text)
{
    secg_fact *fact = &f->fact[f->summary.facts++];
    *fact = (secg_fact){.kind = (uint16_t)kind,
                        .grade = -1,
                        .value = NAN,
                        .speed_mph = NAN,
                        .grade_pct = NAN,
                        .power_w = NAN,
                        .sample = secg_sample_at(t, f->signal.rate_hz)};
    snprintf(fact->text, sizeof fact->text, "%s", text);
    snprintf(fact->by, sizeof fact->by, "M. Okafor");
    return fact;
}

/* Where fixture_read puts its R peaks. */
static void fill_beats(fixture *f, double duration_s)
{
    secg_summary *s = &f->summary;
    f->beat = calloc((size_t)(duration_s * 4) + 16, sizeof *f->beat);
    for (double block = 0; block < duration_s; block += 10) {
        double rr = 60 / rate_of(f, block);
        for (double t = ceil(block / rr) * rr; t < fmin(block + 10, duration_s); t += rr) {
            secg_beat *beat = &f->beat[s->beats++];
            *beat = (secg_beat){.sample = secg_sample_at(t, f->signal.rate_hz),
                                .label = SECG_BEAT_N,
                                .rr_ms = (float)(rr * 1000)};
            if (s->beats % 23 == 0)
                beat->label = s->beats % 46 ? SECG_BEAT_V : SECG_BEAT_S;
        }
    }
    s->beat = f->beat;
}

static void fill_course(fixture *f)
{
    secg_summary *s = &f->summary;
    double rate = f->signal.rate_hz, duration = secg_seconds(s->frames, rate);
    fill_beats(f, duration);
    s->rates = (size_t)duration;
    f->rate = calloc(s->rates + 1, sizeof *f->rate);
    for (size_t i = 0; i < s->rates; i++) {
        double t = (double)(i + 1);
        f->rate[i] = (secg_rate){.sample = secg_sample_at(t, rate), .bpm = value(rate_of(f, t))};
        if (i < 8 || (i > 400 && i < 420))
            f->rate[i].bpm = (secg_value){SECG_WHY_NOT_YET, NAN, 0};
    }
    s->rate = f->rate;
    s->trends = (size_t)(duration / 5);
    f->trend = calloc(s->trends + 1, sizeof *f->trend);
    f->trend_st = calloc((s->trends + 1) * s->leads, sizeof *f->trend_st);
    for (size_t i = 0; i < s->trends; i++) {
        int64_t at = secg_sample_at(5.0 * (double)(i + 1), rate);
        f->trend[i] = (secg_trend_point){at, value(rate_of(f, 5.0 * (double)(i + 1))),
                                         f->trend_st + i * s->leads};
        for (size_t k = 0; k < s->leads; k++)
            f->trend_st[i * s->leads + k] = make_st(f, k, at);
    }
    s->trend = f->trend;
}

static void base(fixture *f, double duration_s, size_t stages)
{
    secg_summary *s = &f->summary;
    s->signal = &f->signal;
    s->lead = f->lead;
    s->leads = secg_signal_leads(&f->signal, f->lead);
    s->frames = secg_sample_at(duration_s, f->signal.rate_hz);
    s->digest = UINT64_C(0x1f3a5577c0ffee42);
    s->start_unix_ms = INT64_C(1795430533000);
    s->utc_offset_min = 60;
    s->complex_capacity = (size_t)(1.2 * f->signal.rate_hz);
    s->coverage_pct = 99.87f;
    s->readable_pct = 98.4f;
    f->stage = calloc(stages, sizeof *f->stage);
    f->stage_st = calloc(stages * s->leads, sizeof *f->stage_st);
    f->complex = calloc(stages * s->leads, sizeof *f->complex);
    f->complex_mv = calloc(stages * s->leads * s->complex_capacity, sizeof *f->complex_mv);
    f->fact = calloc(stages * 2 + 40, sizeof *f->fact);
    f->rhythm = calloc(400, sizeof *f->rhythm);
    f->gap = calloc(80, sizeof *f->gap);
    s->stage = f->stage;
    s->fact = f->fact;
    s->rhythm = f->rhythm;
    s->gap = f->gap;
    f->options.tracing = (secg_tracing){f, fixture_read};
    f->options.record_name = "st-2026-0417";
    f->options.disclosure_max_min = -1; /* tests of it ask for it */
}

static void fill_order(secg_order *o)
{
    *o = (secg_order){.staff_count = 3, .placement = SECG_PLACEMENT_MASON_LIKAR};
    strcpy(o->patient.name, "Anna-Katharina Müller-Lüdenscheidt");
    strcpy(o->patient.id, "MRN 00417733");
    strcpy(o->patient.birth_date, "1969-05-02");
    strcpy(o->patient.sex, "F");
    o->patient.height_cm = 168;
    o->patient.weight_kg = 71.5f;
    strcpy(o->patient.medications, "metoprolol 50 mg (last dose 36 h before), atorvastatin 20 mg, "
                                   "acetylsalicylic acid 100 mg");
    strcpy(o->order.number, "ORD-88127");
    strcpy(o->order.provider, "Dr. S. Raghunathan, Internal Medicine");
    strcpy(o->order.indication,
           "Exertional chest discomfort for three weeks, climbing two flights");
    strcpy(o->order.icd10[0], "R07.89");
    strcpy(o->order.icd10[1], "R06.09");
    strcpy(o->order.encounter_id, "E-2026-1123-07");
    strcpy(o->facility.name, "Riverside Cardiac Testing Center");
    strcpy(o->facility.address, "1200 Harbor Way, Suite 300, Portland OR 97209");
    o->authorization.required = SECG_YES;
    strcpy(o->authorization.number, "PA-5571902");
    o->preparation.history_taken = o->preparation.test_explained = SECG_YES;
    o->preparation.consent = SECG_YES;
    strcpy(o->preparation.hook_up_at, "2026-11-23T10:21:00+01:00");
    strcpy(o->equipment.ecg, "Front end FE-8, serial 20117");
    strcpy(o->equipment.ergometer, "Treadmill TM-425, serial 118");
    strcpy(o->equipment.bp, "auscultatory, aneroid 7");
    strcpy(o->resting_ecg, "Sinus rhythm 74/min, PR 160 ms, QRS 88 ms, standing torso electrodes");
    o->staff[0] = (secg_staff){.performed = 1};
    strcpy(o->staff[0].name, "Maryam Okafor");
    strcpy(o->staff[0].credential, "RN, BSN");
    strcpy(o->staff[0].signed_at, "2026-11-23T11:20:04+01:00");
    o->seal.is_signed = 1;
    o->staff[1] = (secg_staff){.supervised = 1};
    strcpy(o->staff[1].name, "Dr. Li Wei 李伟");
    strcpy(o->staff[1].credential, "MD");
    o->staff[2] = (secg_staff){.interprets = 1};
    strcpy(o->staff[2].name, "Dr. Σοφία Παπαδοπούλου");
    strcpy(o->staff[2].credential, "MD, FACC");
}

static void fill_peaks(fixture *f, double start, double end)
{
    secg_summary *s = &f->summary;
    double rate = f->signal.rate_hz;
    int64_t at = secg_sample_at(end, rate);
    strcpy(s->max_bpm_formula, "fox");
    s->predicted_max_bpm = value(163);
    s->target_bpm = value(139);
    s->rest_bpm = value(76);
    s->peak_bpm = (secg_peak){value(168), at};
    s->percent_of_max = value(100.0 * 168 / 163);
    s->peak_systolic = (secg_peak){value(188), secg_sample_at(end - 20, rate)};
    s->peak_rate_pressure = (secg_peak){value(31208), secg_sample_at(end - 20, rate)};
    s->mets_convention = SECG_METS_INTERPOLATED;
    s->peak_mets = (secg_peak){value(13.4), at};
    s->recovery_drop_1min = (secg_peak){value(46), at};
    s->recovery_drop_2min = (secg_peak){value(67), at};
    s->st_lowest_lead = 6;
    s->st_highest_lead = 8;
    for (size_t i = 0; i < s->trends; i++)
        for (size_t k = 0; k < s->leads; k++) {
            const secg_st *st = &s->trend[i].st[k];
            if (st->why || secg_seconds(st->sample, rate) < start)
                continue;
            if (s->st_lowest.value.why || !s->st_lowest.sample ||
                st->level_mv < s->st_lowest.value.value) {
                s->st_lowest = (secg_peak){value((double)st->level_mv), st->sample};
                s->st_lowest_lead = (int32_t)k;
            }
            if (!s->st_highest.sample || st->level_mv > s->st_highest.value.value) {
                s->st_highest = (secg_peak){value((double)st->level_mv), st->sample};
                s->st_highest_lead = (int32_t)k;
            }
        }
}

static void fill_events(fixture *f, double start, double end)
{
    secg_summary *s = &f->summary;
    double rate = f->signal.rate_hz;
    for (int i = 0; i < 130; i++) {
        double t = start + (end - start + 120) * i / 130;
        uint16_t kind = i % 40 == 9  ? SECG_RHYTHM_COUPLET
                        : i == 77    ? SECG_RHYTHM_RUN
                        : i % 7 == 3 ? SECG_RHYTHM_SVE
                                     : SECG_RHYTHM_PVC;
        uint16_t beats = kind == SECG_RHYTHM_RUN ? 4 : kind == SECG_RHYTHM_COUPLET ? 2 : 1;
        f->rhythm[s->rhythms++] =
            (secg_rhythm){secg_sample_at(t, rate), secg_sample_at(t + 0.4 * (beats - 1), rate),
                          kind, beats, beats > 1 ? 148.0f : NAN};
    }
    s->total = (secg_beat_counts){.beats = 2311,
                                  .n = 2176,
                                  .s = 19,
                                  .v = 114,
                                  .q = 2,
                                  .pvc = 104,
                                  .couplets = 3,
                                  .runs = 1,
                                  .longest_run = 4,
                                  .sve = 19};
    for (int i = 0; i < 4; i++)
        f->gap[s->gaps++] =
            (secg_gap){secg_sample_at(150 + 180 * i, rate), secg_sample_at(153.5 + 180 * i, rate),
                       (int16_t)(i - 1), (uint16_t)(SECG_SIGNAL_UNREADABLE + i), NAN};
}

/* Standard leads in the order in which systems with more channels have them. */
static secg_signal signal_of(int channels, double rate_hz)
{
    static const secg_lead more[] = {SECG_LEAD_V3R, SECG_LEAD_V4R, SECG_LEAD_V7, SECG_LEAD_V8,
                                     SECG_LEAD_V9,  SECG_LEAD_X,   SECG_LEAD_Y,  SECG_LEAD_Z};
    secg_signal signal = secg_signal_standard_8(rate_hz);
    signal.channels = channels;
    for (int k = 8; k < channels; k++) {
        signal.channel[k] = signal.channel[0];
        signal.channel[k].lead = more[k - 8];
    }
    return signal;
}

void fixture_bruce(fixture *f, int stages, double stage_s)
{
    fixture_test(f, 8, stages, stage_s, 6);
}

void fixture_test(fixture *f, int channels, int stages, double stage_s, int recoveries)
{
    static const double mph[] = {1.7, 2.5, 3.4, 4.2, 5.0, 5.5, 6.0};
    static const double mets[] = {4.6, 7.0, 10.2, 13.5, 14.9, 17.0, 19.3};
    memset(f, 0, sizeof *f);
    f->signal = signal_of(channels, 500);
    secg_summary *s = &f->summary;
    double start = 180, end = start + stages * stage_s - (stages > 2 ? stage_s * 0.55 : 0);
    s->calibrated = 1;
    s->mains_hz = 60;
    s->exercise_start = secg_sample_at(start, 500);
    s->exercise_end = secg_sample_at(end, 500);
    base(f, end + 60 * recoveries + 10, (size_t)(stages + recoveries) + 4);
    s->recovery_end = secg_sample_at(end + 60 * recoveries, 500);
    s->exercise_s = end - start;
    s->recovery_s = 60 * recoveries;
    s->patient = (secg_test_patient){.age_years = 57, .sex = 'F', .weight_kg = 71.5f};
    f->protocol = (secg_protocol){.id = "bruce",
                                  .version = "1",
                                  .name = "Bruce",
                                  .source = "domain.md 1.2",
                                  .modality = SECG_MODALITY_TREADMILL};
    s->protocol = &f->protocol;
    add_stage(f, SECG_PHASE_PRETEST, "Supine", 0, 90, 0);
    add_pressure(f, 0, 128, 78);
    add_stage(f, SECG_PHASE_PRETEST, "Standing", 90, 180, 0);
    add_pressure(f, 1, 124, 82);
    add_fact(f, SECG_FACT_SYMPTOM, 100, "")->code = SECG_SYMPTOM_NONE;
    for (int i = 0; i < stages; i++) {
        char label[24];
        snprintf(label, sizeof label, "%d", i + 1);
        double from = start + i * stage_s, to = fmin(from + stage_s, end);
        add_stage(f, SECG_PHASE_EXERCISE, label, from, to, start);
        secg_stage_summary *g = &f->stage[s->stages - 1];
        g->stage = i;
        g->speed_mph = (float)mph[i % 7];
        g->grade_pct = (float)(10 + 2 * (i % 7));
        g->actual_speed_mph = i == 1 ? 2.4f : g->speed_mph;
        g->actual_grade_pct = g->grade_pct;
        g->planned_s = stage_s;
        g->complete = to - from > stage_s - 1;
        g->mets = (secg_mets){value(mets[i % 7]), SECG_METS_ACSM_WALKING, i == 3, {0}};
        g->rpe = value(9 + 2 * (i % 5));
        g->spo2 = i == 1 ? none : value(97 - i % 4);
        g->counts.v = 7 * i;
        g->counts.s = i;
        if (i != 2)
            add_pressure(f, s->stages - 1, 138 + 17 * (i % 4), 80 + i % 4 * 2);
    }
    secg_fact *pain = add_fact(f, SECG_FACT_SYMPTOM, end - 95, "tightness, left arm");
    pain->code = SECG_SYMPTOM_CHEST_PAIN;
    pain->grade = 4;
    add_fact(f, SECG_FACT_NOTE, end - 60, "Handrail held lightly from here; gait steady");
    add_fact(f, SECG_FACT_STRIP, end - 90, "");
    for (int i = 0; i < recoveries; i++) {
        char label[24];
        snprintf(label, sizeof label, "Recovery %d:00", i + 1);
        add_stage(f, SECG_PHASE_RECOVERY, label, end + 60 * i, end + 60 * (i + 1), end);
        if (i % 2 == 0)
            add_pressure(f, s->stages - 1, 168 - 12 * (i % 6), 82);
    }
    add_fact(f, SECG_FACT_ADVERSE, end + 60 * recoveries - 10, "")->code = 1;
    s->end = SECG_END_FATIGUE;
    strcpy(s->end_text, "asked to stop, legs");
    fill_course(f);
    fill_peaks(f, start, end);
    fill_events(f, start, end);
    fill_order(&f->order);
}

void fixture_recording(fixture *f, int channels, double rate_hz, int calibrated)
{
    memset(f, 0, sizeof *f);
    f->signal = signal_of(channels, rate_hz);
    f->signal.channel[0].lead = SECG_LEAD_MLII;
    f->signal.placement = SECG_PLACEMENT_UNKNOWN;
    secg_summary *s = &f->summary;
    s->calibrated = (uint8_t)calibrated;
    s->exercise_start = s->exercise_end = s->recovery_end = SECG_NO_SAMPLE;
    base(f, 1806, 1);
    s->start_unix_ms = SECG_NO_SAMPLE;
    add_stage(f, SECG_PHASE_NONE, "Recording", 0, 1806, 0);
    fill_course(f);
    fill_events(f, 20, 1500);
    s->st_lowest_lead = s->st_highest_lead = -1;
    secg_value absent = {SECG_WHY_NOT_APPLICABLE, NAN, 0};
    s->rest_bpm = s->percent_of_max = s->target_bpm = absent;
    s->predicted_max_bpm = (secg_value){SECG_WHY_NOT_ENTERED, NAN, 0};
    s->peak_bpm.value = s->peak_systolic.value = s->peak_rate_pressure.value = absent;
    s->peak_mets.value = s->st_lowest.value = s->st_highest.value = absent;
    s->recovery_drop_1min.value = s->recovery_drop_2min.value = absent;
}

static void fill(char *text, size_t size, const char *with)
{
    size_t length = strlen(with);
    for (size_t i = 0; i + 1 < size; i++)
        text[i] = with[i % length];
    text[size - 1] = '\0'; /* may cut a character in two: names come that way */
}

#define FILL(field, with) fill(field, sizeof(field), with)

void fixture_fill_texts(fixture *f)
{
    secg_order *o = &f->order;
    FILL(o->patient.name, "Χριστόδουλος-Παπαδόπουλος ");
    FILL(o->patient.id, "WMWMWMWM");
    FILL(o->patient.medications, "ацетилсалициловая кислота 100 мг, ");
    FILL(o->order.indication, "боль в груди при нагрузке ");
    FILL(o->order.provider, "محمد بن عبد الله ");
    FILL(o->order.number, "0123456789");
    FILL(o->order.encounter_id, "WWWW-");
    for (int i = 0; i < SECG_MAX_CODES; i++)
        FILL(o->order.icd10[i], "R07.89999999");
    FILL(o->facility.name, "Krankenhaus der Barmherzigen Brüder ");
    FILL(o->facility.address, "Donaudampfschifffahrtsgesellschaftsstraße ");
    FILL(o->authorization.number, "PA-");
    FILL(o->equipment.ecg, "Elektrokardiograph ");
    FILL(o->equipment.ergometer, "Laufband ");
    FILL(o->equipment.bp, "Sphygmomanometer ");
    FILL(o->resting_ecg, "Sinusrhythmus mit Einzelheiten ");
    FILL(f->summary.end_text, "asked to stop because of the legs, and ");
    o->staff_count = 8;
    for (int i = 0; i < 8; i++) {
        FILL(o->staff[i].name, "Wilhelmina-Magdalena ");
        FILL(o->staff[i].credential, "CCT, RDCS, ");
        o->staff[i].performed = o->staff[i].supervised = o->staff[i].interprets = 1;
        FILL(o->staff[i].signed_at, "when it was over ");
    }
    for (size_t i = 0; i < f->summary.stages; i++)
        FILL(f->stage[i].label, "Etappe mit Namen ");
    for (size_t i = 0; i < f->summary.facts; i++) {
        FILL(f->fact[i].text, "Anmerkung des Personals, ausführlich ");
        FILL(f->fact[i].by, "Wilhelmina ");
    }
}

void fixture_free(fixture *f)
{
    free(f->plan);
    free(f->stage);
    free(f->stage_st);
    free(f->trend_st);
    free(f->complex);
    free(f->complex_mv);
    free(f->beat);
    free(f->rhythm);
    free(f->trend);
    free(f->rate);
    free(f->gap);
    free(f->fact);
}
