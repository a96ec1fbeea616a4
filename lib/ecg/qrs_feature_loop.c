#include "ecg/qrs_feature_loop.h"

/* `box` is a constant where this is used, for the steps of usual rates. */
SECG_INLINE void sum_boxes(const secg_qrs_feature *f, size_t from, size_t count, size_t box)
{
    size_t channels = f->channels;
    const int32_t *x = f->new_x + from - (box - 1) * channels;
    int32_t *sum = f->new_sum + from;
    for (size_t i = 0; i < count; i += SECG_WIDE_LANES, x += SECG_WIDE_LANES) {
        secg_wide_mask s = secg_wide_load_whole(x);
        for (size_t j = 1; j < box; j++)
            s += secg_wide_load_whole(x + j * channels);
        secg_wide_store_whole(sum + i, s);
    }
}

static void pass_bands(const secg_qrs_feature *f, size_t from, size_t count)
{
    size_t box = (size_t)f->box * f->channels;
    const int32_t *s = f->new_sum + from - 5 * box;
    int32_t *bump = f->new_bump + from, *wide = f->new_wide + from;
    for (size_t i = 0; i < count; i += SECG_WIDE_LANES, s += SECG_WIDE_LANES) {
        secg_wide_mask s_0 = secg_wide_load_whole(s + 5 * box);
        secg_wide_mask s_1 = secg_wide_load_whole(s + 4 * box);
        secg_wide_mask s_2 = secg_wide_load_whole(s + 3 * box);
        secg_wide_mask inner = s_2 + secg_wide_load_whole(s + 2 * box);
        secg_wide_mask outer = secg_wide_load_whole(s + box) + secg_wide_load_whole(s);
        secg_wide_store_whole(bump + i, s_1 + s_1 - s_0 - s_2);
        secg_wide_store_whole(wide + i, inner + inner - s_0 - s_1 - outer);
    }
}

static inline secg_wide_mask size_of(const int32_t *x)
{
    return secg_wide_size_whole(secg_wide_load_whole(x));
}

static void find_changes(const secg_qrs_feature *f, size_t from, size_t count, int32_t *change)
{
    const int32_t *is = f->new_bump + from, *was = is - (size_t)f->mean * f->channels;
    for (size_t i = 0; i < count; i += SECG_WIDE_LANES)
        secg_wide_store_whole(change + i, size_of(is + i) - size_of(was + i));
}

void SECG_WIDE_NAME(secg_qrs_bands_loop)(const secg_qrs_feature *f, size_t from, size_t count,
                                         int32_t *change)
{
    if (f->box == 3)
        sum_boxes(f, from, count, 3);
    else
        sum_boxes(f, from, count, (size_t)f->box);
    pass_bands(f, from, count);
    find_changes(f, from, count, change);
}

enum { QUADS = SECG_WIDE_LANES / SECG_QUAD };

void SECG_WIDE_NAME(secg_qrs_means_loop)(secg_qrs_feature *f, const int32_t *change, float *level,
                                         size_t count, size_t k)
{
    secg_quad_sums energy[QUADS];
    memcpy(energy, f->energy + k, sizeof energy);
    for (size_t i = k; i < count; i += f->channels)
        for (size_t q = 0; q < QUADS; q++) {
            secg_quad_mask more;
            memcpy(&more, change + i + q * SECG_QUAD, sizeof more);
            energy[q] += SECG_QUAD_TO_SUMS(more);
            secg_quad mean = __builtin_convertvector(energy[q], secg_quad) * f->mv_per_energy;
            secg_quad_store(level + i + q * SECG_QUAD, mean);
        }
    memcpy(f->energy + k, energy, sizeof energy);
}
