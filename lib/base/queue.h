/* The event queue: one thread writes, one other may read; neither ever waits. */
#ifndef SECG_BASE_QUEUE_H
#define SECG_BASE_QUEUE_H

#include "base/arena.h"

#include <stressecg/event.h>

#include <stdatomic.h>

/* Positions only grow; an index is a position modulo the capacity, a power of two.  Writer and
 * reader positions lie on cache lines of their own. */
typedef struct secg_queue {
    secg_event *event;
    size_t mask;
    _Alignas(64) atomic_size_t written;
    _Alignas(64) atomic_size_t read;
} secg_queue;

/* capacity is rounded up to a power of two. */
void secg_queue_lay_out(secg_queue *queue, secg_arena *arena, size_t capacity);
/* Empties it; no other thread may use it meanwhile. */
void secg_queue_reset(secg_queue *queue);
/* Writer: places that are free now.  The reader can only make them more. */
size_t secg_queue_space(secg_queue *queue);
/* Writer: 1, or 0 when it is full. */
int secg_queue_put(secg_queue *queue, const secg_event *event);
/* Reader: 1, or 0 when it is empty. */
int secg_queue_get(secg_queue *queue, secg_event *event);

#endif
