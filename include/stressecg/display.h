/* display.h: what the screen and the paper show: band limits and a mains filter, streaming.
 *
 *     secg_display_create(&(secg_display_config){.rate_hz = 500, .channels = 8, .mains_hz = 60},
 *                         &display, NULL);
 *     secg_display_run(display, mv, shown, frames);
 *
 * For eyes only: ST is never measured on it, and with the 0.5 Hz setting the ST segment seen is
 * not the patient's (domain.md 2.2), which is why the label is to be printed with every strip.
 * Real time: run and reset never allocate, lock or call the system.  Any chunking, same output.
 * Threads: one object, one thread at a time. */
#ifndef STRESSECG_DISPLAY_H
#define STRESSECG_DISPLAY_H

#include "analyzer.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct secg_display secg_display;

typedef enum secg_display_highpass {
    SECG_DISPLAY_FROM_0_05_HZ = 0, /* diagnostic: 0.3 mV s leaves 93 uV and 0.03 mV/s      */
    SECG_DISPLAY_FROM_0_5_HZ = 1,  /* monitor: steadier line, ST distorted                 */
    SECG_DISPLAY_FROM_DC = 2
} secg_display_highpass;

typedef enum secg_display_lowpass {
    SECG_DISPLAY_TO_150_HZ = 0, /* diagnostic                                           */
    SECG_DISPLAY_TO_100_HZ = 1,
    SECG_DISPLAY_TO_40_HZ = 2,
    SECG_DISPLAY_TO_25_HZ = 3,
    SECG_DISPLAY_TO_ALL = 4 /* as sampled                                           */
} secg_display_lowpass;

typedef struct secg_display_config {
    double rate_hz;   /* SECG_MIN_RATE_HZ .. SECG_MAX_RATE_HZ                     */
    int32_t channels; /* 1 .. SECG_MAX_CHANNELS                                   */
    secg_display_highpass highpass;
    secg_display_lowpass lowpass;
    int32_t mains_hz;     /* 50 or 60; 0: no mains filter                             */
    uint8_t reserved[32]; /* must be zero                                             */
} secg_display_config;

/* Bytes that a display takes; 0 and SECG_E_ARGUMENT in error when the configuration is bad. */
SECG_API size_t secg_display_memory(const secg_display_config *config, secg_error *error);

/* SECG_E_ARGUMENT names the field; SECG_E_MEMORY.  *display is NULL after any failure. */
SECG_API secg_status secg_display_create(const secg_display_config *config, secg_display **display,
                                         secg_error *error);
SECG_API void secg_display_destroy(secg_display *display); /* NULL is fine */

/* Interleaved frames, [frames][channels]; out may be in.  Output n shows input
 * n - secg_display_delay_samples(); before the first input it is NaN.  A NaN or infinity comes
 * out as NaN in its place, spoils nothing beside it, and the channel starts afresh after it.
 * The first value of a channel is taken as its level so far: no step at the start. */
SECG_API SECG_REALTIME void secg_display_run(secg_display *display, const float *in, float *out,
                                             size_t frames);

/* The same of the latest `frames` frames that an analyser took, at most 4 s of them: it has their mV,
 * and has removed the mains for its measurements, so that neither is done twice.  Where the display
 * shows every frame from the first on, the output is that of secg_display_run(), to the bit.
 *
 *     secg_analyzer_push_i16(ecg, counts, frames, &taken);
 *     secg_display_run_analyzed(display, ecg, shown, taken);
 *
 * Thread: the pushing one.  SECG_E_ARGUMENT: NULL, more frames than there are, an analyser with no_st,
 * or one of another rate_hz, mains_hz or number of channels (unused ones do not count): then
 * secg_display_run() is the way.  SECG_E_STATE: after flush.  Then nothing was done. */
SECG_API SECG_REALTIME secg_status secg_display_run_analyzed(secg_display *display,
                                                             const secg_analyzer *analyzer,
                                                             float *out, size_t frames);

/* Back to the state after creation. */
SECG_API SECG_REALTIME void secg_display_reset(secg_display *display);

SECG_API int64_t secg_display_delay_samples(const secg_display *display);

/* The label to print: "0.05-150 Hz, 60 Hz notch", "0.5-40 Hz", "DC-125 Hz".  The upper limit is
 * never more than half the sampling rate.  Returns text, always terminated; 48 are enough. */
SECG_API char *secg_display_text(const secg_display_config *config, char *text, size_t size);

#ifdef __cplusplus
}
#endif
#endif
