/* The truth of each stage, from the formula. */
#ifndef SECG_SIMULATE_TRUTH_H
#define SECG_SIMULATE_TRUTH_H

#include "simulate/beat_model.h"
#include "simulate/course.h"

/* Fills stages (course->stages of them) from all beats of the record. */
void secg_truth_stages(const secg_simulated_course *course, const secg_beat_form *beats,
                       size_t count, secg_simulated_stage *stages);
secg_simulated_beat secg_truth_beat(const secg_beat_form *beat, const secg_beat_form *before,
                                    double rate_hz);

#endif
