/* A heart-rate meter must count QRS complexes of 40 .. 120 ms and must not count pulses of 10 ms or
 * pacer pulses of up to 2 ms (domain.md 2.5; IEC 60601-2-27).  After the band-pass of the QRS feature
 * both look alike, so the narrow ones are taken out before.
 *
 * Of a deflection e from the level b of the signal 12 .. 20 ms before, what stands out by more than
 * 0.3 e lasts 10 ms in a rectangle of 10 ms and 7 ms in a triangle of that width, but 28 ms in a
 * triangle of 40 ms, the narrowest QRS complex.  So what lasts 11 ms at most is a spike, if
 *
 *     it is the largest deflection from 20 ms before it to 10 ms after it, and
 *     the rest of that time stays within 0.3 e of b,
 *
 * which a notch on a QRS complex does not.  A line takes its place, from 2.5 ms before to 2.5 ms after.
 * A frame that the front end flagged is taken for one unseen, from 2 ms before to 8 ms after.
 *
 * Below 240 frames a second the two cannot be told apart by a few samples: at 125, in a chest lead of a
 * runner, whole QRS complexes stand out for two.  Nothing is taken out there.  Below 300 three samples
 * may be a narrow R wave: two at most are taken out, all of a triangle of 10 ms, but not of a rectangle
 * that happens to touch three. */
#include "ecg/spikes.h"

#include "ecg/spikes_loop.h"

#include <stressecg/signal.h>

#include <math.h>
#include <string.h>

static const double BEFORE_MS = 20, FLANK_MS = 8, WIDEST_MS = 11, RAMP_MS = 2.5;
static const double PACED_BEFORE_MS = 2, PACED_AFTER_MS = 8, LEAST_HZ = 240, FINE_HZ = 300;
static const float REST = SECG_SPIKES_REST; /* of e */
/* At 500 Hz, for loops that the compiler is to know the length of. */
static const secg_spikes USUAL = {.count = 25, .from = 10, .to = 20, .flank = 4, .most_frames = 6};
enum { USUAL_FACTOR = 5 };
enum { MOST_WINDOW = SECG_MAX_RATE_HZ / 20 + 4 /* 50 ms */, MOST_LANES = 2 * SECG_QUAD };

/* The signal of a lead over these frames. */
typedef struct window {
    const secg_spikes *s;
    int64_t first;
    const float *row; /* of the first frame   */
    int32_t side;     /* frames that follow it in the ring before that begins again */
    const float *mv;  /* once read: of the lead, one after the other */
    float copy[MOST_WINDOW];
} window;

static int32_t samples_of(const secg_intake *in, double ms)
{
    return (int32_t)ceil(ms * 1e-3 * in->rate_hz);
}

void secg_spikes_init(secg_spikes *s, const secg_intake *in)
{
    s->from = samples_of(in, BEFORE_MS);
    s->to = s->from + 2 * in->factor;
    s->count = s->to + in->look_ahead * in->factor;
    s->released = s->count - (in->delay + 1) * in->factor;
    s->flank = samples_of(in, FLANK_MS);
    s->most_frames = in->rate_hz < FINE_HZ ? 2 : (int32_t)(WIDEST_MS * 1e-3 * in->rate_hz) + 1;
    s->most_steps = (int32_t)(WIDEST_MS * 1e-3 * in->step_hz) + 1;
    s->ramp = samples_of(in, RAMP_MS);
    s->paced_before = samples_of(in, PACED_BEFORE_MS);
    s->paced_after = samples_of(in, PACED_AFTER_MS);
    s->is_usual = s->count == USUAL.count && s->from == USUAL.from && s->to == USUAL.to &&
                  s->flank == USUAL.flank && s->most_frames == USUAL.most_frames &&
                  in->factor == USUAL_FACTOR;
    s->is_active = in->rate_hz >= LEAST_HZ;
}

static void read_lead(window *w, const secg_intake *in, size_t k)
{
    const float *row = w->row;
    w->mv = row;
    if (in->stride == 1 && w->side >= w->s->count)
        return;
    w->mv = w->copy;
    for (int32_t i = 0; i < w->s->count; i++, row = secg_intake_next_row(in, row))
        w->copy[i] = row[k];
}

/* 1: all acquired. */
static int find_level(const window *w, float *level)
{
    float sum = 0, all = 0;
    for (int32_t i = 0; i < w->s->flank; i++)
        sum += w->mv[i];
    for (int32_t i = 0; i < w->s->count; i++)
        all += w->mv[i];
    *level = sum / (float)w->s->flank;
    return fabsf(all) < INFINITY;
}

/* A line in the place of what lies between frames a and b of the window. */
static void replace(secg_intake *in, const window *w, size_t k, int32_t a, int32_t b)
{
    a = a < w->s->released - 1 ? w->s->released - 1 : a;
    b = b > w->s->count - 1 ? w->s->count - 1 : b;
    for (int32_t i = a + 1; i < b; i++) {
        float part = (float)(i - a) / (float)(b - a);
        secg_intake_replace(in, w->first + i, k, w->mv[a] + part * (w->mv[b] - w->mv[a]));
    }
}

static void look(secg_intake *in, window *w, size_t k)
{
    float level, e = SECG_INTAKE_EDGE_MV;
    int32_t peak = -1, a, b;
    read_lead(w, in, k);
    if (!find_level(w, &level))
        return;
    for (int32_t i = w->s->from; i < w->s->to; i++)
        if (fabsf(w->mv[i] - level) > e)
            e = fabsf(w->mv[i] - level), peak = i;
    if (peak < 0)
        return;
    for (a = peak; a >= 0 && fabsf(w->mv[a] - level) > REST * e;)
        a--;
    for (b = peak; b < w->s->count && fabsf(w->mv[b] - level) > REST * e;)
        b++;
    if (a < 0 || b == w->s->count || b - a - 1 > w->s->most_frames)
        return;
    for (int32_t i = 0; i < w->s->count; i++)
        if (fabsf(w->mv[i] - level) > (i > a && i < b ? 1 : REST) * e)
            return;
    replace(in, w, k, a - w->s->ramp, b + w->s->ramp);
}

/* The largest deflection from `level`, at least an edge, in frames [from, to) of a lead that has the rows
 * for itself: in quads, of which the last reaches back.  Two steps have four frames at least. */
SECG_INLINE float deflection(const secg_spikes *s, const float *mv, float level)
{
    const float *x = mv + s->from, *last = mv + s->to - SECG_QUAD;
    secg_quad e = secg_quad_all(SECG_INTAKE_EDGE_MV);
    for (; x < last; x += SECG_QUAD)
        e = secg_quad_max(secg_quad_size(secg_quad_load(x) - level), e);
    return secg_quad_highest(secg_quad_max(secg_quad_size(secg_quad_load(last) - level), e));
}

/* As may_hold() of spikes_loop.c, for that lead, over the window. */
static int one_may_hold(const secg_spikes *s, const float *mv, int32_t factor)
{
    float level = 0.5f * (mv[0] + mv[s->flank - 1]);
    float e = deflection(s, mv, level), half = 0.5f * e;
    int32_t out = 0, last = 0;
    if (!(e > SECG_INTAKE_EDGE_MV))
        return 0;
    for (int32_t i = s->from - 1; i < s->count; i += factor) {
        last = fabsf(mv[i] - level) > half;
        out += last;
    }
    return !last && out <= s->most_steps;
}

/* How many frames stand out from `level` by more than `most`. */
SECG_INLINE int32_t frames_out(const secg_spikes *s, const float *mv, float level, float most)
{
    int32_t i = 0, more = 0;
    secg_quad_mask out = {0};
    for (; i + SECG_QUAD <= s->count; i += SECG_QUAD)
        out -= secg_quad_size(secg_quad_load(mv + i) - level) > most;
    for (; i < s->count; i++)
        more += fabsf(mv[i] - level) > most;
    return out[0] + out[1] + out[2] + out[3] + more;
}

/* 1: look() takes nothing out of the window of that lead, as of nearly all.  There too e is the largest
 * deflection from the same level, if it is more than an edge, and what stands out by REST of it is over
 * before the last frame and lasts no more than most_frames.  Where values are absent it takes out nothing
 * at all. */
SECG_INLINE int is_ruled_out(const secg_spikes *s, const float *mv)
{
    float sum = 0;
    for (int32_t i = 0; i < s->flank; i++)
        sum += mv[i];
    float level = sum / (float)s->flank, e = deflection(s, mv, level);
    return !(e > SECG_INTAKE_EDGE_MV) || fabsf(mv[s->count - 1] - level) > REST * e ||
           frames_out(s, mv, level, REST * e) > s->most_frames;
}

/* Some leads, where they stand, or where the ring begins again within the window copied. */
static uint32_t find_candidates(const secg_intake *in, const window *w, size_t k, size_t lanes)
{
    float copy[MOST_WINDOW * MOST_LANES];
    const float *row = w->row;
    if (w->side >= w->s->count)
        return SECG_WIDE(secg_spikes_loop, in->stride - k)(w->s, row + k, in->stride, in->factor);
    for (int32_t i = 0; i < w->s->count; i++, row = secg_intake_next_row(in, row))
        memcpy(copy + (size_t)i * lanes, row + k, lanes * sizeof *row);
    return SECG_WIDE(secg_spikes_loop, in->stride - k)(w->s, copy, lanes, in->factor);
}

static void look_at_column(secg_intake *in, window *w, size_t k)
{
    uint32_t candidates = find_candidates(in, w, k, secg_wide_lanes(in->stride - k));
    for (; candidates != 0; candidates &= candidates - 1) {
        size_t lead = k + (size_t)__builtin_ctz(candidates);
        if (lead < in->channels)
            look(in, w, lead);
    }
}

static void look_at_leads(secg_intake *in, window *w)
{
    if (in->stride > 1) {
        for (size_t k = 0; k < in->stride; k += secg_wide_lanes(in->stride - k))
            look_at_column(in, w, k);
        return;
    }
    read_lead(w, in, 0);
    if (!is_ruled_out(w->s, w->mv) && one_may_hold(w->s, w->mv, in->factor))
        look(in, w, 0);
}

static void remove_paced(secg_intake *in, window *w, int64_t frame)
{
    int32_t at = (int32_t)(frame - w->first);
    for (size_t k = 0; k < in->channels; k++) {
        read_lead(w, in, k);
        replace(in, w, k, at - w->s->paced_before, at + w->s->paced_after);
    }
}

/* The steps just ended that end a window in which the frame is looked at: look_ahead after its own. */
static uint32_t steps_of(const secg_intake *in, int64_t frame)
{
    int64_t after = frame - secg_intake_begin(in, -in->look_ahead), n = after / in->factor;
    return after >= 0 && n < in->ended ? 1u << n : 0;
}

/* In the window that ends with step n of those just ended. */
SECG_INLINE void remove_from(const secg_spikes *s, secg_intake *in, int32_t n, int has_edge,
                             const int64_t *paced, size_t count)
{
    window w;
    w.s = s;
    w.first = secg_intake_begin(in, n + 1) - s->count;
    if (w.first < 0)
        return;
    w.row = secg_intake_row(in, w.first);
    w.side = (int32_t)((size_t)(in->end - w.row) / in->stride);
    for (size_t i = 0; i < count; i++)
        if (steps_of(in, paced[i]) >> n & 1)
            remove_paced(in, &w, paced[i]);
    if (has_edge)
        look_at_leads(in, &w);
}

/* What seldom is not ruled out. */
SECG_OUT_OF_LINE static void remove_edge_from(const secg_spikes *s, secg_intake *in, int32_t n)
{
    remove_from(s, in, n, 1, NULL, 0);
}

/* Of the windows that end with the steps due, of a lead that has the rows for itself: without the first,
 * as long as they are ruled out; one in two parts is not. */
SECG_INLINE uint32_t rule_out(const secg_spikes *s, const secg_intake *in, ptrdiff_t factor,
                              uint32_t due)
{
    const float *first_end = in->step - (in->ended - 1) * factor;
    for (; due != 0; due &= due - 1) {
        const float *end = first_end + __builtin_ctz(due) * factor;
        end += end <= in->mv ? in->rows : 0;
        if (end < in->mv + s->count || !is_ruled_out(s, end - s->count))
            break;
    }
    return due;
}

static void search_one(const secg_spikes *s, secg_intake *in, uint32_t due)
{
    for (;; due &= due - 1) {
        due = s->is_usual ? rule_out(&USUAL, in, USUAL_FACTOR, due)
                          : rule_out(s, in, in->factor, due);
        if (due == 0)
            return;
        remove_edge_from(s, in, __builtin_ctz(due));
    }
}

void secg_spikes_search(const secg_spikes *s, secg_intake *in, const int64_t *paced, size_t count)
{
    uint32_t all = (1u << in->ended) - 1, flagged = 0;
    uint32_t hot = in->edges; /* bit n: step n, or one so little before that it is looked at too */
    for (int32_t i = 0; i <= in->look_ahead; i++)
        hot |= hot >> 1;
    for (size_t i = 0; i < count; i++)
        flagged |= steps_of(in, paced[i]);
    if (in->stride == 1 && flagged == 0) {
        search_one(s, in, hot & all);
        return;
    }
    for (uint32_t due = (hot & all) | flagged; due != 0; due &= due - 1) {
        int32_t n = __builtin_ctz(due);
        remove_from(s, in, n, hot >> n & 1, paced, count);
    }
}
