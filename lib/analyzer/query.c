/* Queries and commands of an analyser that are not part of the stream. */
#include "analyzer/layout.h"

#include <math.h>
#include <string.h>

/* What dsp/baseline.c, dsp/mains.c and ecg/measure.c do, in the words that are printed. */
const char *secg_path_text(secg_path path)
{
    switch (path) {
    case SECG_PATH_MEASUREMENT:
        return "measurement path: wander removed by curves through PR segments, below 133 bpm "
               "after a zero-phase mean of 2.5 s; mains by an adaptive sinusoid; level against "
               "the PR segment of the average complex";
    case SECG_PATH_DISPLAY:
        return "display path: band limits as printed with the strip";
    case SECG_PATH_NONE:
        break;
    }
    return "no path";
}

secg_status secg_analyzer_complex(const secg_analyzer *ecg, size_t lead, secg_complex *complex,
                                  float *mv, size_t capacity)
{
    const float *samples;
    if (!ecg || !complex || secg_analyzer_complex_view(ecg, lead, complex, &samples) != SECG_OK)
        return SECG_E_ARGUMENT;
    if (!mv || complex->samples == 0)
        return SECG_OK;
    if (capacity < complex->samples)
        return SECG_E_ARGUMENT;
    memcpy(mv, samples, complex->samples * sizeof *mv);
    return SECG_OK;
}

secg_status secg_analyzer_rest_complex(const secg_analyzer *ecg, size_t lead, secg_complex *complex,
                                       float *mv, size_t capacity)
{
    if (!ecg || !complex || lead >= ecg->leads)
        return SECG_E_ARGUMENT;
    *complex = (secg_complex){.sample = SECG_NO_SAMPLE, .rate_hz = ecg->config.signal.rate_hz};
    if (ecg->measure)
        secg_measure_rest(ecg->measure, lead, complex, NULL);
    if (complex->samples > 0 && mv) {
        if (capacity < complex->samples)
            return SECG_E_ARGUMENT;
        secg_measure_rest(ecg->measure, lead, complex, mv);
    }
    secg_analyzer_strip_uncalibrated(ecg, lead, &complex->st);
    return SECG_OK;
}

secg_status secg_analyzer_complex_marks(const secg_analyzer *ecg, size_t lead,
                                        secg_wave_marks *marks)
{
    if (!ecg || !marks || lead >= ecg->leads)
        return SECG_E_ARGUMENT;
    secg_marks m = ecg->measure ? secg_measure_lead_marks(ecg->measure, lead) : secg_marks_none();
    *marks = secg_marks_public(&m);
    return SECG_OK;
}

size_t secg_analyzer_complex_capacity(const secg_analyzer *ecg)
{
    return ecg ? secg_measure_complex_samples(ecg->config.signal.rate_hz) : 0;
}

secg_status secg_analyzer_relearn(secg_analyzer *ecg)
{
    if (!ecg)
        return SECG_E_ARGUMENT;
    if (!ecg->measure || ecg->flush != SECG_FLUSH_NOT_BEGUN)
        return SECG_E_STATE;
    secg_measure_relearn(ecg->measure);
    return SECG_OK;
}

secg_status secg_analyzer_keep_rest(secg_analyzer *ecg)
{
    if (!ecg)
        return SECG_E_ARGUMENT;
    if (!ecg->measure)
        return SECG_E_STATE;
    secg_measure_keep_rest(ecg->measure);
    return SECG_OK;
}

secg_status secg_analyzer_override_j(secg_analyzer *ecg, float j_ms)
{
    if (!ecg || (!isnan(j_ms) && !(j_ms > 0 && j_ms < 200)))
        return SECG_E_ARGUMENT;
    if (!ecg->measure)
        return SECG_E_STATE;
    secg_measure_override_j(ecg->measure, j_ms);
    return SECG_OK;
}
