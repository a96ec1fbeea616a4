/* summary.json: the whole record in one document (data/summary.schema.json). */
#include "base/status.h"
#include "document/fact_json.h"
#include "document/json_save.h"
#include "document/summary_parts.h"

static secg_status put_timeline(secg_build *b, json_t *root, const secg_summary *summary,
                                secg_error *error)
{
    json_t *list = secg_put(b, root, "timeline", json_array());
    for (size_t i = 0; i < summary->facts; i++) {
        json_t *object = secg_append(b, list, json_object());
        secg_status status = secg_put_fact(object, &summary->fact[i], i, b->rate_hz, error);
        if (status != SECG_OK)
            return status;
    }
    return SECG_OK;
}

/* What was entered, and what stands for it now. */
static secg_status put_corrections(secg_build *b, json_t *root, const secg_summary *summary,
                                   secg_error *error)
{
    secg_status status = SECG_OK;
    json_t *list = secg_put(b, root, "corrections", json_array());
    for (size_t i = 0; status == SECG_OK && i < summary->corrections; i++) {
        const secg_correction *c = &summary->correction[i];
        json_t *to = secg_append(b, list, json_object());
        secg_put_whole(b, to, "number", c->number);
        status = secg_put_fact(secg_put(b, to, "original", json_object()), &c->original, i,
                               b->rate_hz, error);
        if (status == SECG_OK)
            status = secg_put_fact(secg_put(b, to, "correction", json_object()), &c->correction, i,
                                   b->rate_hz, error);
    }
    return status;
}

static void put_audit(secg_build *b, json_t *root, const secg_order *order)
{
    json_t *list = secg_put(b, root, "audit", json_array());
    for (size_t i = 0; order && i < order->edits; i++) {
        const secg_edit *edit = &order->edit[i];
        json_t *to = secg_append(b, list, json_object());
        secg_put_text(b, to, "when", edit->when);
        secg_put_text(b, to, "by", edit->by);
        secg_put_text(b, to, "what", edit->what);
        secg_put_text(b, to, "old", edit->old_value);
        secg_put_text(b, to, "new", edit->new_value);
        secg_put_stated(b, to, "why", edit->why);
    }
}

static void put_head(secg_build *b, json_t *root)
{
    secg_put_text(b, root, "format", SECG_SUMMARY_FORMAT);
    json_t *software = secg_put(b, root, "software", json_object());
    secg_put_text(b, software, "name", "stressecg");
    secg_put_text(b, software, "version", secg_version());
    secg_put_text(b, software, "spectrum", secg_spectrum_engine());
}

static secg_status build(json_t *root, const secg_summary *summary, const secg_order *order,
                         secg_error *error)
{
    secg_build b = {.rate_hz = summary->signal->rate_hz};
    put_head(&b, root);
    secg_put_record(&b, root, summary, order);
    secg_put_order(&b, root, summary, order);
    secg_put_protocol(&b, root, summary);
    secg_put_times(&b, root, summary);
    secg_put_peaks(&b, root, summary);
    secg_put_stages(&b, root, summary);
    secg_put_rhythms(&b, root, summary);
    secg_put_gaps(&b, root, summary);
    secg_put_trend(&b, root, summary);
    secg_status status = put_timeline(&b, root, summary, error);
    if (status == SECG_OK)
        status = put_corrections(&b, root, summary, error);
    put_audit(&b, root, order);
    return b.failed ? secg_fail(error, SECG_E_MEMORY, "summary: no memory") : status;
}

secg_status secg_summary_write_json(const secg_summary *summary, const secg_order *order,
                                    const char *path, secg_error *error)
{
    if (!summary || !path)
        return secg_fail(error, SECG_E_ARGUMENT, "%s: NULL", summary ? "path" : "summary");
    json_t *root = json_object();
    if (!root)
        return secg_fail(error, SECG_E_MEMORY, "summary: no memory");
    secg_status status = build(root, summary, order, error);
    if (status == SECG_OK)
        status = secg_json_save(root, path, error);
    json_decref(root);
    return status;
}
