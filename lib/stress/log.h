/* What the analyser reported, kept for the summary.  All room is taken at creation. */
#ifndef SECG_STRESS_LOG_H
#define SECG_STRESS_LOG_H

#include "base/arena.h"

#include <stressecg/event.h>

typedef struct secg_log {
    size_t leads;
    secg_beat *beat;
    secg_rate *rate;
    secg_rhythm *rhythm;
    secg_signal_report *signal; /* those that begin or end a time that is not usable */
    int64_t *table;             /* [tables] sample of each ST table */
    secg_st *st;                /* [tables][leads] */
    size_t beats, rates, rhythms, signals, tables;
    size_t beat_capacity, rate_capacity, rhythm_capacity, signal_capacity, table_capacity;
    uint8_t unusable[SECG_MAX_LEADS + 1]; /* by lead + 1, as logged */
    int lost;                             /* something did not fit */
} secg_log;

void secg_log_lay_out(secg_log *log, secg_arena *arena, size_t leads, uint32_t minutes);
void secg_log_take(secg_log *log, const secg_event *event);
/* 1 when whatever a second of signal and a flush can bring still fits. */
int secg_log_has_room(const secg_log *log);

#endif
