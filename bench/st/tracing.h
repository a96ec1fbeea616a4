/* Tracings of known ST for the ST bench: simulated or real beats, recorded noise on top, pushed
 * through the whole analyser; what it said about ST comes back. */
#ifndef BENCH_ST_TRACING_H
#define BENCH_ST_TRACING_H

#include <stressecg/io.h>
#include <stressecg/simulate.h>
#include <stressecg/stressecg.h>

typedef struct tracing {
    secg_signal signal;
    size_t frames, channels;
    float *mv; /* [frames][channels] */
} tracing;

/* Takes memory or ends the program. */
void *bench_take(size_t count, size_t size);

/* A whole simulation in mV. */
tracing tracing_simulate(const secg_simulation_config *config, secg_simulation **simulation);
void tracing_free(tracing *t);

/* Two channels of recorded noise, resampled to the rate, in mV. */
typedef struct noise_record {
    size_t frames;
    float *mv; /* [frames][2] */
} noise_record;
noise_record noise_read(const char *path, double rate_hz);

/* Adds recorded noise to frames [from, to) of every channel, each from a place of its own, at a
 * signal-to-noise ratio as the noise stress test counts it: signal power is the QRS's peak-to-peak
 * amplitude squared over 8; noise is the mean of the rms deviations over one second each, without
 * the largest and smallest 5 % (Moody, Muldrow, Mark 1984, and the program `nst`). */
void tracing_add_noise(tracing *t, const noise_record *const *noise, size_t noises, double snr_db,
                       size_t from, size_t to, uint64_t *seed);
void tracing_add_wander(tracing *t, double mv_pp, double hz);

double bench_uniform(uint64_t *seed);

/* Every ST event, and the marks of the complex it was measured on. */
typedef struct st_seen {
    secg_st st;
    float qrs_onset_ms, j_ms, t_end_ms;
} st_seen;
typedef struct st_list {
    st_seen *item;
    size_t count, room;
} st_list;
void tracing_analyse(const tracing *t, st_list *list);

#endif
