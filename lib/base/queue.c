#include "base/queue.h"

void secg_queue_lay_out(secg_queue *queue, secg_arena *arena, size_t capacity)
{
    size_t rounded = 1;
    while (rounded < capacity)
        rounded *= 2;
    secg_event *event = secg_take(arena, rounded, sizeof *event);
    if (!event)
        return;
    queue->event = event;
    queue->mask = rounded - 1;
    secg_queue_reset(queue);
}

void secg_queue_reset(secg_queue *queue)
{
    atomic_store(&queue->written, 0);
    atomic_store(&queue->read, 0);
}

size_t secg_queue_space(secg_queue *queue)
{
    size_t written = atomic_load_explicit(&queue->written, memory_order_relaxed);
    size_t read = atomic_load_explicit(&queue->read, memory_order_acquire);
    return queue->mask + 1 - (written - read);
}

int secg_queue_put(secg_queue *queue, const secg_event *event)
{
    if (secg_queue_space(queue) == 0)
        return 0;
    size_t written = atomic_load_explicit(&queue->written, memory_order_relaxed);
    queue->event[written & queue->mask] = *event;
    atomic_store_explicit(&queue->written, written + 1, memory_order_release);
    return 1;
}

int secg_queue_get(secg_queue *queue, secg_event *event)
{
    size_t read = atomic_load_explicit(&queue->read, memory_order_relaxed);
    if (read == atomic_load_explicit(&queue->written, memory_order_acquire))
        return 0;
    *event = queue->event[read & queue->mask];
    atomic_store_explicit(&queue->read, read + 1, memory_order_release);
    return 1;
}
