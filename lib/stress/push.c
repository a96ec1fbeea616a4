/* The stream through a test: push is cut at every moment at which something is due, so that it
 * happens at that sample whatever the chunking. */
#include "stress/state.h"

void secg_test_observe(void *context, const secg_event *event)
{
    secg_test *test = context;
    secg_log_take(&test->log, event);
    if (event->kind == SECG_EVENT_ST)
        secg_captures_take(&test->captures, &event->st);
    else if (event->kind == SECG_EVENT_RATE)
        secg_test_watch_rate(test, event);
}

typedef enum format { I16, I32, MV } format;

static secg_status push_piece(secg_test *test, format kind, const void *values, size_t from,
                              size_t frames, size_t *taken)
{
    size_t first = from * test->channels;
    switch (kind) {
    case I16:
        return secg_analyzer_push_i16(test->analyzer, (const int16_t *)values + first, frames,
                                      taken);
    case I32:
        return secg_analyzer_push_i32(test->analyzer, (const int32_t *)values + first, frames,
                                      taken);
    case MV:
        break;
    }
    return secg_analyzer_push_mv(test->analyzer, (const float *)values + first, frames, taken);
}

/* Frames until something is due; also no piece reaches across a whole second, where the room in
 * the log is looked at again. */
static int64_t frames_until_stop(const secg_test *test, int64_t frame)
{
    int64_t second = secg_sample_at(test->rate_hz, 1);
    int64_t stop = (frame / second + 1) * second;
    int64_t due = secg_test_next_stop(test);
    if (due > frame && due < stop)
        stop = due;
    if (test->frame_limit < stop)
        stop = test->frame_limit;
    return stop - frame;
}

static int log_is_full(const secg_test *test, int64_t frame)
{
    int64_t second = secg_sample_at(test->rate_hz, 1);
    return frame >= test->frame_limit || (frame % second == 0 && !secg_log_has_room(&test->log));
}

static secg_status push(secg_test *test, format kind, const void *values, size_t frames,
                        size_t *taken)
{
    if (taken)
        *taken = 0;
    if (!test || !taken || (!values && frames > 0))
        return SECG_E_ARGUMENT;
    if (test->flushed)
        return SECG_E_STATE;
    for (;;) {
        int settled = secg_test_settle(test);
        if (*taken == frames)
            return SECG_OK;
        if (!settled)
            return SECG_AGAIN;
        int64_t frame = secg_analyzer_frames(test->analyzer);
        if (log_is_full(test, frame))
            return SECG_E_CAPACITY;
        size_t piece = frames - *taken, took = 0;
        int64_t until = frames_until_stop(test, frame);
        if ((uint64_t)until < piece)
            piece = (size_t)until;
        secg_status status = push_piece(test, kind, values, *taken, piece, &took);
        *taken += took;
        if (status != SECG_OK)
            return status;
    }
}

secg_status secg_test_push_i16(secg_test *test, const int16_t *counts, size_t frames, size_t *taken)
{
    return push(test, I16, counts, frames, taken);
}

secg_status secg_test_push_i32(secg_test *test, const int32_t *counts, size_t frames, size_t *taken)
{
    return push(test, I32, counts, frames, taken);
}

secg_status secg_test_push_mv(secg_test *test, const float *mv, size_t frames, size_t *taken)
{
    return push(test, MV, mv, frames, taken);
}

secg_status secg_test_poll(secg_test *test, secg_event *event)
{
    return test ? secg_analyzer_poll(test->analyzer, event) : SECG_E_ARGUMENT;
}

secg_status secg_test_flush(secg_test *test)
{
    if (!test)
        return SECG_E_ARGUMENT;
    if (!secg_test_settle(test))
        return SECG_AGAIN;
    test->flushed = 1;
    return secg_analyzer_flush(test->analyzer);
}

int64_t secg_test_frames(const secg_test *test)
{
    return test ? secg_analyzer_frames(test->analyzer) : 0;
}

const secg_analyzer *secg_test_analyzer(const secg_test *test)
{
    return test ? test->analyzer : NULL;
}
