/* The annotation file of a summary: beats, stages and shut-downs in one order of time. */
#include "../../bindings/cli/annotate.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static secg_beat beat(int64_t sample, secg_beat_label label)
{
    return (secg_beat){.sample = sample, .label = (uint8_t)label};
}

static secg_stage_summary stage(secg_phase phase, const char *label, int64_t start)
{
    secg_stage_summary row = {.phase = phase, .start = start};
    strcpy(row.label, label);
    return row;
}

static secg_gap gap(int lead, secg_signal_state state, int64_t start, int64_t end)
{
    return (secg_gap){.lead = (int16_t)lead, .state = (uint16_t)state, .start = start, .end = end};
}

Test(annotate, three_lists_become_one_in_order_of_time_and_code)
{
    const secg_beat beats[] = {beat(-3, SECG_BEAT_N), beat(400, SECG_BEAT_V),
                               beat(1000, SECG_BEAT_N), beat(2000, SECG_BEAT_Q),
                               beat(9000, SECG_BEAT_S)};
    const secg_stage_summary stages[] = {
        stage(SECG_PHASE_NONE, "Before test", 0), stage(SECG_PHASE_PRETEST, "Supine", 5),
        stage(SECG_PHASE_EXERCISE, "1", 1000), stage(SECG_PHASE_RECOVERY, "Recovery 1:00", 9500)};
    const secg_gap gaps[] = {
        gap(0, SECG_SIGNAL_OFF, 100, 200), gap(-1, SECG_SIGNAL_UNREADABLE, 1000, 2000),
        gap(-1, SECG_SIGNAL_GAP, 2000, 2500), gap(1, SECG_SIGNAL_OFF, 2100, 2200),
        gap(-1, SECG_SIGNAL_UNREADABLE, 9400, 9500)};
    const secg_summary summary = {
        .beat = beats, .beats = 5, .stage = stages, .stages = 4, .gap = gaps, .gaps = 5};
    static const struct {
        int64_t sample;
        int code, subtype;
        const char *aux;
    } want[] = {{0, SECG_ANN_NORMAL, 0, ""},      {5, SECG_ANN_NOTE, 0, "Supine"},
                {400, SECG_ANN_PVC, 0, ""},       {1000, SECG_ANN_NORMAL, 0, ""},
                {1000, SECG_ANN_NOISE, 0x30, ""}, {1000, SECG_ANN_NOTE, 0, "1"},
                {2000, SECG_ANN_UNKNOWN, 0, ""},  {2000, SECG_ANN_NOISE, 0, ""},
                {2000, SECG_ANN_NOISE, 0x30, ""}, {2500, SECG_ANN_NOISE, 0, ""},
                {9000, SECG_ANN_SVE, 0, ""},      {9400, SECG_ANN_NOISE, 0x30, ""},
                {9500, SECG_ANN_NOISE, 0, ""},    {9500, SECG_ANN_NOTE, 0, "Recovery 1:00"}};
    char folder[] = "/tmp/secg-annotate-XXXXXX", path[64];
    cr_assert_not_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/r.sec", folder);
    cli_annotation_place place = {
        .recording = "elsewhere", .folder = folder, .name = "r", .annotator = "sec"};
    cr_assert_eq(cli_save_summary_annotations(&place, &summary), 0);
    secg_annotation *list;
    size_t count;
    secg_error error = {0};
    cr_assert_eq((int)secg_annotations_read(path, 0, &list, &count, &error), SECG_OK, "%s",
                 error.text);
    unlink(path);
    rmdir(folder);
    cr_assert_eq(count, sizeof want / sizeof *want);
    for (size_t i = 0; i < count; i++) {
        cr_expect_eq(list[i].sample, want[i].sample, "%zu", i);
        cr_expect_eq(list[i].code, want[i].code, "%zu", i);
        cr_expect_eq(list[i].subtype, want[i].subtype, "%zu", i);
        cr_expect_str_eq(list[i].aux, want[i].aux);
    }
    secg_annotations_free(list);
}
