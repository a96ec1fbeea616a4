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
    float *mv;                        /* [frames][channels]                        */
    double qrs_mv[SECG_MAX_CHANNELS]; /* peak to peak: tracing_measure_qrs          */
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

/* Peak to peak of the QRS complexes as the program `sigamp` counts it: within 50 ms of each R peak,
 * r [count] in frames; the mean without the largest and smallest 5 % (WFDB applications guide). */
void tracing_measure_qrs(tracing *t, const int64_t *r, size_t count);

/* How the size of noise is counted.  NST: as the program `nst` does of the noise it is given, here
 * the stretch that is added: rms about the mean of each second; the mean of these without the
 * largest and smallest 5 %.  POWER: rms about the mean of the whole stretch, bursts and all. */
typedef enum noise_count { NOISE_NST, NOISE_POWER } noise_count;

/* Adds recorded noise to frames [from, to) of every channel, each from a place of its own.  Several
 * records are brought to the same size before they are added up.  Signal to noise in dB:
 * 20 log10 of QRS peak to peak over sqrt(8), over the size of the noise (nst(1)). */
typedef struct noise_dose {
    const noise_record *const *noise;
    size_t noises, from, to;
    double snr_db;
    noise_count count;
} noise_dose;
void tracing_add_noise(tracing *t, const noise_dose *dose, uint64_t *seed);
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
