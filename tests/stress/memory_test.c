/* Memory from who provides it: everything comes from there and goes back, nothing is asked for
 * while frames are pushed, a refusal is an error and not a leak, and no figure depends on it. */
#include "floor.h"

#include <criterion/criterion.h>

enum { MOST_PIECES = 8 };

typedef struct provider {
    void *at[MOST_PIECES];
    size_t bytes[MOST_PIECES];
    int taken, given, rested, calls_left; /* calls_left: takes that are served; -1: all */
} provider;

static void *take(void *context, size_t bytes)
{
    provider *p = context;
    if (p->calls_left == 0)
        return NULL;
    p->calls_left -= p->calls_left > 0;
    cr_assert_lt(p->taken, MOST_PIECES);
    p->bytes[p->taken] = bytes;
    return p->at[p->taken++] = calloc(1, bytes);
}

static void give(void *context, void *at, size_t bytes)
{
    provider *p = context;
    for (int i = 0; i < p->taken; i++)
        if (p->at[i] == at) {
            cr_expect_eq(bytes, p->bytes[i], "given back as %zu bytes, taken as %zu", bytes,
                         p->bytes[i]);
            memset(at, 0xa5, bytes); /* who still reads it will show */
            free(at);
            p->at[i] = NULL;
            p->given++;
            return;
        }
    cr_assert_fail("given back what was never taken");
}

static void rest(void *context)
{
    ((provider *)context)->rested++;
}

static secg_memory memory_of(provider *p)
{
    return (secg_memory){p, take, give, rest};
}

static secg_test_config half_an_hour(provider *p)
{
    secg_test_config config = {.protocol = secg_protocol_find("bruce"), .max_minutes = 40};
    if (p)
        config.memory = memory_of(p);
    return config;
}

static void walk(floor_bench *bench)
{
    secg_test_pretest(bench->test, 0, "Supine");
    floor_push_s(bench, 60);
    secg_test_start(bench->test, 6000);
    floor_push_s(bench, 1200);
    secg_test_recover(bench->test, secg_test_frames(bench->test));
    floor_push_s(bench, 1800);
    floor_flush(bench);
}

Test(memory, is_asked_for_once_and_all_of_it_comes_back)
{
    provider p = {.calls_left = -1};
    secg_test_config config = half_an_hour(&p);
    floor_bench bench = floor_create(&config, 100, 8192, 977);
    cr_expect_eq(p.taken, 1);
    cr_expect_eq(p.bytes[0], secg_test_memory(bench.ecg, &config));
    walk(&bench);
    cr_expect(p.taken == 1 && p.given == 0 && p.rested == 0, "asked for something while pushed");
    cr_expect_not_null(secg_test_summary(bench.test, NULL));
    cr_expect_eq(p.taken, 2);
    cr_expect_gt(p.rested, 0);
    cr_expect_not_null(secg_test_summary(bench.test, NULL));
    cr_expect(p.taken == 3 && p.given == 1, "the first summary goes back");
    floor_destroy(&bench);
    cr_expect_eq(p.given, p.taken);
}

static void expect_same_st(const secg_st *a, const secg_st *b, size_t leads)
{
    for (size_t k = 0; k < leads; k++)
        cr_expect(a[k].sample == b[k].sample && a[k].why == b[k].why &&
                  (a[k].level_mv == b[k].level_mv || a[k].why != SECG_MEASURED));
}

Test(memory, no_figure_depends_on_who_provides_it)
{
    provider p = {.calls_left = -1};
    secg_test_config own = half_an_hour(&p), plain = half_an_hour(NULL);
    floor_bench a = floor_create(&own, 100, 8192, 977), b = floor_create(&plain, 100, 8192, 31);
    walk(&a);
    walk(&b);
    const secg_summary *x = secg_test_summary(a.test, NULL), *y = secg_test_summary(b.test, NULL);
    cr_expect_eq(x->digest, y->digest);
    cr_assert(x->beats == y->beats && x->rates == y->rates && x->trends == y->trends &&
              x->rhythms == y->rhythms && x->gaps == y->gaps && x->stages == y->stages);
    cr_expect_gt(x->beats, 2500);
    for (size_t i = 0; i < x->beats; i++)
        cr_expect(x->beat[i].sample == y->beat[i].sample && x->beat[i].label == y->beat[i].label);
    for (size_t i = 0; i < x->trends; i++) {
        cr_expect(x->trend[i].bpm.value == y->trend[i].bpm.value);
        expect_same_st(x->trend[i].st, y->trend[i].st, x->leads);
    }
    for (size_t i = 0; i < x->stages; i++)
        cr_expect(x->stage[i].start == y->stage[i].start &&
                  x->stage[i].counts.beats == y->stage[i].counts.beats &&
                  x->stage[i].coverage_pct == y->stage[i].coverage_pct);
    floor_destroy(&a);
    floor_destroy(&b);
}

Test(memory, a_refusal_is_an_error_and_nothing_is_left_taken)
{
    provider p = {.calls_left = 0};
    secg_test_config config = half_an_hour(&p);
    secg_analyzer *ecg = fake_analyzer(100, 64);
    secg_test *test;
    secg_error error = {0};
    cr_expect_eq((int)secg_test_create(ecg, &config, &test, &error), SECG_E_MEMORY);
    cr_expect_null(test);
    cr_expect_eq(p.taken, 0);

    p.calls_left = 1; /* for the test, not for its summary */
    cr_assert_eq((int)secg_test_create(ecg, &config, &test, &error), SECG_OK);
    cr_expect_null(secg_test_summary(test, &error));
    cr_expect_eq((int)error.status, SECG_E_MEMORY);
    p.calls_left = 1; /* there is room again */
    cr_expect_not_null(secg_test_summary(test, &error));
    cr_expect_null(secg_test_summary(test, &error));
    secg_test_destroy(test);
    cr_expect_eq(p.given, p.taken);
    fake_analyzer_free(ecg);
}

Test(memory, half_a_provider_is_refused_by_name)
{
    provider p = {0};
    secg_analyzer *ecg = fake_analyzer(100, 64);
    secg_test *test;
    static const struct {
        int take, give, rest;
        const char *field;
    } half[] = {{1, 0, 0, "memory.give"}, {0, 1, 0, "memory.take"}, {0, 0, 1, "memory.take"}};
    for (size_t i = 0; i < sizeof half / sizeof *half; i++) {
        secg_error error = {0};
        secg_test_config config = {.memory = {&p, half[i].take ? take : NULL,
                                              half[i].give ? give : NULL,
                                              half[i].rest ? rest : NULL}};
        cr_expect_eq((int)secg_test_create(ecg, &config, &test, &error), SECG_E_ARGUMENT);
        cr_expect_not_null(strstr(error.text, half[i].field), "%s", error.text);
        cr_expect_eq(secg_test_memory(ecg, &config), 0);
    }
    fake_analyzer_free(ecg);
}

Test(memory, walks_of_a_list_let_it_rest_now_and_then)
{
    provider p = {.calls_left = -1};
    secg_summary summary = {.memory = memory_of(&p)};
    for (size_t i = 0; i < 10000; i++)
        secg_summary_rest(&summary, i);
    cr_expect(p.rested > 5 && p.rested < 100, "%d times", p.rested);
    p.rested = 0;
    secg_summary_rest(&summary, SIZE_MAX);
    cr_expect_eq(p.rested, 1, "at once");
    summary.memory = (secg_memory){0};
    secg_summary_rest(&summary, SIZE_MAX);
    secg_summary_rest(NULL, SIZE_MAX);
}
