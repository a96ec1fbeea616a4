/* The displayed heart rate, and ventricular beats per minute. */
#ifndef SECG_ECG_RATE_H
#define SECG_ECG_RATE_H

#include <stressecg/event.h>

/* Beats that can fall into the windows: 10 s and 60 s at 300 bpm, and one more. */
enum { SECG_RATE_BEATS = 51, SECG_RATE_VENTRICULAR = 301 };

typedef struct secg_rate_meter {
    double rate_hz;
    int64_t second; /* that is reported next                                    */
    int64_t next;   /* sample at which it is                                    */
    int64_t beat[SECG_RATE_BEATS];
    float rr_ms[SECG_RATE_BEATS]; /* before each; NaN: unknown                        */
    int32_t first, count;
    int64_t ventricular[SECG_RATE_VENTRICULAR];
    int32_t v_first, v_count;
} secg_rate_meter;

void secg_rate_init(secg_rate_meter *meter, double rate_hz);
void secg_rate_beat(secg_rate_meter *meter, const secg_beat *beat);

/* To be called at least every 10 ms of signal with the index of the latest frame; 1 when a second has passed
 * and *rate is filled, as of the frame at which it had.
 * signal_why: SECG_MEASURED while beats can be seen, else why not. */
int secg_rate_tick(secg_rate_meter *meter, int64_t sample, secg_why signal_why, secg_rate *rate);

#endif
