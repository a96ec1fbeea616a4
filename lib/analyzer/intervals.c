#include <stressecg/intervals.h>

#include <math.h>

/* Standard deviations of the marks against cardiologists, ms (bench/README.md, LUDB). */
static const float p_onset_sd_ms = 16, qrs_onset_sd_ms = 7, j_sd_ms = 7, t_end_sd_ms = 15;

static secg_value missing(secg_why why)
{
    return (secg_value){.why = why, .value = NAN, .sigma = NAN};
}

static secg_value between(float from_ms, float to_ms, float from_sd_ms, float to_sd_ms)
{
    float value = to_ms - from_ms;
    if (!(value > 0))
        return missing(SECG_WHY_NO_FIDUCIAL);
    return (secg_value){SECG_MEASURED, value, hypotf(from_sd_ms, to_sd_ms)};
}

static secg_value corrected(secg_value qt_ms, float bpm)
{
    if (qt_ms.why != SECG_MEASURED)
        return qt_ms;
    if (!(bpm > 0))
        return missing(SECG_WHY_FEW_BEATS);
    float root = cbrtf(60 / bpm);
    return (secg_value){SECG_MEASURED, qt_ms.value / root, qt_ms.sigma / root};
}

/* At fast rates P begins before T has ended, and where it begins cannot be seen. */
static int p_on_t(const secg_complex *c)
{
    return c->t_end_ms > c->p_onset_ms + 60000 / c->bpm;
}

/* The first complex whose marks can be used; otherwise *why tells why there is none. */
static const secg_complex *usable(const secg_complex *complex, size_t leads, secg_why *why)
{
    *why = SECG_WHY_NOT_YET;
    for (size_t k = 0; complex && k < leads; k++) {
        secg_why st = (secg_why)complex[k].st.why;
        if (complex[k].samples == 0)
            continue;
        if (st == SECG_MEASURED || st == SECG_WHY_UNCALIBRATED)
            return &complex[k];
        if (*why == SECG_WHY_NOT_YET)
            *why = st;
    }
    return NULL;
}

secg_intervals secg_complex_intervals(const secg_complex *complex, size_t leads)
{
    secg_why why;
    const secg_complex *c = usable(complex, leads, &why);
    if (!c)
        return (secg_intervals){missing(why), missing(why), missing(why), missing(why)};
    secg_value qt = between(c->qrs_onset_ms, c->t_end_ms, qrs_onset_sd_ms, t_end_sd_ms);
    return (secg_intervals){
        .pr_ms = p_on_t(c)
                     ? missing(SECG_WHY_NO_FIDUCIAL)
                     : between(c->p_onset_ms, c->qrs_onset_ms, p_onset_sd_ms, qrs_onset_sd_ms),
        .qrs_ms = between(c->qrs_onset_ms, c->j_ms, qrs_onset_sd_ms, j_sd_ms),
        .qt_ms = qt,
        .qtc_ms = corrected(qt, c->bpm),
    };
}

const char *secg_qtc_formula_text(void)
{
    return "Fridericia: QT / (RR / 1 s)^(1/3)";
}
