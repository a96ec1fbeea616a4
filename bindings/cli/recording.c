#include "recording.h"

#include <stressecg/spectrum.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The library does not take every stated gain: say so once, with the first such signal. */
static void note_disbelief(const cli_recording *r, const char *path)
{
    for (int k = 0; k < r->signal.channels; k++) {
        const secg_record_signal *s = &r->info->signal[r->map[k]];
        if (r->signal.channel[k].unused || r->signal.channel[k].gain_per_mv != 0 || !s->calibrated)
            continue;
        cli_fail(0,
                 "note: %s: signal %d (%s): a gain of %g counts/%s in %d bits tells no millivolts; "
                 "taken as uncalibrated",
                 path, (int)r->map[k], s->description, s->gain, s->units, (int)s->adc_bits);
        return;
    }
}

static int check_calibration(cli_recording *r, const char *path,
                             const cli_recording_options *options)
{
    for (int k = 0; k < r->signal.channels; k++)
        r->uncalibrated += !r->signal.channel[k].unused && r->signal.channel[k].gain_per_mv == 0;
    if (r->uncalibrated == 0)
        return 0;
    note_disbelief(r, path);
    int audio = strcmp(r->info->container, "WFDB") != 0;
    if (audio && !options->allow_uncalibrated)
        return cli_fail(
            -1,
            "%s: no gain is given, so there are no millivolts: give --gain COUNTS_PER_MV, "
            "a header or a JSON sidecar beside it, or --uncalibrated",
            path);
    return 0;
}

static int is_in_order(const cli_recording *r)
{
    int same = r->info->signals == r->signal.channels;
    for (int32_t k = 0; k < r->signal.channels; k++)
        same &= r->map[k] == k;
    return same;
}

int cli_recording_open(cli_recording *r, const char *path, const cli_recording_options *options)
{
    *r = (cli_recording){0};
    secg_error error = {0};
    secg_record_options open = {.gain_per_mv = options->gain_per_mv, .high_resolution = 1};
    if (secg_record_open(path, &open, &r->record, &error) != SECG_OK) {
        cli_error(&error);
        return -1;
    }
    r->info = secg_record_get_info(r->record);
    for (int32_t k = 0; k < r->info->signals; k++)
        if (r->info->signal[k].samples_per_frame > 1)
            r->ticks_hz = r->info->rate_hz;
    for (size_t i = 0; i < r->info->warnings; i++)
        cli_fail(0, "note: %s", r->info->warning[i]);
    if (secg_record_analysis_signal(r->record, &r->signal, r->map, &error) != SECG_OK) {
        cli_error(&error);
        cli_recording_close(r);
        return -1;
    }
    if (r->info->frames == 0) {
        cli_fail(0, "%s: the recording has no samples", path);
        cli_recording_close(r);
        return -1;
    }
    if (check_calibration(r, path, options) < 0) {
        cli_recording_close(r);
        return -1;
    }
    r->is_in_order = is_in_order(r);
    r->counts = malloc(CLI_BLOCK * (size_t)r->info->signals * sizeof *r->counts);
    r->frames = malloc(CLI_BLOCK * (size_t)r->signal.channels * sizeof *r->frames);
    if (!r->counts || !r->frames) {
        cli_fail(0, "no memory");
        cli_recording_close(r);
        return -1;
    }
    return 0;
}

void cli_recording_close(cli_recording *r)
{
    secg_record_close(r->record);
    free(r->counts);
    free(r->frames);
    *r = (cli_recording){0};
}

secg_status cli_recording_read(cli_recording *r, size_t frames, size_t *got, secg_error *error)
{
    size_t signals = (size_t)r->info->signals, channels = (size_t)r->signal.channels;
    int32_t *to = r->is_in_order ? r->frames : r->counts;
    secg_status status =
        secg_record_read(r->record, to, frames < CLI_BLOCK ? frames : CLI_BLOCK, got, error);
    if (status != SECG_OK || r->is_in_order)
        return status;
    for (size_t i = 0; i < *got; i++)
        for (size_t k = 0; k < channels; k++)
            r->frames[i * channels + k] = r->counts[i * signals + (size_t)r->map[k]];
    return SECG_OK;
}

/* The largest share of the first channels that agree decides; one channel is enough. */
int cli_recording_mains_hz(cli_recording *r)
{
    size_t want = (size_t)(30 * r->signal.rate_hz), have = 0, got;
    size_t channels = (size_t)r->signal.channels;
    float *mv = malloc(want * channels * sizeof *mv);
    int votes_50 = 0, votes_60 = 0;
    while (mv && have < want && cli_recording_read(r, want - have, &got, NULL) == SECG_OK) {
        for (size_t i = 0; i < got; i++, have++)
            for (size_t k = 0; k < channels; k++)
                mv[k * want + have] =
                    secg_counts_to_mv(&r->signal.channel[k], r->frames[i * channels + k]);
    }
    for (size_t k = 0; mv && k < channels; k++) {
        int hz;
        float amplitude_mv;
        if (!r->signal.channel[k].unused && secg_find_mains(mv + k * want, have, r->signal.rate_hz,
                                                            &hz, &amplitude_mv) == SECG_OK) {
            votes_50 += hz == 50;
            votes_60 += hz == 60;
        }
    }
    free(mv);
    secg_record_seek(r->record, 0, NULL);
    if (votes_50 == 0 && votes_60 == 0)
        return 0;
    return votes_60 >= votes_50 ? 60 : 50;
}

int cli_recording_choose_leads(cli_recording *r, const char *leads)
{
    if (strcmp(leads, "all") == 0)
        return 0;
    uint8_t chosen[SECG_MAX_CHANNELS] = {0};
    for (const char *at = leads; *at;) {
        char *end;
        long number = strtol(at, &end, 10);
        if (end == at || (*end != ',' && *end != 0))
            return cli_fail(-1, "--leads: \"%s\" is not \"all\" or a list such as 0,1", leads);
        int channel = -1;
        for (int k = 0; k < r->signal.channels; k++)
            if (r->map[k] == number)
                channel = k;
        if (channel < 0 || r->signal.channel[channel].unused)
            return cli_fail(-1, "--leads: %ld is no ECG signal of this record (it has %d signals)",
                            number, (int)r->info->signals);
        chosen[channel] = 1;
        at = *end ? end + 1 : end;
    }
    for (int k = 0; k < r->signal.channels; k++)
        r->signal.channel[k].unused = !chosen[k];
    return 0;
}
