#include "ecg/classify_loop.h"

enum {
    EVIDENCE = SECG_CLASSIFY_EVIDENCE,
    HIDDEN = SECG_CLASSIFY_HIDDEN,
    KINDS = SECG_CLASSIFY_KINDS,
    HIDDEN_WIDES = HIDDEN / SECG_WIDE_LANES
};
_Static_assert(HIDDEN % SECG_WIDE_LANES == 0, "hidden units fill vectors");

/* Log odds against N are linear in the evidence and in bent sums of it. */
typedef struct network {
    float linear[KINDS][EVIDENCE], out[KINDS][HIDDEN];
    float bend[HIDDEN], hidden[EVIDENCE][HIDDEN];
} network;

#include "ecg/classify_weights.h" /* NETWORK, of the type above */

/* Adds up what evidence says, in a straight line to odds and to the hidden units, of which comes what they
 * bend it to: u / (1 + |u|).  Half of the evidence of a usual beat is 0. */
SECG_INLINE void weigh(const float *x, float *odds, float *hidden)
{
    secg_wide u[HIDDEN_WIDES];
    float v = 0, s = 0;
    memcpy(u, NETWORK.bend, sizeof u);
    for (int32_t i = 0; i < EVIDENCE; i++) {
        if (x[i] == 0)
            continue;
        v += NETWORK.linear[SECG_CLASSIFY_V][i] * x[i];
        s += NETWORK.linear[SECG_CLASSIFY_S][i] * x[i];
        for (int32_t q = 0; q < HIDDEN_WIDES; q++)
            u[q] += secg_wide_load(NETWORK.hidden[i] + q * SECG_WIDE_LANES) * x[i];
    }
    for (int32_t q = 0; q < HIDDEN_WIDES; q++)
        secg_wide_store(hidden + q * SECG_WIDE_LANES, u[q] / (1 + secg_wide_size(u[q])));
    odds[SECG_CLASSIFY_V] = v;
    odds[SECG_CLASSIFY_S] = s;
}

/* Sums are of quads whatever the width. */
void SECG_WIDE_NAME(secg_classify_loop)(const float *x, float *odds)
{
    float hidden[HIDDEN];
    weigh(x, odds, hidden);
    for (int32_t kind = 0; kind < KINDS; kind++) {
        secg_quad sum = {0};
        for (int32_t i = 0; i < HIDDEN; i += SECG_QUAD)
            sum += secg_quad_load(NETWORK.out[kind] + i) * secg_quad_load(hidden + i);
        odds[kind] += secg_quad_total(sum);
    }
}
