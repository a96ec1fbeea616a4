/* Marks against cardiologists: 100 records of the Lobachevsky University database (Kalyakulina et
 * al. 2020), 12 leads, 10 s each, every lead annotated by hand.  R is taken from the annotators,
 * the marks are the library's; truth is the median over the leads of their mean marks. */
#include "ecg/delineate.h"
#include "ecg/measure.h"
#include "shared_data.h"

#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

enum { LEADS = 12, FRAMES = 5000, MARKS = 400, BEATS = 64, ONSET = 0, J = 1, T_END = 2 };

typedef struct mark {
    long frame;
    int code; /* WFDB: 1 QRS, 27 T, 39 "(", 40 ")"                        */
} mark;

/* WFDB annotations: six bits of code, ten of time since the last. */
static int read_marks(const char *path, mark *marks)
{
    FILE *file = fopen(path, "rb");
    unsigned char b[4];
    long frame = 0;
    int count = 0;
    cr_assert(file, "%s", path);
    while (fread(b, 1, 2, file) == 2 && (b[0] || b[1])) {
        int code = b[1] >> 2, value = (b[1] & 3) << 8 | b[0];
        if (code == 59) {
            cr_assert_eq(fread(b, 1, 4, file), 4);
            frame += (long)(int32_t)((uint32_t)b[1] << 24 | (uint32_t)b[0] << 16 |
                                     (uint32_t)b[3] << 8 | b[2]);
        } else if (code == 63)
            fseek(file, value + (value & 1), SEEK_CUR);
        else if (code < 59 && count < MARKS)
            marks[count++] = (mark){frame += value, code};
    }
    fclose(file);
    return count;
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

static double median(double *value, int count)
{
    qsort(value, (size_t)count, sizeof *value, by_size);
    return 0.5 * (value[(count - 1) / 2] + value[count / 2]);
}

typedef struct record {
    float mv[FRAMES][LEADS];
    mark mark[LEADS][MARKS];
    int marks[LEADS];
    double r[BEATS];
    int beats;
} record;

static void read_signal(int number, record *rec)
{
    char path[1100], name[40], line[200];
    double gain[LEADS];
    int zero[LEADS];
    static int16_t count[FRAMES][LEADS];
    snprintf(name, sizeof name, "ludb/%d.hea", number);
    FILE *file = fopen(shared_data(path, sizeof path, name), "r");
    cr_assert(file && fgets(line, sizeof line, file));
    for (int k = 0; k < LEADS; k++)
        cr_assert(fgets(line, sizeof line, file) &&
                  sscanf(line, "%*s %*s %lf(%d)", &gain[k], &zero[k]) == 2);
    fclose(file);
    snprintf(name, sizeof name, "ludb/%d.dat", number);
    file = fopen(shared_data(path, sizeof path, name), "rb");
    cr_assert(file && fread(count, sizeof count, 1, file) == 1);
    fclose(file);
    for (int n = 0; n < FRAMES; n++)
        for (int k = 0; k < LEADS; k++)
            rec->mv[n][k] = (float)((count[n][k] - zero[k]) / gain[k]);
}

/* R of every beat marked in lead II: the median of that beat's marks in all leads. */
static void read_record(int number, record *rec)
{
    static const char *lead[LEADS] = {"i",  "ii", "iii", "avr", "avl", "avf",
                                      "v1", "v2", "v3",  "v4",  "v5",  "v6"};
    char path[1100], name[40];
    read_signal(number, rec);
    for (int k = 0; k < LEADS; k++) {
        snprintf(name, sizeof name, "ludb/%d.%s", number, lead[k]);
        rec->marks[k] = read_marks(shared_data(path, sizeof path, name), rec->mark[k]);
    }
    rec->beats = 0;
    for (int i = 0; i < rec->marks[1] && rec->beats < BEATS; i++) {
        double at[LEADS];
        int n = 0;
        if (rec->mark[1][i].code != 1)
            continue;
        for (int k = 0; k < LEADS; k++)
            for (int j = 0; j < rec->marks[k]; j++)
                if (rec->mark[k][j].code == 1 &&
                    labs(rec->mark[k][j].frame - rec->mark[1][i].frame) < 40) {
                    at[n++] = (double)rec->mark[k][j].frame;
                    break;
                }
        rec->r[rec->beats++] = median(at, n);
    }
}

/* Mean over the beats of a lead, ms from R; NaN: not marked. */
static void lead_means(const record *rec, int k, double mean[3])
{
    double sum[3] = {0};
    int n[3] = {0};
    const mark *m = rec->mark[k];
    for (int b = 0; b < rec->beats; b++)
        for (int j = 1; j + 1 < rec->marks[k]; j++) {
            double after = (double)m[j].frame - rec->r[b];
            if (m[j].code == 1 && fabs(after) < 40 && m[j - 1].code == 39 && m[j + 1].code == 40) {
                sum[ONSET] += 2 * ((double)m[j - 1].frame - rec->r[b]);
                sum[J] += 2 * ((double)m[j + 1].frame - rec->r[b]);
                n[ONSET]++, n[J]++;
            }
            int first_t = m[j - 1].code == 39 && j > 2 && m[j - 3].code == 1 &&
                          fabs((double)m[j - 3].frame - rec->r[b]) < 40;
            if (m[j].code == 27 && first_t && m[j + 1].code == 40) {
                sum[T_END] += 2 * ((double)m[j + 1].frame - rec->r[b]);
                n[T_END]++;
            }
        }
    for (int i = 0; i < 3; i++)
        mean[i] = n[i] ? sum[i] / n[i] : (double)NAN;
}

static int truth(const record *rec, double want[3])
{
    double value[3][LEADS], mean[3];
    int n[3] = {0};
    for (int k = 0; k < LEADS; k++) {
        lead_means(rec, k, mean);
        for (int i = 0; i < 3; i++)
            if (mean[i] == mean[i])
                value[i][n[i]++] = mean[i];
    }
    for (int i = 0; i < 3; i++)
        want[i] = n[i] ? median(value[i], n[i]) : (double)NAN;
    return n[ONSET];
}

static void give(secg_measure *m, double r)
{
    secg_beat beat = {.sample = (int64_t)floor(r + 0.5), .label = 'N', .rr_ms = NAN};
    beat.offset_samples = (float)(r - (double)beat.sample);
    secg_measure_beat(m, &beat);
}

static secg_complex measure(const record *rec)
{
    secg_lead_source lead[LEADS];
    memset(lead, 0, sizeof lead);
    for (int k = 0; k < LEADS; k++)
        lead[k].channel = k;
    secg_measure_config config = {
        .rate_hz = 500, .channels = LEADS, .leads = lead, .lead_count = LEADS, .mains_hz = 50};
    secg_arena arena = {0};
    secg_measure_lay_out(&arena, &config);
    void *block = aligned_alloc(SECG_ARENA_ALIGN, arena.used);
    memset(block, 0, arena.used);
    arena = (secg_arena){.base = block, .capacity = arena.used};
    secg_measure *m = secg_measure_lay_out(&arena, &config);
    int given = 0;
    for (int n = 0; n < FRAMES; n++) {
        float frame[LEADS];
        memcpy(frame, rec->mv[n], sizeof frame);
        secg_measure_push(m, frame);
        while (given < rec->beats && rec->r[given] < n - 500)
            give(m, rec->r[given++]);
    }
    while (given < rec->beats)
        give(m, rec->r[given++]);
    secg_measure_flush(m);
    secg_complex c;
    const float *mv;
    secg_measure_complex(m, 1, &c, &mv);
    free(block);
    return c;
}

Test(delineate, agrees_with_cardiologists)
{
    static const struct {
        const char *name;
        double mean, sd, middle; /* ms: |mean|, standard deviation, median of the errors' size */
    } limit[] = {{"QRS onset", 2, 8, 3}, {"J", 4, 8, 4}, {"T end", 5, 15, 6}};
    static record rec;
    static double size[3][200];
    double sum[3] = {0}, square[3] = {0};
    int n[3] = {0}, records = 0;
    for (int number = 1; number <= 200; number++) {
        const char *folder = getenv("SECG_SHARED");
        char path[1100];
        snprintf(path, sizeof path, "%s/data/ludb/%d.hea", folder ? folder : "../shared", number);
        if (access(path, R_OK) != 0)
            continue;
        read_record(number, &rec);
        double want[3];
        if (truth(&rec, want) == 0)
            continue;
        secg_complex c = measure(&rec);
        double seen = (double)(SECG_MARKS_EDGE_WHOLE_MS - SECG_MARKS_EDGE_SEEN_MS);
        double got[3] = {(double)c.qrs_onset_ms, (double)c.j_ms - seen, (double)c.t_end_ms};
        records++;
        for (int i = 0; i < 3; i++)
            if (got[i] == got[i] && want[i] == want[i]) {
                double e = got[i] - want[i];
                sum[i] += e;
                square[i] += e * e;
                size[i][n[i]++] = fabs(e);
            }
    }
    if (records == 0)
        cr_skip_test("no recordings: ludb");
    for (int i = 0; i < 3; i++) {
        double mean = sum[i] / n[i], sd = sqrt(square[i] / n[i] - mean * mean);
        cr_expect_geq(n[i], 0.95 * records, "%s found in %d of %d", limit[i].name, n[i], records);
        cr_expect_leq(fabs(mean), limit[i].mean, "%s: mean %.1f ms", limit[i].name, mean);
        cr_expect_leq(sd, limit[i].sd, "%s: standard deviation %.1f ms", limit[i].name, sd);
        cr_expect_leq(median(size[i], n[i]), limit[i].middle);
    }
}

static void begin(secg_delineator *d, const secg_grid *g, const float *mean, const float *weight)
{
    static const float noise_mv[4] = {0.001f, 0.001f, 0.001f, 0.001f};
    secg_delineator_begin(d, &(secg_marks_input){.mean = mean,
                                                 .channels = g->channels,
                                                 .stride = g->stride,
                                                 .weight = weight,
                                                 .noise_mv = noise_mv,
                                                 .rr_ms = 900,
                                                 .whole_qrs = 1});
}

/* Of rows in which all leads count alike. */
static secg_marks marks_of(const secg_grid *g, const float *mean)
{
    static unsigned char memory[60000] __attribute__((aligned(64)));
    secg_arena arena = {.base = memory, .capacity = sizeof memory};
    secg_delineator d;
    float weight[4] = {1, 1, 1, 1};
    secg_delineator_lay_out(&d, &arena, g);
    begin(&d, g, mean, weight);
    while (!secg_delineator_step(&d))
        ;
    return d.marks;
}

/* A wave whose marks are known to the sample, in one lead and in three; upside down the same. */
Test(delineate, finds_humps_where_they_are)
{
    for (int leads = 1; leads <= 3; leads += 2)
        for (double sign = -1; sign <= 1; sign += 2) {
            secg_grid g;
            secg_grid_init(&g, 500, (size_t)leads);
            static float mean[600 * 4];
            memset(mean, 0, sizeof mean);
            for (size_t r = 0; r < g.rows; r++) {
                double ms = secg_grid_ms(&g, (double)r), q = ms / 40, t = (ms - 260) / 80;
                double x = fabs(q) < 1 ? pow(cos(1.5707963 * q), 2) : 0;
                x += fabs(t) < 1 ? 0.3 * pow(cos(1.5707963 * t), 2) : 0;
                for (int k = 0; k < leads; k++)
                    mean[r * g.stride + (size_t)k] = (float)(sign * x / (k + 1));
            }
            secg_marks marks = marks_of(&g, mean);
            cr_expect_float_eq(marks.qrs_onset_ms, -40, 5);
            cr_expect_float_eq(marks.j_ms, 40, 6);
            cr_expect_float_eq(marks.t_peak_ms, 260, 4);
            cr_expect_float_eq(marks.t_end_ms, 340, 20);
            cr_expect_float_eq(marks.isoelectric_to_ms, marks.qrs_onset_ms - 4, 1e-3);
        }
}

/* The same wave wherever its rows happen to lie, on 250 rows a second as on 490: its marks
 * are the same within 1.5 ms. */
Test(delineate, does_not_depend_on_where_rows_lie)
{
    for (double rate_hz = 250; rate_hz <= 490; rate_hz += 120) { /* 250, 370, 490 */
        float least[2] = {INFINITY, INFINITY}, most[2] = {-INFINITY, -INFINITY};
        for (double part = 0; part < 1; part += 0.125) {
            secg_grid g;
            secg_grid_init(&g, rate_hz, 1);
            static float mean[600 * 4];
            memset(mean, 0, sizeof mean);
            double late_ms = 1000 * part / g.rate_hz;
            for (size_t r = 0; r < g.rows; r++) {
                double ms = secg_grid_ms(&g, (double)r) - late_ms, q = ms / 40, t = (ms - 260) / 80;
                double x = fabs(q) < 1 ? pow(cos(1.5707963 * q), 2) : 0;
                x += fabs(t) < 1 ? 0.3 * pow(cos(1.5707963 * t), 2) : 0;
                mean[r * g.stride] = (float)x;
            }
            secg_marks marks = marks_of(&g, mean);
            float found[2] = {marks.qrs_onset_ms - (float)late_ms, marks.j_ms - (float)late_ms};
            for (int i = 0; i < 2; i++) {
                least[i] = fminf(least[i], found[i]);
                most[i] = fmaxf(most[i], found[i]);
            }
        }
        cr_expect_leq(most[0] - least[0], 1.5, "onset at %g Hz: %.1f to %.1f ms", rate_hz, least[0],
                      most[0]);
        cr_expect_leq(most[1] - least[1], 1.5, "J at %g Hz: %.1f to %.1f ms", rate_hz, least[1],
                      most[1]);
    }
}

/* Rows of one lead: a wave of QRS from -40 to 40 ms, and ahead of it what `ahead` says. */
static secg_marks marks_behind(double (*ahead)(double ms))
{
    secg_grid g;
    secg_grid_init(&g, 500, 1);
    static float mean[600 * 4];
    memset(mean, 0, sizeof mean);
    for (size_t r = 0; r < g.rows; r++) {
        double ms = secg_grid_ms(&g, (double)r), q = ms / 40;
        mean[r * g.stride] = (float)(ahead(ms) + (fabs(q) < 1 ? pow(cos(1.5707963 * q), 2) : 0));
    }
    return marks_of(&g, mean);
}

/* A pacer's pulse of 2 ms and the electrode's discharge after it, 50 ms before QRS and right at it. */
static double spike_of_2_mv(double from_ms, double ms)
{
    if (ms < from_ms)
        return 0;
    return ms < from_ms + 2 ? 2 : -0.3 * exp(-(ms - from_ms - 2) / 5);
}

static double early_spike(double ms)
{
    return spike_of_2_mv(-90, ms);
}

static double late_spike(double ms)
{
    return -spike_of_2_mv(-56, ms);
}

/* What hearts make ahead of R: a narrow q wave, a slurred start. */
static double early_wave(double ms)
{
    double q = (ms + 52) / 12;
    return fabs(q) < 1 ? -0.4 * pow(cos(1.5707963 * q), 2) : 0;
}

Test(delineate, a_spike_is_no_part_of_qrs)
{
    secg_marks early = marks_behind(early_spike), late = marks_behind(late_spike);
    cr_expect_float_eq(early.spike_from_ms, -92, 3);
    cr_expect_float_eq(early.qrs_onset_ms, -40, 6);
    cr_expect_float_eq(late.qrs_onset_ms, -40, 8);
    cr_expect_leq(late.isoelectric_to_ms, -58);
    secg_marks none = marks_behind(early_wave);
    cr_expect(none.spike_from_ms != none.spike_from_ms);
    cr_expect_float_eq(none.qrs_onset_ms, -64, 6);
}

/* Of one lead alone, near those of all. */
static secg_marks marks_near(const secg_grid *g, const float *mean, const secg_marks *common)
{
    static unsigned char memory[60000] __attribute__((aligned(64)));
    const float weight = 1, noise_mv = 0.001f;
    secg_arena arena = {.base = memory, .capacity = sizeof memory};
    secg_delineator d;
    secg_delineator_lay_out(&d, &arena, g);
    secg_delineator_begin(&d, &(secg_marks_input){.mean = mean,
                                                  .channels = 1,
                                                  .stride = 1,
                                                  .weight = &weight,
                                                  .noise_mv = &noise_mv,
                                                  .rr_ms = 900,
                                                  .global = common});
    while (!secg_delineator_step(&d))
        ;
    return d.marks;
}

/* Of one lead whose wave of QRS begins 40 ms before R, beside common marks from -40 to 40 ms. */
static secg_marks marks_beside(double to_ms, double (*after)(double ms))
{
    static float mean[600 * 4];
    secg_marks common = secg_marks_none();
    secg_grid g;
    secg_grid_init(&g, 500, 1);
    for (size_t r = 0; r < g.rows; r++) {
        double ms = secg_grid_ms(&g, (double)r), q = ms / 40, late = (ms - to_ms + 35) / 35;
        mean[r] = (float)((fabs(q) < 1 ? pow(cos(1.5707963 * q), 2) : 0) + after(ms));
        mean[r] -= (float)(fabs(late) < 1 ? 0.3 * pow(cos(1.5707963 * late), 2) : 0);
    }
    common.qrs_onset_ms = -40, common.j_ms = 40;
    return marks_near(&g, mean, &common);
}

/* A lead whose QRS begins before the common P wave ends: what it has of P ends where its QRS begins. */
Test(delineate, p_of_a_lead_ends_before_its_own_qrs)
{
    secg_grid g;
    static float mean[600];
    secg_marks common = secg_marks_none();
    common.p_onset_ms = -140, common.p_peak_ms = -70, common.p_end_ms = -20;
    common.qrs_onset_ms = -60, common.j_ms = 40;
    for (double from_ms = -70; from_ms <= -40; from_ms += 5) {
        secg_grid_init(&g, 500, 1);
        for (size_t r = 0; r < g.rows; r++) {
            double ms = secg_grid_ms(&g, (double)r), half = 0.5 * (40 - from_ms);
            double q = (ms - from_ms - half) / half, p = (ms - from_ms + 5) / 40;
            mean[r] = (float)((fabs(q) < 1 ? pow(cos(1.5707963 * q), 2) : 0) +
                              (fabs(p) < 1 ? 0.1 * pow(cos(1.5707963 * p), 2) : 0));
        }
        secg_marks marks = marks_near(&g, mean, &common);
        cr_expect(isnan(marks.p_end_ms) || marks.p_end_ms <= marks.qrs_onset_ms,
                  "P to %.0f, QRS from %.0f ms", marks.p_end_ms, marks.qrs_onset_ms);
    }
}

static double nothing(double ms)
{
    return 0 * ms;
}

/* T from 220 to 380 ms, on a wave that comes down until 480 ms. */
static double t_and_u(double ms)
{
    double t = (ms - 300) / 80, rise = (ms - 220) / 120, fall = (480 - ms) / 140;
    double wave = fabs(t) < 1 ? 0.4 * pow(cos(1.5707963 * t), 2) : 0;
    return wave + 0.42 * fmax(0, fmin(1, fmin(rise, fall)));
}

/* An R' that the other leads hardly show (right bundle branch block) still ends where it ends. */
Test(delineate, a_late_wave_of_one_lead_has_its_own_j)
{
    secg_marks usual = marks_beside(40, nothing), late = marks_beside(110, nothing);
    cr_expect_float_eq(usual.j_ms, 40, 6);
    cr_expect_float_eq(late.j_ms, 110, 8);
    cr_expect_float_eq(late.qrs_onset_ms, -40, 6);
}

Test(delineate, what_follows_t_does_not_make_it_longer)
{
    cr_expect_float_eq(marks_beside(40, t_and_u).t_end_ms, 410, 30); /* not 480 */
}

/* No QRS, no marks: noise alone, nothing, a lead without weight. */
Test(delineate, finds_nothing_in_nothing)
{
    secg_grid g;
    secg_grid_init(&g, 500, 1);
    static float mean[600 * 4];
    static unsigned char memory[60000] __attribute__((aligned(64)));
    secg_arena arena = {.base = memory, .capacity = sizeof memory};
    secg_delineator d;
    float weight[4] = {1, 0, 0, 0};
    secg_delineator_lay_out(&d, &arena, &g);
    for (int kind = 0; kind < 3; kind++) {
        for (size_t r = 0; r < g.rows; r++)
            mean[r * g.stride] = kind == 0 ? 0 : kind == 1 ? (float)((r * 7919) % 101) : NAN;
        begin(&d, &g, mean, weight);
        while (!secg_delineator_step(&d))
            ;
        cr_expect(d.marks.j_ms != d.marks.j_ms, "kind %d", kind);
        cr_expect(d.marks.qrs_onset_ms != d.marks.qrs_onset_ms);
    }
}
