/* What the demo promises: heart rate at each stage end within 2 bpm of truth, ST within 0.05 mV in
 * each lead or marked not measurable with a reason, ventricular beats within one.  Through the
 * command line, and for more than the demo's own seed. */
#include "shared_data.h"

#include <jansson.h>
#include <math.h>
#include <string.h>
#include <sys/wait.h>

static const char *const leads[] = {"I",  "II", "III", "aVR", "aVL", "aVF",
                                    "V1", "V2", "V3",  "V4",  "V5",  "V6"};

static void run(const char *folder, int seed)
{
    char command[9000];
    const char *stressecg = getenv("SECG_COMMAND");
    snprintf(command, sizeof command,
             "'%s' simulate --seed %d -o '%s/demo' >'%s/log' 2>&1 && '%s' analyze '%s/demo' --test "
             "'%s/demo.test.json' --truth '%s/demo.truth.json' --no-report -o '%s' >>'%s/log' 2>&1",
             stressecg, seed, folder, folder, stressecg, folder, folder, folder, folder, folder);
    int status = system(command);
    cr_assert(WIFEXITED(status) && WEXITSTATUS(status) == 0, "see %s/log", folder);
}

static json_t *load(const char *folder, const char *name)
{
    char path[4096];
    json_error_t error;
    snprintf(path, sizeof path, "%s/%s", folder, name);
    json_t *root = json_load_file(path, 0, &error);
    cr_assert_not_null(root, "%s:%d: %s", path, error.line, error.text);
    return root;
}

static double number(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);
    return json_is_number(value) ? json_number_value(value) : (double)NAN;
}

/* The row of the measured table that ends when the true one does. */
static const json_t *row_ending(const json_t *summary, double end_s)
{
    size_t i;
    const json_t *row;
    json_array_foreach(json_object_get(summary, "stages"), i,
                       row) if (fabs(number(row, "end_s") - end_s) < 1.5) return row;
    return NULL;
}

/* Which true level belongs to the point that was measured. */
static const char *truth_key(const char *point)
{
    return !point                       ? NULL
           : strcmp(point, "J+60") == 0 ? "st_j60_mv"
           : strcmp(point, "J+80") == 0 ? "st_j80_mv"
                                        : NULL;
}

/* 1 measured and right, 0 not measurable with a reason. */
static int check_st(const json_t *row, const json_t *truth, const char *lead, const char *label)
{
    const json_t *st = json_object_get(json_object_get(row, "st"), lead);
    cr_assert_not_null(st, "%s: no ST entry for %s", label, lead);
    double level = number(json_object_get(st, "level_mv"), "value");
    if (isnan(level)) {
        cr_expect_not_null(
            json_string_value(json_object_get(json_object_get(st, "level_mv"), "reason")),
            "%s %s: neither level nor reason", label, lead);
        return 0;
    }
    const char *key = truth_key(json_string_value(json_object_get(st, "point")));
    cr_assert_not_null(key, "%s %s", label, lead);
    double want = number(json_object_get(truth, key), lead);
    cr_expect_lt(fabs(level - want), 0.05, "%s %s: %.3f mV, true %.3f mV", label, lead, level,
                 want);
    return 1;
}

static void check(const char *folder)
{
    json_t *summary = load(folder, "summary.json"), *truth = load(folder, "demo.truth.json");
    const json_t *stage;
    size_t i;
    int measured = 0, asked = 0;
    json_array_foreach(json_object_get(truth, "stages"), i, stage)
    {
        const char *label = json_string_value(json_object_get(stage, "label"));
        const json_t *row = row_ending(summary, number(stage, "end_s"));
        cr_assert_not_null(row, "%s is not in the table", label);
        double bpm = number(json_object_get(row, "heart_rate_bpm"), "value");
        cr_expect_lt(fabs(bpm - number(stage, "bpm_end")), 2, "%s: %.1f bpm, true %.1f", label, bpm,
                     number(stage, "bpm_end"));
        double v = number(json_object_get(row, "beats"), "v");
        cr_expect_leq(fabs(v - number(stage, "ventricular_beats")), 1, "%s: %g ventricular beats",
                      label, v);
        for (size_t k = 0; k < 12; k++, asked++)
            measured += check_st(row, stage, leads[k], label);
    }
    cr_expect_geq(asked, 12 * 12, "rest, four stages and six minutes of recovery");
    cr_expect_gt(measured, asked * 3 / 4, "%d of %d ST levels measured", measured, asked);
    json_decref(summary);
    json_decref(truth);
}

static void demo(int seed)
{
    char folder[] = "/tmp/secg-demo-XXXXXX", command[4200];
    cr_assert_not_null(mkdtemp(folder));
    run(folder, seed);
    check(folder);
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    if (system(command) != 0)
        cr_log_warn("%s stays behind", folder);
}

Test(demo, of_the_readme)
{
    demo(7);
}

Test(demo, of_other_seeds)
{
    demo(1);
    demo(20);
}
