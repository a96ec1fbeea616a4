/* The simulation as its users see it: everything known is laid down at creation, and each sample
 * is computed when it is read, from its own index and the noise generator's state alone, so that
 * the cut into reads cannot matter.
 *
 * Limb leads are rounded to counts once, in I and II; III, aVR, aVL and aVF are computed from those
 * counts, as recorders with eight amplifiers do.  So I - II + III = 0 holds exactly. */
#include "base/status.h"
#include "simulate/noise.h"
#include "simulate/rhythm.h"
#include "simulate/truth.h"

#include <math.h>
#include <stdlib.h>

#define COUNTS_PER_MV 400.0 /* 2.5 uV per count */
#define LARGEST_COUNT 32767.0

enum { SHIFTS = 4 };

struct secg_simulation {
    secg_signal signal;
    secg_simulated_course course;
    secg_noise noise;
    int noisy;
    int64_t frames, next_frame;
    int64_t shift[SHIFTS]; /* when the posture changes */
    int next_shift;
    size_t first_beat; /* bookmark of secg_beats_at */
    size_t forms, beats;
    secg_beat_form *form; /* to a little after the end */
    secg_simulated_beat *beat;
    secg_simulated_stage stage[SECG_SIMULATED_STAGES];
};

static secg_status check_range(double value, double low, double high, const char *field,
                               secg_error *error)
{
    if (value == 0 || (value >= low && value <= high))
        return SECG_OK;
    return secg_fail(error, SECG_E_ARGUMENT, "%s: %g is outside %g .. %g", field, value, low, high);
}

static secg_status check_numbers(const secg_simulation_config *c, secg_error *error)
{
    const struct {
        double value, low, high;
        const char *field;
    } row[] = {{c->rate_hz, SECG_MIN_RATE_HZ, SECG_MAX_RATE_HZ, "rate_hz"},
               {c->duration_s, 10, 90000, "duration_s"},
               {c->rest_bpm, 20, 250, "rest_bpm"},
               {c->peak_bpm, 20, 250, "peak_bpm"},
               {isnan(c->st_peak_mv) ? 0 : c->st_peak_mv, -2, 2, "st_peak_mv"},
               {c->noise_scale, -INFINITY, 20, "noise_scale"},
               {c->ectopy_scale, -INFINITY, 0.5, "ectopy_scale"}};
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        secg_status status =
            check_range(row[i].value, row[i].low, row[i].high, row[i].field, error);
        if (status != SECG_OK)
            return status;
    }
    return SECG_OK;
}

static secg_status check(const secg_simulation_config *c, secg_error *error)
{
    if (!c)
        return secg_fail(error, SECG_E_ARGUMENT, "config: NULL");
    secg_status status = check_numbers(c, error);
    if (status != SECG_OK)
        return status;
    if (c->mains_hz != 0 && c->mains_hz != 50 && c->mains_hz != 60)
        return secg_fail(error, SECG_E_ARGUMENT, "mains_hz: %d is not 50 or 60", (int)c->mains_hz);
    if (c->eight_channels > 1)
        return secg_fail(error, SECG_E_ARGUMENT, "eight_channels: must be 0 or 1");
    for (size_t i = 0; i < sizeof c->reserved; i++)
        if (c->reserved[i])
            return secg_fail(error, SECG_E_ARGUMENT, "reserved: must be zero");
    return SECG_OK;
}

static void set_signal(secg_simulation *s, const secg_simulation_config *config)
{
    double rate_hz = config->rate_hz > 0 ? config->rate_hz : 500;
    s->signal =
        config->eight_channels ? secg_signal_standard_8(rate_hz) : secg_signal_standard_12(rate_hz);
    for (int32_t k = 0; k < s->signal.channels; k++)
        s->signal.channel[k].gain_per_mv = (float)COUNTS_PER_MV;
    s->frames = secg_sample_at(s->course.length_s, rate_hz);
}

static void set_noise(secg_simulation *s, const secg_simulation_config *config)
{
    double scale = config->noise_scale != 0 ? config->noise_scale : 1;
    s->noisy = scale > 0;
    secg_noise_init(&s->noise, config->seed, s->signal.rate_hz,
                    config->mains_hz != 0 ? config->mains_hz : 60, s->noisy ? scale : 0);
    for (int i = 0; i < SHIFTS; i++)
        s->shift[i] = INT64_MAX;
    if (s->course.steady)
        return;
    const double walk_s = s->course.stage[2].start_s, sit_s = s->course.recovery_s + 40;
    const double at_s[SHIFTS] = {s->course.stand_s, walk_s, s->course.recovery_s, sit_s};
    for (int i = 0; i < SHIFTS; i++)
        s->shift[i] = secg_sample_at(at_s[i], s->signal.rate_hz);
}

static secg_status set_beats(secg_simulation *s, const secg_simulation_config *config)
{
    size_t capacity = secg_rhythm_capacity(&s->course);
    s->form = calloc(capacity, sizeof *s->form);
    s->beat = calloc(capacity, sizeof *s->beat);
    if (!s->form || !s->beat)
        return SECG_E_MEMORY;
    s->forms = secg_rhythm_make(&s->course, config->seed, config->ectopy_scale, s->form, capacity);
    for (size_t i = 0; i < s->forms; i++) {
        secg_simulated_beat beat =
            secg_truth_beat(&s->form[i], i > 0 ? &s->form[i - 1] : NULL, s->signal.rate_hz);
        if (beat.sample < s->frames)
            s->beat[s->beats++] = beat;
    }
    secg_truth_stages(&s->course, s->form, s->forms, s->stage);
    return SECG_OK;
}

secg_status secg_simulation_create(const secg_simulation_config *config,
                                   secg_simulation **simulation, secg_error *error)
{
    if (!simulation)
        return secg_fail(error, SECG_E_ARGUMENT, "simulation: NULL");
    *simulation = NULL;
    secg_simulated_course course;
    secg_status status = check(config, error);
    if (status == SECG_OK)
        status = secg_simulated_course_init(&course, config, error);
    if (status != SECG_OK)
        return status;
    secg_simulation *s = calloc(1, sizeof *s);
    if (!s)
        return secg_fail(error, SECG_E_MEMORY, "simulation: memory could not be taken");
    s->course = course;
    set_signal(s, config);
    set_noise(s, config);
    if (set_beats(s, config) != SECG_OK) {
        secg_simulation_destroy(s);
        return secg_fail(error, SECG_E_MEMORY, "simulation: memory could not be taken");
    }
    *simulation = s;
    return SECG_OK;
}

void secg_simulation_destroy(secg_simulation *simulation)
{
    if (!simulation)
        return;
    free(simulation->form);
    free(simulation->beat);
    free(simulation);
}

const secg_signal *secg_simulation_signal(const secg_simulation *simulation)
{
    return &simulation->signal;
}

int64_t secg_simulation_frames(const secg_simulation *simulation)
{
    return simulation->frames;
}

const char *secg_simulation_protocol(const secg_simulation *simulation)
{
    return simulation->course.protocol;
}

const secg_simulated_beat *secg_simulation_beats(const secg_simulation *simulation, size_t *count)
{
    *count = simulation->beats;
    return simulation->beat;
}

const secg_simulated_stage *secg_simulation_stages(const secg_simulation *simulation, size_t *count)
{
    *count = (size_t)simulation->course.stages;
    return simulation->stage;
}

/* Leads from electrodes: I = LA - RA, II = LL - RA, Vi = Ci - (RA + LA + LL) / 3. */
static void add_noise(secg_simulation *s, double time_s, double *mv)
{
    while (s->next_shift < SHIFTS && s->shift[s->next_shift] <= s->next_frame) {
        secg_noise_shift(&s->noise);
        s->next_shift++;
    }
    secg_simulated_course_state state = secg_simulated_course_at(&s->course, time_s);
    secg_noise_drive drive = {state.effort, state.cadence_hz, state.breath_hz};
    double electrode[SECG_ELECTRODES];
    secg_noise_next(&s->noise, &drive, electrode);
    double centre = (electrode[0] + electrode[1] + electrode[2]) / 3;
    mv[0] += electrode[1] - electrode[0];
    mv[1] += electrode[2] - electrode[0];
    for (int k = 0; k < 6; k++)
        mv[2 + k] += electrode[3 + k] - centre;
}

static double to_count(double value)
{
    double count = floor(value + 0.5);
    return fmax(-LARGEST_COUNT, fmin(LARGEST_COUNT, count));
}

static void next_frame(secg_simulation *s, int16_t *counts)
{
    double time_s = secg_seconds(s->next_frame, s->signal.rate_hz);
    double eight[SECG_MODEL_LEADS], twelve[SECG_MODEL_ALL_LEADS];
    secg_beats_at(s->form, s->forms, &s->first_beat, time_s, eight);
    if (s->noisy)
        add_noise(s, time_s, eight);
    for (int k = 0; k < SECG_MODEL_LEADS; k++)
        eight[k] = to_count(COUNTS_PER_MV * eight[k]);
    secg_all_leads(eight, twelve);
    const double *lead = s->signal.channels == SECG_MODEL_LEADS ? eight : twelve;
    for (int32_t k = 0; k < s->signal.channels; k++)
        counts[k] = (int16_t)to_count(lead[k]);
    s->next_frame++;
}

secg_status secg_simulation_read(secg_simulation *simulation, int16_t *counts, size_t frames,
                                 size_t *got)
{
    if (!got)
        return SECG_E_ARGUMENT;
    *got = 0;
    if (!simulation || (!counts && frames > 0))
        return SECG_E_ARGUMENT;
    size_t channels = (size_t)simulation->signal.channels;
    while (*got < frames && simulation->next_frame < simulation->frames) {
        next_frame(simulation, counts + *got * channels);
        ++*got;
    }
    return SECG_OK;
}
