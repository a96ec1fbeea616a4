#include "nst.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { MEASUREMENTS = 300 };
static const double TRIM = 0.05, QRS_HALF_S = 0.05, FIRST_NOISE_S = 300, NOISE_S = 120;

static double mv_at(const recording *r, size_t frame, size_t channel)
{
    return (double)secg_counts_to_mv(&r->signal.channel[channel],
                                     r->counts[frame * r->channels + channel]);
}

/* N L R B: a QRS complex of the record's usual shape. */
static int is_usual(int code)
{
    return code == SECG_ANN_NORMAL || code == 2 || code == 3 || code == 25;
}

static double peak_to_peak(const recording *r, size_t channel, int64_t first, int64_t last)
{
    double low = INFINITY, high = -INFINITY;
    for (int64_t n = first; n <= last; n++) {
        double x = mv_at(r, (size_t)n, channel);
        low = fmin(low, x);
        high = fmax(high, x);
    }
    return high - low;
}

double nst_qrs_mv(const recording *clean, size_t channel)
{
    numbers sizes = {0};
    int64_t half = llround(QRS_HALF_S * clean->signal.rate_hz);
    for (size_t i = 0; i < clean->references && sizes.count < MEASUREMENTS; i++) {
        int64_t at = clean->reference[i].sample;
        if (is_usual(clean->reference[i].code) && at >= half && at + half < (int64_t)clean->frames)
            numbers_add(&sizes, peak_to_peak(clean, channel, at - half, at + half));
    }
    double mean = numbers_trimmed_mean(&sizes, TRIM);
    numbers_free(&sizes);
    return mean;
}

static double rms_deviation(const recording *r, size_t channel, size_t first, size_t frames)
{
    double sum = 0, square = 0;
    for (size_t n = first; n < first + frames; n++) {
        double x = mv_at(r, n, channel);
        sum += x;
        square += x * x;
    }
    sum /= (double)frames;
    return sqrt(fmax(0, square / (double)frames - sum * sum));
}

double nst_noise_mv(const recording *noise, size_t channel)
{
    numbers sizes = {0};
    size_t second = (size_t)llround(noise->signal.rate_hz);
    for (size_t at = 0; at + second <= noise->frames && sizes.count < MEASUREMENTS; at += second)
        numbers_add(&sizes, rms_deviation(noise, channel, at, second));
    double mean = numbers_trimmed_mean(&sizes, TRIM);
    numbers_free(&sizes);
    return mean;
}

double nst_gain(double qrs_mv, double noise_mv, double snr_db)
{
    return pow(10, -snr_db / 20) * qrs_mv / sqrt(8) / noise_mv;
}

int nst_is_noisy(double at_s)
{
    return at_s >= FIRST_NOISE_S && fmod(at_s - FIRST_NOISE_S, 2 * NOISE_S) < NOISE_S;
}

static void mix_channel(const recording *clean, const recording *noise, size_t channel, double gain,
                        recording *mixed)
{
    size_t from = channel % noise->channels;
    double counts_per_mv = (double)clean->signal.channel[channel].gain_per_mv;
    double added = 0, before = mv_at(noise, 0, from);
    if (counts_per_mv == 0)
        counts_per_mv = 200; /* what secg_counts_to_mv() takes then */
    for (size_t n = 0; n < clean->frames; n++) {
        double now = mv_at(noise, n % noise->frames, from);
        if (nst_is_noisy((double)n / clean->signal.rate_hz))
            added += gain * (now - before);
        before = now;
        size_t i = n * clean->channels + channel;
        if (clean->counts[i] != SECG_NO_COUNT)
            mixed->counts[i] += (int32_t)lround(added * counts_per_mv);
    }
}

int nst_mix(const recording *clean, const recording *noise, double snr_db, recording *mixed)
{
    double gain[SECG_MAX_CHANNELS];
    size_t values = clean->frames * clean->channels;
    if (clean->signal.rate_hz != noise->signal.rate_hz)
        return fprintf(stderr, "%s and %s: rates differ\n", clean->name, noise->name), -1;
    for (size_t k = 0; k < clean->channels; k++) {
        gain[k] = nst_gain(nst_qrs_mv(clean, k), nst_noise_mv(noise, k % noise->channels), snr_db);
        if (!isfinite(gain[k]))
            return fprintf(stderr, "%s: no QRS or noise to measure\n", clean->name), -1;
    }
    *mixed = *clean;
    mixed->reference = NULL;
    mixed->references = 0;
    mixed->pacer_frame = (numbers){0};
    mixed->counts = bench_take(values, sizeof *mixed->counts);
    memcpy(mixed->counts, clean->counts, values * sizeof *mixed->counts);
    for (size_t k = 0; k < clean->channels; k++) {
        mixed->signal.channel[k].saturation_low = mixed->signal.channel[k].saturation_high = 0;
        mix_channel(clean, noise, k, gain[k], mixed);
    }
    return 0;
}
