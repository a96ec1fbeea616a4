#include "ecg/rhythm.h"

#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

enum { HZ = 500, MOST = 4000 };

typedef struct heard {
    secg_rhythm event[MOST];
    int events;
} heard;

static void listen(secg_rhythm_watch *w, heard *h)
{
    while (h->events < MOST && secg_rhythm_next(w, &h->event[h->events]))
        h->events++;
}

/* One letter a beat: N S V Q; '~' before a beat: beats could not be seen before it; '_': the
 * interval before the next beat is twice as long.  rr_ms otherwise. */
static heard *play(const char *beats, float rr_ms)
{
    static heard h;
    secg_rhythm_watch w;
    secg_rhythm_init(&w, &(secg_rhythm_config){.rate_hz = HZ});
    h.events = 0;
    int64_t sample = 0;
    float rr = NAN;
    for (const char *b = beats; *b; b++) {
        if (*b == '~') {
            rr = NAN;
            sample += 5 * HZ;
            continue;
        }
        if (*b == '_') {
            rr = 2 * rr_ms;
            continue;
        }
        sample += (int64_t)((isnan(rr) ? rr_ms : rr) * HZ / 1e3f);
        secg_rhythm_beat(&w, &(secg_beat){.sample = sample, .label = (uint8_t)*b, .rr_ms = rr});
        rr = rr_ms;
        listen(&w, &h);
    }
    secg_rhythm_flush(&w);
    listen(&w, &h);
    return &h;
}

static int count(const heard *h, secg_rhythm_kind kind)
{
    int n = 0;
    for (int i = 0; i < h->events; i++)
        n += h->event[i].kind == kind;
    return n;
}

static const secg_rhythm *find(const heard *h, secg_rhythm_kind kind)
{
    for (int i = 0; i < h->events; i++)
        if (h->event[i].kind == kind)
            return &h->event[i];
    return NULL;
}

Test(rhythm, ventricular_beats_by_number)
{
    heard *h = play("NNNVNNNNNVVNNNNVVVNNNNVVVVVVNNN", 700);
    cr_expect_eq(count(h, SECG_RHYTHM_PVC), 1);
    cr_expect_eq(count(h, SECG_RHYTHM_COUPLET), 1);
    cr_expect_eq(count(h, SECG_RHYTHM_RUN), 2);
    const secg_rhythm *run = find(h, SECG_RHYTHM_RUN);
    cr_assert(run);
    cr_expect_eq(run->beats, 3);
    cr_expect_eq(run->end - run->start, 2 * 350);
    cr_expect_float_eq(run->bpm, 60 / 0.7, 0.1);
    cr_expect(isnan(find(h, SECG_RHYTHM_PVC)->bpm), "one beat has no rate");
}

/* Every V beat in exactly one of PVC, COUPLET, RUN: random sequences, with Q beats and gaps. */
Test(rhythm, counts_of_ventricular_beats_add_up)
{
    unsigned seed = 99;
    for (int round = 0; round < 50; round++) {
        char beats[300];
        int ventricular = 0;
        for (int i = 0; i < 299; i++) {
            seed = seed * 1103515245u + 12345u;
            beats[i] = "NNNNVVVSQ~"[(seed >> 16) % 10];
            ventricular += beats[i] == 'V';
        }
        beats[299] = 0;
        heard *h = play(beats, 600);
        int told = 0;
        for (int i = 0; i < h->events; i++)
            if (h->event[i].kind <= SECG_RHYTHM_RUN)
                told += h->event[i].beats;
        cr_expect_eq(told, ventricular, "round %d", round);
    }
}

Test(rhythm, bigeminy_and_trigeminy_need_three_cycles)
{
    cr_expect_eq(count(play("NNNNVNVNNNNN", 700), SECG_RHYTHM_BIGEMINY), 0, "two cycles");
    heard *h = play("NNNNVNVNVNNNNN", 700);
    cr_assert_eq(count(h, SECG_RHYTHM_BIGEMINY), 1, "three cycles");
    cr_expect_eq(find(h, SECG_RHYTHM_BIGEMINY)->beats, 6);
    cr_expect_eq(count(h, SECG_RHYTHM_PVC), 3, "its V beats are PVCs as well");
    cr_expect_eq(count(h, SECG_RHYTHM_TRIGEMINY), 0);
    cr_expect_eq(count(play("NNNNVNNVNNNNNN", 700), SECG_RHYTHM_TRIGEMINY), 0, "two cycles");
    h = play("NNNNVNNVNNVNNNNN", 700);
    cr_assert_eq(count(h, SECG_RHYTHM_TRIGEMINY), 1, "three cycles");
    cr_expect_eq(find(h, SECG_RHYTHM_TRIGEMINY)->beats, 9);
    cr_expect_eq(count(h, SECG_RHYTHM_BIGEMINY), 0);
    cr_expect_eq(count(play("NVNVNVVNVNVNN", 700), SECG_RHYTHM_BIGEMINY), 1, "a couplet ends it");
}

Test(rhythm, supraventricular)
{
    heard *h = play("NNNNSNNNSSNNN", 700);
    cr_expect_eq(count(h, SECG_RHYTHM_SVE), 3);
    cr_expect_eq(count(h, SECG_RHYTHM_SVT_RUN), 0);
    h = play("NNNNSSSSSSNNN", 450);
    cr_expect_eq(count(h, SECG_RHYTHM_SVT_RUN), 1);
    cr_expect_eq(count(h, SECG_RHYTHM_SVE), 0, "a run is not counted twice");
    cr_expect_eq(find(h, SECG_RHYTHM_SVT_RUN)->beats, 6);
}

Test(rhythm, pause_and_missed_beat)
{
    heard *h = play("NNNNNNNNNNNN_NNNNNN", 1050);
    cr_assert_eq(count(h, SECG_RHYTHM_PAUSE), 1, "2.1 s");
    cr_expect_eq(find(h, SECG_RHYTHM_PAUSE)->end - find(h, SECG_RHYTHM_PAUSE)->start, 1050);
    cr_expect_eq(count(h, SECG_RHYTHM_MISSED_BEAT), 0, "one thing, one event");
    h = play("NNNNNNNNNNNN_NNNNNN", 700);
    cr_expect_eq(count(h, SECG_RHYTHM_PAUSE), 0, "1.4 s");
    cr_expect_eq(count(h, SECG_RHYTHM_MISSED_BEAT), 1);
    cr_expect_eq(count(play("NNNNNNNNNNVN_NNNNN", 700), SECG_RHYTHM_MISSED_BEAT), 0,
                 "three normal beats before");
    cr_expect_eq(count(play("NNNNNNNNNNNN~NNNNNN", 700), SECG_RHYTHM_PAUSE), 0,
                 "what could not be seen is no pause");
}

Test(rhythm, rate_limits)
{
    cr_expect_eq(count(play("NNNNNNNNNNNNNNNN", 1250), SECG_RHYTHM_BRADY), 1, "48 bpm");
    cr_expect_eq(count(play("NNNNNNNNNNNNNNNN", 1150), SECG_RHYTHM_BRADY), 0, "52 bpm");
    cr_expect_eq(count(play("NNNNNNNNNNNNNNNN", 480), SECG_RHYTHM_TACHY), 1, "125 bpm");
    cr_expect_eq(count(play("NNNNNNNNNNNNNNNN", 520), SECG_RHYTHM_TACHY), 0, "115 bpm");
}

/* RR with a given scatter, for 90 s. */
static int irregular_with(float scatter)
{
    secg_rhythm_watch w;
    heard h = {.events = 0};
    secg_rhythm_init(&w, &(secg_rhythm_config){.rate_hz = HZ});
    unsigned seed = 4711;
    double at = 0;
    for (int i = 0; i < 120; i++) {
        seed = seed * 1103515245u + 12345u;
        float rr = 750 * (1 + scatter * ((float)(seed >> 16 & 1023) / 512 - 1));
        at += (double)rr * 1e-3;
        secg_rhythm_beat(&w, &(secg_beat){.sample = llround(at * HZ), .label = 'N', .rr_ms = rr});
        listen(&w, &h);
    }
    secg_rhythm_flush(&w);
    listen(&w, &h);
    return count(&h, SECG_RHYTHM_IRREGULAR);
}

Test(rhythm, irregular)
{
    cr_expect_eq(irregular_with(0.4f), 1, "as in atrial fibrillation");
    cr_expect_eq(irregular_with(0.05f), 0, "as in sinus rhythm");
}
