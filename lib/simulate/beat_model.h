/* One heartbeat as a formula: its waveform in the eight independent leads at any time. */
#ifndef SECG_SIMULATE_BEAT_MODEL_H
#define SECG_SIMULATE_BEAT_MODEL_H

#include <stddef.h>
#include <stdint.h>

enum { SECG_MODEL_LEADS = 8, SECG_MODEL_ALL_LEADS = 12 }; /* I II V1..V6; I..aVF V1..V6 */

/* Everything is frozen for the beat; times in seconds, those of waves from the R peak. */
typedef struct secg_beat_form {
    double r_s;                      /* from the start of the record             */
    uint8_t label;                   /* 'N' or 'V'                               */
    double p_start, p_end;           /* equal: no P wave                         */
    double qrs_start, j;             /* exactly: the QRS is 0 outside of these   */
    double t_start, t_peak, t_end;   /* the same for the T wave                  */
    double st_mv;                    /* depression of V5 at J+60, T wave aside   */
    double upright;                  /* 0 supine .. 1 standing                   */
    double p_gain, qrs_gain, t_gain; /* 1: as at rest                            */
} secg_beat_form;

typedef struct secg_beat_conditions {
    double bpm; /* decides PR, P and QT */
    double st_mv, upright, effort;
    double qrs_gain; /* breathing            */
} secg_beat_conditions;

secg_beat_form secg_beat_normal(double r_s, const secg_beat_conditions *conditions);
secg_beat_form secg_beat_ventricular(double r_s, const secg_beat_conditions *conditions);

/* First and last moment at which the beat is not 0. */
double secg_beat_begin_s(const secg_beat_form *beat);
double secg_beat_end_s(const secg_beat_form *beat);
/* Ends the T wave earlier, so that a beat has ended when the one after a short pause begins. */
void secg_beat_end_before(secg_beat_form *beat, double time_s);

/* Middle of the PR segment, where the isoelectric level is taken. */
double secg_beat_isoelectric_s(const secg_beat_form *beat);

/* Adds the beat at a time of the record to the eight leads, in mV. */
void secg_beat_add(const secg_beat_form *beat, double time_s, double *mv);

/* The tracing without noise: the sum of all beats of a list that is sorted by r_s.  *first is a
 * bookmark, 0 at the start, for calls with rising time. */
void secg_beats_at(const secg_beat_form *beats, size_t count, size_t *first, double time_s,
                   double *mv);

/* Twelve leads from eight, in the order of secg_signal_standard_12 (domain.md 2.7). */
void secg_all_leads(const double *eight, double *twelve);

#endif
