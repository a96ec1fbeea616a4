/* Leads, chunks, seeds and configurations. */
#include "simulated.h"

#include <stdio.h>

static const secg_simulation_config brief = {.protocol = "balke-ware", .seed = 7, .stages = 2};

/* domain.md 2.7: I - II + III = 0, aVR + aVL + aVF = 0; to the rounding of a count. */
Test(stream, limb_leads_obey_einthoven_under_noise)
{
    simulated s = simulated_read(brief);
    int64_t broken = 0;
    for (int64_t n = 0; n < s.frames; n++) {
        const int16_t *c = s.counts + n * LEADS;
        broken += c[LEAD_I] - c[LEAD_II] + c[LEAD_III] != 0 ||
                  abs(c[LEAD_AVR] + c[LEAD_AVL] + c[LEAD_AVF]) > 1 ||
                  abs(2 * c[LEAD_AVR] + c[LEAD_I] + c[LEAD_II]) > 1;
    }
    cr_expect_eq(broken, 0, "%lld of %lld frames", (long long)broken, (long long)s.frames);
    simulated_free(&s);
}

Test(stream, eight_channels_are_eight_of_the_twelve)
{
    secg_simulation_config config = brief;
    simulated twelve = simulated_read(config);
    config.eight_channels = 1;
    simulated eight = simulated_read(config);
    cr_assert_eq(eight.channels, 8);
    cr_assert_eq(eight.frames, twelve.frames);
    int64_t differing = 0;
    for (int64_t n = 0; n < eight.frames; n++) {
        const int16_t *few = eight.counts + n * 8, *all = twelve.counts + n * LEADS;
        differing += memcmp(few, all, 2 * sizeof *few) != 0 ||
                     memcmp(few + 2, all + LEAD_V1, 6 * sizeof *few) != 0;
    }
    cr_expect_eq(differing, 0);
    simulated_free(&eight);
    simulated_free(&twelve);
}

Test(stream, any_chunks_give_the_same_bits)
{
    enum { MOST = 3000 };
    static int16_t piece[MOST * LEADS];
    const unsigned seed = 20240611;
    fprintf(stderr, "SEED=%u\n", seed);
    srand(seed);
    simulated whole = simulated_read(brief), cut = simulated_truth(brief);
    int64_t done = 0;
    size_t got, frames;
    do {
        frames = rand() % 4 == 0 ? 1 : (size_t)(rand() % MOST);
        cr_assert_eq(secg_simulation_read(cut.simulation, piece, frames, &got), SECG_OK);
        cr_assert_eq(memcmp(piece, whole.counts + done * LEADS, got * LEADS * sizeof *piece), 0);
        done += (int64_t)got;
    } while (got > 0 || frames == 0);
    cr_expect_eq(done, whole.frames);
    simulated_free(&whole);
    simulated_free(&cut);
}

static int same_beats(const simulated *a, const simulated *b)
{
    if (a->beats != b->beats)
        return 0;
    for (size_t i = 0; i < a->beats; i++)
        if (a->beat[i].r_time_s != b->beat[i].r_time_s || a->beat[i].label != b->beat[i].label)
            return 0;
    return 1;
}

Test(stream, the_seed_decides)
{
    secg_simulation_config config = brief;
    simulated one = simulated_read(config), again = simulated_read(config);
    config.seed++;
    simulated other = simulated_read(config);
    size_t bytes = (size_t)one.frames * LEADS * sizeof *one.counts;
    cr_expect_eq(memcmp(one.counts, again.counts, bytes), 0);
    cr_expect_neq(memcmp(one.counts, other.counts, bytes), 0);
    cr_expect_not(same_beats(&one, &other));
    simulated_free(&one);
    simulated_free(&again);
    simulated_free(&other);
}

Test(stream, noise_and_rate_move_no_beat)
{
    secg_simulation_config config = brief;
    simulated usual = simulated_truth(config);
    config.noise_scale = 3, config.rate_hz = 1000, config.mains_hz = 50;
    simulated noisy = simulated_truth(config);
    cr_expect(same_beats(&usual, &noisy));
    simulated_free(&usual);
    simulated_free(&noisy);
}

/* Root mean square around the mean of a second difference, which leaves little of the wander. */
static double rough_rms(const simulated *s, int lead, double gain_mv)
{
    double sum = 0;
    for (int64_t n = 1; n + 1 < s->frames; n++) {
        double d = simulated_mv(s, lead, n - 1) - 2 * simulated_mv(s, lead, n) +
                   simulated_mv(s, lead, n + 1);
        sum += d * d;
    }
    return sqrt(sum / (double)s->frames) * gain_mv;
}

/* The noise alone: the tracing less the same one without. */
static simulated noise_alone(double bpm, double scale, double seconds)
{
    secg_simulation_config config = {
        .protocol = "steady", .rest_bpm = bpm, .noise_scale = scale, .duration_s = seconds};
    simulated noisy = simulated_read(config);
    config.noise_scale = -1;
    simulated clean = simulated_read(config);
    for (int64_t i = 0; i < noisy.frames * LEADS; i++)
        noisy.counts[i] = (int16_t)(noisy.counts[i] - clean.counts[i]);
    simulated_free(&clean);
    return noisy;
}

/* Amplitude of one frequency in a lead, in mV. */
static double line_mv(const simulated *s, int lead, double hz)
{
    double re = 0, im = 0;
    for (int64_t n = 0; n < s->frames; n++) {
        double phase = 6.28318530717958647693 * hz * (double)n / s->rate_hz;
        double window = 1 - cos(6.28318530717958647693 * (double)n / (double)s->frames);
        re += window * cos(phase) * simulated_mv(s, lead, n);
        im += window * sin(phase) * simulated_mv(s, lead, n);
    }
    return 2 * sqrt(re * re + im * im) / (double)s->frames;
}

/* Chest leads share a third of each limb electrode: for equal, independent electrode noises the
 * correlation of two of them is (3 / 9) / (1 + 3 / 9) = 1/4. */
Test(stream, chest_leads_share_the_noise_of_the_limbs)
{
    simulated s = noise_alone(65, 1, 60);
    double product = 0, square = 0;
    for (int64_t n = 1; n + 1 < s.frames; n++) {
        double d[6], sum = 0, sum_squares = 0;
        for (int k = 0; k < 6; k++) {
            d[k] = simulated_mv(&s, LEAD_V1 + k, n - 1) - 2 * simulated_mv(&s, LEAD_V1 + k, n) +
                   simulated_mv(&s, LEAD_V1 + k, n + 1);
            sum += d[k], sum_squares += d[k] * d[k];
        }
        product += (sum * sum - sum_squares) / 30;
        square += sum_squares / 6;
    }
    cr_expect_float_eq(product / square, 0.25, 0.08, "%g", product / square);
    simulated_free(&s);
}

Test(stream, noise_grows_with_effort_and_scale)
{
    simulated rest = noise_alone(65, 1, 40), peak = noise_alone(170, 1, 40),
              twice = noise_alone(170, 2, 40);
    for (int k = 0; k < LEADS; k += 3) {
        double grown = rough_rms(&peak, k, 1) / rough_rms(&rest, k, 1);
        cr_expect(grown > 2.5, "lead %d: %g times", k, grown);
        cr_expect_float_eq(rough_rms(&twice, k, 0.5), rough_rms(&peak, k, 1), 0.001);
    }
    simulated_free(&rest);
    simulated_free(&peak);
    simulated_free(&twice);
}

Test(stream, mains_are_a_line_slightly_off_their_frequency)
{
    simulated s = noise_alone(65, 1, 120);
    double line = 0, beside = 0, nominal = 0;
    for (int k = LEAD_V1; k < LEAD_V1 + 3; k++) {
        line = fmax(line, line_mv(&s, k, 59.97));
        nominal = fmax(nominal, line_mv(&s, k, 60.03));
        beside = fmax(beside, line_mv(&s, k, 55));
    }
    cr_expect(line > 0.001 && line < 0.05, "%g mV", line);
    cr_expect(beside < 0.25 * line && nominal < 0.6 * line, "%g %g %g", line, nominal, beside);
    simulated_free(&s);
}

/* 32767 counts are 82 mV: a default tracing stays far from it. */
Test(stream, nothing_saturates)
{
    simulated s = simulated_read((secg_simulation_config){.seed = 11});
    int largest = 0;
    for (int64_t i = 0; i < s.frames * LEADS; i++)
        largest = abs(s.counts[i]) > largest ? abs(s.counts[i]) : largest;
    cr_expect(largest < 4000, "%d counts", largest);
    simulated_free(&s);
}

struct refused {
    const char *field;
    secg_simulation_config config;
};

Test(stream, bad_fields_are_named)
{
    const struct refused row[] = {{"rate_hz", {.rate_hz = 99}},
                                  {"rate_hz", {.rate_hz = (double)NAN}},
                                  {"protocol", {.protocol = "brucee"}},
                                  {"stages", {.stages = 8}},
                                  {"stages", {.stages = -1}},
                                  {"stages", {.protocol = "steady", .stages = 2}},
                                  {"mains_hz", {.mains_hz = 55}},
                                  {"duration_s", {.duration_s = 100}},
                                  {"duration_s", {.protocol = "steady", .duration_s = 9}},
                                  {"rest_bpm", {.rest_bpm = 19}},
                                  {"peak_bpm", {.peak_bpm = 80}},
                                  {"peak_bpm", {.peak_bpm = 251}},
                                  {"peak_bpm", {.protocol = "steady", .peak_bpm = 150}},
                                  {"st_peak_mv", {.st_peak_mv = 2.1}},
                                  {"noise_scale", {.noise_scale = 21}},
                                  {"noise_scale", {.noise_scale = (double)NAN}},
                                  {"ectopy_scale", {.protocol = "steady", .ectopy_scale = 0.6}},
                                  {"ectopy_scale", {.ectopy_scale = 0.1}},
                                  {"eight_channels", {.eight_channels = 2}},
                                  {"reserved", {.reserved = {[40] = 1}}}};
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        secg_simulation *simulation = (secg_simulation *)&row;
        secg_error error = {0};
        cr_expect_eq(secg_simulation_create(&row[i].config, &simulation, &error), SECG_E_ARGUMENT,
                     "row %zu", i);
        cr_expect_null(simulation);
        cr_expect_eq(strncmp(error.text, row[i].field, strlen(row[i].field)), 0, "%s: %s",
                     row[i].field, error.text);
    }
    secg_simulation *simulation;
    cr_expect_eq(secg_simulation_create(NULL, &simulation, NULL), SECG_E_ARGUMENT);
    cr_expect_eq(secg_simulation_create(&row[0].config, NULL, NULL), SECG_E_ARGUMENT);
}
