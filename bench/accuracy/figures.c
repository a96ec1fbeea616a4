#include "figures.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Follows a path to its last object, and gives the last name in it. */
static json_t *object_of(json_t *at, const char *path, const char **last)
{
    for (const char *slash; (slash = strchr(path, '/')) != NULL; path = slash + 1) {
        char name[128];
        snprintf(name, sizeof name, "%.*s", (int)(slash - path), path);
        if (!json_is_object(json_object_get(at, name)))
            json_object_set_new(at, name, json_object());
        at = json_object_get(at, name);
    }
    *last = path;
    return at;
}

static void put(json_t *root, const char *path, json_t *value)
{
    const char *last;
    json_t *object = object_of(root, path, &last);
    json_object_set_new(object, last, value);
}

void figures_put(json_t *root, const char *path, double value)
{
    put(root, path, isfinite(value) ? json_real(value) : json_null());
}

void figures_put_count(json_t *root, const char *path, int64_t value)
{
    put(root, path, json_integer(value));
}

double figures_get(const json_t *root, const char *path)
{
    for (const char *slash; root && (slash = strchr(path, '/')) != NULL; path = slash + 1)
        root = json_object_getn(root, path, (size_t)(slash - path));
    const json_t *value = json_object_get(root, path);
    return json_is_number(value) ? json_number_value(value) : NAN;
}

static double share(int64_t part, int64_t rest)
{
    return 100.0 * (double)part / (double)(part + rest);
}

static void put_rates(json_t *at, const char *what, int64_t tp, int64_t fn, int64_t fp)
{
    json_t *o = json_object();
    figures_put_count(o, "tp", tp);
    figures_put_count(o, "fn", fn);
    figures_put_count(o, "fp", fp);
    figures_put_count(o, "errors", fn + fp);
    figures_put(o, "se_percent", share(tp, fn));
    figures_put(o, "ppv_percent", share(tp, fp));
    json_object_set_new(at, what, o);
}

void figures_put_score(json_t *root, const char *path, const score *s)
{
    const secg_ec57 *c = &s->counts;
    json_t *o = json_object();
    put_rates(o, "qrs", c->qrs_tp, c->qrs_fn, c->qrs_fp);
    put_rates(o, "veb", c->veb_tp, c->veb_fn, c->veb_fp);
    put_rates(o, "sveb", c->sveb_tp, c->sveb_fn, c->sveb_fp);
    figures_put_count(o, "records", (int64_t)s->records);
    if (s->records == 1)
        figures_put(o, "r_peak/median_ms", s->median_ms);
    figures_put(o, "r_peak/rms_ms", numbers_rms(&s->residual_ms));
    figures_put(o, "r_peak/p95_ms", numbers_quantile_abs(&s->residual_ms, 0.95));
    figures_put(o, "r_peak_whole/rms_ms", numbers_rms(&s->whole_ms));
    figures_put(o, "r_peak_whole/p95_ms", numbers_quantile_abs(&s->whole_ms, 0.95));
    put(root, path, o);
}

int figures_write(const json_t *root, const char *path)
{
    if (path && json_dump_file(root, path, JSON_INDENT(1) | JSON_REAL_PRECISION(7)) != 0)
        return fprintf(stderr, "%s: cannot be written\n", path), -1;
    return 0;
}
