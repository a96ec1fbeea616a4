#include "plain_ecg.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <stressecg/spectrum.h>
#include <string.h>

static secg_status look(double rate_hz, double seconds, double mains_hz, double mv, int *found_hz,
                        float *found_mv)
{
    size_t samples = (size_t)(rate_hz * seconds);
    float *x = malloc(samples * sizeof *x);
    for (size_t n = 0; n < samples; n++) {
        plain_ecg((int64_t)n, rate_hz, 72, 1, &x[n]);
        x[n] += (float)(mv * sin(6.283185307179586 * mains_hz * (double)n / rate_hz));
    }
    secg_status status = secg_find_mains(x, samples, rate_hz, found_hz, found_mv);
    free(x);
    return status;
}

/* A sine of known frequency and amplitude on an ECG; the row without one must find none. */
Test(spectrum, finds_the_mains_that_is_there)
{
    if (strcmp(secg_spectrum_engine(), "none") == 0)
        cr_skip_test("built without the spectral engine");
    static const struct {
        double rate_hz, mains_hz, mv;
        int want_hz;
    } row[] = {{500, 60, 0.02, 60},    {500, 50, 0.02, 50},    {360, 59.97, 0.01, 60},
               {1000, 50.1, 0.05, 50}, {250, 60.05, 0.03, 60}, {500, 60, 0, 0},
               {500, 55, 0.05, 0}};
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        int hz;
        float mv;
        cr_assert_eq(look(row[i].rate_hz, 20, row[i].mains_hz, row[i].mv, &hz, &mv), SECG_OK);
        cr_expect_eq(hz, row[i].want_hz, "%g Hz in %g Hz: found %d", row[i].mains_hz,
                     row[i].rate_hz, hz);
        if (row[i].want_hz)
            cr_expect_float_eq(mv, row[i].mv, 0.1 * row[i].mv, "%g mV found as %g", row[i].mv,
                               (double)mv);
    }
}

Test(spectrum, refuses_what_it_cannot_answer)
{
    if (strcmp(secg_spectrum_engine(), "none") == 0)
        cr_skip_test("built without the spectral engine");
    int hz;
    float mv;
    cr_expect_eq(look(500, 7, 60, 0.1, &hz, &mv), SECG_E_ARGUMENT);
    cr_expect_eq(look(125, 20, 50, 0.1, &hz, &mv), SECG_E_ARGUMENT);
    cr_expect_eq(secg_find_mains(NULL, 10000, 500, &hz, &mv), SECG_E_ARGUMENT);
}
