/* Random commands at random times: each is either refused with a clear status, or leaves a timeline
 * whose stages follow each other without gap or overlap and whose counts add up. */
#include "floor.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>

static uint64_t state;
static uint32_t below(uint32_t n)
{
    state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)((state >> 33) % n);
}

/* ---- any command ------------------------------------------------------------------------------- */

static secg_status correct_any(secg_test *test)
{
    size_t count;
    const secg_fact *fact = secg_test_facts(test, &count);
    int32_t number = (int32_t)below((uint32_t)count + 3);
    secg_fact again = count > 0 ? fact[below((uint32_t)count)]
                                : secg_fact_make(SECG_FACT_NOTE, secg_test_frames(test));
    if (again.source == SECG_SOURCE_CLOCK)
        again.source = SECG_SOURCE_STAFF;
    if (below(4) == 0) {
        again = secg_fact_make(SECG_FACT_RETRACTION, secg_test_frames(test));
        strcpy(again.text, "in error");
    }
    return secg_test_correct(test, number, &again, NULL);
}

static secg_status enter_any(secg_test *test, int64_t now)
{
    switch (below(7)) {
    case 0:
        return secg_test_blood_pressure(test, now, 60 + (int)below(250), 10 + (int)below(150));
    case 1:
        return secg_test_symptom(test, now, (secg_symptom)below(14), (int)below(13) - 1, "x");
    case 2:
        return secg_test_rpe(test, now, below(22), below(2) ? "6-20" : "CR10");
    case 3:
        return secg_test_actual(test, now, below(30), below(20), NAN);
    case 4:
        return secg_test_fault(test, now, "treadmill", below(2) ? "slips" : "");
    case 5:
        return secg_test_drug(test, now, "atropine", 0.25, "mg", "A-1");
    default:
        return correct_any(test);
    }
}

static secg_status any_command(secg_test *test)
{
    int64_t frames = secg_test_frames(test), back = below(4) ? 0 : (int64_t)below(3000);
    int64_t now = frames - back;
    switch (below(14)) {
    case 0:
        return secg_test_pretest(test, now, secg_pretest_at(below(4)));
    case 1:
    case 2:
        return secg_test_start(test, now);
    case 3:
        return secg_test_advance(test, now);
    case 4:
        return secg_test_go_to(test, now, below(14));
    case 5:
    case 6:
        return secg_test_hold(test, now, (int)below(2));
    case 7:
    case 8:
        return secg_test_pause(test, now, (int)below(2));
    case 9:
        return secg_test_set_load(test, now, below(30) / 4.0, below(20), NAN);
    case 10:
        return below(6) ? SECG_OK : secg_test_emergency_stop(test, now, "");
    case 11:
        return below(8) ? SECG_OK : secg_test_recover(test, now);
    case 12:
        return below(20) ? SECG_OK : secg_test_finish(test, now, (secg_end)(1 + below(16)), "text");
    default:
        return enter_any(test, now);
    }
}

/* ---- what holds after them --------------------------------------------------------------------- */

static void add_counts(secg_beat_counts *sum, const secg_beat_counts *more)
{
    sum->beats += more->beats;
    sum->n += more->n;
    sum->s += more->s;
    sum->v += more->v;
    sum->q += more->q;
    sum->pvc += more->pvc;
    sum->couplets += more->couplets;
    sum->runs += more->runs;
    sum->sve += more->sve;
}

static void check_rows(const secg_summary *s)
{
    secg_beat_counts sum = {0};
    int64_t at = 0, exercise = 0;
    secg_phase phase = SECG_PHASE_NONE;
    int last = -1;
    for (size_t i = 0; i < s->stages; i++) {
        const secg_stage_summary *row = &s->stage[i];
        /* Less than a second before or after the test, without a beat, has no row. */
        cr_expect(row->start == at || (row->start - at < 100 && i == 0), "row %zu begins at %lld",
                  i, (long long)row->start);
        cr_expect_leq(row->start, row->end);
        cr_expect_geq((int)row->phase, (int)phase, "row %zu goes back", i);
        if (row->phase == SECG_PHASE_EXERCISE) {
            exercise += row->end - row->start;
            if (row->stage >= 0) {
                cr_expect_gt(row->stage, last, "stage %d after %d", row->stage, last);
                last = row->stage;
            }
            double lasts = secg_seconds(row->end - row->start, 100);
            cr_expect_leq(row->held_s, lasts + 1e-9);
            cr_expect_leq(row->paused_s, lasts + 1e-9);
        }
        cr_expect(row->strip_start >= row->start && row->strip_end <= row->end);
        add_counts(&sum, &row->counts);
        phase = row->phase;
        at = row->end;
    }
    cr_expect(s->frames - at < 100, "rows end at %lld of %lld", (long long)at,
              (long long)s->frames);
    cr_expect_eq(sum.beats, s->total.beats);
    cr_expect_eq(sum.n, s->total.n);
    cr_expect_eq(sum.v, s->total.v);
    cr_expect_eq(sum.s, s->total.s);
    cr_expect_eq(sum.q, s->total.q);
    cr_expect_eq(sum.pvc, s->total.pvc);
    cr_expect_eq(sum.couplets, s->total.couplets);
    cr_expect_eq(sum.runs, s->total.runs);
    cr_expect_eq(sum.sve, s->total.sve);
    cr_expect_float_eq(s->exercise_s, secg_seconds(exercise, 100), 1e-9);
}

/* Each original once, none of them in force; every fact in force is in order. */
static void check_corrections(const secg_summary *s, size_t facts)
{
    size_t retractions = 0;
    for (size_t i = 0; i < s->corrections; i++) {
        retractions += s->correction[i].correction.kind == SECG_FACT_RETRACTION;
        for (size_t j = 0; j < i; j++)
            cr_expect_neq(s->correction[i].number, s->correction[j].number);
    }
    cr_expect_eq(s->facts + s->corrections + retractions, facts);
    for (size_t i = 1; i < s->facts; i++)
        cr_expect_leq(s->fact[i - 1].sample, s->fact[i].sample);
}

static uint64_t replay(const secg_test_config *config, const floor_bench *live)
{
    secg_test_config again = *config;
    again.replay = 1;
    floor_bench bench = floor_create(&again, 100, 4096, 0);
    size_t count;
    const secg_fact *fact = secg_test_facts(live->test, &count);
    for (size_t i = 0; i < count; i++) {
        secg_error error = {0};
        cr_expect_eq(secg_test_add(bench.test, &fact[i], &error), SECG_OK, "fact %zu: %s", i,
                     error.text);
    }
    floor_push_to(&bench, secg_test_frames(live->test));
    floor_flush(&bench);
    uint64_t digest = secg_analyzer_digest(bench.ecg);
    floor_destroy(&bench);
    return digest;
}

struct seed {
    uint64_t seed;
};
ParameterizedTestParameters(property, any_order_of_commands)
{
    static struct seed row[60];
    for (size_t i = 0; i < sizeof row / sizeof *row; i++)
        row[i].seed = i + 1;
    return cr_make_param_array(struct seed, row, sizeof row / sizeof *row);
}
ParameterizedTest(struct seed *seed, property, any_order_of_commands)
{
    static const char *const id[] = {"bruce", "ramped-bruce", "balke-ware", "who-25",
                                     "regadenoson"};
    secg_test_config config = {.protocol = secg_protocol_find(id[(seed->seed - 1) % 5]),
                               .patient = {.age_years = 50, .weight_kg = 70},
                               .limits = {.bpm = 75, .systolic_mmhg = 200, .exercise_s = 100}};
    state = seed->seed;
    floor_bench bench = floor_create(&config, 100, 4096, 1 + below(500));
    for (int i = 0; i < 60; i++) {
        floor_push_to(&bench, secg_test_frames(bench.test) + (int64_t)below(1500));
        secg_status status = any_command(bench.test);
        cr_expect(status == SECG_OK || status == SECG_E_STATE || status == SECG_E_ARGUMENT,
                  "SEED=%llu: status %d", (unsigned long long)seed->seed, (int)status);
    }
    floor_push_to(&bench, secg_test_frames(bench.test) + 150);
    floor_flush(&bench);
    size_t facts;
    secg_test_facts(bench.test, &facts);
    const secg_summary *summary = secg_test_summary(bench.test, NULL);
    cr_assert_not_null(summary);
    check_rows(summary);
    check_corrections(summary, facts);
    cr_expect_eq(replay(&config, &bench), secg_analyzer_digest(bench.ecg), "SEED=%llu",
                 (unsigned long long)seed->seed);
    floor_destroy(&bench);
}
