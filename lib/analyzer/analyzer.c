/* The pipeline put together:
 *
 *     frame -> input -> beats   -> BEAT RATE RHYTHM SIGNAL --+--> observer, digest, queue
 *                  '--> measure <- beats, lead states        |
 *                          '----> ST ------------------------'
 *
 * Frames are converted and filtered in runs, however they are pushed; the beat path keeps them until
 * something is due, and only then events come out.  Frames are taken, up to there, when the queue has
 * room for all that can come; so no event is dropped, and the events do not depend on the chunking. */
#include "analyzer/layout.h"

#include "base/fingerprint.h"
#include "ecg/history.h"
#include "ecg/intake.h"

#include <math.h>

secg_status secg_analyzer_emit(secg_analyzer *ecg, const secg_event *event)
{
    secg_event numbered = *event;
    numbered.emitted = ecg->frames;
    if (!secg_queue_put(&ecg->queue, &numbered))
        return SECG_AGAIN;
    ecg->digest = secg_fingerprint(ecg->digest, &numbered);
    if (ecg->observer)
        ecg->observer(ecg->observer_context, &numbered);
    return SECG_OK;
}

static void strip_millivolts(secg_st *st)
{
    st->why = SECG_WHY_UNCALIBRATED;
    st->level_mv = st->sigma_mv = st->slope_mv_s = st->slope_sigma_mv_s = NAN;
    st->level_j_mv = st->level_j60_mv = st->level_j80_mv = st->level_jrr16_mv = NAN;
    st->integral_mv_s = st->noise_mv = NAN;
}

static void emit_beats(secg_analyzer *ecg)
{
    for (secg_event event; secg_beats_next(ecg->beats, &event);) {
        if (event.kind == SECG_EVENT_BEAT) {
            if (ecg->measure)
                secg_measure_beat(ecg->measure, &event.beat);
        } else if (event.kind == SECG_EVENT_SIGNAL) {
            if (ecg->measure)
                secg_measure_signal(ecg->measure, &event.signal);
            if (event.signal.lead >= 0 && ecg->uncalibrated[event.signal.lead])
                event.signal.noise_mv = NAN;
        }
        secg_analyzer_emit(ecg, &event);
    }
}

static void emit_st(secg_analyzer *ecg)
{
    for (secg_event event; secg_measure_next(ecg->measure, &event);) {
        if (ecg->uncalibrated[event.st.lead])
            strip_millivolts(&event.st);
        secg_analyzer_emit(ecg, &event);
    }
}

/* Frames that were written, up to where something is due in the beat path at most: then events come
 * out. */
static void take_frames(secg_analyzer *ecg, size_t frames)
{
    int paced = ecg->paced;
    ecg->paced = 0;
    ecg->frames += (int64_t)frames;
    secg_beats_work done = secg_beats_take(ecg->beats, frames, paced);
    if (ecg->measure)
        secg_measure_pass(ecg->measure, frames, done == SECG_BEATS_MUCH);
    if (done == SECG_BEATS_NOTHING)
        return;
    emit_beats(ecg);
    if (ecg->measure)
        emit_st(ecg);
}

static int has_space(secg_analyzer *ecg)
{
    return secg_queue_space(&ecg->queue) >= SECG_EVENTS_PER_FRAME;
}

/* How many of `frames` are written at once.  Measurement has them when they are written: for it no
 * more than can be taken without more events than the queue has room for.  0: not one. */
static size_t run_length(secg_analyzer *ecg, size_t frames, size_t room)
{
    if (ecg->measure) {
        size_t bringing = secg_queue_space(&ecg->queue) / SECG_EVENTS_PER_FRAME;
        size_t safe = bringing > 0 ? secg_beats_reach(ecg->beats, bringing) : 0;
        room = room < safe ? room : safe;
    }
    return room < frames ? room : frames;
}

/* Of frames that were written those are taken that the queue has room for; how many. */
static size_t take_run(secg_analyzer *ecg, const float *mv, size_t frames)
{
    size_t taken = 0;
    if (ecg->measure)
        secg_measure_write(ecg->measure, mv, frames);
    while (taken < frames && has_space(ecg)) {
        size_t left = secg_beats_left(ecg->beats), more = frames - taken;
        left = left < more ? left : more;
        take_frames(ecg, left);
        taken += left;
    }
    return taken;
}

/* The three kinds of input differ in how frames become mV, and in nothing else. */
_Static_assert((int)SECG_HISTORY_RUN >= (int)SECG_INTAKE_AHEAD, "a run fits both rings");
#define PUSH(convert)                                                                              \
    do {                                                                                           \
        if (taken)                                                                                 \
            *taken = 0;                                                                            \
        if (!ecg || !taken || (!values && frames > 0))                                             \
            return SECG_E_ARGUMENT;                                                                \
        if (ecg->flush != SECG_FLUSH_NOT_BEGUN)                                                    \
            return SECG_E_STATE;                                                                   \
        while (*taken < frames) {                                                                  \
            size_t room, stride;                                                                   \
            float *mv = secg_beats_room(ecg->beats, &room, &stride);                               \
            size_t run = run_length(ecg, frames - *taken, room);                                   \
            convert(&ecg->input, values + *taken * ecg->input.stride, run, mv, stride);            \
            run = take_run(ecg, mv, run);                                                          \
            if (run == 0)                                                                          \
                return SECG_AGAIN;                                                                 \
            *taken += run;                                                                         \
        }                                                                                          \
        return SECG_OK;                                                                            \
    } while (0)

secg_status secg_analyzer_push_i16(secg_analyzer *ecg, const int16_t *values, size_t frames,
                                   size_t *taken)
{
    PUSH(secg_input_i16);
}

secg_status secg_analyzer_push_i32(secg_analyzer *ecg, const int32_t *values, size_t frames,
                                   size_t *taken)
{
    PUSH(secg_input_i32);
}

secg_status secg_analyzer_push_mv(secg_analyzer *ecg, const float *values, size_t frames,
                                  size_t *taken)
{
    PUSH(secg_input_mv);
}

secg_status secg_analyzer_poll(secg_analyzer *ecg, secg_event *event)
{
    if (!ecg || !event)
        return SECG_E_ARGUMENT;
    int drained = atomic_load_explicit(&ecg->drained, memory_order_acquire);
    if (secg_queue_get(&ecg->queue, event))
        return SECG_OK;
    return drained ? SECG_END : SECG_AGAIN;
}

secg_status secg_analyzer_flag_pacer(secg_analyzer *ecg)
{
    if (!ecg)
        return SECG_E_ARGUMENT;
    if (ecg->flush != SECG_FLUSH_NOT_BEGUN)
        return SECG_E_STATE;
    ecg->paced = 1;
    return SECG_OK;
}

/* In two steps, each of which needs room in the queue as a frame does. */
secg_status secg_analyzer_flush(secg_analyzer *ecg)
{
    if (!ecg)
        return SECG_E_ARGUMENT;
    while (ecg->flush != SECG_FLUSH_DONE) {
        if (secg_queue_space(&ecg->queue) < SECG_EVENTS_PER_FRAME)
            return SECG_AGAIN;
        if (ecg->flush == SECG_FLUSH_NOT_BEGUN) {
            secg_beats_flush(ecg->beats);
            emit_beats(ecg);
            ecg->flush = SECG_FLUSH_BEATS_DONE;
        } else {
            if (ecg->measure) {
                secg_measure_flush(ecg->measure);
                emit_st(ecg);
            }
            ecg->flush = SECG_FLUSH_DONE;
            atomic_store_explicit(&ecg->drained, 1, memory_order_release);
        }
    }
    return SECG_OK;
}

secg_status secg_analyzer_reset(secg_analyzer *ecg)
{
    if (!ecg)
        return SECG_E_ARGUMENT;
    secg_beats_reset(ecg->beats);
    if (ecg->measure)
        secg_measure_reset(ecg->measure);
    secg_analyzer_restart(ecg);
    return SECG_OK;
}

int64_t secg_analyzer_frames(const secg_analyzer *ecg)
{
    return ecg ? ecg->frames : 0;
}

uint64_t secg_analyzer_digest(const secg_analyzer *ecg)
{
    return ecg ? ecg->digest : 0;
}

size_t secg_analyzer_leads(const secg_analyzer *ecg, const secg_lead_source **leads)
{
    if (leads)
        *leads = ecg ? ecg->lead : NULL;
    return ecg ? ecg->leads : 0;
}

const secg_signal *secg_analyzer_signal(const secg_analyzer *ecg)
{
    return ecg ? &ecg->config.signal : NULL;
}

int64_t secg_analyzer_latency_samples(const secg_analyzer *ecg, secg_path path)
{
    if (!ecg)
        return 0;
    if (path == SECG_PATH_MEASUREMENT && ecg->measure)
        return secg_measure_delay_samples(ecg->measure);
    return secg_sample_at(SECG_BEATS_LABEL_DELAY_MS / 1000.0, ecg->config.signal.rate_hz);
}

void secg_analyzer_observe(secg_analyzer *ecg, secg_observer *observer, void *context)
{
    ecg->observer = observer;
    ecg->observer_context = context;
}

int secg_analyzer_is_fresh(const secg_analyzer *ecg)
{
    return ecg->frames == 0 && ecg->flush == SECG_FLUSH_NOT_BEGUN;
}

int secg_analyzer_labels_beats(const secg_analyzer *ecg)
{
    return !ecg->config.no_labels;
}

int secg_analyzer_mains_hz(const secg_analyzer *ecg)
{
    return ecg->config.mains_hz;
}

void secg_analyzer_strip_uncalibrated(const secg_analyzer *ecg, size_t lead, secg_st *st)
{
    if (ecg->uncalibrated[lead])
        strip_millivolts(st);
}

secg_status secg_analyzer_complex_view(const secg_analyzer *ecg, size_t lead, secg_complex *complex,
                                       const float **mv)
{
    if (lead >= ecg->leads)
        return SECG_E_ARGUMENT;
    if (ecg->measure)
        secg_measure_complex(ecg->measure, lead, complex, mv);
    else {
        *complex = (secg_complex){.rate_hz = ecg->config.signal.rate_hz};
        *mv = NULL;
    }
    secg_analyzer_strip_uncalibrated(ecg, lead, &complex->st);
    return SECG_OK;
}
