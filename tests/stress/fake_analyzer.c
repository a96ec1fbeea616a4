#include "fake_analyzer.h"

#include "base/fingerprint.h"
#include "base/queue.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct secg_analyzer {
    secg_signal signal;
    secg_lead_source lead[SECG_MAX_LEADS];
    size_t leads;
    secg_queue queue;
    void *block;
    int64_t no_average; /* the table for which the view shows an older complex */
    int64_t frames, table, relearned_at, rest_kept_at, last_beat;
    int relearned, rest_kept, flushed, v_in_row;
    int64_t v_first, v_last;
    uint8_t absent[FAKE_CHANNELS];
    uint64_t digest;
    secg_observer *observer;
    void *context;
};

secg_analyzer *fake_analyzer(double rate_hz, size_t queue_capacity)
{
    secg_analyzer *fake = calloc(1, sizeof *fake);
    fake->signal.rate_hz = rate_hz;
    fake->signal.channels = FAKE_CHANNELS;
    fake->signal.channel[0] = (secg_channel){.lead = SECG_LEAD_V4, .gain_per_mv = 1};
    fake->signal.channel[1] = (secg_channel){.lead = SECG_LEAD_V5, .gain_per_mv = 1};
    fake->leads = secg_signal_leads(&fake->signal, fake->lead);
    fake->relearned_at = fake->rest_kept_at = -1;
    fake->last_beat = SECG_NO_SAMPLE;
    fake->table = fake->no_average = SECG_NO_SAMPLE;
    fake->digest = SECG_FINGERPRINT_START;
    size_t bytes = (queue_capacity + 2) * 2 * sizeof(secg_event) + 4096;
    fake->block = calloc(1, bytes);
    size_t misfit = (uintptr_t)fake->block % SECG_ARENA_ALIGN;
    secg_arena arena = {(unsigned char *)fake->block + (misfit ? SECG_ARENA_ALIGN - misfit : 0), 0,
                        bytes - SECG_ARENA_ALIGN, 0};
    secg_queue_lay_out(&fake->queue, &arena, queue_capacity);
    secg_queue_reset(&fake->queue);
    return fake;
}

void fake_analyzer_free(secg_analyzer *fake)
{
    free(fake->block);
    free(fake);
}

int64_t fake_relearned_at(const secg_analyzer *fake)
{
    return fake->relearned_at;
}
int fake_relearned(const secg_analyzer *fake)
{
    return fake->relearned;
}
int64_t fake_rest_kept_at(const secg_analyzer *fake)
{
    return fake->rest_kept_at;
}
int fake_rest_kept(const secg_analyzer *fake)
{
    return fake->rest_kept;
}

void fake_without_average(secg_analyzer *fake, int64_t table)
{
    fake->no_average = table;
}

float fake_level_mv(int64_t sample, double rate_hz, size_t lead)
{
    return (float)(-0.001 * (double)sample / rate_hz - 0.01 * (double)lead);
}

/* ---- events ---------------------------------------------------------------------------------- */

secg_status secg_analyzer_emit(secg_analyzer *fake, const secg_event *event)
{
    secg_event numbered = *event;
    numbered.emitted = fake->frames;
    if (!secg_queue_put(&fake->queue, &numbered))
        return SECG_AGAIN;
    fake->digest = secg_fingerprint(fake->digest, &numbered);
    if (fake->observer)
        fake->observer(fake->context, &numbered);
    return SECG_OK;
}

static secg_event blank(secg_event_kind kind)
{
    secg_event event;
    memset(&event, 0, sizeof event);
    event.kind = kind;
    return event;
}

static void end_ventricular(secg_analyzer *fake)
{
    if (fake->v_in_row == 0)
        return;
    secg_event event = blank(SECG_EVENT_RHYTHM);
    event.rhythm.start = fake->v_first;
    event.rhythm.end = fake->v_last;
    event.rhythm.kind = (uint16_t)(fake->v_in_row == 1   ? SECG_RHYTHM_PVC
                                   : fake->v_in_row == 2 ? SECG_RHYTHM_COUPLET
                                                         : SECG_RHYTHM_RUN);
    event.rhythm.beats = (uint16_t)fake->v_in_row;
    event.rhythm.bpm = NAN;
    fake->v_in_row = 0;
    secg_analyzer_emit(fake, &event);
}

static void beat(secg_analyzer *fake, int64_t sample, int what)
{
    secg_event event = blank(SECG_EVENT_BEAT);
    event.beat.sample = sample;
    event.beat.label = (uint8_t)(what == 1 ? SECG_BEAT_N : what == 2 ? SECG_BEAT_V : SECG_BEAT_S);
    event.beat.rr_ms =
        fake->last_beat == SECG_NO_SAMPLE
            ? (float)NAN
            : (float)(1000.0 * (double)(sample - fake->last_beat) / fake->signal.rate_hz);
    fake->last_beat = sample;
    if (what == 2) {
        fake->v_first = fake->v_in_row++ == 0 ? sample : fake->v_first;
        fake->v_last = sample;
    } else
        end_ventricular(fake);
    secg_analyzer_emit(fake, &event);
    if (what == 3) {
        secg_event sve = blank(SECG_EVENT_RHYTHM);
        sve.rhythm.start = sve.rhythm.end = sample;
        sve.rhythm.kind = SECG_RHYTHM_SVE;
        sve.rhythm.beats = 1;
        sve.rhythm.bpm = NAN;
        secg_analyzer_emit(fake, &sve);
    }
}

static void state(secg_analyzer *fake, int64_t sample, int lead, int absent)
{
    secg_event event = blank(SECG_EVENT_SIGNAL);
    secg_signal_state bad = lead < 0 ? SECG_SIGNAL_UNREADABLE : SECG_SIGNAL_GAP;
    event.signal.sample = sample;
    event.signal.lead = (int16_t)lead;
    event.signal.state = (uint8_t)(absent ? bad : SECG_SIGNAL_GOOD);
    event.signal.previous = (uint8_t)(absent ? SECG_SIGNAL_GOOD : bad);
    event.signal.noise_mv = NAN;
    secg_analyzer_emit(fake, &event);
}

static void table(secg_analyzer *fake, int64_t sample)
{
    fake->table = sample;
    for (size_t k = 0; k < fake->leads; k++) {
        secg_event event = blank(SECG_EVENT_ST);
        event.st =
            (secg_st){.sample = sample, .lead = (uint8_t)k, .point = SECG_ST_J80, .beats = 8};
        event.st.level_mv = fake_level_mv(sample, fake->signal.rate_hz, k);
        event.st.sigma_mv = 0.005f;
        secg_analyzer_emit(fake, &event);
    }
}

static void frame(secg_analyzer *fake, const float *mv)
{
    int64_t sample = fake->frames++;
    int all_before = fake->absent[0] && fake->absent[1];
    for (int k = 0; k < FAKE_CHANNELS; k++) {
        uint8_t absent = 0;
        if (isnan(mv[k]))
            absent = 1;
        if (absent != fake->absent[k])
            state(fake, sample, k, absent);
        fake->absent[k] = absent;
    }
    int all = fake->absent[0] && fake->absent[1];
    if (all != all_before)
        state(fake, sample, -1, all);
    if (mv[0] >= 1)
        beat(fake, sample, (int)mv[0]);
    int64_t second = (int64_t)fake->signal.rate_hz;
    if (sample > 0 && sample % second == 0 && !(mv[1] < 0)) {
        secg_event event = blank(SECG_EVENT_RATE);
        event.rate.sample = sample;
        event.rate.bpm = isnan(mv[1]) ? (secg_value){SECG_WHY_LEAD_OFF, NAN, 0}
                                      : (secg_value){SECG_MEASURED, mv[1], 1};
        secg_analyzer_emit(fake, &event);
    }
    int64_t stands_for = sample - (int64_t)(FAKE_DELAY_S * fake->signal.rate_hz);
    if (stands_for > 0 && stands_for % (FAKE_ST_EVERY_S * second) == 0 && !(mv[1] < 0))
        table(fake, stands_for);
}

/* ---- what the floor above calls ---------------------------------------------------------------- */

enum { EVENTS_PER_FRAME = 16 };

secg_status secg_analyzer_push_mv(secg_analyzer *fake, const float *mv, size_t frames,
                                  size_t *taken)
{
    *taken = 0;
    if (fake->flushed)
        return SECG_E_STATE;
    for (; *taken < frames; ++*taken) {
        if (secg_queue_space(&fake->queue) < EVENTS_PER_FRAME)
            return SECG_AGAIN;
        frame(fake, mv + *taken * FAKE_CHANNELS);
    }
    return SECG_OK;
}

secg_status secg_analyzer_push_i16(secg_analyzer *fake, const int16_t *counts, size_t frames,
                                   size_t *taken)
{
    *taken = 0;
    for (size_t one, n = 0; n < frames; n++, ++*taken) {
        float mv[FAKE_CHANNELS] = {counts[2 * n], counts[2 * n + 1]};
        secg_status status = secg_analyzer_push_mv(fake, mv, 1, &one);
        if (status != SECG_OK)
            return status;
    }
    return SECG_OK;
}

secg_status secg_analyzer_push_i32(secg_analyzer *fake, const int32_t *counts, size_t frames,
                                   size_t *taken)
{
    *taken = 0;
    for (size_t one, n = 0; n < frames; n++, ++*taken) {
        float mv[FAKE_CHANNELS] = {(float)counts[2 * n], (float)counts[2 * n + 1]};
        secg_status status = secg_analyzer_push_mv(fake, mv, 1, &one);
        if (status != SECG_OK)
            return status;
    }
    return SECG_OK;
}

secg_status secg_analyzer_poll(secg_analyzer *fake, secg_event *event)
{
    return secg_queue_get(&fake->queue, event) ? SECG_OK : fake->flushed ? SECG_END : SECG_AGAIN;
}

secg_status secg_analyzer_flush(secg_analyzer *fake)
{
    if (fake->flushed)
        return SECG_OK;
    if (secg_queue_space(&fake->queue) < EVENTS_PER_FRAME)
        return SECG_AGAIN;
    end_ventricular(fake);
    fake->flushed = 1;
    if (fake->frames > 0)
        table(fake, fake->frames);
    return SECG_OK;
}

int64_t secg_analyzer_frames(const secg_analyzer *fake)
{
    return fake->frames;
}
/* A table is out when the frame FAKE_DELAY_S after its sample has been taken. */
int64_t secg_analyzer_latency_samples(const secg_analyzer *fake, secg_path path)
{
    (void)path;
    return (int64_t)(FAKE_DELAY_S * fake->signal.rate_hz) + 1;
}
uint64_t secg_analyzer_digest(const secg_analyzer *fake)
{
    return fake->digest;
}
size_t secg_analyzer_leads(const secg_analyzer *fake, const secg_lead_source **leads)
{
    if (leads)
        *leads = fake->lead;
    return fake->leads;
}
const secg_signal *secg_analyzer_signal(const secg_analyzer *fake)
{
    return &fake->signal;
}
int secg_analyzer_mains_hz(const secg_analyzer *fake)
{
    (void)fake;
    return 50;
}
int secg_analyzer_is_fresh(const secg_analyzer *fake)
{
    return fake->frames == 0 && !fake->flushed;
}
int secg_analyzer_labels_beats(const secg_analyzer *fake)
{
    (void)fake;
    return 1;
}
void secg_analyzer_observe(secg_analyzer *fake, secg_observer *observer, void *context)
{
    fake->observer = observer;
    fake->context = context;
}
size_t secg_analyzer_complex_capacity(const secg_analyzer *fake)
{
    (void)fake;
    return FAKE_COMPLEX_SAMPLES;
}

secg_status secg_analyzer_complex_view(const secg_analyzer *fake, size_t lead,
                                       secg_complex *complex, const float **mv)
{
    static _Thread_local float view[FAKE_COMPLEX_SAMPLES];
    memset(complex, 0, sizeof *complex);
    complex->sample = fake->table == fake->no_average ? fake->table - 1 : fake->table;
    complex->rate_hz = fake->signal.rate_hz;
    complex->samples = fake->table == SECG_NO_SAMPLE ? 0 : FAKE_COMPLEX_SAMPLES;
    complex->st.level_mv = fake_level_mv(fake->table, fake->signal.rate_hz, lead);
    for (int i = 0; i < FAKE_COMPLEX_SAMPLES; i++)
        view[i] = (float)fake->table + (float)i * 0.25f;
    *mv = view;
    return SECG_OK;
}

static void command(secg_analyzer *fake, int what)
{
    secg_event mark = blank(SECG_EVENT_PROMPT);
    mark.prompt.sample = fake->frames;
    mark.prompt.stage = (int16_t)(-100 - what);
    fake->digest = secg_fingerprint(fake->digest, &mark);
}

secg_status secg_analyzer_relearn(secg_analyzer *fake)
{
    if (fake->flushed)
        return SECG_E_STATE;
    fake->relearned++;
    fake->relearned_at = fake->frames;
    command(fake, 1);
    return SECG_OK;
}

secg_status secg_analyzer_keep_rest(secg_analyzer *fake)
{
    fake->rest_kept++;
    fake->rest_kept_at = fake->frames;
    command(fake, 2);
    return SECG_OK;
}
