#include <criterion/criterion.h>
#include <math.h>
#include <stressecg/signal.h>
#include <string.h>

Test(lead, names_come_back)
{
    for (int lead = 1; lead < SECG_LEAD_COUNT; lead++)
        cr_expect_eq((int)secg_lead_find(secg_lead_name((secg_lead)lead)), lead);
    cr_expect_eq(secg_lead_find(" avl "), SECG_LEAD_AVL);
    cr_expect_eq(secg_lead_find("Lead II"), SECG_LEAD_II);
    cr_expect_eq(secg_lead_find("vx"), SECG_LEAD_X);
    cr_expect_eq(secg_lead_find("RESP"), SECG_LEAD_OTHER);
    cr_expect_eq(secg_lead_find(NULL), SECG_LEAD_OTHER);
}

Test(lead, other_names_of_the_same_lead)
{
    static const struct {
        const char *name;
        secg_lead lead;
    } row[] = {{"D1", SECG_LEAD_I},
               {"d2", SECG_LEAD_II},
               {"D3", SECG_LEAD_III},
               {"DIII", SECG_LEAD_III},
               {"mlii", SECG_LEAD_MLII},
               {"MLII", SECG_LEAD_MLII},
               {"ecg_II", SECG_LEAD_II},
               {"ECG V5", SECG_LEAD_V5},
               {"ECG Lead aVF", SECG_LEAD_AVF},
               {"ECG-V2", SECG_LEAD_V2},
               {"lead_v1", SECG_LEAD_V1},
               {"MDC_ECG_LEAD_aVR", SECG_LEAD_AVR},
               {"EKG: III ", SECG_LEAD_III},
               /* and what must stay unknown: other signs, electrodes, numbers of channels */
               {"-aVR", SECG_LEAD_OTHER},
               {"ECG -aVR", SECG_LEAD_OTHER},
               {"ECG_-aVR", SECG_LEAD_OTHER},
               {"ECG", SECG_LEAD_OTHER},
               {"ECG1", SECG_LEAD_OTHER},
               {"lead 1", SECG_LEAD_OTHER},
               {"ecgII", SECG_LEAD_OTHER},
               {"D4", SECG_LEAD_OTHER},
               {"V10", SECG_LEAD_OTHER},
               {"", SECG_LEAD_OTHER}};
    for (size_t i = 0; i < sizeof row / sizeof *row; i++)
        cr_expect_eq((int)secg_lead_find(row[i].name), (int)row[i].lead, "%s", row[i].name);
}

/* Einthoven and Goldberger, domain.md 2.7. */
Test(lead, derived_leads_satisfy_einthoven)
{
    secg_signal signal = secg_signal_standard_8(500);
    secg_lead_source lead[SECG_MAX_LEADS];
    cr_assert_eq(secg_signal_leads(&signal, lead), 12);
    const float i = 0.7f, ii = 1.1f;
    float value[SECG_LEAD_COUNT] = {0};
    for (int k = 8; k < 12; k++) {
        cr_expect_eq(lead[k].channel, -1);
        value[lead[k].lead] = lead[k].from_i * i + lead[k].from_ii * ii;
    }
    cr_expect_float_eq(i - ii + value[SECG_LEAD_III], 0, 1e-6);
    cr_expect_float_eq(value[SECG_LEAD_AVR] + value[SECG_LEAD_AVL] + value[SECG_LEAD_AVF], 0, 1e-6);
    cr_expect_float_eq(value[SECG_LEAD_AVR], -0.9f, 1e-6);
}

Test(lead, nothing_is_derived_twice)
{
    secg_signal signal = secg_signal_standard_12(500);
    secg_lead_source lead[SECG_MAX_LEADS];
    cr_expect_eq(secg_signal_leads(&signal, lead), 12);
    signal.channel[1].unused = 1; /* no lead II: nothing to derive from */
    cr_expect_eq(secg_signal_leads(&signal, lead), 11);
}

Test(lead, counts_become_millivolts)
{
    secg_channel channel = {.gain_per_mv = 200, .baseline = 1024};
    cr_expect_float_eq(secg_counts_to_mv(&channel, 1224), 1.0f, 0);
    cr_expect(isnan(secg_counts_to_mv(&channel, SECG_NO_COUNT)));
    channel.gain_per_mv = 0; /* uncalibrated: a nominal 200 */
    cr_expect_float_eq(secg_counts_to_mv(&channel, 1024 - 100), -0.5f, 0);
}

struct bad {
    const char *field;
    secg_signal signal;
};

static secg_signal with(double rate_hz, int channels)
{
    secg_signal signal = secg_signal_standard_8(rate_hz);
    signal.channels = channels;
    return signal;
}

Test(lead, a_bad_signal_is_named)
{
    struct bad row[] = {
        {"rate_hz", with(0, 8)},        {"rate_hz", with((double)NAN, 8)},
        {"rate_hz", with(2001, 8)},     {"channels", with(500, 0)},
        {"channels", with(500, 10000)}, {"gain_per_mv", with(500, 8)},
        {"reserved", with(500, 8)},     {"lead", with(500, 8)},
        {"no channel", with(500, 1)},   {"placement", with(500, 8)},
    };
    row[5].signal.channel[3].gain_per_mv = INFINITY;
    row[6].signal.reserved[5] = 1;
    row[7].signal.channel[2].lead = (secg_lead)99;
    row[8].signal.channel[0].unused = 1;
    row[9].signal.placement = (secg_placement)17;
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        secg_error error = {0};
        cr_expect_eq(secg_signal_check(&row[i].signal, &error), SECG_E_ARGUMENT);
        cr_expect_not_null(strstr(error.text, row[i].field), "%s: %s", row[i].field, error.text);
        secg_lead_source lead[SECG_MAX_LEADS];
        cr_expect_eq(secg_signal_leads(&row[i].signal, lead), 0);
    }
}
