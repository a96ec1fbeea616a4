/* bench_marks [--half fit|held] [--records] SET RECORD ...: wave marks of the library against those
 * of annotators.  SET ludb: each lead has annotations of its own (RECORD.i, ...).  SET qtdb: one
 * set for both leads (RECORD.q1c).  Records of even place in the list are those that constants
 * were fitted to ("fit"), the others were kept apart ("held"). */
#include <stressecg/delineate.h>
#include <stressecg/io.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { P_ON, P_PEAK, P_END, QRS_ON, J, T_ON, T_PEAK, T_END, MARKS };
enum { BLOCK = 2000, MOST_BEATS = 4000 };

typedef struct tally {
    double *error;
    size_t count, room, wanted, missed, false_marks, absent;
    double sd_sum;
    size_t records;
} tally;

typedef struct marked_beat { /* of an annotator; NaN: not marked */
    double r, at[MARKS];
} marked_beat;

static secg_delineated_beat found[MOST_BEATS];
static size_t found_count;

static void *grow(void *memory, size_t count, size_t size)
{
    memory = realloc(memory, count * size);
    if (!memory)
        exit(1);
    return memory;
}

static void add_error(tally *t, double error)
{
    if (t->count == t->room)
        t->error = grow(t->error, t->room = t->room ? 2 * t->room : 1024, sizeof *t->error);
    t->error[t->count++] = error;
}

/* ---- what the library finds -------------------------------------------------------------- */

static void drain(secg_delineation *d)
{
    while (found_count < MOST_BEATS && secg_delineation_poll(d, &found[found_count]) == SECG_OK)
        found_count++;
}

/* Frames [from, to) of a record. */
static int delineate(secg_record *record, int64_t from, int64_t to)
{
    static int32_t counts[BLOCK * SECG_MAX_CHANNELS];
    secg_delineation_config config = {0};
    int32_t map[SECG_MAX_CHANNELS];
    secg_delineation *d;
    found_count = 0;
    if (secg_record_analysis_signal(record, &config.signal, map, NULL) != SECG_OK ||
        secg_delineation_create(&config, &d, NULL) != SECG_OK ||
        secg_record_seek(record, from, NULL) != SECG_OK)
        return -1;
    size_t channels = (size_t)config.signal.channels;
    for (size_t got, taken; from < to; from += (int64_t)got) {
        size_t most = to - from < BLOCK ? (size_t)(to - from) : BLOCK;
        if (secg_record_read(record, counts, most, &got, NULL) != SECG_OK)
            break;
        for (size_t at = 0; at < got; at += taken) {
            secg_delineation_push_i32(d, counts + at * channels, got - at, &taken);
            drain(d);
        }
    }
    secg_delineation_flush(d);
    drain(d);
    secg_delineation_destroy(d);
    return 0;
}

/* ---- what the annotators found ----------------------------------------------------------- */

static double place(const secg_annotation *a, size_t count, size_t i, int code)
{
    return i < count && a[i].code == code ? (double)a[i].sample : (double)NAN;
}

static size_t read_marks(const char *path, double rate_hz, marked_beat *beat, size_t room)
{
    secg_annotation *a;
    size_t count, beats = 0;
    if (secg_annotations_read(path, rate_hz, &a, &count, NULL) != SECG_OK)
        return 0;
    for (size_t i = 0; i < count && beats < room; i++) {
        if (!secg_annotation_is_beat(a[i].code))
            continue;
        marked_beat *b = &beat[beats++];
        b->r = (double)a[i].sample;
        for (int m = 0; m < MARKS; m++)
            b->at[m] = (double)NAN;
        if (i > 0)
            b->at[QRS_ON] = place(a, count, i - 1, SECG_ANN_WAVE_ON);
        b->at[J] = place(a, count, i + 1, SECG_ANN_WAVE_OFF);
        for (size_t k = i; k > 0 && k + 6 > i; k--) {
            if (k < i && secg_annotation_is_beat(a[k].code))
                break;
            if (a[k].code != SECG_ANN_P_PEAK)
                continue;
            b->at[P_PEAK] = (double)a[k].sample;
            b->at[P_ON] = place(a, count, k - 1, SECG_ANN_WAVE_ON);
            b->at[P_END] = place(a, count, k + 1, SECG_ANN_WAVE_OFF);
            break;
        }
        for (size_t k = i + 1; k < count && k < i + 7; k++) {
            if (secg_annotation_is_beat(a[k].code) || a[k].code == SECG_ANN_P_PEAK)
                break;
            if (a[k].code != SECG_ANN_T_PEAK)
                continue;
            b->at[T_PEAK] = (double)a[k].sample;
            b->at[T_ON] = place(a, count, k - 1, SECG_ANN_WAVE_ON);
            for (size_t e = k + 1; e < k + 3 && isnan(b->at[T_END]); e++)
                b->at[T_END] = place(a, count, e, SECG_ANN_WAVE_OFF);
            break;
        }
    }
    secg_annotations_free(a);
    return beats;
}

/* ---- comparison -------------------------------------------------------------------------- */

static const secg_delineated_beat *nearest(double sample, double rate_hz)
{
    const secg_delineated_beat *best = NULL;
    double least = 0.15 * rate_hz;
    for (size_t i = 0; i < found_count; i++) {
        double off = fabs((double)found[i].beat.sample - sample);
        if (off < least) {
            least = off;
            best = &found[i];
        }
    }
    return best;
}

static float mark_of(const secg_wave_marks *m, int i)
{
    const float mark[MARKS] = {m->p_onset_ms, m->p_peak_ms,  m->p_end_ms,  m->qrs_onset_ms,
                               m->j_ms,       m->t_onset_ms, m->t_peak_ms, m->t_end_ms};
    return mark[i];
}

/* Errors of one set of marks; record_sum gets their sums for the record's own mean and SD. */
static void compare(const marked_beat *want, const secg_delineated_beat *b,
                    const secg_wave_marks *m, double rate_hz, tally *t, int has_p)
{
    double r = (double)b->beat.sample + (double)b->beat.offset_samples;
    for (int i = 0; i < MARKS; i++) {
        int marked = !isnan(want->at[i]), is_found = !isnan((double)mark_of(m, i));
        t[i].wanted += (size_t)marked;
        t[i].missed += (size_t)(marked && !is_found);
        if (i == P_PEAK && !marked && has_p) {
            t[i].absent++;
            t[i].false_marks += (size_t)is_found;
        }
        if (marked && is_found)
            add_error(&t[i], (double)mark_of(m, i) - (want->at[i] - r) * 1000 / rate_hz);
    }
}

/* The same for the better of a beat's leads, mark by mark: annotators looked at both leads, and so
 * published figures of delineators that work lead by lead are counted (Martinez et al. 2004). */
static void compare_better(const marked_beat *want, const secg_delineated_beat *b, double rate_hz,
                           tally *t)
{
    double r = (double)b->beat.sample + (double)b->beat.offset_samples;
    for (int i = 0; i < MARKS; i++) {
        double least = (double)NAN, at = (want->at[i] - r) * 1000 / rate_hz;
        for (uint32_t k = 0; k < b->leads; k++) {
            double error = (double)mark_of(&b->lead[k], i) - at;
            if (!isnan(error) && !(fabs(error) >= fabs(least)))
                least = error;
        }
        t[i].wanted += (size_t)!isnan(at);
        t[i].missed += (size_t)(!isnan(at) && isnan(least));
        if (!isnan(least))
            add_error(&t[i], least);
    }
}

static double mean_of(const double *x, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += x[i];
    return n ? sum / (double)n : (double)NAN;
}

static double sd_of(const double *x, size_t n)
{
    double mean = mean_of(x, n), sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += (x[i] - mean) * (x[i] - mean);
    return n ? sqrt(sum / (double)n) : (double)NAN;
}

static void close_record(const char *name, tally *t, const size_t *before, int tell)
{
    if (tell)
        printf("%-28s", name);
    for (int i = 0; i < MARKS; i++) {
        size_t n = t[i].count - before[i];
        if (n > 1) {
            t[i].sd_sum += sd_of(t[i].error + before[i], n);
            t[i].records++;
        }
        if (tell)
            printf(" %6.1f", mean_of(t[i].error + before[i], n));
    }
    if (tell)
        printf("\n");
}

static int by_size(const void *a, const void *b)
{
    double x = fabs(*(const double *)a), y = fabs(*(const double *)b);
    return x < y ? -1 : x > y;
}

static void print_tally(const char *what, tally *t)
{
    static const char *const name[MARKS] = {"P onset", "P peak",  "P end",  "QRS onset",
                                            "J",       "T onset", "T peak", "T end"};
    printf("%s\n", what);
    for (int i = 0; i < MARKS; i++) {
        double mean = mean_of(t[i].error, t[i].count), sd = sd_of(t[i].error, t[i].count);
        qsort(t[i].error, t[i].count, sizeof *t[i].error, by_size);
        printf(
            "  %-10s %6zu marks  %+6.1f +- %5.1f ms (SD within records %5.1f, half within %4.1f), "
            "found %5.1f %%",
            name[i], t[i].count, mean, sd,
            t[i].records ? t[i].sd_sum / (double)t[i].records : (double)NAN,
            t[i].count ? fabs(t[i].error[t[i].count / 2]) : (double)NAN,
            t[i].wanted ? 100.0 * (double)(t[i].wanted - t[i].missed) / (double)t[i].wanted
                        : (double)NAN);
        if (t[i].absent)
            printf(", of %zu without: false %.1f %%", t[i].absent,
                   100.0 * (double)t[i].false_marks / (double)t[i].absent);
        printf("\n");
        free(t[i].error);
    }
}

/* ---- the two sets ------------------------------------------------------------------------ */

static void counts_of(const tally *t, size_t *count)
{
    for (int i = 0; i < MARKS; i++)
        count[i] = t[i].count;
}

static double median_of(double *x, size_t n)
{
    for (size_t i = 1; i < n; i++)
        for (size_t j = i; j > 0 && x[j] < x[j - 1]; j--) {
            double swap = x[j];
            x[j] = x[j - 1];
            x[j - 1] = swap;
        }
    return n ? 0.5 * (x[(n - 1) / 2] + x[n / 2]) : (double)NAN;
}

/* Every lead against its own marks, and the global marks against the median of the leads'.  The
 * annotators began most records with a QRS: the P wave before it is there, but not marked. */
static void score_ludb(const char *path, const secg_record_info *info, tally *leads, tally *global)
{
    static const char *const lead[12] = {"i",  "ii", "iii", "avr", "avl", "avf",
                                         "v1", "v2", "v3",  "v4",  "v5",  "v6"};
    static marked_beat beat[12][100];
    size_t beats[12];
    char text[4200];
    for (int k = 0; k < 12; k++) {
        snprintf(text, sizeof text, "%s.%s", path, lead[k]);
        beats[k] = read_marks(text, info->rate_hz, beat[k], 100);
        for (size_t i = 0; i < beats[k]; i++) {
            const secg_delineated_beat *b = nearest(beat[k][i].r, info->rate_hz);
            if (b)
                compare(&beat[k][i], b, &b->lead[k], info->rate_hz, leads, i > 0);
        }
    }
    for (size_t i = 0; i < beats[1]; i++) {
        const secg_delineated_beat *b = nearest(beat[1][i].r, info->rate_hz);
        marked_beat middle = {.r = beat[1][i].r};
        for (int m = 0; m < MARKS; m++) {
            double value[12];
            size_t n = 0;
            for (int k = 0; k < 12; k++)
                for (size_t j = 0; j < beats[k]; j++)
                    if (fabs(beat[k][j].r - middle.r) < 0.08 * info->rate_hz &&
                        !isnan(beat[k][j].at[m])) {
                        value[n++] = beat[k][j].at[m];
                        break;
                    }
            middle.at[m] = n >= 6 ? median_of(value, n) : (double)NAN;
        }
        if (b)
            compare(&middle, b, &b->global, info->rate_hz, global, i > 0);
    }
}

static void score_qtdb(const char *path, secg_record *record, tally *global, tally *better)
{
    static marked_beat beat[1000];
    const secg_record_info *info = secg_record_get_info(record);
    char text[4200];
    snprintf(text, sizeof text, "%s.q1c", path);
    size_t beats = read_marks(text, info->rate_hz, beat, 1000);
    if (beats < 2)
        return;
    int64_t from = (int64_t)(beat[0].r - 30 * info->rate_hz);
    int64_t to = (int64_t)(beat[beats - 1].r + 15 * info->rate_hz);
    from = from > 0 ? from : 0;
    if (delineate(record, from, to < info->frames ? to : info->frames) < 0)
        return;
    for (size_t i = 0; i < found_count; i++)
        found[i].beat.sample += from;
    for (size_t i = 0; i < beats; i++) {
        const secg_delineated_beat *b = nearest(beat[i].r, info->rate_hz);
        if (!b)
            continue;
        compare(&beat[i], b, &b->global, info->rate_hz, global, 0);
        compare_better(&beat[i], b, info->rate_hz, better);
    }
}

int main(int argc, char **argv)
{
    static tally leads[MARKS], global[MARKS];
    size_t before[MARKS], before_leads[MARKS];
    int half = -1, tell = 0, at = 1, place_in_list = 0;
    for (; at < argc && argv[at][0] == '-'; at++)
        if (strcmp(argv[at], "--records") == 0)
            tell = 1;
        else if (strcmp(argv[at], "--half") == 0 && at + 1 < argc)
            half = strcmp(argv[++at], "held") == 0;
    if (argc - at < 2)
        return fprintf(stderr,
                       "usage: bench_marks [--half fit|held] [--records] ludb|qtdb RECORD ...\n"),
               2;
    int ludb = strcmp(argv[at++], "ludb") == 0;
    for (; at < argc; at++, place_in_list++) {
        secg_record *record;
        secg_error error;
        if (half >= 0 && place_in_list % 2 != half)
            continue;
        if (secg_record_open(argv[at], NULL, &record, &error) != SECG_OK)
            return fprintf(stderr, "%s\n", error.text), 1;
        const secg_record_info *info = secg_record_get_info(record);
        counts_of(global, before);
        counts_of(leads, before_leads);
        if (!ludb)
            score_qtdb(argv[at], record, global, leads);
        else if (delineate(record, 0, info->frames) == 0)
            score_ludb(argv[at], info, leads, global);
        close_record(info->name, global, before, tell);
        close_record(info->name, leads, before_leads, 0);
        secg_record_close(record);
    }
    if (ludb)
        print_tally("LUDB, each lead against its own marks", leads);
    print_tally(ludb ? "LUDB, all leads together against the median of the leads' marks"
                     : "QTDB, both leads together against q1c",
                global);
    if (!ludb)
        print_tally("QTDB, the better of both leads against q1c", leads);
    return 0;
}
