/* What was measured, counted and entered, an Observation each; stages are panels, with ST of each
 * lead as components.  None has an interpretation or a reference range. */
#include "document/fhir.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { MV_DECIMALS = 4, SLOPE_DECIMALS = 3, LOAD_DECIMALS = 3, SECOND_DECIMALS = 3 };

static void put_when(secg_fhir *f, json_t *to, int64_t sample)
{
    char text[SECG_FHIR_TIME];
    if (secg_fhir_time(f, sample, text))
        secg_put_text(&f->b, to, "effectiveDateTime", text);
}

/* By this software from the tracing; the others were entered, or follow from what was. */
static int is_computed(secg_figure figure)
{
    switch (figure) {
    case SECG_FIGURE_STAGE:
    case SECG_FIGURE_REST_RATE:
    case SECG_FIGURE_PEAK_RATE:
    case SECG_FIGURE_DROP_1_MIN:
    case SECG_FIGURE_DROP_2_MIN:
    case SECG_FIGURE_ST_LOWEST:
    case SECG_FIGURE_ST_HIGHEST:
    case SECG_FIGURE_ECTOPIC_BEATS:
    case SECG_FIGURE_COVERAGE:
    case SECG_FIGURE_READABLE:
        return 1;
    default:
        return 0;
    }
}

/* An Observation of this record, which the report lists. */
static json_t *observe(secg_fhir *f, secg_figure figure, int64_t sample)
{
    char reference[SECG_FHIR_REFERENCE];
    json_t *to = secg_fhir_add(f, "Observation", reference);
    secg_put_text(&f->b, to, "status", "final");
    secg_fhir_concept(f, to, "code", secg_code_of_figure(figure));
    secg_fhir_refer(f, to, "subject", f->patient);
    put_when(f, to, sample);
    if (is_computed(figure))
        secg_fhir_refer(f, to, "device", f->software);
    secg_put_text(&f->b, secg_append(&f->b, f->results, json_object()), "reference", reference);
    return to;
}

static json_t *component(secg_fhir *f, json_t *observation, const secg_code *code)
{
    json_t *list = json_object_get(observation, "component");
    if (!list)
        list = secg_put(&f->b, observation, "component", json_array());
    json_t *to = secg_append(&f->b, list, json_object());
    secg_fhir_concept(f, to, "code", code);
    return to;
}

static void put_component(secg_fhir *f, json_t *observation, secg_figure figure, secg_value value,
                          int decimals, const char *ucum)
{
    secg_fhir_value(f, component(f, observation, secg_code_of_figure(figure)), value, decimals,
                    ucum);
}

static void put_known(secg_fhir *f, json_t *observation, secg_figure figure, float value,
                      const char *ucum)
{
    if (isfinite(value))
        put_component(f, observation, figure, (secg_value){SECG_MEASURED, value, 0}, LOAD_DECIMALS,
                      ucum);
}

static secg_value counted(double value)
{
    return (secg_value){SECG_MEASURED, (float)value, 0};
}

static void put_elapsed(secg_fhir *f, json_t *observation, int64_t sample)
{
    if (sample != SECG_NO_SAMPLE)
        secg_fhir_quantity(f, component(f, observation, secg_code_of_figure(SECG_FIGURE_ELAPSED)),
                           "valueQuantity", secg_seconds(sample, f->b.rate_hz), SECOND_DECIMALS,
                           "s");
}

/* ---- figures of the whole --------------------------------------------------------------------- */

static void put_figure(secg_fhir *f, secg_figure figure, secg_value value, int decimals,
                       const char *ucum)
{
    secg_fhir_value(f, observe(f, figure, SECG_NO_SAMPLE), value, decimals, ucum);
}

static void put_peak(secg_fhir *f, secg_figure figure, const secg_peak *peak, int decimals,
                     const char *ucum)
{
    int is_known = peak->value.why == SECG_MEASURED;
    json_t *to = observe(f, figure, is_known ? peak->sample : SECG_NO_SAMPLE);
    secg_fhir_value(f, to, peak->value, decimals, ucum);
    if (is_known)
        put_elapsed(f, to, peak->sample);
}

static void put_st_peak(secg_fhir *f, secg_figure figure, const secg_peak *peak, int32_t lead)
{
    int is_known =
        peak->value.why == SECG_MEASURED && lead >= 0 && (size_t)lead < f->summary->leads;
    json_t *to = observe(f, figure, is_known ? peak->sample : SECG_NO_SAMPLE);
    secg_fhir_value(f, to, peak->value, MV_DECIMALS, "mV");
    if (!is_known)
        return;
    put_elapsed(f, to, peak->sample);
    secg_put_text(&f->b, component(f, to, secg_code_of_figure(SECG_FIGURE_ST_LEAD)), "valueString",
                  secg_lead_name(f->summary->lead[lead].lead));
}

/* An age of 90 in a de-identified record is a class, not an age. */
static void put_body(secg_fhir *f)
{
    const secg_test_patient *p = &f->summary->patient;
    double height = p->height_cm > 0 ? (double)p->height_cm : (double)f->order->patient.height_cm;
    double weight = p->weight_kg > 0 ? (double)p->weight_kg : (double)f->order->patient.weight_kg;
    if (p->age_years > 0) {
        json_t *to = observe(f, SECG_FIGURE_AGE, SECG_NO_SAMPLE);
        json_t *age =
            secg_fhir_quantity(f, to, "valueQuantity", floor((double)p->age_years), 0, "a");
        if (f->summary->deidentified && p->age_years >= 90)
            secg_put_text(&f->b, age, "comparator", ">=");
    }
    if (height > 0)
        put_figure(f, SECG_FIGURE_HEIGHT, counted(height), 1, "cm");
    if (weight > 0)
        put_figure(f, SECG_FIGURE_WEIGHT, counted(weight), 1, "kg");
}

static void put_counts(secg_fhir *f)
{
    static const struct {
        const char *code, *display;
        size_t at;
    } kinds[] = {{"v-beats", "ventricular beats", offsetof(secg_beat_counts, v)},
                 {"v-couplets", "ventricular couplets", offsetof(secg_beat_counts, couplets)},
                 {"v-runs", "ventricular runs", offsetof(secg_beat_counts, runs)},
                 {"s-beats", "premature beats of dominant shape", offsetof(secg_beat_counts, s)},
                 {"s-runs", "supraventricular runs", offsetof(secg_beat_counts, svt_runs)},
                 {"pauses", "pauses", offsetof(secg_beat_counts, pauses)}};
    const secg_beat_counts *c = &f->summary->total;
    json_t *to = observe(f, SECG_FIGURE_ECTOPIC_BEATS, SECG_NO_SAMPLE);
    secg_fhir_quantity(f, to, "valueQuantity", (double)c->v + c->s, 0, "1");
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        const secg_code code = {SECG_CODES_OWN, kinds[i].code, kinds[i].display};
        int32_t count;
        memcpy(&count, (const char *)c + kinds[i].at, sizeof count);
        secg_fhir_quantity(f, component(f, to, &code), "valueQuantity", count, 0, "1");
    }
}

static void put_test_figures(secg_fhir *f)
{
    const secg_summary *s = f->summary;
    if (s->exercise_start == SECG_NO_SAMPLE)
        return;
    put_figure(f, SECG_FIGURE_EXERCISE_TIME, counted(s->exercise_s), SECOND_DECIMALS, "s");
    put_figure(f, SECG_FIGURE_RECOVERY_TIME, counted(s->recovery_s), SECOND_DECIMALS, "s");
    put_figure(f, SECG_FIGURE_REST_RATE, s->rest_bpm, 0, "/min");
    put_figure(f, SECG_FIGURE_PREDICTED_RATE, s->predicted_max_bpm, 0, "/min");
    put_figure(f, SECG_FIGURE_TARGET_RATE, s->target_bpm, 0, "/min");
    put_figure(f, SECG_FIGURE_PERCENT_OF_RATE, s->percent_of_max, 1, "%");
    put_peak(f, SECG_FIGURE_PEAK_SYSTOLIC, &s->peak_systolic, 0, "mm[Hg]");
    put_peak(f, SECG_FIGURE_PEAK_RATE_PRESSURE, &s->peak_rate_pressure, 0, "mm[Hg]/min");
    put_peak(f, SECG_FIGURE_PEAK_METS, &s->peak_mets, 1, "[MET]");
    put_peak(f, SECG_FIGURE_DROP_1_MIN, &s->recovery_drop_1min, 0, "/min");
    put_peak(f, SECG_FIGURE_DROP_2_MIN, &s->recovery_drop_2min, 0, "/min");
}

void secg_fhir_put_figures(secg_fhir *f)
{
    const secg_summary *s = f->summary;
    put_body(f);
    put_test_figures(f);
    put_peak(f, SECG_FIGURE_PEAK_RATE, &s->peak_bpm, 0, "/min");
    if (s->calibrated) {
        put_st_peak(f, SECG_FIGURE_ST_LOWEST, &s->st_lowest, s->st_lowest_lead);
        put_st_peak(f, SECG_FIGURE_ST_HIGHEST, &s->st_highest, s->st_highest_lead);
    }
    put_counts(f);
    put_figure(f, SECG_FIGURE_COVERAGE, counted((double)s->coverage_pct), 2, "%");
    put_figure(f, SECG_FIGURE_READABLE, counted((double)s->readable_pct), 2, "%");
}

/* ---- stages ----------------------------------------------------------------------------------- */

static void put_pressure(secg_fhir *f, json_t *to, const secg_blood_pressure *bp)
{
    secg_value systolic = {bp->why, bp->why == SECG_MEASURED ? (float)bp->systolic_mmhg : NAN, 0};
    secg_value diastolic = {bp->why, bp->why == SECG_MEASURED ? (float)bp->diastolic_mmhg : NAN, 0};
    put_component(f, to, SECG_FIGURE_SYSTOLIC, systolic, 0, "mm[Hg]");
    put_component(f, to, SECG_FIGURE_DIASTOLIC, diastolic, 0, "mm[Hg]");
}

/* A lead without a code of its own has that of ST amplitude, and its name in words. */
static json_t *st_component(secg_fhir *f, json_t *to, secg_figure figure, size_t lead)
{
    const secg_lead_source *source = &f->summary->lead[lead];
    const secg_code *code = figure == SECG_FIGURE_ST_LEVEL ? secg_code_of_st(source->lead) : NULL;
    char text[80];
    code = code ? code : secg_code_of_figure(figure);
    json_t *part = component(f, to, code);
    snprintf(text, sizeof text, "%s, %s", secg_code_of_figure(figure)->display,
             secg_lead_name(source->lead));
    secg_put_text(&f->b, json_object_get(part, "code"), "text", text);
    return part;
}

static void put_st(secg_fhir *f, json_t *to, const secg_stage_summary *stage)
{
    const char *point = NULL;
    for (size_t k = 0; stage->st && k < f->summary->leads; k++) {
        const secg_st *st = &stage->st[k];
        secg_value level = {(secg_why)st->why, st->level_mv, st->sigma_mv};
        secg_value slope = {(secg_why)st->why, st->slope_mv_s, 0};
        secg_fhir_value(f, st_component(f, to, SECG_FIGURE_ST_LEVEL, k), level, MV_DECIMALS, "mV");
        secg_fhir_value(f, st_component(f, to, SECG_FIGURE_ST_SLOPE, k), slope, SLOPE_DECIMALS,
                        "mV/s");
        if (st->why == SECG_MEASURED)
            point = secg_st_point_text((secg_st_point)st->point);
    }
    if (point)
        secg_put_text(&f->b, component(f, to, secg_code_of_figure(SECG_FIGURE_ST_POINT)),
                      "valueString", point);
}

static void put_load(secg_fhir *f, json_t *to, const secg_stage_summary *stage)
{
    put_known(f, to, SECG_FIGURE_SPEED, stage->speed_mph, "[mi_i]/h");
    put_known(f, to, SECG_FIGURE_GRADE, stage->grade_pct, "%");
    put_known(f, to, SECG_FIGURE_POWER, stage->power_w, "W");
    if (isfinite(stage->dose) && f->summary->protocol &&
        strcmp(f->summary->protocol->dose_unit, "ug/kg/min") == 0)
        put_known(f, to, SECG_FIGURE_DOSE_RATE, stage->dose, "ug/kg/min");
    if (stage->phase == SECG_PHASE_EXERCISE)
        put_component(f, to, SECG_FIGURE_METS, stage->mets.mets, 2, "[MET]");
}

static void put_stage(secg_fhir *f, const secg_stage_summary *stage)
{
    json_t *to = observe(f, SECG_FIGURE_STAGE, stage->end);
    secg_put_text(&f->b, to, "valueString",
                  stage->label[0] ? stage->label : secg_phase_text(stage->phase));
    secg_fhir_concept(f, component(f, to, secg_code_of_figure(SECG_FIGURE_PHASE)),
                      "valueCodeableConcept", secg_code_of_phase(stage->phase));
    put_elapsed(f, to, stage->start);
    put_component(f, to, SECG_FIGURE_LASTED,
                  counted(secg_seconds(stage->end - stage->start, f->b.rate_hz)), SECOND_DECIMALS,
                  "s");
    put_load(f, to, stage);
    put_component(f, to, SECG_FIGURE_RATE, stage->bpm, 0, "/min");
    put_pressure(f, to, &stage->bp);
    put_component(f, to, SECG_FIGURE_RATE_PRESSURE, stage->rate_pressure, 0, "mm[Hg]/min");
    if (stage->rpe.why == SECG_MEASURED)
        put_component(f, to, SECG_FIGURE_RPE, stage->rpe, 1, "{score}");
    if (stage->spo2.why == SECG_MEASURED)
        put_component(f, to, SECG_FIGURE_SPO2, stage->spo2, 0, "%");
    put_component(f, to, SECG_FIGURE_ECTOPIC_BEATS,
                  counted((double)stage->counts.v + stage->counts.s), 0, "1");
    put_st(f, to, stage);
}

void secg_fhir_put_stages(secg_fhir *f)
{
    for (size_t i = 0; i < f->summary->stages; i++)
        put_stage(f, &f->summary->stage[i]);
}

/* ---- facts ------------------------------------------------------------------------------------ */

static void put_symptom(secg_fhir *f, const secg_fact *fact)
{
    json_t *to = observe(f, SECG_FIGURE_SYMPTOM, fact->sample);
    json_t *value = secg_fhir_concept(f, to, "valueCodeableConcept",
                                      secg_code_of_symptom((secg_symptom)fact->code));
    secg_put_stated(&f->b, value, "text", fact->text);
    put_elapsed(f, to, fact->sample);
    if (fact->grade >= 0 && fact->code != SECG_SYMPTOM_NONE)
        put_component(f, to, SECG_FIGURE_SEVERITY, counted(fact->grade), 0, "{score}");
}

static void put_adverse(secg_fhir *f, const secg_fact *fact)
{
    json_t *to = observe(f, SECG_FIGURE_ADVERSE, fact->sample);
    const char *text = fact->code == 1 ? "none, as stated by staff" : fact->text;
    if (text[0])
        secg_put_text(&f->b, to, "valueString", text);
    else
        secg_fhir_value(f, to, (secg_value){SECG_WHY_NOT_ENTERED, NAN, 0}, 0, "1");
    put_elapsed(f, to, fact->sample);
}

void secg_fhir_put_facts(secg_fhir *f)
{
    const secg_summary *s = f->summary;
    for (size_t i = 0; i < s->facts; i++) {
        if (s->fact[i].kind == SECG_FACT_SYMPTOM)
            put_symptom(f, &s->fact[i]);
        else if (s->fact[i].kind == SECG_FACT_ADVERSE)
            put_adverse(f, &s->fact[i]);
    }
    if (s->end <= 0)
        return;
    json_t *to = observe(f, SECG_FIGURE_END, s->exercise_end);
    json_t *value = secg_fhir_concept(f, to, "valueCodeableConcept", secg_code_of_end(s->end));
    secg_put_stated(&f->b, value, "text", s->end_text);
}
