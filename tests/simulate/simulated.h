/* A whole simulation in memory, as a user would read it. */
#ifndef TESTS_SIMULATED_H
#define TESTS_SIMULATED_H

#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>
#include <stressecg/event.h>
#include <stressecg/simulate.h>
#include <string.h>

enum { LEAD_I, LEAD_II, LEAD_III, LEAD_AVR, LEAD_AVL, LEAD_AVF, LEAD_V1, LEAD_V5 = 10, LEADS = 12 };

typedef struct simulated {
    secg_simulation *simulation;
    const secg_simulated_beat *beat;
    const secg_simulated_stage *stage;
    size_t beats, stages;
    int64_t frames;
    int channels;
    double rate_hz;
    int16_t *counts;
} simulated;

static inline simulated simulated_truth(secg_simulation_config config)
{
    simulated s = {0};
    secg_error error = {0};
    cr_assert_eq(secg_simulation_create(&config, &s.simulation, &error), SECG_OK, "%s", error.text);
    s.beat = secg_simulation_beats(s.simulation, &s.beats);
    s.stage = secg_simulation_stages(s.simulation, &s.stages);
    s.frames = secg_simulation_frames(s.simulation);
    s.channels = secg_simulation_signal(s.simulation)->channels;
    s.rate_hz = secg_simulation_signal(s.simulation)->rate_hz;
    return s;
}

static inline simulated simulated_read(secg_simulation_config config)
{
    simulated s = simulated_truth(config);
    size_t got;
    s.counts = malloc((size_t)s.frames * (size_t)s.channels * sizeof *s.counts);
    cr_assert_not_null(s.counts);
    cr_assert_eq(secg_simulation_read(s.simulation, s.counts, (size_t)s.frames, &got), SECG_OK);
    cr_assert_eq((int64_t)got, s.frames);
    return s;
}

static inline double simulated_mv(const simulated *s, int lead, int64_t sample)
{
    const secg_channel *channel = &secg_simulation_signal(s->simulation)->channel[lead];
    return (double)secg_counts_to_mv(channel, s->counts[sample * s->channels + lead]);
}

/* Between samples, by a straight line. */
static inline double simulated_at(const simulated *s, int lead, double time_s)
{
    double position = time_s * s->rate_hz, whole = floor(position);
    double left = simulated_mv(s, lead, (int64_t)whole);
    return left + (position - whole) * (simulated_mv(s, lead, (int64_t)whole + 1) - left);
}

static inline void simulated_free(simulated *s)
{
    secg_simulation_destroy(s->simulation);
    free(s->counts);
}

#endif
