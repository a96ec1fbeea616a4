#ifndef SECG_ECG_DELINEATE_SPIKE_H
#define SECG_ECG_DELINEATE_SPIKE_H

#include "ecg/delineate.h"

/* How sharply the leads turn at a row; 0 outside the rows that are asked about. */
float secg_spike_turn(const secg_delineator *delineator, size_t row);

/* Looks through turn [rows], made of the above, for a spike ahead of QRS, whose largest speed is most;
 * sets marks->spike_from_ms and spike_to_ms when there is one. */
void secg_spike_find(const secg_grid *grid, const float *turn, float most, secg_marks *marks);

/* Where the speed, taken over reach_ms to either side, knows nothing of the spike any more, and what it
 * left behind has faded. */
double secg_spike_over_ms(const secg_grid *grid, const float *speed, double reach_ms,
                          const secg_marks *marks);

#endif
