/* What a lead has of something that its channels have: a lead is a channel, or I and II in some parts. */
#ifndef SECG_BASE_LEAD_VALUE_H
#define SECG_BASE_LEAD_VALUE_H

#include <stressecg/signal.h>

#include <math.h>

/* Of values, [channels]. */
static inline float secg_lead_value(const secg_lead_source *s, const float *channel)
{
    return s->channel >= 0
               ? channel[s->channel]
               : s->from_i * channel[s->channel_i] + s->from_ii * channel[s->channel_ii];
}

/* Of noise that the channels do not share, rms. */
static inline float secg_lead_noise(const secg_lead_source *s, const float *channel)
{
    return s->channel >= 0
               ? channel[s->channel]
               : hypotf(s->from_i * channel[s->channel_i], s->from_ii * channel[s->channel_ii]);
}

#endif
