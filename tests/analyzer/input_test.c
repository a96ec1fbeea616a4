/* Counts converted in vectors have the bits of secg_counts_to_mv(), which divides in double. */
#include "analyzer/input.h"

#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

enum { FRAMES = 1000, COUNTS = 65536 };

static int same_bits(float a, float b)
{
    return (isnan(a) && isnan(b)) || memcmp(&a, &b, sizeof a) == 0;
}

/* Values that are not what each count makes by itself. */
static int wrong_in(const secg_input *input, const secg_signal *signal, const int16_t *counts,
                    const float *mv)
{
    int wrong = 0;
    for (int n = 0; n < FRAMES; n++)
        for (size_t k = 0; k < input->channels; k++) {
            int16_t count = counts[n * signal->channels];
            float want = count == SECG_NO_COUNT_16
                             ? NAN
                             : secg_counts_to_mv(&signal->channel[input->from[k]], count);
            want = fabsf(want) <= 1e6f ? want : NAN;
            wrong += !same_bits(mv[(size_t)n * SECG_MAX_CHANNELS + k], want);
        }
    return wrong;
}

/* Every count of 16 bits, in signals of `channels` with one of them left out or none. */
static void check(float gain, int32_t baseline, int channels, int unused)
{
    static int16_t counts[FRAMES * SECG_MAX_CHANNELS];
    static float mv[FRAMES * SECG_MAX_CHANNELS];
    secg_signal signal = {.rate_hz = 500, .channels = channels};
    secg_input input;
    for (int k = 0; k < channels; k++)
        signal.channel[k] = (secg_channel){
            .gain_per_mv = gain + (float)k, .baseline = baseline - k, .unused = k == unused};
    secg_input_init(&input, &signal);
    int wrong = 0;
    for (int first = -COUNTS / 2; first < COUNTS / 2; first += FRAMES) {
        for (int i = 0; i < FRAMES * channels; i++)
            counts[i] = (int16_t)(first + i / channels < COUNTS / 2 ? first + i / channels : 0);
        secg_input_i16(&input, counts, FRAMES, mv, SECG_MAX_CHANNELS);
        wrong += wrong_in(&input, &signal, counts, mv);
    }
    cr_expect_eq(wrong, 0, "gain %g, baseline %d, %d channels, without %d: %d wrong", (double)gain,
                 (int)baseline, channels, unused, wrong);
}

Test(input, vectors_have_the_bits_of_the_division_in_double)
{
    static const float gains[] = {200, 409.6f, 1000.1f, 0.3f, -200, 1e-3f};
    static const int32_t baselines[] = {0, 1024, -32768, 8000000, 2000000000};
    for (size_t g = 0; g < sizeof gains / sizeof *gains; g++)
        for (size_t b = 0; b < sizeof baselines / sizeof *baselines; b++) {
            check(gains[g], baselines[b], 1, -1);
            check(gains[g], baselines[b], 6, -1);
            check(gains[g], baselines[b], 12, -1);
            check(gains[g], baselines[b], 9, 2);
        }
}

/* Counts of 32 bits that fit in 16 have the same bits, also beside others that do not; the value that
 * 16 bits keep for "not acquired" is a count like others in 32. */
static void check_32_bits(int channels)
{
    static const int32_t odd[] = {40000, -40000, SECG_NO_COUNT_16, SECG_NO_COUNT, 2000000000};
    enum { ODD = sizeof odd / sizeof *odd, EVERY = 37 };
    static int32_t counts[FRAMES * SECG_MAX_CHANNELS];
    static float mv[FRAMES * SECG_MAX_CHANNELS];
    secg_signal signal = {.rate_hz = 500, .channels = channels};
    secg_input input;
    for (int k = 0; k < channels; k++)
        signal.channel[k] = (secg_channel){.gain_per_mv = 200 + 10 * (float)k, .baseline = k};
    secg_input_init(&input, &signal);
    for (int i = 0; i < FRAMES * channels; i++)
        counts[i] =
            i > FRAMES && i % EVERY == 0 ? odd[i / EVERY % ODD] : (i * 7919) % 60000 - 30000;
    secg_input_i32(&input, counts, FRAMES, mv, SECG_MAX_CHANNELS);
    for (int i = 0; i < FRAMES * channels; i++) {
        float want = secg_counts_to_mv(&signal.channel[i % channels], counts[i]);
        want = fabsf(want) <= 1e6f ? want : NAN;
        cr_assert(same_bits(mv[i / channels * SECG_MAX_CHANNELS + i % channels], want),
                  "count %d in frame %d of %d channels", (int)counts[i], i / channels, channels);
    }
}

Test(input, counts_of_32_bits_are_the_same)
{
    check_32_bits(1);
    check_32_bits(3);
    check_32_bits(9);
}
