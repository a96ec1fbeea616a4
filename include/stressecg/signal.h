/* signal.h: what the input is: leads, electrode placement, rate, gain. */
#ifndef STRESSECG_SIGNAL_H
#define STRESSECG_SIGNAL_H

#include "base.h"

#ifdef __cplusplus
extern "C" {
#endif

enum {
    SECG_MAX_CHANNELS = 16, /* channels pushed                           */
    SECG_MAX_LEADS = 20,    /* channels plus derived leads               */
    SECG_MIN_RATE_HZ = 100,
    SECG_MAX_RATE_HZ = 2000
};

/* Standard names of what a channel carries (domain.md 2.7).  Values are pinned. */
typedef enum secg_lead {
    SECG_LEAD_OTHER = 0, /* an ECG channel without a standard name    */
    SECG_LEAD_I = 1,
    SECG_LEAD_II = 2,
    SECG_LEAD_III = 3,
    SECG_LEAD_AVR = 4,
    SECG_LEAD_AVL = 5,
    SECG_LEAD_AVF = 6,
    SECG_LEAD_V1 = 7,
    SECG_LEAD_V2 = 8,
    SECG_LEAD_V3 = 9,
    SECG_LEAD_V4 = 10,
    SECG_LEAD_V5 = 11,
    SECG_LEAD_V6 = 12,
    SECG_LEAD_V3R = 13,
    SECG_LEAD_V4R = 14,
    SECG_LEAD_V7 = 15,
    SECG_LEAD_V8 = 16,
    SECG_LEAD_V9 = 17,
    SECG_LEAD_CM5 = 18,
    SECG_LEAD_CC5 = 19,
    SECG_LEAD_CH5 = 20,
    SECG_LEAD_ML = 21,
    SECG_LEAD_MLII = 22,
    SECG_LEAD_X = 23,
    SECG_LEAD_Y = 24,
    SECG_LEAD_Z = 25,
    SECG_LEAD_COUNT
} secg_lead;

/* "II", "aVR", "V5", ... never NULL; "ECG" for SECG_LEAD_OTHER. */
SECG_API const char *secg_lead_name(secg_lead lead);

/* The lead a name stands for, without regard to case, surrounding blanks, or "lead", "ECG" or
 * "MDC_ECG_LEAD" before it ("ecg_II", "Lead V5"); D1 D2 D3 and DI DII DIII are the limb leads as
 * several languages call them.  SECG_LEAD_OTHER when it is no standard name: an inverted "-aVR"
 * too. */
SECG_API secg_lead secg_lead_find(const char *name);

/* Where the electrodes are; printed on every page that shows a tracing (domain.md 2.7). */
typedef enum secg_placement {
    SECG_PLACEMENT_UNKNOWN = 0,
    SECG_PLACEMENT_STANDARD = 1,    /* limb electrodes on wrists and ankles, DICOM 10:11265 */
    SECG_PLACEMENT_MASON_LIKAR = 2, /* torso limb electrodes, DICOM 10:11266                */
    SECG_PLACEMENT_BACK = 3         /* limb leads on the back for bicycle, DICOM 10:11271   */
} secg_placement;
SECG_API const char *secg_placement_text(secg_placement placement);
/* The words used in TEST.json: "standard", "mason-likar", "back"; UNKNOWN when not one of them. */
SECG_API secg_placement secg_placement_find(const char *word);

/* One channel.  Physical value in mV = (count - baseline) / gain_per_mv, computed in double and
 * rounded once to float: secg_counts_to_mv().
 *
 * A channel is saturated where a count is <= saturation_low or >= saturation_high; with both 0
 * saturation is recognised from the signal alone (a run of identical extreme values). */
typedef struct secg_channel {
    secg_lead lead;
    float gain_per_mv; /* counts per mV; 0: uncalibrated, 200 is taken and nothing is
                                reported in mV                                             */
    int32_t baseline;  /* count at 0 mV                                              */
    int32_t saturation_low, saturation_high;
    char name[16];  /* as the file or vendor calls it; "": secg_lead_name(lead)   */
    uint8_t unused; /* 1: not an ECG (respiration, trigger): carried, not analysed */
    uint8_t reserved[7];
} secg_channel;

typedef struct secg_signal {
    double rate_hz;   /* SECG_MIN_RATE_HZ .. SECG_MAX_RATE_HZ; need not be whole    */
    int32_t channels; /* 1 .. SECG_MAX_CHANNELS                                     */
    secg_placement placement;
    secg_channel channel[SECG_MAX_CHANNELS];
    uint8_t reserved[32];
} secg_signal;

/* Eight independent channels I II V1..V6 at 1000 counts per mV, Mason-Likar. */
SECG_API secg_signal secg_signal_standard_8(double rate_hz);
/* Twelve channels I II III aVR aVL aVF V1..V6 at 1000 counts per mV, Mason-Likar. */
SECG_API secg_signal secg_signal_standard_12(double rate_hz);

/* SECG_OK, or SECG_E_ARGUMENT with the field named in error. */
SECG_API secg_status secg_signal_check(const secg_signal *signal, secg_error *error);

/* The one conversion used everywhere, so that integer and float input agree to the last bit.
 * SECG_NO_COUNT gives NaN. */
#define SECG_NO_COUNT    INT32_MIN /* in 32-bit input: no value was acquired           */
#define SECG_NO_COUNT_16 INT16_MIN /* the same in 16-bit input (as WFDB format 16)     */
SECG_API SECG_REALTIME float secg_counts_to_mv(const secg_channel *channel, int32_t count);

/* Leads reported by an analyser: each channel that is an ECG, in order, then the derived limb
 * leads that are absent but follow from I and II:
 *   III = II - I, aVR = -(I + II)/2, aVL = I - II/2, aVF = II - I/2 (domain.md 2.7).
 * channel >= 0: that channel; else derived = from_i * I + from_ii * II. */
typedef struct secg_lead_source {
    secg_lead lead;
    int32_t channel; /* -1: derived */
    int32_t channel_i, channel_ii;
    float from_i, from_ii;
    char name[16];
} secg_lead_source;

/* Fills sources (room for SECG_MAX_LEADS) and returns their number; 0 for a bad signal. */
SECG_API size_t secg_signal_leads(const secg_signal *signal, secg_lead_source *sources);

#ifdef __cplusplus
}
#endif
#endif
