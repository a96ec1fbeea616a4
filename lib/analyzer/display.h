/* The display as a struct, for display_create.c. */
#ifndef SECG_ANALYZER_DISPLAY_H
#define SECG_ANALYZER_DISPLAY_H

#include "base/arena.h"
#include "dsp/fir.h"
#include "dsp/highpass.h"
#include "dsp/mains.h"

#include <stressecg/display.h>

struct secg_display {
    secg_display_config config;
    secg_highpass highpass;
    secg_mains mains;
    secg_fir lowpass;
    void *block; /* what the host's allocator gave */
};

/* The configuration must have been checked.  NULL while measuring. */
secg_display *secg_display_lay_out(secg_arena *arena, const secg_display_config *config);

/* Corners in Hz; 0: none. */
double secg_display_highpass_hz(secg_display_highpass highpass);
double secg_display_lowpass_hz(secg_display_lowpass lowpass);

#endif
