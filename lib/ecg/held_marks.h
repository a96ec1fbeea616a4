#ifndef SECG_ECG_HELD_MARKS_H
#define SECG_ECG_HELD_MARKS_H

#include "ecg/average.h"
#include "ecg/delineate.h"

enum { SECG_HELD_MARKS = 12, SECG_HELD_ROWS = 80 };

/* QRS onset and J of some tables, and what the marks of each are worth. */
typedef struct secg_marks_list {
    float onset_ms[SECG_HELD_MARKS], j_ms[SECG_HELD_MARKS], worth[SECG_HELD_MARKS];
    int count;
} secg_marks_list;

typedef struct secg_held_marks {
    secg_marks_list used, latest;
    int16_t qrs[SECG_HELD_ROWS *
                SECG_STRIDE_MAX]; /* [rows][stride] of the average that those in use are of */
    float qrs_worth;              /* of its marks                                           */
    float onset_ms, j_ms;         /* NaN: none yet                                          */
} secg_held_marks;

void secg_held_marks_forget(secg_held_marks *held);

/* Takes the marks of a new average, of all leads together, whose onset and J are known. */
void secg_held_marks_take(secg_held_marks *held, const secg_average *average,
                          const secg_marks *now);

#endif
