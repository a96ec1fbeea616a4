/* The parts of a summary.  Each is computed from the log and the timeline alone, in the order in
 * which they stand here; none takes memory. */
#ifndef SECG_STRESS_SUMMARY_PARTS_H
#define SECG_STRESS_SUMMARY_PARTS_H

#include "stress/state.h"

/* What summary.c lays out; the summary points into it. */
typedef struct secg_summary_room {
    secg_summary *summary;
    secg_fact *fact;             /* [facts], in order of time, without those that are corrected */
    secg_correction *correction; /* [facts] */
    uint8_t *corrected;          /* [facts] in order of adding: 1: something stands for it */
    struct secg_dated *dated;
    uint8_t *bp_used;        /* [facts] */
    secg_rhythm *rhythm;     /* [rhythms] */
    secg_trend_point *trend; /* [tables] */
    secg_gap *gap;           /* [gap_capacity] */
    secg_gap *dark;          /* [gap_capacity] times without any lead, in order, disjoint */
    secg_gap *shut;          /* [gap_capacity] gaps of lead -1, the same */
    size_t darks, shuts;
    secg_stage_summary *row;   /* [rows] */
    secg_st *row_st;           /* [rows][leads] */
    secg_complex *row_complex; /* [rows][leads] */
    float *row_complex_mv;     /* [rows][leads][complex_capacity] */
    secg_complex *st_complex;  /* [2][leads]: of the tables with the lowest and highest level */
    float *st_complex_mv;      /* [2][leads][complex_capacity] */
} secg_summary_room;

typedef struct secg_dated {
    int64_t sample;
    size_t index; /* in order of adding */
    size_t entry; /* in order of entry  */
} secg_dated;

/* summary_lookup.c */
secg_value secg_no_value(secg_why why);
/* The displayed rate in force at a sample: the last one in (after, sample].  NOT_YET: none;
 * STALE: older than max_age_s. */
secg_value secg_rate_at(const secg_test *test, int64_t after, int64_t sample, double max_age_s);
/* The same where it is known that the first `rates` of the log are those up to the sample. */
secg_value secg_rate_in(const secg_test *test, size_t rates, int64_t after, int64_t sample,
                        double max_age_s);
/* The last ST table in (after, sample]; -1: none. */
int64_t secg_table_at(const secg_test *test, int64_t after, int64_t sample);

/* summary_counts.c */
void secg_count_beats(const secg_summary *summary, int64_t start, int64_t end,
                      secg_beat_counts *counts);
/* The log's rhythm events, in order of start. */
void secg_sort_rhythms(const secg_test *test, secg_rhythm *sorted);
/* Whether the log has a beat, or the start of a rhythm event, in [start, end). */
int secg_holds_beats(const secg_test *test, int64_t start, int64_t end);

/* summary_facts.c: facts in force in order of time, and what became of the others. */
void secg_summary_facts(const secg_test *test, secg_summary_room *room);

/* summary_load.c: the load set by hand in a row; METs of its load, and what was reached at its end
 * after so many before it; the peak by each convention. */
void secg_summary_load(const secg_test *test, const secg_summary_room *room,
                       secg_stage_summary *row);
void secg_summary_mets(const secg_test *test, secg_stage_summary *row, float before);
void secg_summary_peak_mets(const secg_test *test, secg_summary *summary);

/* summary_derived.c: arithmetic of domain.md 1.5 on rest, peak and recovery. */
void secg_summary_derived(const secg_test *test, secg_summary_room *room);

/* summary_rows.c: the rows of the stage table, or only their number (row NULL). */
size_t secg_summary_rows(const secg_test *test, secg_stage_summary *row);
void secg_summary_fill_rows(const secg_test *test, secg_summary_room *room);
/* Rate at the time of a blood pressure, times its systolic. */
secg_value secg_rate_pressure(const secg_test *test, const secg_fact *fact);

/* summary_signal.c */
void secg_summary_signal(const secg_test *test, secg_summary_room *room);
/* Percentage of [start, end) outside of the intervals, which are in order and do not overlap; NaN
 * when it is empty. */
float secg_summary_clear_pct(const secg_gap *interval, size_t count, int64_t start, int64_t end);

/* summary_peaks.c */
void secg_summary_peaks(const secg_test *test, secg_summary_room *room);

#endif
