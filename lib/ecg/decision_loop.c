#include "ecg/decision_loop.h"

typedef struct network {
    float bias, linear_own[SECG_DECISION_OWN], linear_timing[SECG_DECISION_TIMING];
    float out[SECG_DECISION_HIDDEN], bend[SECG_DECISION_HIDDEN]; /* of hidden units         */
    float own[SECG_DECISION_OWN][SECG_DECISION_HIDDEN];
    float timing[SECG_DECISION_TIMING][SECG_DECISION_HIDDEN];
} network;

#include "ecg/decision_weights.h" /* NETWORK, of the type above */

enum { HIDDEN_WIDES = SECG_DECISION_HIDDEN / SECG_WIDE_LANES };
_Static_assert(SECG_DECISION_HIDDEN % SECG_WIDE_LANES == 0, "hidden units fill vectors");

/* Adds what evidence says to the hidden units; rows of [count][SECG_DECISION_HIDDEN]. */
SECG_INLINE void bend(secg_wide *hidden, const float (*rows)[SECG_DECISION_HIDDEN], const float *x,
                      int32_t count)
{
    for (int32_t e = 0; e < count; e++)
        for (int32_t q = 0; q < HIDDEN_WIDES; q++)
            hidden[q] += secg_wide_load(rows[e] + q * SECG_WIDE_LANES) * x[e];
}

SECG_INLINE float add_linear(float sum, const float *weight, const float *x, int32_t count)
{
    for (int32_t e = 0; e < count; e++)
        sum += weight[e] * x[e];
    return sum;
}

float SECG_WIDE_NAME(secg_decision_own_loop)(const float *x, float *hidden)
{
    secg_wide u[HIDDEN_WIDES];
    memcpy(u, NETWORK.bend, sizeof u);
    bend(u, NETWORK.own, x, SECG_DECISION_OWN);
    memcpy(hidden, u, sizeof u);
    return add_linear(NETWORK.bias, NETWORK.linear_own, x, SECG_DECISION_OWN);
}

float SECG_WIDE_NAME(secg_decision_timing_loop)(const float *x, float own, const float *hidden)
{
    secg_wide u[HIDDEN_WIDES];
    float z = add_linear(own, NETWORK.linear_timing, x, SECG_DECISION_TIMING);
    memcpy(u, hidden, sizeof u);
    bend(u, NETWORK.timing, x, SECG_DECISION_TIMING);
    for (int32_t q = 0; q < HIDDEN_WIDES; q++) {
        secg_wide out = secg_wide_load(NETWORK.out + q * SECG_WIDE_LANES) * u[q];
        out /= 1 + secg_wide_size(u[q]);
        for (int32_t i = 0; i < SECG_WIDE_LANES; i++)
            z += out[i];
    }
    return z;
}
