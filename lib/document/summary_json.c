/* summary.json: the whole record in one document (data/summary.schema.json). */
#include "base/atomic_file.h"
#include "base/status.h"
#include "document/fact_json.h"
#include "document/summary_parts.h"
#include "document/verdict.h"

static secg_status put_timeline(secg_build *b, secg_json_stream *out, const secg_summary *summary,
                                secg_error *error)
{
    secg_json_stream_begin_list(out, "timeline");
    for (size_t i = 0; i < summary->facts; i++) {
        json_t *object = json_object();
        secg_status status = secg_put_fact(object, &summary->fact[i], i, b->rate_hz, error);
        secg_json_stream_element(out, object);
        if (status != SECG_OK)
            return status;
    }
    secg_json_stream_end_list(out);
    return SECG_OK;
}

/* What was entered, and what stands for it now. */
static secg_status put_corrections(secg_build *b, secg_json_stream *out,
                                   const secg_summary *summary, secg_error *error)
{
    secg_status status = SECG_OK;
    secg_json_stream_begin_list(out, "corrections");
    for (size_t i = 0; status == SECG_OK && i < summary->corrections; i++) {
        const secg_correction *c = &summary->correction[i];
        json_t *to = json_object();
        secg_put_whole(b, to, "number", c->number);
        status = secg_put_fact(secg_put(b, to, "original", json_object()), &c->original, i,
                               b->rate_hz, error);
        if (status == SECG_OK)
            status = secg_put_fact(secg_put(b, to, "correction", json_object()), &c->correction, i,
                                   b->rate_hz, error);
        secg_json_stream_element(out, to);
    }
    secg_json_stream_end_list(out);
    return status;
}

static void put_audit(secg_build *b, secg_json_stream *out, const secg_order *order)
{
    secg_json_stream_begin_list(out, "audit");
    for (size_t i = 0; order && i < order->edits; i++) {
        const secg_edit *edit = &order->edit[i];
        json_t *to = json_object();
        secg_put_text(b, to, "when", edit->when);
        secg_put_text(b, to, "by", edit->by);
        secg_put_text(b, to, "what", edit->what);
        secg_put_text(b, to, "old", edit->old_value);
        secg_put_text(b, to, "new", edit->new_value);
        secg_put_stated(b, to, "why", edit->why);
        secg_json_stream_element(out, to);
    }
    secg_json_stream_end_list(out);
}

static void put_head(secg_build *b, json_t *root)
{
    secg_put_text(b, root, "format", SECG_SUMMARY_FORMAT);
    json_t *software = secg_put(b, root, "software", json_object());
    secg_put_text(b, software, "name", "stressecg");
    secg_put_text(b, software, "version", secg_version());
    secg_put_text(b, software, "spectrum", secg_spectrum_engine());
}

static void put_once(secg_build *b, json_t *root, const secg_summary *summary,
                     const secg_order *order)
{
    put_head(b, root);
    secg_put_record(b, root, summary, order);
    secg_put_flag(b, root, "deidentified", summary->deidentified);
    secg_put_codes(b, root, summary, order);
    secg_put_order(b, root, summary, order);
    secg_put_protocol(b, root, summary);
    secg_put_times(b, root, summary);
    secg_put_peaks(b, root, summary);
}

static secg_status put_lists(secg_build *b, secg_json_stream *out, const secg_summary *summary,
                             const secg_order *order, secg_error *error)
{
    secg_put_stages(b, out, summary);
    secg_put_rhythms(b, out, summary);
    secg_put_gaps(b, out, summary);
    secg_put_rate_missing(b, out, summary);
    secg_put_trend(b, out, summary);
    secg_status status = put_timeline(b, out, summary, error);
    if (status == SECG_OK)
        status = put_corrections(b, out, summary, error);
    put_audit(b, out, order);
    return status;
}

static secg_status put_all(FILE *file, const secg_summary *summary, const secg_order *order,
                           secg_error *error)
{
    secg_build b = {.rate_hz = summary->signal->rate_hz};
    secg_json_stream out;
    json_t *root = json_object();
    put_once(&b, root, summary, order);
    secg_json_stream_begin(&out, file);
    secg_json_stream_members(&out, root);
    json_decref(root);
    secg_status status = put_lists(&b, &out, summary, order, error);
    secg_json_stream_end(&out);
    if (status == SECG_OK && (b.failed || (out.failed && !ferror(file))))
        status = secg_fail(error, SECG_E_MEMORY, "summary: no memory");
    return status;
}

secg_status secg_summary_write_json(const secg_summary *summary, const secg_order *order,
                                    const char *path, secg_error *error)
{
    if (!summary || !path)
        return secg_fail(error, SECG_E_ARGUMENT, "%s: NULL", summary ? "path" : "summary");
    secg_atomic_file out;
    secg_status status = secg_refuse_verdicts(summary, order, error);
    if (status == SECG_OK)
        status = secg_atomic_open(&out, path, error);
    if (status != SECG_OK)
        return status;
    status = put_all(out.stream, summary, order, error);
    return secg_atomic_close(&out, status, error);
}
