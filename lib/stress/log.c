#include "stress/log.h"

#include <string.h>

/* Room for each minute, far above what a heart or a display needs, and what a second and a flush
 * can bring at most.  A loose electrode must not end a recording: when the room for signal states
 * is used up, what has failed is taken to stay so, which needs one more place for each lead. */
enum {
    BEATS_PER_MIN = 360,
    RHYTHMS_PER_MIN = 360,
    RATES_PER_MIN = 61,
    TABLES_PER_MIN = 13,
    SIGNALS_PER_MIN = 120,
    SPARE_BEATS = 32,
    SPARE_RHYTHMS = 128,
    SPARE_RATES = 16,
    SPARE_TABLES = 8
};

void secg_log_lay_out(secg_log *log, secg_arena *arena, size_t leads, uint32_t minutes)
{
    memset(log, 0, sizeof *log);
    log->leads = leads;
    log->beat_capacity = (size_t)minutes * BEATS_PER_MIN + 2 * SPARE_BEATS;
    log->rhythm_capacity = (size_t)minutes * RHYTHMS_PER_MIN + 2 * SPARE_RHYTHMS;
    log->rate_capacity = (size_t)minutes * RATES_PER_MIN + 2 * SPARE_RATES;
    log->table_capacity = (size_t)minutes * TABLES_PER_MIN + 2 * SPARE_TABLES;
    log->signal_capacity = (leads + 1) * ((size_t)minutes * SIGNALS_PER_MIN + 1);
    log->beat = secg_take(arena, log->beat_capacity, sizeof *log->beat);
    log->rhythm = secg_take(arena, log->rhythm_capacity, sizeof *log->rhythm);
    log->rate = secg_take(arena, log->rate_capacity, sizeof *log->rate);
    log->table = secg_take(arena, log->table_capacity, sizeof *log->table);
    log->st = secg_take(arena, log->table_capacity * leads, sizeof *log->st);
    log->signal = secg_take(arena, log->signal_capacity, sizeof *log->signal);
}

static void take_st(secg_log *log, const secg_st *st)
{
    int begun = log->tables > 0 && log->table[log->tables - 1] == st->sample;
    if (!begun && log->tables == log->table_capacity) {
        log->lost = 1;
        return;
    }
    if (!begun)
        log->table[log->tables++] = st->sample;
    if (st->lead < log->leads)
        log->st[(log->tables - 1) * log->leads + st->lead] = *st;
}

#define APPEND(list, count, capacity, item)                                                        \
    do {                                                                                           \
        if (log->count < log->capacity)                                                            \
            log->list[log->count++] = (item);                                                      \
        else                                                                                       \
            log->lost = 1;                                                                         \
    } while (0)

static int is_unusable(uint8_t state)
{
    return state >= SECG_SIGNAL_UNREADABLE;
}

static void take_signal(secg_log *log, const secg_signal_report *report)
{
    size_t lead = (size_t)(report->lead + 1);
    if (lead > log->leads || (!is_unusable(report->state) && !log->unusable[lead]))
        return;
    size_t last_places = log->leads + 1;
    if (log->unusable[lead] && log->signals + last_places >= log->signal_capacity)
        return;
    log->unusable[lead] = (uint8_t)is_unusable(report->state);
    APPEND(signal, signals, signal_capacity, *report);
}

void secg_log_take(secg_log *log, const secg_event *event)
{
    switch (event->kind) {
    case SECG_EVENT_BEAT:
        APPEND(beat, beats, beat_capacity, event->beat);
        break;
    case SECG_EVENT_RATE:
        APPEND(rate, rates, rate_capacity, event->rate);
        break;
    case SECG_EVENT_RHYTHM:
        APPEND(rhythm, rhythms, rhythm_capacity, event->rhythm);
        break;
    case SECG_EVENT_SIGNAL:
        take_signal(log, &event->signal);
        break;
    case SECG_EVENT_ST:
        take_st(log, &event->st);
        break;
    default:
        break;
    }
}

int secg_log_has_room(const secg_log *log)
{
    return !log->lost && log->beat_capacity - log->beats >= SPARE_BEATS &&
           log->rhythm_capacity - log->rhythms >= SPARE_RHYTHMS &&
           log->rate_capacity - log->rates >= SPARE_RATES &&
           log->table_capacity - log->tables >= SPARE_TABLES;
}
