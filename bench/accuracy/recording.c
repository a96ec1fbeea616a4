#include "recording.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK = 2048 };

static int read_counts(recording *r, secg_record *record, secg_error *error)
{
    const secg_record_info *info = secg_record_get_info(record);
    int32_t map[SECG_MAX_CHANNELS];
    if (secg_record_analysis_signal(record, &r->signal, map, error) != SECG_OK)
        return -1;
    r->channels = (size_t)r->signal.channels;
    if (r->channels != (size_t)info->signals || info->frames <= 0) {
        snprintf(error->text, sizeof error->text, "%s: not only voltages, or of unknown length",
                 info->name);
        return -1;
    }
    snprintf(r->name, sizeof r->name, "%s", info->name);
    r->counts = bench_take((size_t)info->frames * r->channels, sizeof *r->counts);
    for (size_t got, left; (left = (size_t)info->frames - r->frames) > 0; r->frames += got)
        if (secg_record_read(record, r->counts + r->frames * r->channels,
                             left < BLOCK ? left : BLOCK, &got, error) != SECG_OK)
            return -1;
    return 0;
}

int recording_read(recording *r, const char *path, const char *annotator)
{
    secg_record *record;
    secg_error error = {0};
    *r = (recording){0};
    if (secg_record_open(path, NULL, &record, &error) != SECG_OK)
        return fprintf(stderr, "%s\n", error.text), -1;
    int failed = read_counts(r, record, &error) < 0;
    if (!failed && annotator) {
        char file[4096];
        snprintf(file, sizeof file, "%s.%s", path, annotator);
        failed = secg_annotations_read(file, r->signal.rate_hz, &r->reference, &r->references,
                                       &error) != SECG_OK;
    }
    secg_record_close(record);
    if (failed) {
        fprintf(stderr, "%s: %s\n", path, error.text);
        recording_free(r);
    }
    return failed ? -1 : 0;
}

recording recording_blank(double rate_hz, double seconds)
{
    recording r = {.frames = (size_t)(rate_hz * seconds), .channels = 1};
    r.signal = (secg_signal){.rate_hz = rate_hz, .channels = 1};
    r.signal.channel[0] = (secg_channel){.lead = SECG_LEAD_II, .gain_per_mv = 1000};
    r.counts = bench_take(r.frames, sizeof *r.counts);
    return r;
}

void recording_free(recording *r)
{
    free(r->counts);
    secg_annotations_free(r->reference);
    numbers_free(&r->pacer_frame);
    *r = (recording){0};
}

/* Room for one more item of a list. */
static void *grown(void *list, size_t count, size_t *room, size_t size)
{
    if (count < *room)
        return list;
    *room = *room ? 2 * *room : 1024;
    list = realloc(list, *room * size);
    if (!list)
        fprintf(stderr, "no memory\n"), exit(1);
    return list;
}

static seen_beat beat_of(int64_t sample, float offset_samples, int64_t emitted, double rate_hz)
{
    double at = (double)sample + (double)offset_samples;
    return (seen_beat){
        .at_s = at / rate_hz, .delay_s = ((double)emitted - at) / rate_hz, .sample = sample};
}

static void keep(seen *s, const secg_event *e, double rate_hz)
{
    if (e->kind == SECG_EVENT_BEAT) {
        s->beat = grown(s->beat, s->beats, &s->beat_room, sizeof *s->beat);
        s->beat[s->beats] = beat_of(e->beat.sample, e->beat.offset_samples, e->emitted, rate_hz);
        s->beat[s->beats++].label = e->beat.label;
    } else if (e->kind == SECG_EVENT_QRS) {
        s->qrs = grown(s->qrs, s->qrss, &s->qrs_room, sizeof *s->qrs);
        s->qrs[s->qrss] = beat_of(e->qrs.sample, e->qrs.offset_samples, e->emitted, rate_hz);
        s->qrs[s->qrss++].label = SECG_BEAT_N;
    } else if (e->kind == SECG_EVENT_RATE) {
        s->rate = grown(s->rate, s->rates, &s->rate_room, sizeof *s->rate);
        s->rate[s->rates++] = (seen_rate){
            .at_s = (double)e->rate.sample / rate_hz,
            .bpm = e->rate.bpm.why == SECG_MEASURED ? (double)e->rate.bpm.value : (double)NAN};
    }
}

static void drain(secg_analyzer *ecg, seen *s, double rate_hz)
{
    for (secg_event e; secg_analyzer_poll(ecg, &e) == SECG_OK;)
        keep(s, &e, rate_hz);
}

/* Flags a pulse that falls on frame `at`; a block ends before the next one. */
static size_t frames_to_push(const recording *r, size_t at, size_t *flag, secg_analyzer *ecg)
{
    size_t now = r->frames - at < BLOCK ? r->frames - at : BLOCK;
    const numbers *pacer = &r->pacer_frame;
    if (*flag < pacer->count && (size_t)pacer->item[*flag] == at) {
        secg_analyzer_flag_pacer(ecg);
        ++*flag;
    }
    if (*flag < pacer->count && (size_t)pacer->item[*flag] < at + now)
        now = (size_t)pacer->item[*flag] - at;
    return now;
}

seen recording_analyse(const recording *r, int lead)
{
    secg_analyzer_config config = {.signal = r->signal, .no_st = 1};
    secg_analyzer *ecg;
    secg_error error = {0};
    seen s = {0};
    for (int k = 0; lead != EVERY_LEAD && k < config.signal.channels; k++)
        config.signal.channel[k].unused = k != lead;
    if (secg_analyzer_create(&config, &ecg, &error) != SECG_OK)
        fprintf(stderr, "%s: %s\n", r->name, error.text), exit(1);
    for (size_t at = 0, flag = 0, taken; at < r->frames; at += taken) {
        size_t now = frames_to_push(r, at, &flag, ecg);
        if (secg_analyzer_push_i32(ecg, r->counts + at * r->channels, now, &taken) < 0)
            fprintf(stderr, "%s: the analyser refused frames\n", r->name), exit(1);
        drain(ecg, &s, r->signal.rate_hz);
    }
    while (secg_analyzer_flush(ecg) == SECG_AGAIN)
        drain(ecg, &s, r->signal.rate_hz);
    drain(ecg, &s, r->signal.rate_hz);
    secg_analyzer_destroy(ecg);
    return s;
}

void seen_free(seen *s)
{
    free(s->beat);
    free(s->qrs);
    free(s->rate);
    *s = (seen){0};
}

double seen_rate_at(const seen *s, double at_s)
{
    double bpm = NAN;
    for (size_t i = 0; i < s->rates && s->rate[i].at_s <= at_s; i++)
        bpm = s->rate[i].bpm;
    return bpm;
}
