/* J and QRS onset are found once and used again: conduction changes by a few ms within minutes, while
 * the noise of an average moves its marks from table to table, and an ST segment that rises or sinks
 * moves them for as long as it does so: the eye's J then lies on another part of the beat, and the change of
 * ST would be counted between two places.
 *
 * In use are the medians over the least noisy tables, each weighed by what noise left of it: so many that
 * they are worth six with 5 uV of noise in every lead, twelve at most.  After that a table comes in only for one whose noise
 * has half as much power again.
 *
 * They are found anew when QRS itself is another one: when the medians of the last minute's tables lie
 * elsewhere by more than CHANGE, and what lies between onset and 16 ms before J differs, in each lead
 * scaled as it fits best, by more than a fiftieth of its energy and what noise explains.  Breathing and
 * posture change the size of QRS and not much of its shape; ST alone changes neither.  By more than a
 * fifth, and it is another conduction at once: nothing that was found before holds for it. */
#include "ecg/held_marks.h"

#include "ecg/cut.h"

#include <math.h>
#include <string.h>

static const float sharp_noise_mv = 0.005f, shape_noise_mv = 0.03f, enough_tables = 3;
static const float better = 1.5f, change_ms = 6;
static const float changed_part = 0.02f, another_part = 0.2f;
static const double qrs_from_ms = -80, qrs_to_ms = 80, before_j_ms = 16;

void secg_held_marks_forget(secg_held_marks *h)
{
    h->used.count = h->latest.count = 0;
    h->qrs_worth = 0;
    h->onset_ms = h->j_ms = NAN;
}

static float worth_of(const secg_average *a)
{
    float sum = 0;
    for (size_t k = 0; k < a->grid.channels; k++)
        sum += secg_average_weight(a, k, sharp_noise_mv);
    return sum * sharp_noise_mv * sharp_noise_mv / (float)a->grid.channels;
}

/* Half of the weight lies to either side. */
static float weighted_median(const secg_marks_list *list, const float *value)
{
    float sorted[SECG_HELD_MARKS], weight[SECG_HELD_MARKS], half = 0, sum = 0;
    for (int i = 0; i < list->count; i++) {
        int at = i;
        for (; at > 0 && sorted[at - 1] > value[i]; at--) {
            sorted[at] = sorted[at - 1];
            weight[at] = weight[at - 1];
        }
        sorted[at] = value[i];
        weight[at] = list->worth[i];
        half += 0.5f * list->worth[i];
    }
    int i = 0;
    while (i + 1 < list->count && (sum += weight[i]) < half)
        i++;
    return sorted[i];
}

static void put(secg_marks_list *list, int at, const secg_marks *m, float worth)
{
    list->onset_ms[at] = m->qrs_onset_ms;
    list->j_ms[at] = m->j_ms;
    list->worth[at] = worth;
}

static void put_latest(secg_marks_list *list, const secg_marks *m, float worth)
{
    if (list->count == SECG_HELD_MARKS) {
        size_t rest = (SECG_HELD_MARKS - 1) * sizeof(float);
        memmove(list->onset_ms, list->onset_ms + 1, rest);
        memmove(list->j_ms, list->j_ms + 1, rest);
        memmove(list->worth, list->worth + 1, rest);
        list->count--;
    }
    put(list, list->count++, m, worth);
}

/* While there are not enough, or in the place of the worst. */
static void put_best(secg_marks_list *list, const secg_marks *m, float worth)
{
    int worst = 0;
    float sum = 0;
    for (int i = 0; i < list->count; i++) {
        sum += list->worth[i];
        worst = list->worth[i] < list->worth[worst] ? i : worst;
    }
    if (list->count < SECG_HELD_MARKS && sum < enough_tables)
        put(list, list->count++, m, worth);
    else if (worth > better * list->worth[worst])
        put(list, worst, m, worth);
}

static void keep_qrs(secg_held_marks *h, const secg_average *a, float worth)
{
    size_t from = secg_grid_near(&a->grid, qrs_from_ms), to = secg_grid_near(&a->grid, qrs_to_ms);
    secg_cut_store(a->mean + from * a->grid.stride, (to - from) * a->grid.stride, h->qrs);
    h->qrs_worth = worth;
}

typedef struct likeness { /* sums over the rows of QRS in one channel */
    float now, kept, both, rows;
} likeness;

static likeness compare(const secg_held_marks *h, const secg_average *a, size_t k)
{
    const secg_grid *g = &a->grid;
    size_t first = secg_grid_near(g, qrs_from_ms);
    size_t from = secg_grid_near(g, fmax((double)h->onset_ms, qrs_from_ms));
    size_t to = secg_grid_near(g, fmin((double)h->j_ms - before_j_ms, qrs_to_ms));
    likeness l = {0};
    for (size_t r = from; r < to; r++) {
        int16_t count = h->qrs[(r - first) * g->stride + k];
        float x = a->mean[r * g->stride + k], y = (float)count * SECG_GRID_MV;
        if (count == SECG_GRID_GAP || !(x == x))
            continue;
        l.now += x * x;
        l.kept += y * y;
        l.both += x * y;
        l.rows++;
    }
    return l;
}

/* The part of the average's QRS that is neither that kept, in whatever size, nor noise. */
static float other_part(const secg_held_marks *h, const secg_average *a)
{
    float off = 0, all = 0;
    for (size_t k = 0; k < a->grid.channels; k++) {
        float weight = secg_average_weight(a, k, shape_noise_mv);
        likeness l = compare(h, a, k);
        if (!(weight > 0) || !(l.kept > 0))
            continue;
        float noise = 2 * l.rows * a->noise_mv[k] * a->noise_mv[k];
        off += weight * (l.now - l.both * l.both / l.kept - noise);
        all += weight * l.now;
    }
    return all > 0 ? off / all : 0;
}

/* The medians of the last minute lie elsewhere. */
static int is_elsewhere(const secg_held_marks *h)
{
    float onset_ms = weighted_median(&h->latest, h->latest.onset_ms);
    float j_ms = weighted_median(&h->latest, h->latest.j_ms);
    return fabsf(onset_ms - h->onset_ms) > change_ms || fabsf(j_ms - h->j_ms) > change_ms;
}

void secg_held_marks_take(secg_held_marks *h, const secg_average *a, const secg_marks *now)
{
    float worth = worth_of(a), other = h->used.count > 0 ? other_part(h, a) : 1;
    int is_another = other > another_part;
    if (is_another)
        h->latest.count = 0;
    put_latest(&h->latest, now, worth);
    if (is_another || (other > changed_part && is_elsewhere(h))) {
        h->used = h->latest;
        keep_qrs(h, a, worth);
    } else {
        put_best(&h->used, now, worth);
        if (worth > better * h->qrs_worth)
            keep_qrs(h, a, worth);
    }
    h->onset_ms = weighted_median(&h->used, h->used.onset_ms);
    h->j_ms = weighted_median(&h->used, h->used.j_ms);
}
