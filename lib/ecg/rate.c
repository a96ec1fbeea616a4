/* The rate shown is 60 000 / mean RR over the RR intervals that end in the last 10 s: the average
 * over 10 s that stress systems print (domain.md 2.5).  Every beat counts, ventricular ones too,
 * so bigeminy reads its true rate and not that of its sinus beats.
 *
 *     bpm = 60 000 n / sum RR,     sigma = bpm s_RR / (mean RR sqrt(n)),
 *
 * s_RR: standard deviation of the intervals.  A step of rate is shown in full when all old
 * intervals have left the window: after 10 s.
 *
 * When beats cease the open interval, from the last beat on, counts as soon as it is longer than
 * the mean by more than a labelled beat may be late: the rate then sinks instead of standing
 * still, until fewer than two intervals are left and there is nothing to average. */
#include "ecg/rate.h"

#include "ecg/beats.h"

#include <math.h>

static const double WINDOW_S = 10, MINUTE_S = 60;
enum { FEWEST_INTERVALS = 2 };

void secg_rate_init(secg_rate_meter *meter, double rate_hz)
{
    *meter = (secg_rate_meter){.rate_hz = rate_hz, .second = 1, .next = llround(rate_hz)};
}

void secg_rate_beat(secg_rate_meter *m, const secg_beat *beat)
{
    if (m->count == SECG_RATE_BEATS) {
        m->first = (m->first + 1) % SECG_RATE_BEATS;
        m->count--;
    }
    int32_t at = (m->first + m->count++) % SECG_RATE_BEATS;
    m->beat[at] = beat->sample;
    m->rr_ms[at] = beat->rr_ms;
    if (beat->label != SECG_BEAT_V)
        return;
    if (m->v_count == SECG_RATE_VENTRICULAR) {
        m->v_first = (m->v_first + 1) % SECG_RATE_VENTRICULAR;
        m->v_count--;
    }
    m->ventricular[(m->v_first + m->v_count++) % SECG_RATE_VENTRICULAR] = beat->sample;
}

static void forget(secg_rate_meter *m, int64_t sample)
{
    int64_t oldest = sample - (int64_t)(WINDOW_S * m->rate_hz);
    while (m->count > 0 && m->beat[m->first] <= oldest) {
        m->first = (m->first + 1) % SECG_RATE_BEATS;
        m->count--;
    }
    oldest = sample - (int64_t)(MINUTE_S * m->rate_hz);
    while (m->v_count > 0 && m->ventricular[m->v_first] <= oldest) {
        m->v_first = (m->v_first + 1) % SECG_RATE_VENTRICULAR;
        m->v_count--;
    }
}

static secg_value measure(const secg_rate_meter *m, int64_t sample, uint16_t *intervals)
{
    double sum = 0, squares = 0, n = 0;
    int64_t last = sample;
    for (int32_t i = 0, at = m->first; i < m->count;
         i++, at = at + 1 < SECG_RATE_BEATS ? at + 1 : 0) {
        double rr = m->rr_ms[at];
        last = m->beat[at];
        if (isnan(rr))
            continue;
        sum += rr;
        squares += rr * rr;
        n++;
    }
    *intervals = (uint16_t)n;
    if (n < FEWEST_INTERVALS) {
        int early = (double)sample < WINDOW_S * m->rate_hz;
        return (secg_value){
            .why = early ? SECG_WHY_NOT_YET : SECG_WHY_FEW_BEATS, .value = NAN, .sigma = NAN};
    }
    double mean = sum / n, variance = fmax(squares / n - mean * mean, 0);
    double open = (double)(sample - last) * 1e3 / m->rate_hz;
    if (open > mean + SECG_BEATS_LABEL_DELAY_MS)
        sum += open, n++;
    double bpm = 6e4 * n / sum;
    return (secg_value){.why = SECG_MEASURED,
                        .value = (float)bpm,
                        .sigma = (float)(bpm * sqrt(variance / n) / mean)};
}

int secg_rate_tick(secg_rate_meter *m, int64_t sample, secg_why signal_why, secg_rate *rate)
{
    if (sample < m->next)
        return 0;
    sample = m->next;
    m->next = llround((double)++m->second * m->rate_hz);
    forget(m, sample);
    *rate = (secg_rate){.sample = sample, .pvc_per_min = (uint16_t)m->v_count};
    if (signal_why == SECG_MEASURED) {
        rate->bpm = measure(m, sample, &rate->beats);
    } else {
        rate->bpm = (secg_value){.why = signal_why, .value = NAN, .sigma = NAN};
    }
    return 1;
}
