/* The rows of the stage table: where each begins and ends, what it is called and what was planned. */
#include "stress/summary_parts.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

typedef struct row_list {
    const secg_test *test;
    secg_stage_summary *row; /* NULL: counting only */
    size_t count;
    int64_t hold, pause; /* samples of the present stage, by those that are over */
} row_list;

static double seconds(const secg_test *test, int64_t samples)
{
    return secg_seconds(samples, test->rate_hz);
}

static void set_target(const secg_test *test, secg_stage_summary *row, const secg_fact *stage)
{
    row->speed_mph = stage ? stage->speed_mph : (float)NAN;
    row->grade_pct = stage ? stage->grade_pct : (float)NAN;
    row->power_w = stage ? stage->power_w : (float)NAN;
    row->dose = stage ? stage->value : (float)NAN;
    if (row->stage >= 0 && test->protocol)
        row->planned_s = test->protocol->stage[row->stage].duration_s;
}

/* On a ramp, where it had got to at the end of the row. */
static void set_ramp(const secg_test *test, const secg_course *course, secg_stage_summary *row)
{
    if (!secg_course_is_ramp(course, test->protocol))
        return;
    secg_target target = secg_course_target(course, test->protocol, row->end);
    row->speed_mph = target.speed_mph;
    row->grade_pct = target.grade_pct;
    row->power_w = target.power_w;
}

static int64_t stood(int64_t over, int64_t since, int64_t end)
{
    return since != SECG_NO_SAMPLE && end > since ? over + end - since : over;
}

/* A hold or pause that ends is counted; with the stage the count begins anew. */
static void count_stops(row_list *list, const secg_course *course, const secg_fact *fact)
{
    if (secg_course_is_cut_by(fact))
        list->hold = list->pause = 0;
    else if (fact->kind == SECG_FACT_HOLD && !fact->code)
        list->hold += fact->sample - course->hold_since;
    else if (fact->kind == SECG_FACT_PAUSE && !fact->code)
        list->pause += fact->sample - course->pause_since;
}

static void put_row(row_list *list, const secg_course *course, const secg_fact *stage,
                    const char *label, int64_t start, int64_t end)
{
    size_t index = list->count++;
    if (!list->row)
        return;
    secg_stage_summary *row = &list->row[index];
    snprintf(row->label, sizeof row->label, "%s", label);
    row->phase = course->phase;
    row->stage = course->stage;
    row->start = start;
    row->end = end;
    row->phase_s = seconds(list->test, end - course->phase_start);
    set_target(list->test, row, stage);
    set_ramp(list->test, course, row);
    row->held_s = seconds(list->test, stood(list->hold, course->hold_since, end));
    row->paused_s = seconds(list->test, stood(list->pause, course->pause_since, end));
}

/* Time before and after the test is a row where it matters: a second or more, or any beat. */
static void put_outside(row_list *list, const secg_course *course, const char *label, int64_t end)
{
    if (seconds(list->test, end - course->start) >= 1 ||
        secg_holds_beats(list->test, course->start, end))
        put_row(list, course, NULL, label, course->start, end);
}

/* Bytes of a text that fit: whole words, or of a single long word whole characters. */
static int fitting(const char *text, size_t most)
{
    size_t length = strlen(text), words = most;
    if (length <= most)
        return (int)length;
    while (words > 0 && text[words] != ' ' && text[words] != ',')
        words--;
    while (words > 0 && strchr(" ,;:(-", text[words - 1]))
        words--;
    if (words > 0)
        return (int)words;
    while (most > 0 && ((unsigned char)text[most] & 0xc0) == 0x80)
        most--;
    return (int)most;
}

/* "Recovery 2:00", by the end of the row; other stages of recovery keep their own word. */
static void put_recovery_row(row_list *list, const secg_course *course, const secg_fact *stage,
                             int64_t start, int64_t end)
{
    enum { ROOM_FOR_TIME = sizeof " 9999:59" };
    char label[24];
    const char *word = stage->label[0] ? stage->label : "Recovery";
    int whole = (int)floor(seconds(list->test, end - course->phase_start) + 1e-9);
    snprintf(label, sizeof label, "%.*s %d:%02d", fitting(word, sizeof label - ROOM_FOR_TIME), word,
             whole / 60 % 10000, whole % 60);
    put_row(list, course, stage, label, start, end);
    if (list->row)
        list->row[list->count - 1].planned_s = list->test->recovery_interval_s;
}

static void put_recovery(row_list *list, const secg_course *course, const secg_fact *stage,
                         int64_t end)
{
    const secg_test *test = list->test;
    int64_t start = course->start;
    for (int64_t k = 1;; k++) {
        int64_t mark =
            secg_course_recovery_mark(course, test->recovery_interval_s, test->rate_hz, k);
        if (mark >= end)
            break;
        if (mark > start) {
            put_recovery_row(list, course, stage, start, mark);
            start = mark;
        }
    }
    put_recovery_row(list, course, stage, start, end);
}

static void put_stage(row_list *list, const secg_course *course, const secg_fact *stage,
                      int64_t end)
{
    switch (course->phase) {
    case SECG_PHASE_NONE:
        if (list->test->now.phase == SECG_PHASE_NONE)
            put_row(list, course, NULL, "Recording", 0, end);
        else
            put_outside(list, course, "Before test", end);
        break;
    case SECG_PHASE_EXERCISE:
        if (end == course->start && course->stages_begun > 1)
            break;
        put_row(list, course, stage, stage->label, course->start, end);
        break;
    case SECG_PHASE_PRETEST:
        put_row(list, course, stage, stage->label, course->start, end);
        break;
    case SECG_PHASE_RECOVERY:
        put_recovery(list, course, stage, end);
        break;
    case SECG_PHASE_ENDED:
        put_outside(list, course, "After test", end);
        break;
    }
}

size_t secg_summary_rows(const secg_test *test, secg_stage_summary *row)
{
    row_list list = {.test = test, .row = row};
    secg_course course;
    secg_course_init(&course);
    const secg_fact *stage = NULL;
    for (size_t i = 0; i < test->applied; i++) {
        const secg_fact *fact = &test->fact[test->order[i]];
        if (!secg_course_is_moved_by(fact))
            continue;
        if (secg_course_is_cut_by(fact)) {
            put_stage(&list, &course, stage, fact->sample);
            stage = fact;
        }
        count_stops(&list, &course, fact);
        secg_course_follow(&course, test->protocol, test->rate_hz, fact);
    }
    put_stage(&list, &course, stage, secg_analyzer_frames(test->analyzer));
    return list.count;
}
