/* When each beat happens: sinus rhythm with its variability, and ectopic beats. */
#ifndef SECG_SIMULATE_RHYTHM_H
#define SECG_SIMULATE_RHYTHM_H

#include "simulate/beat_model.h"
#include "simulate/course.h"

/* Room that secg_rhythm_make needs at most. */
size_t secg_rhythm_capacity(const secg_simulated_course *course);

/* Fills beats, sorted by r_s, from the start of the record to a little after its end (a P wave
 * may still begin inside); returns how many. */
size_t secg_rhythm_make(const secg_simulated_course *course, uint64_t seed, double ectopy_scale,
                        secg_beat_form *beats, size_t capacity);

#endif
