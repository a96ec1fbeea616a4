/* Live, cut in any way, replayed from its facts: one and the same test.  Operators do whatever
 * comes to their mind; the timeline stays in order, or the call says why not. */
#include "floor.h"
#include "summary_text.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>

/* xorshift64*: enough for choosing what an operator does. */
static uint32_t chance(uint64_t *state, uint32_t below)
{
    *state ^= *state >> 12;
    *state ^= *state << 25;
    *state ^= *state >> 27;
    return (uint32_t)((*state * UINT64_C(2685821657736338717)) >> 33) % below;
}

static const char *const protocols[] = {"bruce",       "balke-ware", "ramp-30s",
                                        "regadenoson", "who-25",     NULL};

static secg_test_config configuration(uint64_t seed, int replay)
{
    uint64_t state = seed * 7919 + 1;
    secg_test_config config = {.replay = (uint8_t)replay, .recovery_interval_s = 30};
    config.protocol = secg_protocol_find(protocols[chance(&state, 6)]);
    config.patient = (secg_test_patient){.age_years = 54, .weight_kg = 80, .sex = 'M'};
    if (!replay)
        config.manual = chance(&state, 4) == 0;
    return config;
}

/* A moment now, or a little in the past. */
static int64_t moment(uint64_t *state, const floor_bench *bench)
{
    int64_t now = secg_test_frames(bench->test);
    int64_t late = chance(state, 3) == 0 ? (int64_t)chance(state, 2500) : 0;
    return late < now ? now - late : now;
}

static void add_fact(uint64_t *state, floor_bench *bench, int64_t when)
{
    secg_fact fact = secg_fact_make((secg_fact_kind)(1 + chance(state, SECG_FACT_KINDS)), when);
    fact.phase = (uint8_t)chance(state, 5);
    fact.stage = (int16_t)((int)chance(state, 6) - 1);
    fact.code = (int16_t)chance(state, 3);
    fact.speed_mph = chance(state, 2) ? 2.5f : -NAN;
    fact.value = (float)chance(state, 120);
    fact.systolic_mmhg = (int16_t)(80 + chance(state, 150));
    fact.diastolic_mmhg = (int16_t)(40 + chance(state, 80));
    memset(fact.label, 'x', sizeof fact.label);
    strcpy(fact.label, chance(state, 2) ? "6-20" : "");
    strcpy(fact.text, "t");
    secg_error error = {0};
    secg_status status = secg_test_add(bench->test, &fact, &error);
    cr_assert(status == SECG_OK || (status < 0 && strchr(error.text, ':')), "no field: %s",
              error.text);
}

static void operate(uint64_t *state, floor_bench *bench)
{
    int64_t when = moment(state, bench);
    switch (chance(state, 14)) {
    case 0:
        secg_test_pretest(bench->test, when, chance(state, 2) ? "Supine" : "Standing");
        break;
    case 1:
    case 2:
        secg_test_start(bench->test, when);
        break;
    case 3:
        secg_test_advance(bench->test, when);
        break;
    case 4:
    case 5:
        secg_test_hold(bench->test, when, (int)chance(state, 2));
        break;
    case 6:
        if (chance(state, 4) == 0)
            secg_test_recover(bench->test, when);
        break;
    case 7:
        if (chance(state, 12) == 0)
            secg_test_finish(bench->test, when, SECG_END_FATIGUE, "tired");
        break;
    case 8:
    case 9:
        secg_test_blood_pressure(bench->test, when, 120 + (int)chance(state, 90), 80);
        break;
    case 10:
        secg_test_rpe(bench->test, when, 6 + chance(state, 14), "6-20");
        break;
    default:
        add_fact(state, bench, when);
        break;
    }
}

static void live(uint64_t seed, floor_bench *bench)
{
    uint64_t state = seed;
    for (int step = 0; step < 60; step++) {
        for (uint32_t commands = chance(&state, 4); commands > 0; commands--)
            operate(&state, bench);
        floor_push_to(bench, secg_test_frames(bench->test) + chance(&state, 4000));
    }
    operate(&state, bench);
    floor_flush(bench);
    secg_test_note(bench->test, secg_test_frames(bench->test), "after the end");
}

static void replay(const secg_fact *fact, size_t facts, int64_t frames, floor_bench *bench)
{
    for (size_t i = 0; i < facts; i++) {
        secg_error error = {0};
        cr_assert_eq(secg_test_add(bench->test, &fact[i], &error), SECG_OK, "fact %zu: %s", i,
                     error.text);
    }
    floor_push_to(bench, frames);
    floor_flush(bench);
}

static void check_rows(const secg_summary *s)
{
    secg_beat_counts sum = {0};
    for (size_t i = 0; i < s->stages; i++) {
        const secg_stage_summary *row = &s->stage[i];
        cr_expect(row->start <= row->end);
        cr_expect(i == 0 || row->start == s->stage[i - 1].end, "rows meet");
        cr_expect(i == 0 || row->phase >= s->stage[i - 1].phase, "phases in order");
        cr_expect(row->st[0].why != SECG_MEASURED ||
                  (row->st[0].sample > row->start && row->st[0].sample <= row->end));
        cr_expect(row->complex[0].samples == 0 || row->complex[0].sample == row->st[0].sample,
                  "the complex is that of the table");
        cr_expect(row->complex[0].samples > 0 || row->st[0].why != SECG_MEASURED);
        sum.beats += row->counts.beats;
        sum.v += row->counts.v;
        sum.n += row->counts.n;
        sum.pvc += row->counts.pvc;
        sum.couplets += row->counts.couplets;
        sum.sve += row->counts.sve;
    }
    for (size_t i = 1; i < s->facts; i++)
        cr_expect(s->fact[i].sample >= s->fact[i - 1].sample, "facts in order of time");
    cr_expect_eq((size_t)s->total.beats, s->beats);
    cr_expect_eq(sum.beats, s->total.beats, "%d beats in rows, %d in all", sum.beats,
                 s->total.beats);
    cr_expect_eq(sum.v, s->total.v);
    cr_expect_eq(sum.n, s->total.n);
    cr_expect_eq(sum.pvc, s->total.pvc);
    cr_expect_eq(sum.couplets, s->total.couplets);
    cr_expect_eq(sum.sve, s->total.sve);
    cr_expect(s->stages == 0 || s->stage[s->stages - 1].end == s->frames ||
              s->stage[s->stages - 1].phase >= SECG_PHASE_EXERCISE);
}

struct seeds {
    uint64_t first;
};
ParameterizedTestParameters(replay, is_the_live_test)
{
    static struct seeds row[] = {{1}, {2}, {3}, {4}, {5}, {6}, {7}, {8}};
    return cr_make_param_array(struct seeds, row, sizeof row / sizeof *row);
}
ParameterizedTest(struct seeds *seeds, replay, is_the_live_test)
{
    for (uint64_t k = 0; k < 12; k++) {
        uint64_t seed = seeds->first * 1000 + k;
        secg_test_config config = configuration(seed, 0);
        floor_bench first = floor_create(&config, 100, k % 2 ? 48 : 4096, k % 3 ? 0 : 61);
        live(seed, &first);
        size_t facts;
        const secg_fact *fact = secg_test_facts(first.test, &facts);
        const secg_summary *summary = secg_test_summary(first.test, NULL);
        check_rows(summary);
        char *said = summary_text(summary);

        config = configuration(seed, 1);
        floor_bench second = floor_create(&config, 100, 4096, k % 2 ? 7 : 1009);
        replay(fact, facts, secg_test_frames(first.test), &second);
        char *again = summary_text(secg_test_summary(second.test, NULL));
        expect_same_text(said, again, seed);
        cr_expect_eq(first.kept_count, second.kept_count);
        free(said);
        free(again);
        floor_destroy(&first);
        floor_destroy(&second);
    }
}

/* The whole at once, one frame at a time, i16 and i32: commands at the same frames. */
Test(replay, any_chunking_gives_the_same_summary)
{
    char *said[4];
    static const size_t chunk[] = {0, 1, 17, 5000};
    for (size_t k = 0; k < 4; k++) {
        floor_bench bench = floor_create(
            &(secg_test_config){.protocol = secg_protocol_find("ramp-30s")}, 100, 64, chunk[k]);
        secg_test_pretest(bench.test, 0, "Supine");
        floor_push_s(&bench, 33.33);
        secg_test_start(bench.test, 3333);
        floor_push_s(&bench, 200);
        secg_test_blood_pressure(bench.test, 19950, 150, 80);
        floor_push_s(&bench, 400);
        secg_test_recover(bench.test, 39990);
        floor_push_s(&bench, 600);
        secg_test_finish(bench.test, 60000, SECG_END_FATIGUE, NULL);
        floor_flush(&bench);
        said[k] = summary_text(secg_test_summary(bench.test, NULL));
        floor_destroy(&bench);
    }
    for (size_t k = 1; k < 4; k++)
        expect_same_text(said[0], said[k], k);
    for (size_t k = 0; k < 4; k++)
        free(said[k]);
}

Test(replay, facts_of_a_saved_test_may_come_in_any_order_but_stages)
{
    floor_bench bench = floor_create(
        &(secg_test_config){.protocol = secg_protocol_find("bruce"), .replay = 1}, 100, 4096, 0);
    secg_fact bp = secg_fact_make(SECG_FACT_BLOOD_PRESSURE, 9000);
    bp.systolic_mmhg = 150;
    bp.diastolic_mmhg = 80;
    cr_assert_eq(secg_test_add(bench.test, &bp, NULL), SECG_OK);
    secg_fact stage = secg_fact_make(SECG_FACT_STAGE, 3000);
    stage.phase = SECG_PHASE_EXERCISE;
    stage.stage = 0;
    cr_assert_eq(secg_test_add(bench.test, &stage, NULL), SECG_OK);
    secg_fact earlier = secg_fact_make(SECG_FACT_STAGE, 1000);
    earlier.phase = SECG_PHASE_PRETEST;
    secg_error error;
    cr_expect_eq(secg_test_add(bench.test, &earlier, &error), SECG_E_ARGUMENT);
    cr_expect(strstr(error.text, "sample"), "%s", error.text);
    /* No clock in a replay: what was not entered did not happen. */
    floor_push_s(&bench, 400);
    cr_expect_eq(floor_count(&bench, SECG_EVENT_STAGE, 0), 1);
    cr_expect_eq(floor_event(&bench, SECG_EVENT_STAGE, 0)->emitted, 3000);
    const secg_summary *s = secg_test_summary(bench.test, NULL);
    cr_assert_eq(s->stages, 2);
    cr_expect_eq(s->stage[1].bp.systolic_mmhg, 150);
    cr_expect_eq(s->fact[0].kind, SECG_FACT_STAGE, "in order of time");
    cr_expect_eq(s->fact[1].kind, SECG_FACT_BLOOD_PRESSURE);
    cr_expect_eq(s->stage[1].speed_mph, 1.7f, "taken from the table");
    cr_expect_str_eq(s->stage[1].label, "1");
    floor_destroy(&bench);
}

Test(replay, stages_and_holds_come_in_order_of_entry)
{
    floor_bench bench = floor_create(
        &(secg_test_config){.protocol = secg_protocol_find("bruce"), .replay = 1}, 100, 4096, 0);
    secg_fact stage = secg_fact_make(SECG_FACT_STAGE, 3000);
    secg_fact hold = secg_fact_make(SECG_FACT_HOLD, 3500);
    stage.phase = SECG_PHASE_EXERCISE;
    stage.stage = 0;
    stage.entered = 4000;
    hold.code = 1;
    secg_error error;
    cr_assert_eq(secg_test_add(bench.test, &stage, NULL), SECG_OK);
    cr_expect_eq(secg_test_add(bench.test, &hold, &error), SECG_E_ARGUMENT);
    cr_expect(strstr(error.text, "entered"), "%s", error.text);
    hold.entered = 4000;
    cr_expect_eq(secg_test_add(bench.test, &hold, NULL), SECG_OK);
    floor_destroy(&bench);
}

Test(replay, facts_after_the_end_of_the_recording_change_no_row)
{
    floor_bench bench = floor_create(
        &(secg_test_config){.protocol = secg_protocol_find("bruce"), .replay = 1}, 100, 4096, 0);
    secg_fact stage = secg_fact_make(SECG_FACT_STAGE, 1000),
              end = secg_fact_make(SECG_FACT_END, 9001);
    stage.phase = SECG_PHASE_EXERCISE;
    stage.stage = 0;
    end.code = SECG_END_DYSPNEA;
    cr_assert_eq(secg_test_add(bench.test, &stage, NULL), SECG_OK);
    cr_assert_eq(secg_test_add(bench.test, &end, NULL), SECG_OK);
    floor_push_s(&bench, 90);
    floor_flush(&bench);
    const secg_summary *s = secg_test_summary(bench.test, NULL);
    cr_assert_eq(s->stages, 2);
    cr_expect_eq(s->stage[1].end, 9000);
    cr_expect_eq(s->exercise_end, 9000);
    cr_expect_eq(s->end, SECG_END_DYSPNEA, "why it ended is known all the same");
    floor_destroy(&bench);
}
