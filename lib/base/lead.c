#include "base/status.h"

#include <stressecg/signal.h>

#include <math.h>
#include <string.h>

static const char *const lead_names[SECG_LEAD_COUNT] = {
    [SECG_LEAD_OTHER] = "ECG", [SECG_LEAD_I] = "I",       [SECG_LEAD_II] = "II",
    [SECG_LEAD_III] = "III",   [SECG_LEAD_AVR] = "aVR",   [SECG_LEAD_AVL] = "aVL",
    [SECG_LEAD_AVF] = "aVF",   [SECG_LEAD_V1] = "V1",     [SECG_LEAD_V2] = "V2",
    [SECG_LEAD_V3] = "V3",     [SECG_LEAD_V4] = "V4",     [SECG_LEAD_V5] = "V5",
    [SECG_LEAD_V6] = "V6",     [SECG_LEAD_V3R] = "V3R",   [SECG_LEAD_V4R] = "V4R",
    [SECG_LEAD_V7] = "V7",     [SECG_LEAD_V8] = "V8",     [SECG_LEAD_V9] = "V9",
    [SECG_LEAD_CM5] = "CM5",   [SECG_LEAD_CC5] = "CC5",   [SECG_LEAD_CH5] = "CH5",
    [SECG_LEAD_ML] = "ML",     [SECG_LEAD_MLII] = "MLII", [SECG_LEAD_X] = "X",
    [SECG_LEAD_Y] = "Y",       [SECG_LEAD_Z] = "Z",
};

const char *secg_lead_name(secg_lead lead)
{
    return (unsigned)lead < SECG_LEAD_COUNT ? lead_names[lead] : "ECG";
}

/* Locale-free: the names are ASCII whatever the host's setlocale() says. */
static int lower(int c)
{
    return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c;
}

static int same_name(const char *name, size_t length, const char *want)
{
    if (strlen(want) != length)
        return 0;
    for (size_t i = 0; i < length; i++)
        if (lower((unsigned char)name[i]) != lower((unsigned char)want[i]))
            return 0;
    return 1;
}

static int is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '_' || c == ':';
}

/* "Lead II", "ECG_II", "ECG lead V5", "MDC_ECG_LEAD_aVR" (ISO/IEEE 11073-10101): what stands before
 * the name proper, if any.  A sign after a blank is not skipped: -aVR is another lead. */
static const char *without_prefix(const char *name)
{
    static const char *const prefix[] = {"mdc_ecg_lead", "ecg", "ekg", "lead"};
    for (size_t i = 0; i < sizeof prefix / sizeof *prefix; i++) {
        size_t n = strlen(prefix[i]), k = 0;
        while (k < n && lower((unsigned char)name[k]) == prefix[i][k])
            k++;
        if (k < n || !(is_blank(name[n]) || name[n] == '-'))
            continue;
        name += n;
        if (*name == '-')
            name++;
        else
            while (is_blank(*name))
                name++;
    }
    return name;
}

secg_lead secg_lead_find(const char *name)
{
    if (!name)
        return SECG_LEAD_OTHER;
    while (*name == ' ' || *name == '\t')
        name++;
    name = without_prefix(name);
    size_t length = strlen(name);
    while (length > 0 && (name[length - 1] == ' ' || name[length - 1] == '\t'))
        length--;
    static const struct {
        const char *name;
        secg_lead lead;
    } also[] = {{"vx", SECG_LEAD_X},    {"vy", SECG_LEAD_Y},   {"vz", SECG_LEAD_Z},
                {"d1", SECG_LEAD_I},    {"d2", SECG_LEAD_II},  {"d3", SECG_LEAD_III},
                {"di", SECG_LEAD_I},    {"dii", SECG_LEAD_II}, {"diii", SECG_LEAD_III},
                {"ml2", SECG_LEAD_MLII}};
    for (size_t i = 0; i < sizeof also / sizeof *also; i++)
        if (same_name(name, length, also[i].name))
            return also[i].lead;
    for (int lead = SECG_LEAD_OTHER + 1; lead < SECG_LEAD_COUNT; lead++)
        if (same_name(name, length, lead_names[lead]))
            return (secg_lead)lead;
    return SECG_LEAD_OTHER;
}

static const char *const placement_words[] = {"unknown", "standard", "mason-likar", "back"};

const char *secg_placement_text(secg_placement placement)
{
    switch (placement) {
    case SECG_PLACEMENT_UNKNOWN:
        return "electrode placement not stated";
    case SECG_PLACEMENT_STANDARD:
        return "standard 12-lead, limb electrodes on wrists and ankles";
    case SECG_PLACEMENT_MASON_LIKAR:
        return "Mason-Likar, limb electrodes on the torso";
    case SECG_PLACEMENT_BACK:
        return "limb electrodes on the back";
    }
    return "electrode placement not stated";
}

secg_placement secg_placement_find(const char *word)
{
    if (word)
        for (int i = 1; i < 4; i++)
            if (strcmp(word, placement_words[i]) == 0)
                return (secg_placement)i;
    return SECG_PLACEMENT_UNKNOWN;
}

static secg_signal standard(double rate_hz, const secg_lead *lead, int32_t channels)
{
    secg_signal signal = {
        .rate_hz = rate_hz, .channels = channels, .placement = SECG_PLACEMENT_MASON_LIKAR};
    for (int32_t k = 0; k < channels; k++) {
        signal.channel[k].lead = lead[k];
        signal.channel[k].gain_per_mv = 1000.0f;
    }
    return signal;
}

secg_signal secg_signal_standard_8(double rate_hz)
{
    static const secg_lead lead[8] = {SECG_LEAD_I,  SECG_LEAD_II, SECG_LEAD_V1, SECG_LEAD_V2,
                                      SECG_LEAD_V3, SECG_LEAD_V4, SECG_LEAD_V5, SECG_LEAD_V6};
    return standard(rate_hz, lead, 8);
}

secg_signal secg_signal_standard_12(double rate_hz)
{
    static const secg_lead lead[12] = {SECG_LEAD_I,   SECG_LEAD_II,  SECG_LEAD_III, SECG_LEAD_AVR,
                                       SECG_LEAD_AVL, SECG_LEAD_AVF, SECG_LEAD_V1,  SECG_LEAD_V2,
                                       SECG_LEAD_V3,  SECG_LEAD_V4,  SECG_LEAD_V5,  SECG_LEAD_V6};
    return standard(rate_hz, lead, 12);
}

static int all_zero(const uint8_t *bytes, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (bytes[i])
            return 0;
    return 1;
}

static secg_status check_channel(const secg_channel *channel, int k, secg_error *error)
{
    if ((unsigned)channel->lead >= SECG_LEAD_COUNT)
        return secg_fail(error, SECG_E_ARGUMENT, "signal.channel[%d].lead: %d is no lead", k,
                         (int)channel->lead);
    if (!(fabsf(channel->gain_per_mv) < 1e12f) ||
        (channel->gain_per_mv != 0 && fabsf(channel->gain_per_mv) < 1e-6f))
        return secg_fail(error, SECG_E_ARGUMENT,
                         "signal.channel[%d].gain_per_mv: %g is not a usable gain", k,
                         (double)channel->gain_per_mv);
    if (!memchr(channel->name, 0, sizeof channel->name))
        return secg_fail(error, SECG_E_ARGUMENT, "signal.channel[%d].name: not terminated", k);
    if (channel->unused > 1 || !all_zero(channel->reserved, sizeof channel->reserved))
        return secg_fail(error, SECG_E_ARGUMENT, "signal.channel[%d].reserved: must be zero", k);
    return SECG_OK;
}

secg_status secg_signal_check(const secg_signal *signal, secg_error *error)
{
    if (!signal)
        return secg_fail(error, SECG_E_ARGUMENT, "signal: NULL");
    if (!(signal->rate_hz >= SECG_MIN_RATE_HZ && signal->rate_hz <= SECG_MAX_RATE_HZ))
        return secg_fail(error, SECG_E_ARGUMENT, "signal.rate_hz: %g is outside %d .. %d Hz",
                         signal->rate_hz, SECG_MIN_RATE_HZ, SECG_MAX_RATE_HZ);
    if (signal->channels < 1 || signal->channels > SECG_MAX_CHANNELS)
        return secg_fail(error, SECG_E_ARGUMENT, "signal.channels: %d is outside 1 .. %d",
                         (int)signal->channels, SECG_MAX_CHANNELS);
    if ((unsigned)signal->placement > SECG_PLACEMENT_BACK)
        return secg_fail(error, SECG_E_ARGUMENT, "signal.placement: %d is no placement",
                         (int)signal->placement);
    if (!all_zero(signal->reserved, sizeof signal->reserved))
        return secg_fail(error, SECG_E_ARGUMENT, "signal.reserved: must be zero");
    int used = 0;
    for (int k = 0; k < signal->channels; k++) {
        secg_status status = check_channel(&signal->channel[k], k, error);
        if (status != SECG_OK)
            return status;
        used += !signal->channel[k].unused;
    }
    if (used == 0)
        return secg_fail(error, SECG_E_ARGUMENT, "signal: no channel is an ECG");
    return SECG_OK;
}

float secg_counts_to_mv(const secg_channel *channel, int32_t count)
{
    if (count == SECG_NO_COUNT)
        return NAN;
    double gain = channel->gain_per_mv != 0 ? (double)channel->gain_per_mv : 200.0;
    return (float)(((double)count - (double)channel->baseline) / gain);
}

static int32_t find_channel(const secg_signal *signal, secg_lead lead)
{
    for (int32_t k = 0; k < signal->channels; k++)
        if (signal->channel[k].lead == lead && !signal->channel[k].unused)
            return k;
    return -1;
}

size_t secg_signal_leads(const secg_signal *signal, secg_lead_source *sources)
{
    if (secg_signal_check(signal, NULL) != SECG_OK)
        return 0;
    size_t count = 0;
    for (int32_t k = 0; k < signal->channels; k++) {
        const secg_channel *channel = &signal->channel[k];
        if (channel->unused)
            continue;
        secg_lead_source *source = &sources[count++];
        *source = (secg_lead_source){
            .lead = channel->lead, .channel = k, .channel_i = -1, .channel_ii = -1};
        const char *name = channel->name[0] ? channel->name : secg_lead_name(channel->lead);
        strncpy(source->name, name, sizeof source->name - 1);
    }
    int32_t i = find_channel(signal, SECG_LEAD_I), ii = find_channel(signal, SECG_LEAD_II);
    if (i < 0 || ii < 0)
        return count;
    static const struct {
        secg_lead lead;
        float from_i, from_ii;
    } derived[4] = {{SECG_LEAD_III, -1.0f, 1.0f},
                    {SECG_LEAD_AVR, -0.5f, -0.5f},
                    {SECG_LEAD_AVL, 1.0f, -0.5f},
                    {SECG_LEAD_AVF, -0.5f, 1.0f}};
    for (size_t d = 0; d < 4; d++) {
        if (find_channel(signal, derived[d].lead) >= 0)
            continue;
        secg_lead_source *source = &sources[count++];
        *source = (secg_lead_source){.lead = derived[d].lead,
                                     .channel = -1,
                                     .channel_i = i,
                                     .channel_ii = ii,
                                     .from_i = derived[d].from_i,
                                     .from_ii = derived[d].from_ii};
        strncpy(source->name, secg_lead_name(derived[d].lead), sizeof source->name - 1);
    }
    return count;
}
