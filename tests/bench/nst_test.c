/* Noise at a stated ratio, against its definition and against the published records of the noise
 * stress test, which the program nst made. */
#include "nst.h"
#include "shared_data.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>

#include <math.h>

static const double HZ = 250;
enum { CLEAN_S = 800, NOISE_S = 400 };

/* QRS complexes of 1.6 mV, peak to peak, one a second, marked by an annotator. */
static recording clean_of_1_6_mv(void)
{
    recording r = recording_blank(HZ, CLEAN_S);
    r.reference = calloc(CLEAN_S, sizeof *r.reference);
    for (size_t second = 0; second < CLEAN_S; second++) {
        size_t at = (size_t)((0.5 + (double)second) * HZ);
        r.counts[at] = 1200;
        r.counts[at + 8] = -400;
        r.counts[at + 50] = 3000; /* tall, but outside of the QRS's 50 ms */
        r.reference[r.references++] =
            (secg_annotation){.sample = (int64_t)at, .code = SECG_ANN_NORMAL};
    }
    return r;
}

/* A sine of 5 Hz and 0.5 mV rms on an offset; one second in 40 is a hundred times as large. */
static recording noise_of_half_a_mv(int with_bursts)
{
    recording r = recording_blank(HZ, NOISE_S);
    for (size_t n = 0; n < r.frames; n++) {
        int burst = with_bursts && (n / (size_t)HZ) % 40 == 7;
        r.counts[n] = (int32_t)lround(300 + (burst ? 100 : 1) * 500 * sqrt(2) *
                                                sin(2 * 3.14159265358979 * 5 * (double)n / HZ));
    }
    return r;
}

static double added(const recording *mixed, const recording *clean, size_t frame)
{
    return (double)(mixed->counts[frame] - clean->counts[frame]) / 1000;
}

static double rms_of_added(const recording *mixed, const recording *clean, double from_s,
                           double to_s)
{
    double sum = 0, square = 0, count = (to_s - from_s) * HZ;
    for (size_t n = (size_t)(from_s * HZ); n < (size_t)(to_s * HZ); n++) {
        double x = added(mixed, clean, n);
        sum += x, square += x * x;
    }
    return sqrt(square / count - sum * sum / count / count);
}

ParameterizedTestParameters(nst, ratio)
{
    static double snr_db[] = {24, 18, 12, 6, 0, -6};
    return cr_make_param_array(double, snr_db, 6);
}
ParameterizedTest(double *snr_db, nst, ratio)
{
    recording clean = clean_of_1_6_mv(), noise = noise_of_half_a_mv(0), mixed;
    cr_assert_eq(nst_mix(&clean, &noise, *snr_db, &mixed), 0);
    double signal_power = 1.6 * 1.6 / 8, rms = rms_of_added(&mixed, &clean, 305, 415);
    cr_expect_float_eq(10 * log10(signal_power / rms / rms), *snr_db, 0.05);
    recording_free(&mixed);
    recording_free(&noise);
    recording_free(&clean);
}

Test(nst, the_largest_and_smallest_seconds_do_not_count)
{
    recording noise = noise_of_half_a_mv(1);
    cr_expect_float_eq(nst_noise_mv(&noise, 0), 0.5, 0.001);
    recording_free(&noise);
}

Test(nst, two_minutes_on_and_two_off_without_a_step)
{
    recording clean = clean_of_1_6_mv(), noise = noise_of_half_a_mv(0), mixed;
    cr_assert_eq(nst_mix(&clean, &noise, 6, &mixed), 0);
    double gain = nst_gain(1.6, 0.5, 6), steepest = gain * 0.5 * sqrt(2) * 2 * 3.1416 * 5 / HZ;
    cr_expect_float_eq(rms_of_added(&mixed, &clean, 0, 300), 0, 1e-9, "before 5:00");
    cr_expect_gt(rms_of_added(&mixed, &clean, 300, 420), 0.2);
    cr_expect_float_eq(rms_of_added(&mixed, &clean, 420, 540), 0, 1e-4, "off");
    cr_expect_gt(rms_of_added(&mixed, &clean, 540, 660), 0.2);
    for (size_t n = 1; n < mixed.frames; n++)
        cr_assert_leq(fabs(added(&mixed, &clean, n) - added(&mixed, &clean, n - 1)),
                      steepest + 0.0011, "a step at frame %zu", n);
    recording_free(&mixed);
    recording_free(&noise);
    recording_free(&clean);
}

Test(nst, refuses_what_it_cannot_measure)
{
    recording clean = clean_of_1_6_mv(), noise = noise_of_half_a_mv(0), mixed;
    clean.references = 0;
    cr_expect_eq(nst_mix(&clean, &noise, 6, &mixed), -1, "no annotators' marks");
    clean.references = 10;
    noise.signal.rate_hz = 360;
    cr_expect_eq(nst_mix(&clean, &noise, 6, &mixed), -1, "another rate");
    recording_free(&noise);
    recording_free(&clean);
}

/* ---- as published ------------------------------------------------------------------------ */

static recording shared_record(const char *name, const char *annotator)
{
    char path[4096], file[128];
    snprintf(file, sizeof file, "nstdb/%s.hea", name);
    shared_data(path, sizeof path, file);
    path[strlen(path) - 4] = '\0';
    recording r;
    cr_assert_eq(recording_read(&r, path, annotator), 0);
    return r;
}

/* sigamp prints 549 and 440 counts, 200 to the mV, for record 118. */
Test(nst, the_size_of_record_118)
{
    recording r = shared_record("118", "atr");
    cr_expect_float_eq(200 * nst_qrs_mv(&r, 0), 549, 1);
    cr_expect_float_eq(200 * nst_qrs_mv(&r, 1), 440, 2);
    recording_free(&r);
}

struct published {
    char name[16];
    double snr_db;
};
ParameterizedTestParameters(nst, published)
{
    static struct published row[] = {{"118e24", 24}, {"118e12", 12}, {"118e06", 6}};
    return cr_make_param_array(struct published, row, 3);
}
ParameterizedTest(struct published *want, nst, published)
{
    recording clean = shared_record("118", "atr"), noise = shared_record("em_first_half", NULL);
    recording theirs = shared_record(want->name, NULL), ours;
    cr_assert_eq(nst_mix(&clean, &noise, want->snr_db, &ours), 0);
    for (size_t k = 0; k < 2; k++) {
        double offset = theirs.counts[k] - clean.counts[k], square = 0, off = 0, count = 0;
        for (size_t n = 108000; n < noise.frames; n++, count++) {
            double x = theirs.counts[2 * n + k] - clean.counts[2 * n + k] - offset;
            double d = x - (ours.counts[2 * n + k] - clean.counts[2 * n + k]);
            square += x * x, off += d * d;
        }
        /* 2 %: their measure of lead 1 is 1.4 % larger; 2 counts: roundings, also at switches */
        cr_expect_leq(sqrt(off / count), 0.02 * sqrt(square / count) + 2, "%s, lead %zu: off by %g",
                      want->name, k, sqrt(off / count));
    }
    recording_free(&ours);
    recording_free(&theirs);
    recording_free(&noise);
    recording_free(&clean);
}
