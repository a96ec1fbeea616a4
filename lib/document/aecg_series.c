/* The series of an aECG document: for each stage the last ten seconds as acquired (RHYTHM) and,
 * derived from it, the average complexes (REPRESENTATIVE_BEAT) with what was measured on them.
 *
 * A series is a sequence of times and one of microvolts for each lead.  The times of a strip are
 * points in time, or, without a start time, seconds from its beginning, as those of a complex are
 * from its first sample. */
#include "document/aecg.h"

#include "base/lead_value.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static const double strip_s = 10;

static void set_type(secg_aecg *a, const char *type)
{
    secg_aecg_put(a, "xsi:type", type);
}

static void put_quantity(secg_aecg *a, const char *element, double value, int decimals,
                         const char *unit)
{
    secg_aecg_open(a, element);
    secg_aecg_put_number(a, "value", value, decimals);
    secg_aecg_put(a, "unit", unit);
    secg_aecg_close(a);
}

/* <sequence> of times; from SECG_NO_SAMPLE: relative. */
static void put_times(secg_aecg *a, int64_t from, double rate_hz)
{
    char head[40];
    int is_absolute = secg_aecg_time(a, from, head, sizeof head);
    secg_aecg_open(a, "component");
    secg_aecg_open(a, "sequence");
    secg_aecg_open(a, "code");
    secg_aecg_put(a, "code", is_absolute ? "TIME_ABSOLUTE" : "TIME_RELATIVE");
    secg_aecg_put(a, "codeSystem", "2.16.840.1.113883.5.4");
    secg_aecg_put(a, "codeSystemName", "ActCode");
    secg_aecg_close(a);
    secg_aecg_open(a, "value");
    set_type(a, is_absolute ? "GLIST_TS" : "GLIST_PQ");
    if (is_absolute) {
        secg_aecg_open(a, "head");
        secg_aecg_put(a, "value", head);
        secg_aecg_close(a);
    } else {
        put_quantity(a, "head", 0, 0, "s");
    }
    put_quantity(a, "increment", 1 / rate_hz, 9, "s");
    secg_aecg_close(a);
    secg_aecg_close(a);
    secg_aecg_close(a);
}

static void put_digits(secg_aecg *a, const float *mv, size_t count)
{
    char text[16];
    secg_aecg_open(a, "digits");
    for (size_t n = 0; n < count; n++) {
        snprintf(text, sizeof text, "%s%ld", n > 0 ? " " : "", lround(1000 * (double)mv[n]));
        secg_aecg_text(a, text);
    }
    secg_aecg_close(a);
}

static void put_lead_code(secg_aecg *a, const secg_lead_source *lead)
{
    const char *code = secg_code_of_lead(lead->lead);
    if (code)
        secg_aecg_code(a, SECG_CODES_MDC, code, lead->name);
    else
        secg_aecg_code(a, SECG_CODES_OWN, "lead", lead->name);
}

/* <sequence> of microvolts. */
static void put_lead(secg_aecg *a, size_t lead, const float *mv, size_t count)
{
    secg_aecg_open(a, "component");
    secg_aecg_open(a, "sequence");
    put_lead_code(a, &a->summary->lead[lead]);
    secg_aecg_open(a, "value");
    set_type(a, "SLIST_PQ");
    put_quantity(a, "origin", 0, 0, "uV");
    put_quantity(a, "scale", 1, 0, "uV");
    put_digits(a, mv, count);
    secg_aecg_close(a);
    secg_aecg_close(a);
    secg_aecg_close(a);
}

static void put_series_code(secg_aecg *a, const char *code)
{
    secg_aecg_open(a, "code");
    secg_aecg_put(a, "code", code);
    secg_aecg_put(a, "codeSystem", "2.16.840.1.113883.5.4");
    secg_aecg_put(a, "codeSystemName", "ActCode");
    secg_aecg_close(a);
}

static void put_device(secg_aecg *a)
{
    secg_aecg_open(a, "author");
    secg_aecg_open(a, "seriesAuthor");
    secg_aecg_open(a, "manufacturedSeriesDevice");
    if (a->order->equipment.ecg[0])
        secg_aecg_element(a, "manufacturerModelName", a->order->equipment.ecg);
    char software[48];
    snprintf(software, sizeof software, "stressecg %s", secg_version());
    secg_aecg_element(a, "softwareName", software);
    secg_aecg_close(a);
    secg_aecg_close(a);
    secg_aecg_close(a);
}

/* ---- what was measured ------------------------------------------------------------------------ */

static void open_annotations(secg_aecg *a, int64_t sample)
{
    char text[40];
    secg_aecg_open(a, "subjectOf");
    secg_aecg_open(a, "annotationSet");
    secg_aecg_open(a, "activityTime");
    if (secg_aecg_time(a, sample, text, sizeof text))
        secg_aecg_put(a, "value", text);
    else
        secg_aecg_put(a, "nullFlavor", secg_aecg_null(a));
    secg_aecg_close(a);
}

static void put_annotation(secg_aecg *a, const char *code, double value, int decimals,
                           const char *unit)
{
    if (!isfinite(value))
        return;
    secg_aecg_open(a, "component");
    secg_aecg_open(a, "annotation");
    secg_aecg_code(a, SECG_CODES_MDC, code, NULL);
    secg_aecg_open(a, "value");
    set_type(a, "PQ");
    secg_aecg_put_number(a, "value", value, decimals);
    secg_aecg_put(a, "unit", unit);
    secg_aecg_close(a);
    secg_aecg_close(a);
    secg_aecg_close(a);
}

/* A level belongs to a lead, which the region says that supports it. */
static void put_st_annotation(secg_aecg *a, size_t lead, const secg_st *st)
{
    if (st->why != SECG_MEASURED || !isfinite(st->level_mv))
        return;
    const secg_lead_source *source = &a->summary->lead[lead];
    const secg_code *code = secg_code_of_st(source->lead);
    secg_aecg_open(a, "component");
    secg_aecg_open(a, "annotation");
    secg_aecg_code(a, SECG_CODES_MDC, code ? code->display : "MDC_ECG_AMPL_ST",
                   secg_st_point_text((secg_st_point)st->point));
    secg_aecg_open(a, "value");
    set_type(a, "PQ");
    secg_aecg_put_number(a, "value", 1000 * (double)st->level_mv, 1);
    secg_aecg_put(a, "unit", "uV");
    secg_aecg_close(a);
    secg_aecg_open(a, "support");
    secg_aecg_open(a, "supportingROI");
    put_series_code(a, "ROIPS");
    secg_aecg_open(a, "component");
    secg_aecg_open(a, "boundary");
    put_lead_code(a, source);
    for (int i = 0; i < 6; i++)
        secg_aecg_close(a);
}

static const secg_complex *any_complex(const secg_summary *s, const secg_stage_summary *stage)
{
    for (size_t k = 0; stage->complex && stage->complex_mv && k < s->leads; k++)
        if (stage->complex[k].samples > 0)
            return &stage->complex[k];
    return NULL;
}

static void put_measurements(secg_aecg *a, const secg_stage_summary *stage,
                             const secg_complex *first)
{
    open_annotations(a, first->sample);
    if (isfinite(first->bpm))
        put_annotation(a, "MDC_ECG_HEART_RATE", (double)first->bpm, 1, "bpm");
    put_annotation(a, "MDC_ECG_TIME_PD_PR", (double)(first->qrs_onset_ms - first->p_onset_ms), 1,
                   "ms");
    put_annotation(a, "MDC_ECG_TIME_PD_QRS", (double)(first->j_ms - first->qrs_onset_ms), 1, "ms");
    put_annotation(a, "MDC_ECG_TIME_PD_QT", (double)(first->t_end_ms - first->qrs_onset_ms), 1,
                   "ms");
    for (size_t k = 0; k < a->summary->leads; k++)
        if (stage->complex[k].samples > 0)
            put_st_annotation(a, k, &stage->complex[k].st);
    secg_aecg_close(a);
    secg_aecg_close(a);
}

/* Leads whose complex has as many samples as the first: a sequence set has one list of times. */
static void put_complexes(secg_aecg *a, const secg_stage_summary *stage)
{
    const secg_summary *s = a->summary;
    const secg_complex *first = any_complex(s, stage);
    secg_aecg_open(a, "derivation");
    secg_aecg_open(a, "derivedSeries");
    secg_aecg_id(a);
    put_series_code(a, "REPRESENTATIVE_BEAT");
    secg_aecg_period(a, stage->start, first->sample);
    secg_aecg_open(a, "component");
    secg_aecg_open(a, "sequenceSet");
    put_times(a, SECG_NO_SAMPLE, first->rate_hz);
    for (size_t k = 0; k < s->leads; k++)
        if (stage->complex[k].samples == first->samples)
            put_lead(a, k, stage->complex_mv + k * s->complex_capacity, first->samples);
    secg_aecg_close(a);
    secg_aecg_close(a);
    put_measurements(a, stage, first);
    secg_aecg_close(a);
    secg_aecg_close(a);
}

/* ---- strips ----------------------------------------------------------------------------------- */

/* A lead as a row; 0 when it has a gap. */
static int fill_lead(const secg_aecg *a, size_t lead, const float *frames, size_t count, float *mv)
{
    size_t channels = (size_t)a->summary->signal->channels;
    for (size_t n = 0; n < count; n++) {
        mv[n] = secg_lead_value(&a->summary->lead[lead], frames + n * channels);
        if (!isfinite(mv[n]) || fabsf(mv[n]) > 1e6f)
            return 0;
    }
    return 1;
}

static void put_strip(secg_aecg *a, int64_t from, const float *frames, size_t count, float *row)
{
    char comment[64];
    secg_aecg_open(a, "component");
    secg_aecg_open(a, "sequenceSet");
    put_times(a, from, a->rate_hz);
    for (size_t k = 0; k < a->summary->leads; k++) {
        if (fill_lead(a, k, frames, count, row)) {
            put_lead(a, k, row, count);
            continue;
        }
        snprintf(comment, sizeof comment, " %s: not acquired throughout ",
                 secg_lead_name(a->summary->lead[k].lead));
        a->failed |= xmlTextWriterWriteComment(a->xml, BAD_CAST comment) < 0;
    }
    secg_aecg_close(a);
    secg_aecg_close(a);
}

typedef struct span {
    int64_t from;
    size_t count;
} span;

static span strip_of(const secg_aecg *a, const secg_stage_summary *stage)
{
    int64_t length = (int64_t)llround(strip_s * a->rate_hz);
    int64_t from = stage->end - length > stage->start ? stage->end - length : stage->start;
    int64_t last = stage->end < a->summary->frames ? stage->end : a->summary->frames;
    return (span){from, last > from ? (size_t)(last - from) : 0};
}

/* What part of the test the series is of. */
static void put_stage(secg_aecg *a, const secg_stage_summary *stage)
{
    open_annotations(a, stage->end);
    secg_aecg_open(a, "component");
    secg_aecg_open(a, "annotation");
    secg_aecg_code(a, SECG_CODES_OWN, "stage", secg_phase_text(stage->phase));
    secg_aecg_open(a, "value");
    set_type(a, "ST");
    secg_aecg_text(a, stage->label);
    for (int i = 0; i < 5; i++)
        secg_aecg_close(a);
}

static secg_status put_series(secg_aecg *a, const secg_stage_summary *stage, span strip,
                              float *frames, float *row)
{
    secg_status status = SECG_OK;
    if (a->tracing && strip.count > 0)
        status = a->tracing->read(a->tracing->context, strip.from, strip.count, frames);
    if (status != SECG_OK)
        return status;
    secg_aecg_open(a, "component");
    secg_aecg_open(a, "series");
    secg_aecg_id(a);
    put_series_code(a, "RHYTHM");
    secg_aecg_period(a, strip.from, strip.from + (int64_t)strip.count);
    put_device(a);
    if (a->tracing && strip.count > 0)
        put_strip(a, strip.from, frames, strip.count, row);
    if (any_complex(a->summary, stage))
        put_complexes(a, stage);
    put_stage(a, stage);
    secg_aecg_close(a);
    secg_aecg_close(a);
    return SECG_OK;
}

secg_status secg_aecg_put_series(secg_aecg *a)
{
    const secg_summary *s = a->summary;
    size_t longest = (size_t)ceil(strip_s * a->rate_hz) + 1;
    float *frames = malloc(longest * (size_t)s->signal->channels * sizeof *frames);
    float *row = malloc(longest * sizeof *row);
    secg_status status = frames && row ? SECG_OK : SECG_E_MEMORY;
    for (size_t i = 0; i < s->stages && status == SECG_OK; i++) {
        span strip = strip_of(a, &s->stage[i]);
        if ((a->tracing && strip.count > 0) || any_complex(s, &s->stage[i]))
            status = put_series(a, &s->stage[i], strip, frames, row);
    }
    free(frames);
    free(row);
    return status;
}
