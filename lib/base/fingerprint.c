/* FNV-1a, 64 bit (Fowler, Noll, Vo; parameters of draft-eastlake-fnv): h = (h ^ byte) * prime.
 * Fields go in as little-endian bytes, so the hash does not depend on the machine's byte order. */
#include "base/fingerprint.h"

#include <math.h>
#include <string.h>

typedef struct hasher {
    uint64_t hash;
} hasher;

static void add(hasher *h, uint64_t value, int bytes)
{
    for (int i = 0; i < bytes; i++) {
        h->hash = (h->hash ^ (value & 0xff)) * UINT64_C(0x100000001b3);
        value >>= 8;
    }
}

static void add_sample(hasher *h, int64_t sample)
{
    add(h, (uint64_t)sample, 8);
}

static void add_float(hasher *h, float value)
{
    uint32_t bits = 0x7fc00000u;
    if (!isnan(value))
        memcpy(&bits, &value, sizeof bits);
    add(h, bits, 4);
}

static void add_text(hasher *h, const char *text, size_t size)
{
    for (size_t i = 0; i < size && text[i]; i++)
        add(h, (unsigned char)text[i], 1);
    add(h, 0, 1);
}

static void add_beat(hasher *h, const secg_beat *beat)
{
    add_sample(h, beat->sample);
    add_float(h, beat->offset_samples);
    add(h, beat->label, 1);
    add(h, beat->paced, 1);
    add(h, beat->leads_used, 1);
    add_float(h, beat->rr_ms);
    add_float(h, beat->noise_mv);
}

static void add_rate(hasher *h, const secg_rate *rate)
{
    add_sample(h, rate->sample);
    add(h, (uint64_t)rate->bpm.why, 4);
    add_float(h, rate->bpm.value);
    add_float(h, rate->bpm.sigma);
    add(h, rate->beats, 2);
    add(h, rate->pvc_per_min, 2);
}

static void add_st(hasher *h, const secg_st *st)
{
    const float value[] = {
        st->level_mv,      st->sigma_mv,     st->slope_mv_s,   st->slope_sigma_mv_s,
        st->level_j_mv,    st->level_j60_mv, st->level_j80_mv, st->level_jrr16_mv,
        st->integral_mv_s, st->noise_mv,     st->bpm,          st->age_s};
    add_sample(h, st->sample);
    add(h, st->lead, 1);
    add(h, st->point, 1);
    add(h, st->why, 1);
    add(h, st->path, 1);
    add(h, st->beats, 2);
    for (size_t i = 0; i < sizeof value / sizeof *value; i++)
        add_float(h, value[i]);
}

static void add_stage(hasher *h, const secg_stage_event *stage)
{
    add_sample(h, stage->sample);
    add(h, stage->phase, 2);
    add(h, (uint16_t)stage->stage, 2);
    add(h, stage->automatic, 4);
    add_float(h, stage->speed_mph);
    add_float(h, stage->grade_pct);
    add_float(h, stage->power_w);
    add_text(h, stage->label, sizeof stage->label);
}

static void add_load(hasher *h, const secg_load *load)
{
    add_sample(h, load->sample);
    add(h, load->phase, 2);
    add(h, (uint16_t)load->stage, 2);
    add(h, load->cause, 4);
    add_float(h, load->speed_mph);
    add_float(h, load->grade_pct);
    add_float(h, load->power_w);
}

uint64_t secg_fingerprint(uint64_t hash, const secg_event *event)
{
    hasher h = {hash};
    add(&h, event->kind, 4);
    add_sample(&h, event->emitted);
    switch (event->kind) {
    case SECG_EVENT_BEAT:
        add_beat(&h, &event->beat);
        break;
    case SECG_EVENT_RATE:
        add_rate(&h, &event->rate);
        break;
    case SECG_EVENT_ST:
        add_st(&h, &event->st);
        break;
    case SECG_EVENT_RHYTHM:
        add_sample(&h, event->rhythm.start);
        add_sample(&h, event->rhythm.end);
        add(&h, event->rhythm.kind, 2);
        add(&h, event->rhythm.beats, 2);
        add_float(&h, event->rhythm.bpm);
        break;
    case SECG_EVENT_SIGNAL:
        add_sample(&h, event->signal.sample);
        add(&h, (uint16_t)event->signal.lead, 2);
        add(&h, event->signal.state, 1);
        add(&h, event->signal.previous, 1);
        add_float(&h, event->signal.noise_mv);
        break;
    case SECG_EVENT_STAGE:
        add_stage(&h, &event->stage);
        break;
    case SECG_EVENT_PROMPT:
        add_sample(&h, event->prompt.sample);
        add(&h, event->prompt.kind, 2);
        add(&h, (uint16_t)event->prompt.stage, 2);
        add(&h, event->prompt.lacks, 4);
        add_float(&h, event->prompt.value);
        break;
    case SECG_EVENT_LOAD:
        add_load(&h, &event->load);
        break;
    case SECG_EVENT_QRS:
        add_sample(&h, event->qrs.sample);
        add_float(&h, event->qrs.offset_samples);
        add(&h, event->qrs.leads_used, 1);
        break;
    default:
        break;
    }
    return h.hash;
}
