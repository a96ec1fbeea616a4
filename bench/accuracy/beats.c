/* bench_beats [--json FILE] [--set NAME] [--peers FOLDER] RECORD ...: beats of each record, found
 * on lead 0 alone, on the second lead alone and on all, scored against RECORD.atr; beside them the
 * early QRS events, the delays of both, and other detectors' FOLDER/DETECTOR/RECORD.det. */
#include "figures.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { LEAD_0, LEAD_1, ALL_LEADS, CHOICES, PEERS = 3 };
enum { FROM_5_MIN, FROM_0, STARTS };

static const int lead_of[CHOICES] = {0, 1, EVERY_LEAD};
static const char *const choice_name[CHOICES] = {"lead_0", "second_lead", "all_leads"};
static const char *const choice_text[CHOICES] = {"lead 0 alone", "second lead alone", "all leads"};
static const char *const start_name[STARTS] = {"from_5_min", "from_0"};
static const char *const start_text[STARTS] = {"from 5 min", "from the first second"};
static const double start_s[STARTS] = {300, 0};
static const char *const peer_name[PEERS] = {"gqrs", "wqrs", "osea"};

/* Where the figures of one record, or of all, go. */
typedef struct sheet {
    json_t *root;
    const char *set;
} sheet;

static void put_score(const sheet *to, const char *who, const char *what, const char *start,
                      const char *record, const score *s)
{
    char path[256];
    snprintf(path, sizeof path, "%s/%s/%s/%s/%s", to->set, who, what, start, record);
    figures_put_score(to->root, path, s);
}

/* ---- the analyser ------------------------------------------------------------------------ */

/* Delays from 3 s on: before, the detector learns, and when it reports its first beat is a figure of
 * its own. */
static const double LEARNING_S = 3;

typedef struct delays {
    numbers beat_ms, qrs_ms;
    double first_beat_s; /* the latest of the records, and which */
    const char *latest;
} delays;

static void note_delays(delays *d, const recording *r, const seen *s)
{
    for (size_t i = 0; i < s->beats; i++)
        if (s->beat[i].at_s >= LEARNING_S)
            numbers_add(&d->beat_ms, 1000 * s->beat[i].delay_s);
    for (size_t i = 0; i < s->qrss; i++)
        if (s->qrs[i].at_s >= LEARNING_S)
            numbers_add(&d->qrs_ms, 1000 * s->qrs[i].delay_s);
    double first_s = s->beats ? s->beat[0].at_s + s->beat[0].delay_s : INFINITY;
    if (!d->latest || first_s > d->first_beat_s)
        d->first_beat_s = first_s, d->latest = r->name;
}

static int score_one(const sheet *to, const recording *r, const seen *s, int choice, int start,
                     score *beats, score *early)
{
    score one = {0};
    if (score_add_seen(&one, r, s->beat, s->beats, start_s[start]) < 0 ||
        score_add_seen(beats, r, s->beat, s->beats, start_s[start]) < 0 ||
        score_add_seen(early, r, s->qrs, s->qrss, start_s[start]) < 0)
        return -1;
    score_print_row(r->name, &one);
    put_score(to, "beats", choice_name[choice], start_name[start], r->name, &one);
    score_free(&one);
    return 0;
}

static void print_delays(const sheet *to, int choice, const char *name, const numbers *ms)
{
    char path[256];
    static const struct {
        const char *name;
        double part;
    } row[] = {{"p50_ms", 0.5}, {"p99_ms", 0.99}, {"max_ms", 1}};
    printf("  delay from R peak to %s event, ms:", name);
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        double value = numbers_quantile(ms, row[i].part);
        snprintf(path, sizeof path, "%s/delay/%s/%s/%s", to->set, choice_name[choice], name,
                 row[i].name);
        figures_put(to->root, path, value);
        printf(" %.3s %.0f%s", row[i].name, value, i + 1 < sizeof row / sizeof *row ? "," : "\n");
    }
}

static void print_first_beat(const sheet *to, int choice, const delays *d)
{
    char path[256];
    snprintf(path, sizeof path, "%s/delay/%s/first_beat_s", to->set, choice_name[choice]);
    figures_put(to->root, path, d->first_beat_s);
    printf("  the latest first beat is reported %.2f s into its record, %s\n", d->first_beat_s,
           d->latest);
}

static int run_choice(const sheet *to, const recording *r, size_t records, int choice)
{
    delays delay = {0};
    seen *s = bench_take(records, sizeof *s);
    int failed = 0;
    for (size_t i = 0; i < records; i++) {
        s[i] = recording_analyse(&r[i], lead_of[choice]);
        note_delays(&delay, &r[i], &s[i]);
    }
    for (int start = 0; start < STARTS; start++) {
        char title[128];
        score beats = {0}, early = {0};
        snprintf(title, sizeof title, "%s: %s, %s", to->set, choice_text[choice],
                 start_text[start]);
        score_print_head(title);
        for (size_t i = 0; i < records; i++)
            failed |= score_one(to, &r[i], &s[i], choice, start, &beats, &early) < 0;
        score_print_row("all", &beats);
        score_print_row("(QRS)", &early);
        put_score(to, "beats", choice_name[choice], start_name[start], "all", &beats);
        put_score(to, "early_qrs", choice_name[choice], start_name[start], "all", &early);
        score_free(&beats);
        score_free(&early);
    }
    print_delays(to, choice, "QRS", &delay.qrs_ms);
    print_delays(to, choice, "BEAT", &delay.beat_ms);
    print_first_beat(to, choice, &delay);
    numbers_free(&delay.qrs_ms);
    numbers_free(&delay.beat_ms);
    for (size_t i = 0; i < records; i++)
        seen_free(&s[i]);
    free(s);
    return failed ? -1 : 0;
}

/* ---- other detectors --------------------------------------------------------------------- */

static int score_peer(const sheet *to, const recording *r, const char *folder, int peer, int start,
                      score *sum)
{
    char path[4096];
    secg_annotation *list = NULL;
    size_t count;
    secg_error error = {0};
    numbers at_s = {0};
    score one = {0};
    snprintf(path, sizeof path, "%s/%s/%s.det", folder, peer_name[peer], r->name);
    if (secg_annotations_read(path, r->signal.rate_hz, &list, &count, &error) != SECG_OK)
        return fprintf(stderr, "%s\n", error.text), -1;
    for (size_t i = 0; i < count; i++)
        if (secg_annotation_is_beat(list[i].code))
            numbers_add(&at_s, (double)list[i].sample / r->signal.rate_hz);
    int failed = score_add(&one, r, list, count, &at_s, start_s[start]) < 0 ||
                 score_add(sum, r, list, count, &at_s, start_s[start]) < 0;
    put_score(to, "peers", peer_name[peer], start_name[start], r->name, &one);
    score_free(&one);
    numbers_free(&at_s);
    secg_annotations_free(list);
    return failed ? -1 : 0;
}

static int run_peers(const sheet *to, const recording *r, size_t records, const char *folder)
{
    int failed = 0;
    for (int start = 0; start < STARTS; start++) {
        char title[128];
        snprintf(title, sizeof title, "%s: other detectors' files, lead 0, %s", to->set,
                 start_text[start]);
        score_print_head(title);
        for (int peer = 0; peer < PEERS; peer++) {
            score sum = {0};
            for (size_t i = 0; i < records; i++)
                failed |= score_peer(to, &r[i], folder, peer, start, &sum) < 0;
            score_print_row(peer_name[peer], &sum);
            put_score(to, "peers", peer_name[peer], start_name[start], "all", &sum);
            score_free(&sum);
        }
    }
    return failed ? -1 : 0;
}

/* ---- command line ------------------------------------------------------------------------ */

static int run(const sheet *to, char **path, size_t paths, const char *peers)
{
    recording *r = bench_take(paths, sizeof *r);
    size_t records = 0;
    int failed = 0;
    for (size_t i = 0; i < paths; i++)
        if (recording_read(&r[records], path[i], "atr") == 0)
            records++;
        else
            failed = 1;
    for (int choice = 0; choice < CHOICES && records > 0; choice++)
        failed |= run_choice(to, r, records, choice) < 0;
    if (peers && access(peers, R_OK) == 0)
        failed |= run_peers(to, r, records, peers) < 0;
    else if (peers)
        printf("\n%s: no annotation files of other detectors in %s; skipped\n", to->set, peers);
    for (size_t i = 0; i < records; i++)
        recording_free(&r[i]);
    free(r);
    return failed ? -1 : 0;
}

int main(int argc, char **argv)
{
    sheet to = {.root = json_object(), .set = "beats"};
    const char *json = NULL, *peers = NULL;
    int i = 1;
    for (; i + 1 < argc && argv[i][0] == '-'; i += 2) {
        if (strcmp(argv[i], "--json") == 0)
            json = argv[i + 1];
        else if (strcmp(argv[i], "--set") == 0)
            to.set = argv[i + 1];
        else if (strcmp(argv[i], "--peers") == 0)
            peers = argv[i + 1];
        else
            return fprintf(stderr, "%s: no such option\n", argv[i]), 2;
    }
    int failed = run(&to, argv + i, (size_t)(argc - i), peers) < 0;
    failed |= figures_write(to.root, json) < 0;
    json_decref(to.root);
    return failed;
}
