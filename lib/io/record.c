/* The façade: which kind of recording it is, and what of it an analyser can use. */
#include "base/status.h"
#include "io/record_source.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct secg_record {
    secg_record_source *source;
};

secg_status secg_record_open(const char *path, const secg_record_options *options,
                             secg_record **record, secg_error *error)
{
    static const secg_record_options defaults;
    if (!path || !record)
        return secg_fail(error, SECG_E_ARGUMENT, "path or record: NULL");
    *record = NULL;
    secg_record *r = calloc(1, sizeof *r);
    if (!r)
        return secg_fail(error, SECG_E_MEMORY, "%s: no memory", path);
    const secg_record_options *o = options ? options : &defaults;
    secg_status status = secg_audio_container(path)
                             ? secg_audio_record_open(path, o, &r->source, error)
                             : secg_wfdb_record_open(path, o, &r->source, error);
    if (status != SECG_OK) {
        free(r);
        return status;
    }
    *record = r;
    return SECG_OK;
}

void secg_record_close(secg_record *record)
{
    if (!record)
        return;
    record->source->close(record->source);
    free(record);
}

const secg_record_info *secg_record_get_info(const secg_record *record)
{
    return record ? &record->source->info : NULL;
}

secg_status secg_record_read(secg_record *record, int32_t *counts, size_t frames, size_t *got,
                             secg_error *error)
{
    if (!record || !counts || !got)
        return secg_fail(error, SECG_E_ARGUMENT, "record, counts or got: NULL");
    return record->source->read(record->source, counts, frames, got, error);
}

secg_status secg_record_seek(secg_record *record, int64_t frame, secg_error *error)
{
    if (!record)
        return secg_fail(error, SECG_E_ARGUMENT, "record: NULL");
    return record->source->seek(record->source, frame, error);
}

secg_status secg_record_verify(const secg_record *record, secg_error *error)
{
    if (!record)
        return secg_fail(error, SECG_E_ARGUMENT, "record: NULL");
    return record->source->verify(record->source, error);
}

/* ---- for an analyser ------------------------------------------------------------------- */

static int same_word(const char *a, const char *b)
{
    for (; *a && *b; a++, b++)
        if ((*a | 0x20) != (*b | 0x20))
            return 0;
    return *a == *b;
}

/* Counts per mV; 0: uncalibrated; NaN: not a voltage. */
static double gain_per_mv(const secg_record_signal *s)
{
    static const struct {
        const char *name;
        double per_mv;
    } unit[] = {{"mV", 1},          {"V", 1e-3},        {"uV", 1e3}, {"microV", 1e3},
                {"\xc2\xb5V", 1e3}, {"\xce\xbcV", 1e3}, {"nV", 1e6}};
    static const char *const unknown[] = {"adu", "NU", "", "bit", "bits", "counts", "n/a", "-"};
    for (size_t i = 0; i < sizeof unit / sizeof *unit; i++)
        if (same_word(s->units, unit[i].name))
            return s->calibrated ? s->gain * unit[i].per_mv : 0;
    for (size_t i = 0; i < sizeof unknown / sizeof *unknown; i++)
        if (same_word(s->units, unknown[i]))
            return 0;
    return (double)NAN;
}

/* Signals that travel with an ECG and are none. */
static int is_other_signal(const char *description)
{
    static const char *const other[] = {"RESP", "PLETH", "ABP", "ART",  "CVP",    "PAP",
                                        "SPO2", "SAO2",  "EEG", "EMG",  "EOG",    "ACC",
                                        "BP",   "PPG",   "CO2", "TEMP", "MARKER", "TRIGGER"};
    for (size_t i = 0; i < sizeof other / sizeof *other; i++) {
        size_t n = strlen(other[i]), k = 0;
        while (k < n && description[k] && (description[k] & ~0x20) == other[i][k])
            k++;
        char next = description[k];
        if (k == n && !((next >= 'a' && next <= 'z') || (next >= 'A' && next <= 'Z')))
            return 1;
    }
    return 0;
}

/* The stated resolution is taken only where the format holds no more: signals with noise mixed in
 * or filtered afterwards keep the ADC's resolution in their header and go beyond its range. */
static void set_saturation(secg_channel *channel, const secg_record_signal *s)
{
    if (s->adc_bits < 2 || s->adc_bits > 24 || s->adc_bits < s->stored_bits ||
        s->adc_zero > INT32_MAX / 2 || s->adc_zero < INT32_MIN / 2)
        return;
    int32_t half = INT32_C(1) << (s->adc_bits - 1);
    channel->saturation_low = s->adc_zero - half;
    channel->saturation_high = s->adc_zero + half - 1;
}

/* A range in mV that no amplifier has says that the gain stands for something else: with 16 bits
 * and 2000000 counts per mV all that can be stored is 0.016 mV.  Then the signal is uncalibrated. */
static int believable(double gain, const secg_record_signal *s)
{
    if (gain == 0 || s->adc_bits < 8 || s->adc_bits > 32)
        return 1;
    double half_range_mv = ldexp(1, s->adc_bits - 1) / fabs(gain);
    return half_range_mv >= 0.25;
}

static void fill_channel(secg_channel *channel, const secg_record_signal *s)
{
    double gain = gain_per_mv(s);
    *channel = (secg_channel){.lead = secg_lead_find(s->description), .baseline = s->baseline};
    channel->unused = isnan(gain) || is_other_signal(s->description);
    channel->gain_per_mv = isnan(gain) || fabs(gain) > 1e11 || fabs(gain) < 1e-5 ? 0 : (float)gain;
    if (!believable(gain, s))
        channel->gain_per_mv = 0;
    if (channel->lead == SECG_LEAD_OTHER) {
        memcpy(channel->name, s->description, sizeof channel->name - 1);
        for (size_t n = strlen(channel->name);
             n > 0 && ((unsigned char)s->description[n] & 0xc0) == 0x80;)
            channel->name[--n] = 0; /* not inside a UTF-8 sequence */
    }
    set_saturation(channel, s);
}

secg_status secg_record_analysis_signal(const secg_record *record, secg_signal *signal,
                                        int32_t *map, secg_error *error)
{
    if (!record || !signal || !map)
        return secg_fail(error, SECG_E_ARGUMENT, "record, signal or map: NULL");
    const secg_record_info *info = &record->source->info;
    *signal = (secg_signal){.rate_hz = info->rate_hz, .placement = info->placement};
    int usable = 0;
    for (int32_t k = 0; k < info->signals; k++) {
        secg_channel channel;
        fill_channel(&channel, &info->signal[k]);
        /* Where there are more than fit, what is no ECG goes first. */
        if (signal->channels == SECG_MAX_CHANNELS ||
            (channel.unused && info->signals > SECG_MAX_CHANNELS))
            continue;
        map[signal->channels] = k;
        signal->channel[signal->channels++] = channel;
        usable += !channel.unused;
    }
    if (usable == 0)
        return secg_fail(error, SECG_E_UNSUPPORTED, "%s: none of the %d signals is an ECG",
                         info->name, (int)info->signals);
    return secg_signal_check(signal, error);
}
