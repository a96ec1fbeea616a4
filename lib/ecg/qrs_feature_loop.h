#ifndef SECG_ECG_QRS_FEATURE_LOOP_H
#define SECG_ECG_QRS_FEATURE_LOOP_H

#include "base/wide.h"
#include "ecg/qrs_feature.h"

/* What loops may reach over the last cell of the rows that they are given. */
enum { SECG_QRS_OVER = 2 * SECG_QUAD - 1 };

/* Steps and leads are one row of cells here, however many leads (lone_loop.h has what one goes through).  Of
 * the cells taken, `count` from the one at `from` on, those before all included: box sums, both band-passes,
 * and how the sums of |bump| change with each step. */
SECG_WIDE_DECLARE(void, secg_qrs_bands_loop, const secg_qrs_feature *feature, size_t from,
                  size_t count, int32_t *change);

/* Leads from k on, over rows of [channels] up to cell `count`: the feature from these changes. */
SECG_WIDE_DECLARE(void, secg_qrs_means_loop, secg_qrs_feature *feature, const int32_t *change,
                  float *level, size_t count, size_t k);

#endif
