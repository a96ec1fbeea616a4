/* The only file that sees FFTW.  Plans are made with FFTW_ESTIMATE, since a measured plan differs
 * from run to run and so would the bits, and under one lock, since FFTW's planner is not
 * thread-safe; execution is. */
#include <stressecg/spectrum.h>

#include <math.h>

#if SECG_HAVE_FFTW

#include <fftw3.h>
#include <stdatomic.h>
#include <string.h>

const char *secg_spectrum_engine(void)
{
    return "fftw3f";
}

static atomic_flag planner = ATOMIC_FLAG_INIT;

static void lock_planner(void)
{
    while (atomic_flag_test_and_set_explicit(&planner, memory_order_acquire))
        ;
}

static void unlock_planner(void)
{
    atomic_flag_clear_explicit(&planner, memory_order_release);
}

typedef struct periodogram {
    size_t window; /* samples                                                  */
    size_t bins;
    float *in;
    fftwf_complex *out;
    fftwf_plan plan;
    double *power; /* [bins], mean |X|^2 of the windows                        */
} periodogram;

static int begin(periodogram *p, size_t window)
{
    *p = (periodogram){.window = window, .bins = window / 2 + 1};
    p->in = fftwf_alloc_real(window);
    p->out = fftwf_alloc_complex(p->bins);
    p->power = fftwf_malloc(p->bins * sizeof *p->power);
    if (!p->in || !p->out || !p->power)
        return 0;
    memset(p->power, 0, p->bins * sizeof *p->power);
    lock_planner();
    p->plan = fftwf_plan_dft_r2c_1d((int)window, p->in, p->out, FFTW_ESTIMATE);
    unlock_planner();
    return p->plan != NULL;
}

static void end(periodogram *p)
{
    lock_planner();
    if (p->plan)
        fftwf_destroy_plan(p->plan);
    unlock_planner();
    fftwf_free(p->in);
    fftwf_free(p->out);
    fftwf_free(p->power);
}

/* One window: gaps held, mean removed, Hann. */
static void load(periodogram *p, const float *mv)
{
    double mean = 0;
    float last = 0;
    for (size_t i = 0; i < p->window; i++) {
        last = isfinite(mv[i]) ? mv[i] : last;
        p->in[i] = last;
        mean += (double)last / (double)p->window;
    }
    for (size_t i = 0; i < p->window; i++) {
        double hann = 0.5 - 0.5 * cos(6.283185307179586 * (double)i / (double)p->window);
        p->in[i] = (float)(((double)p->in[i] - mean) * hann);
    }
}

static void average(periodogram *p, const float *mv, size_t samples)
{
    size_t windows = 0;
    for (size_t at = 0; at + p->window <= samples; at += p->window / 2, windows++) {
        load(p, mv + at);
        fftwf_execute(p->plan);
        for (size_t b = 0; b < p->bins; b++)
            p->power[b] += (double)p->out[b][0] * (double)p->out[b][0] +
                           (double)p->out[b][1] * (double)p->out[b][1];
    }
    for (size_t b = 0; b < p->bins; b++)
        p->power[b] /= (double)windows;
}

/* Mean power per bin of the bands from `near` to `far` Hz on both sides of a frequency. */
static double density(const periodogram *p, double rate_hz, double hz, double near_hz,
                      double far_hz, size_t *bins)
{
    double sum = 0, per_hz = (double)p->window / rate_hz;
    size_t count = 0;
    for (size_t b = 0; b < p->bins; b++) {
        double distance = fabs((double)b / per_hz - hz);
        if (distance >= near_hz && distance <= far_hz) {
            sum += p->power[b];
            count++;
        }
    }
    *bins = count;
    return count ? sum / (double)count : 0;
}

/* 4 to 8 s: FFTW plans powers of two in a third of the time, and a plan serves one channel. */
static size_t window_of(double rate_hz)
{
    size_t window = 1;
    while ((double)window < 4 * rate_hz)
        window *= 2;
    return window;
}

secg_status secg_find_mains(const float *mv, size_t samples, double rate_hz, int *mains_hz,
                            float *amplitude_mv)
{
    if (!mv || !mains_hz || !amplitude_mv || !(rate_hz >= 130 && rate_hz <= 1e5) ||
        (double)samples < 8 * rate_hz)
        return SECG_E_ARGUMENT;
    *mains_hz = 0;
    *amplitude_mv = 0;
    periodogram p;
    if (!begin(&p, window_of(rate_hz))) {
        end(&p);
        return SECG_E_MEMORY;
    }
    average(&p, mv, samples);
    static const int candidates[] = {50, 60};
    for (size_t i = 0; i < 2; i++) {
        size_t around, bins;
        double ground = density(&p, rate_hz, candidates[i], 1, 4, &around);
        double line = density(&p, rate_hz, candidates[i], 0, 0.5, &bins);
        /* Power of a sine a: in all bins together N^2 a^2 / 4 times the window's mean square 3/8. */
        double excess = fmax(line - ground, 0) * (double)bins;
        double amplitude = sqrt(excess * 4 / 0.375) / (double)p.window;
        if (line > 6 * ground && amplitude >= 0.002 && amplitude > (double)*amplitude_mv) {
            *mains_hz = candidates[i];
            *amplitude_mv = (float)amplitude;
        }
    }
    end(&p);
    return SECG_OK;
}

#else

const char *secg_spectrum_engine(void)
{
    return "none";
}

secg_status secg_find_mains(const float *mv, size_t samples, double rate_hz, int *mains_hz,
                            float *amplitude_mv)
{
    (void)mv, (void)samples, (void)rate_hz;
    if (mains_hz)
        *mains_hz = 0;
    if (amplitude_mv)
        *amplitude_mv = NAN;
    return SECG_E_UNSUPPORTED;
}

#endif
