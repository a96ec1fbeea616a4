#include "report/tracing.h"

#include <stressecg/display.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The lead-in, three time constants of the 0.05 Hz corner: what is left of the level that the
 * filter began with is a twentieth.  The tail is longer than any delay of the display filter. */
static const double settle_s = 10, tail_s = 0.5;

static secg_display_config display_config(const secg_book *book)
{
    const secg_summary *s = book->summary;
    int mains = s->mains_hz == 50 || s->mains_hz == 60 ? s->mains_hz : 0;
    return (secg_display_config){.rate_hz = book->rate_hz,
                                 .channels = s->signal ? s->signal->channels : 0,
                                 .mains_hz = mains,
                                 .highpass = book->options->strips_from,
                                 .lowpass = book->options->strips_to};
}

void secg_piece_filter_text(const secg_book *book, char *text, size_t size)
{
    secg_display_config config = display_config(book);
    secg_display_text(&config, text, size);
}

void secg_piece_free(secg_piece *piece)
{
    free(piece->mv);
    piece->mv = NULL;
}

/* What is read for a piece: its frames with lead-in and tail.  Near the ends of the record not all
 * of it exists: [first, first + count) of it does. */
typedef struct window {
    int64_t begin; /* sample of frame 0; may be negative */
    size_t frames, first, count, lead_in;
} window;

static window window_for(const secg_book *book, int64_t from, size_t frames)
{
    int64_t lead_in = (int64_t)(settle_s * book->rate_hz);
    int64_t tail = (int64_t)(tail_s * book->rate_hz), last = book->summary->frames;
    int64_t begin = from - lead_in, end = from + (int64_t)frames + tail;
    int64_t low = begin > 0 ? begin : 0, high = end < last ? end : last;
    return (window){.begin = begin,
                    .frames = (size_t)(end - begin),
                    .first = (size_t)(low - begin),
                    .count = (size_t)(high - low),
                    .lead_in = (size_t)lead_in};
}

/* Where the record has no frames, the filter is fed its mirror image, so that the first and the
 * last seconds of a record are shown without the step of a filter switched on. */
static void mirror_ends(const window *w, size_t channels, float *mv)
{
    size_t bytes = channels * sizeof *mv;
    for (size_t n = w->first; n > 0; n--) {
        size_t back = w->first - n + 1, from = back < w->count ? back : w->count - 1;
        memcpy(mv + (n - 1) * channels, mv + (w->first + from) * channels, bytes);
    }
    size_t end = w->first + w->count;
    for (size_t n = end; n < w->frames; n++) {
        size_t back = n - end + 2, from = back <= w->count ? w->count - back : 0;
        memcpy(mv + n * channels, mv + (w->first + from) * channels, bytes);
    }
}

/* Filters in place and takes the delay out: frame n shows frame n again. */
static secg_status filter_frames(const secg_book *book, size_t frames, size_t channels, float *mv)
{
    secg_display_config config = display_config(book);
    secg_display *display;
    secg_status status = secg_display_create(&config, &display, NULL);
    if (status != SECG_OK)
        return status;
    size_t delay = (size_t)secg_display_delay_samples(display);
    secg_display_run(display, mv, mv, frames);
    secg_display_destroy(display);
    size_t kept = delay < frames ? frames - delay : 0;
    memmove(mv, mv + delay * channels, kept * channels * sizeof *mv);
    for (size_t i = kept * channels; i < frames * channels; i++)
        mv[i] = NAN;
    return SECG_OK;
}

/* Frames of channels to rows of leads; derived ones from I and II. */
static void split_leads(const secg_book *book, const float *frames, size_t channels,
                        secg_piece *piece)
{
    for (size_t k = 0; k < piece->leads; k++) {
        const secg_lead_source *source = &book->summary->lead[k];
        float *out = piece->mv + k * piece->frames;
        for (size_t n = 0; n < piece->frames; n++) {
            const float *frame = frames + n * channels;
            out[n] = source->channel >= 0 ? frame[source->channel]
                                          : source->from_i * frame[source->channel_i] +
                                                source->from_ii * frame[source->channel_ii];
        }
    }
}

static secg_status read_piece(const secg_book *book, const window *w, size_t channels,
                              secg_piece *piece)
{
    const secg_tracing *tracing = &book->options->tracing;
    float *mv = malloc(w->frames * channels * sizeof *mv);
    piece->mv = malloc(piece->frames * piece->leads * sizeof *piece->mv);
    secg_status status = mv && piece->mv ? SECG_OK : SECG_E_MEMORY;
    if (status == SECG_OK)
        status = tracing->read(tracing->context, w->begin + (int64_t)w->first, w->count,
                               mv + w->first * channels);
    if (status == SECG_OK) {
        mirror_ends(w, channels, mv);
        status = filter_frames(book, w->frames, channels, mv);
    }
    if (status == SECG_OK)
        split_leads(book, mv + w->lead_in * channels, channels, piece);
    free(mv);
    return status;
}

secg_piece secg_piece_read(const secg_book *book, int64_t from, double seconds)
{
    const secg_summary *s = book->summary;
    secg_piece piece = {.status = SECG_E_UNSUPPORTED, .from = from, .rate_hz = book->rate_hz};
    int64_t left = s->frames - from, wanted = (int64_t)lround(seconds * book->rate_hz);
    if (!book->options->tracing.read || !s->signal || book->leads == 0 || from < 0 || left <= 0 ||
        wanted <= 0)
        return piece;
    piece.leads = s->leads;
    piece.frames = (size_t)(wanted < left ? wanted : left);
    window w = window_for(book, from, piece.frames);
    piece.status = read_piece(book, &w, (size_t)s->signal->channels, &piece);
    return piece;
}

static int by_value(const void *a, const void *b)
{
    float x = *(const float *)a, y = *(const float *)b;
    return (x > y) - (x < y);
}

int secg_piece_reach(const secg_piece *piece, size_t lead, secg_reach *found)
{
    enum { MOST = 4000 };
    const float *mv = piece->mv + lead * piece->frames;
    float sorted[MOST];
    size_t step = (piece->frames + MOST - 1) / MOST, count = 0;
    for (size_t n = 0; n < piece->frames && count < MOST; n += step)
        if (isfinite(mv[n]))
            sorted[count++] = mv[n];
    if (count == 0)
        return 0;
    qsort(sorted, count, sizeof *sorted, by_value);
    found->middle = (double)sorted[count / 2];
    found->low = (double)sorted[count / 2000] - found->middle;
    found->high = (double)sorted[count - 1 - count / 2000] - found->middle;
    return 1;
}
