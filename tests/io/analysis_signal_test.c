/* What an analyser is told about a recording: leads, gains, what is no ECG. */
#include "folder.h"
#include "shared_data.h"

#include <stressecg/io.h>

static secg_status open_signal(test_folder *f, const char *header, secg_signal *signal,
                               int32_t *map, secg_error *error)
{
    secg_record *record;
    static const char zeros[400];
    put_text(f, "r.hea", header);
    put_file(f, "r.dat", zeros, sizeof zeros);
    cr_assert_eq(secg_record_open(in_folder(f, "r"), NULL, &record, error), SECG_OK, "%s",
                 error->text);
    secg_status status = secg_record_analysis_signal(record, signal, map, error);
    secg_record_close(record);
    return status;
}

Test(analysis_signal, units_become_counts_per_mv)
{
    test_folder f = folder_make();
    secg_signal s;
    int32_t map[SECG_MAX_CHANNELS];
    secg_error error = {0};
    cr_assert_eq(open_signal(&f,
                             "r 9 500 4\n"
                             "r.dat 16 200 16 0 0 0 0 MLII\n"
                             "r.dat 16 200000(5)/V 16 0 0 0 0 v5\n"
                             "r.dat 16 2.5/uV 16 0 0 0 0 avf\n"
                             "r.dat 16 1000/adu 16 0 0 0 0 chest\n"
                             "r.dat 16 0 16 0 0 0 0 I\n"
                             "r.dat 16\n"
                             "r.dat 16 16/mmHg 16 0 0 0 0 ABP\n"
                             "r.dat 16 4096/NU 16 0 0 0 0 Pleth\n"
                             "r.dat 16 200 16 0 0 0 0 Resp\n",
                             &s, map, &error),
                 SECG_OK, "%s", error.text);
    static const struct {
        secg_lead lead;
        float gain;
        int32_t baseline;
        int unused;
        const char *name;
    } want[] = {{SECG_LEAD_MLII, 200, 0, 0, ""},     {SECG_LEAD_V5, 200, 5, 0, ""},
                {SECG_LEAD_AVF, 2500, 0, 0, ""},     {SECG_LEAD_OTHER, 0, 0, 0, "chest"},
                {SECG_LEAD_I, 0, 0, 0, ""},          {SECG_LEAD_OTHER, 0, 0, 0, ""},
                {SECG_LEAD_OTHER, 0, 0, 1, "ABP"},   {SECG_LEAD_OTHER, 0, 0, 1, "Pleth"},
                {SECG_LEAD_OTHER, 200, 0, 1, "Resp"}};
    cr_assert_eq(s.channels, 9);
    for (int k = 0; k < 9; k++) {
        cr_expect_eq(s.channel[k].lead, want[k].lead, "%d", k);
        cr_expect_eq(s.channel[k].baseline, want[k].baseline, "%d", k);
        cr_expect_eq(s.channel[k].unused, want[k].unused, "%d", k);
        if (!want[k].unused)
            cr_expect_float_eq(s.channel[k].gain_per_mv, want[k].gain, 1e-3, "%d: %g", k,
                               (double)s.channel[k].gain_per_mv);
        if (want[k].name[0])
            cr_expect_str_eq(s.channel[k].name, want[k].name);
        cr_expect_eq(map[k], k);
    }
    folder_remove(&f);
}

/* A resolution below the format's is no limit: such files go beyond it (nstdb 118e00). */
Test(analysis_signal, range_limits)
{
    test_folder f = folder_make();
    secg_signal s;
    int32_t map[SECG_MAX_CHANNELS];
    secg_error error = {0};
    cr_assert_eq(open_signal(&f,
                             "r 2 360 4\n"
                             "r.dat 212 200 12 0 0 0 0 MLII\n"
                             "r.dat 212 200(1024) 11 0 0 0 0 V1\n",
                             &s, map, &error),
                 SECG_OK);
    cr_expect_eq(s.channel[0].saturation_low, -2048);
    cr_expect_eq(s.channel[0].saturation_high, 2047);
    cr_expect_eq(s.channel[1].saturation_low, 0);
    cr_expect_eq(s.channel[1].saturation_high, 0);
    folder_remove(&f);
}

Test(analysis_signal, nothing_to_analyse)
{
    test_folder f = folder_make();
    secg_signal s;
    int32_t map[SECG_MAX_CHANNELS];
    secg_error error = {0};
    cr_expect_eq(open_signal(&f, "r 1 500 4\nr.dat 16 16/mmHg 16 0 0 0 0 ART\n", &s, map, &error),
                 SECG_E_UNSUPPORTED);
    cr_expect_not_null(strstr(error.text, "none of the 1 signals"), "%s", error.text);
    folder_remove(&f);
}

/* More signals than an analyser takes: what is no ECG goes first. */
Test(analysis_signal, more_signals_than_channels)
{
    test_folder f = folder_make();
    secg_signal s;
    int32_t map[SECG_MAX_CHANNELS];
    secg_error error = {0};
    char header[2000] = "r 20 500 4\n";
    for (int k = 0; k < 20; k++)
        sprintf(header + strlen(header), "r.dat 16 200 16 0 0 0 0 %s\n", k < 5 ? "RESP" : "ECG");
    cr_assert_eq(open_signal(&f, header, &s, map, &error), SECG_OK, "%s", error.text);
    cr_assert_eq(s.channels, 15);
    cr_expect_eq(map[0], 5);
    folder_remove(&f);
}

Test(analysis_signal, real_headers)
{
    char path[600];
    secg_record *record;
    secg_signal s;
    int32_t map[SECG_MAX_CHANNELS];
    shared_data(path, sizeof path, "twelve-lead/s0010_re.hea");
    cr_assert_eq(secg_record_open(path, NULL, &record, NULL), SECG_OK);
    cr_assert_eq(secg_record_analysis_signal(record, &s, map, NULL), SECG_OK);
    cr_assert_eq(s.channels, 15);
    for (int k = 0; k < 12; k++)
        cr_expect_eq((int)s.channel[k].lead, SECG_LEAD_I + k);
    cr_expect_eq(s.channel[14].lead, SECG_LEAD_Z);
    secg_record_close(record);
}
