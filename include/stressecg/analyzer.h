/* analyzer.h: the streaming pipeline: configure, create, push, poll, flush.
 *
 *     secg_signal signal = secg_signal_standard_8(500);
 *     secg_analyzer *ecg;
 *     if (secg_analyzer_create(&(secg_analyzer_config){.signal = signal, .mains_hz = 60}, &ecg, NULL)
 *         != SECG_OK) ...
 *     for (size_t taken; frames > 0; frames -= taken, counts += taken * 8) {
 *         secg_analyzer_push_i16(ecg, counts, frames, &taken);
 *         for (secg_event e; secg_analyzer_poll(ecg, &e) == SECG_OK;)
 *             ...
 *     }
 *
 * Memory: everything is taken at creation in one block; secg_analyzer_memory() tells how much
 * before.  Real time: push and poll never allocate, lock, log or call the system.
 * Any chunking gives the same events: one frame at a time or an hour at once, as int16, int32 or
 * float.  Same build, same bits.
 * Threads: one pushes (and calls reset, flush, and the setters), one other may poll at the same
 * time.  Different analysers are independent. */
#ifndef STRESSECG_ANALYZER_H
#define STRESSECG_ANALYZER_H

#include "event.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct secg_analyzer secg_analyzer;

typedef struct secg_analyzer_config {
    secg_signal signal;      /* required                                                 */
    int32_t mains_hz;        /* 50 or 60; 0: no mains filter                             */
    secg_st_point st_point;  /* 0: automatic                                             */
    uint32_t event_capacity; /* events held unpolled; 0: 1024, at least 256, at most 2^20 */
    uint8_t no_search_back;  /* 1: missed beats are not looked for again                 */
    uint8_t no_st;           /* 1: beats, rate and rhythm only                           */
    uint8_t no_labels;       /* 1, with no_st: QRS complexes and rate only, see below    */
    uint8_t no_qrs;          /* 1: no QRS events: a beat is told of once it is decided   */
    uint8_t reserved[56];    /* must be zero                                             */
} secg_analyzer_config;

/* With no_labels beats are found where they are found with labels, and come out as soon as they are
 * decided, all of them as SECG_BEAT_Q; there are no RHYTHM events, and SECG_PVC_NOT_COUNTED in those of
 * the rate.  A secg_test takes no such analyser, since its record counts ventricular beats.
 * no_st, no_labels and no_qrs together find beats and rate at the least cost ("detect" in bench/README.md). */

/* Bytes that an analyser with this configuration takes; 0 and SECG_E_ARGUMENT in error when the
 * configuration is bad. */
SECG_API size_t secg_analyzer_memory(const secg_analyzer_config *config, secg_error *error);

/* SECG_E_ARGUMENT names the field; SECG_E_MEMORY.  *analyzer is NULL after any failure. */
SECG_API secg_status secg_analyzer_create(const secg_analyzer_config *config,
                                          secg_analyzer **analyzer, secg_error *error);
SECG_API void secg_analyzer_destroy(secg_analyzer *analyzer); /* NULL is fine */

/* Takes frames: one count per channel, interleaved, in the signal's order.
 *
 * When unpolled events fill the queue it stops early: SECG_AGAIN, *taken < frames.  Poll, then
 * push the rest.  No sample and no event is ever dropped, so an hour in one call equals an hour
 * of calls.  counts stays the caller's; taken may not be NULL.
 *
 * i16: SECG_NO_COUNT_16, i32: SECG_NO_COUNT, mv (millivolts): NaN or infinity mark values that
 * were not acquired.  To push the float that equals an integer, use secg_counts_to_mv().
 *
 * SECG_E_ARGUMENT: NULL.  SECG_E_STATE: after flush.  Then nothing was taken. */
SECG_API SECG_REALTIME secg_status secg_analyzer_push_i16(secg_analyzer *analyzer,
                                                          const int16_t *counts, size_t frames,
                                                          size_t *taken);
SECG_API SECG_REALTIME secg_status secg_analyzer_push_i32(secg_analyzer *analyzer,
                                                          const int32_t *counts, size_t frames,
                                                          size_t *taken);
SECG_API SECG_REALTIME secg_status secg_analyzer_push_mv(secg_analyzer *analyzer, const float *mv,
                                                         size_t frames, size_t *taken);

/* The next event: SECG_OK, or SECG_AGAIN when there is none now, or SECG_END when there will be
 * none any more (flushed and drained). */
SECG_API SECG_REALTIME secg_status secg_analyzer_poll(secg_analyzer *analyzer, secg_event *event);

/* A pacer pulse was seen by the front end on the next frame to be pushed. */
SECG_API SECG_REALTIME secg_status secg_analyzer_flag_pacer(secg_analyzer *analyzer);

/* End of record: drains all delays.  SECG_AGAIN: poll, then call again.  SECG_OK: done; from here
 * only poll, queries, reset and destroy.  Calling it once more is harmless. */
SECG_API SECG_REALTIME secg_status secg_analyzer_flush(secg_analyzer *analyzer);

/* Back to the state after creation; keeps memory and settings; unpolled events are gone.  No
 * other thread may poll meanwhile. */
SECG_API secg_status secg_analyzer_reset(secg_analyzer *analyzer);

/* Frames taken since creation or reset. */
SECG_API int64_t secg_analyzer_frames(const secg_analyzer *analyzer);

/* A running 64-bit hash over every event in order of emission.  Equal digests: equal events, to
 * the last bit.  Not a cryptographic digest. */
SECG_API uint64_t secg_analyzer_digest(const secg_analyzer *analyzer);

/* The leads that ST and signal events refer to by index. */
SECG_API size_t secg_analyzer_leads(const secg_analyzer *analyzer, const secg_lead_source **leads);
SECG_API const secg_signal *secg_analyzer_signal(const secg_analyzer *analyzer);

/* Longest time from a sample to its events: beats 1.2 s; ST: the delay of the measurement path. */
SECG_API int64_t secg_analyzer_latency_samples(const secg_analyzer *analyzer, secg_path path);

/* What an average complex is and where its marks are, those of all leads together.  Times in ms are
 * relative to the R peak, at sample index r_index; NaN: not found.
 *
 * J is the end of QRS itself, which the ST points are counted from: where the speed of all leads
 * would come down to nothing.  Annotators, who see a wave end where it is lost in the line, mark it
 * up to 4 ms earlier; delineate.h follows them.  J and QRS onset are found once and used again until QRS
 * itself has another shape and other ends, or a quieter average shows them better: a change of ST does
 * not move the place it is read at.
 *
 * rate_hz is the recording's own, thinned out as far as it stays over 245 Hz (250 for 500 and 1000), or
 * a multiple of it over 245. */
typedef struct secg_complex {
    int64_t sample; /* end of the time it stands for                            */
    double rate_hz;
    uint32_t samples; /* 0: there is none                                         */
    uint32_t r_index;
    float p_onset_ms, p_end_ms, qrs_onset_ms, j_ms, t_peak_ms, t_end_ms;
    float isoelectric_from_ms, isoelectric_to_ms, isoelectric_mv;
    float noise_mv, bpm;
    uint16_t beats;
    uint8_t j_by_operator, reserved;
    secg_st st; /* the measurement made on it                               */
} secg_complex;

/* Copies the present average complex of a lead.  mv (room for capacity samples) may be NULL.
 * Thread: the pushing one.  SECG_E_ARGUMENT: no such lead, or capacity too small. */
SECG_API secg_status secg_analyzer_complex(const secg_analyzer *analyzer, size_t lead,
                                           secg_complex *complex, float *mv, size_t capacity);
/* The same of the rest template, which secg_analyzer_keep_rest() keeps; samples is 0 before that.
 * Kept to 1 uV.  Thread and errors as above. */
SECG_API secg_status secg_analyzer_rest_complex(const secg_analyzer *analyzer, size_t lead,
                                                secg_complex *complex, float *mv, size_t capacity);
/* Marks of one lead alone, on its present average complex.  Those of all leads together, which ST is
 * measured by, stand in secg_complex; a lead's own lie near them: QRS onset within 25 ms, J within
 * 30 ms, P and T where all leads together have one.  J here is where the eye loses QRS, as annotators mark
 * it and as in delineate.h.  All NaN where there is no complex or the lead shows no QRS.
 * Some 50 000 instructions; nothing is kept.  Thread and errors as above. */
SECG_API secg_status secg_analyzer_complex_marks(const secg_analyzer *analyzer, size_t lead,
                                                 secg_wave_marks *marks);
/* What a rhythm event of this kind is counted by, with its thresholds: "RR of 2000 ms or longer".
 * Returns text, always terminated; 96 are enough. */
SECG_API char *secg_rhythm_rule_text(secg_rhythm_kind kind, char *text, size_t size);

/* The most samples a complex can have with this configuration. */
SECG_API size_t secg_analyzer_complex_capacity(const secg_analyzer *analyzer);

/* Forget the averages (posture or electrodes changed); keep the present ones as rest template;
 * set the J point by hand, ms after R (NaN: automatic again).  Thread: the pushing one. */
SECG_API secg_status secg_analyzer_relearn(secg_analyzer *analyzer);
SECG_API secg_status secg_analyzer_keep_rest(secg_analyzer *analyzer);
SECG_API secg_status secg_analyzer_override_j(secg_analyzer *analyzer, float j_ms);

#ifdef __cplusplus
}
#endif
#endif
