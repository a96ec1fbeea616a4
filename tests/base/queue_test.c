#include "base/fingerprint.h"
#include "base/queue.h"

#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

static _Alignas(SECG_ARENA_ALIGN) unsigned char block[64 * sizeof(secg_event)];

Test(queue, first_in_first_out_and_full_is_said)
{
    secg_arena arena = {.base = block, .capacity = sizeof block};
    secg_queue queue = {0};
    secg_queue_lay_out(&queue, &arena, 5); /* rounded up to 8 */
    for (int64_t round = 0, sent = 0, got = 0; round < 100; round++) {
        secg_event event = {.kind = SECG_EVENT_BEAT};
        while (event.beat.sample = sent, secg_queue_put(&queue, &event))
            sent++;
        cr_expect_eq(secg_queue_space(&queue), 0);
        cr_expect_eq(sent - got, 8);
        for (int i = 0; i < 3 + round % 6; i++, got++) {
            cr_assert(secg_queue_get(&queue, &event));
            cr_expect_eq(event.beat.sample, got);
        }
    }
}

/* The start is the published offset basis: the hash of no bytes at all. */
Test(fingerprint, is_fnv_1a)
{
    cr_expect_eq(SECG_FINGERPRINT_START, UINT64_C(0xcbf29ce484222325));
    /* An event is hashed field by field: a change of any field changes the hash. */
    secg_event event;
    memset(&event, 0, sizeof event);
    event.kind = SECG_EVENT_RATE;
    event.rate.bpm.value = 70;
    uint64_t hash = secg_fingerprint(SECG_FINGERPRINT_START, &event);
    event.rate.bpm.value = nextafterf(70, 71);
    cr_expect_neq(secg_fingerprint(SECG_FINGERPRINT_START, &event), hash);
    event.rate.bpm.value = 70;
    event.rate.reserved = 0xffffffff; /* padding does not count */
    event.size[79] = 1;
    cr_expect_eq(secg_fingerprint(SECG_FINGERPRINT_START, &event), hash);
    event.rate.bpm.value = NAN;
    hash = secg_fingerprint(SECG_FINGERPRINT_START, &event);
    event.rate.bpm.value = -NAN; /* one NaN is like another */
    cr_expect_eq(secg_fingerprint(SECG_FINGERPRINT_START, &event), hash);
}
