/* Audio files as recordings: every container and sample width, where the gain comes from, and
 * sidecars that lie. */
#include "folder.h"

#include <criterion/parameterized.h>
#include <math.h>
#include <sndfile.h>
#include <stressecg/io.h>

enum { FRAMES = 2500, CHANNELS = 3, RATE = 500 };

typedef struct kind {
    char name[16], container[8];
    int format, bits; /* 0: float */
} kind;

ParameterizedTestParameters(audio, containers)
{
    static kind row[] = {
        {"a.wav", "WAV", SF_FORMAT_WAV | SF_FORMAT_PCM_U8, 8},
        {"b.wav", "WAV", SF_FORMAT_WAV | SF_FORMAT_PCM_16, 16},
        {"c.WAV", "WAV", SF_FORMAT_WAV | SF_FORMAT_PCM_24, 24},
        {"d.wav", "WAV", SF_FORMAT_WAV | SF_FORMAT_PCM_32, 32},
        {"e.wav", "WAV", SF_FORMAT_WAV | SF_FORMAT_FLOAT, 0},
        {"f.wav", "WAV", SF_FORMAT_WAV | SF_FORMAT_DOUBLE, 0},
        {"g.w64", "W64", SF_FORMAT_W64 | SF_FORMAT_PCM_16, 16},
        {"h.rf64", "RF64", SF_FORMAT_RF64 | SF_FORMAT_PCM_24, 24},
        {"i.flac", "FLAC", SF_FORMAT_FLAC | SF_FORMAT_PCM_16, 16},
        {"j.flac", "FLAC", SF_FORMAT_FLAC | SF_FORMAT_PCM_24, 24},
        {"k.flac", "FLAC", SF_FORMAT_FLAC | SF_FORMAT_PCM_S8, 8},
        {"l.aiff", "AIFF", SF_FORMAT_AIFF | SF_FORMAT_PCM_16, 16},
        {"m.aif", "AIFF", SF_FORMAT_AIFF | SF_FORMAT_PCM_S8, 8},
        {"n.caf", "CAF", SF_FORMAT_CAF | SF_FORMAT_PCM_24, 24},
        {"o.caf", "CAF", SF_FORMAT_CAF | SF_FORMAT_FLOAT, 0},
        {"p.w64", "W64", SF_FORMAT_W64 | SF_FORMAT_PCM_U8, 8},
        {"q.w64", "W64", SF_FORMAT_W64 | SF_FORMAT_PCM_24, 24},
        {"r.w64", "W64", SF_FORMAT_W64 | SF_FORMAT_PCM_32, 32},
        {"s.w64", "W64", SF_FORMAT_W64 | SF_FORMAT_FLOAT, 0},
        {"t.rf64", "RF64", SF_FORMAT_RF64 | SF_FORMAT_PCM_U8, 8},
        {"u.rf64", "RF64", SF_FORMAT_RF64 | SF_FORMAT_PCM_16, 16},
        {"v.rf64", "RF64", SF_FORMAT_RF64 | SF_FORMAT_PCM_32, 32},
        {"w.rf64", "RF64", SF_FORMAT_RF64 | SF_FORMAT_FLOAT, 0},
        {"x.aiff", "AIFF", SF_FORMAT_AIFF | SF_FORMAT_PCM_24, 24},
        {"y.aiff", "AIFF", SF_FORMAT_AIFF | SF_FORMAT_PCM_32, 32},
        {"z.aiff", "AIFF", SF_FORMAT_AIFF | SF_FORMAT_FLOAT, 0},
        {"A.caf", "CAF", SF_FORMAT_CAF | SF_FORMAT_PCM_S8, 8},
        {"B.caf", "CAF", SF_FORMAT_CAF | SF_FORMAT_PCM_16, 16},
        {"C.caf", "CAF", SF_FORMAT_CAF | SF_FORMAT_PCM_32, 32},
    };
    return cr_make_param_array(kind, row, sizeof row / sizeof *row);
}

/* Counts that use the whole range of the width, and differ from channel to channel. */
static int32_t count_at(int n, int channel, int bits)
{
    double half = ldexp(1, (bits ? bits : 24) - 1) - 1;
    return (int32_t)lround(half * sin(0.01 * n * (channel + 1) + channel));
}

static void write_audio(const char *path, int format, int bits)
{
    SF_INFO info = {.samplerate = RATE, .channels = CHANNELS, .format = format};
    SNDFILE *file = sf_open(path, SFM_WRITE, &info);
    cr_assert_not_null(file, "%s: %s", path, sf_strerror(NULL));
    static int32_t ints[FRAMES * CHANNELS];
    static double reals[FRAMES * CHANNELS];
    for (int i = 0; i < FRAMES * CHANNELS; i++) {
        int32_t count = count_at(i / CHANNELS, i % CHANNELS, bits);
        ints[i] = bits ? (int32_t)((uint32_t)count << (32 - bits)) : 0;
        reals[i] = count / 8388608.0;
    }
    if (bits)
        cr_assert_eq(sf_writef_int(file, ints, FRAMES), FRAMES);
    else
        cr_assert_eq(sf_writef_double(file, reals, FRAMES), FRAMES);
    sf_close(file);
}

static secg_record *open_record(const char *path, const secg_record_options *options)
{
    secg_record *record;
    secg_error error = {0};
    cr_assert_eq(secg_record_open(path, options, &record, &error), SECG_OK, "%s", error.text);
    return record;
}

ParameterizedTest(kind *k, audio, containers)
{
    test_folder f = folder_make();
    write_audio(in_folder(&f, k->name), k->format, k->bits);
    secg_record *record = open_record(in_folder(&f, k->name), NULL);
    const secg_record_info *info = secg_record_get_info(record);
    cr_expect_str_eq(info->container, k->container);
    cr_expect_eq(info->name[1], 0, "%s", info->name);
    cr_expect_float_eq(info->rate_hz, RATE, 0);
    cr_expect_eq(info->frames, FRAMES);
    cr_expect_eq(info->signals, CHANNELS);
    cr_expect_eq(info->start_unix_ms, SECG_NO_SAMPLE);
    cr_expect_not(info->signal[0].calibrated, "nothing says how many counts a mV are");
    int32_t counts[700 * CHANNELS];
    size_t got;
    int n = 0, wrong = 0;
    while (secg_record_read(record, counts, 700, &got, NULL) == SECG_OK)
        for (size_t i = 0; i < got; i++, n++)
            for (int c = 0; c < CHANNELS; c++)
                wrong += counts[i * CHANNELS + (size_t)c] != count_at(n, c, k->bits);
    cr_expect_eq(n, FRAMES);
    cr_expect_eq(wrong, 0, "%d values differ", wrong);
    cr_assert_eq(secg_record_seek(record, 1234, NULL), SECG_OK);
    cr_assert_eq(secg_record_read(record, counts, 1, &got, NULL), SECG_OK);
    cr_expect_eq(counts[1], count_at(1234, 1, k->bits));
    cr_expect_eq(secg_record_seek(record, FRAMES + 1, NULL), SECG_E_ARGUMENT);
    secg_record_close(record);
    folder_remove(&f);
}

Test(audio, gain_from_the_caller_a_sidecar_or_a_header)
{
    test_folder f = folder_make();
    secg_signal s;
    int32_t map[SECG_MAX_CHANNELS];
    write_audio(in_folder(&f, "x.wav"), SF_FORMAT_WAV | SF_FORMAT_PCM_16, 16);

    put_text(&f, "x.hea",
             "x 3 500.5 0 10:00:00 01/01/2020\nx.wav 16 2000000(3)/V 16 0 0 0 0 V1\n"
             "x.wav 16 400/mV 16 0 0 0 0 V2\nx.wav 16 0 16 0 0 0 0 V3\n");
    secg_record *record = open_record(in_folder(&f, "x.wav"), NULL);
    cr_assert_eq(secg_record_analysis_signal(record, &s, map, NULL), SECG_OK);
    cr_expect_float_eq(s.rate_hz, 500.5, 0);
    cr_expect_float_eq(s.channel[0].gain_per_mv, 2000, 1e-3);
    cr_expect_eq(s.channel[0].baseline, 3);
    cr_expect_float_eq(s.channel[1].gain_per_mv, 400, 0);
    cr_expect_float_eq(s.channel[2].gain_per_mv, 0, 0);
    cr_expect_eq(s.channel[1].lead, SECG_LEAD_V2);
    cr_expect_eq(secg_record_get_info(record)->start_unix_ms, 1577872800000);
    secg_record_close(record);

    put_text(&f, "x.json",
             "{\"gain_per_mv\": [100, 200, 300], \"baseline\": 7, \"leads\": [\"I\", \"II\", "
             "\"V5\"], \"start\": \"2021-03-23T20:20:47.5\"}");
    record = open_record(in_folder(&f, "x.wav"), NULL);
    cr_assert_eq(secg_record_analysis_signal(record, &s, map, NULL), SECG_OK);
    cr_expect_float_eq(s.rate_hz, 500, 0);
    for (int k = 0; k < CHANNELS; k++) {
        cr_expect_float_eq(s.channel[k].gain_per_mv, 100.0f * (float)(k + 1), 0);
        cr_expect_eq(s.channel[k].baseline, 7);
    }
    cr_expect_eq(s.channel[2].lead, SECG_LEAD_V5);
    cr_expect_eq(secg_record_get_info(record)->start_unix_ms, 1616530847500);
    secg_record_close(record);

    record = open_record(in_folder(&f, "x.wav"), &(secg_record_options){.gain_per_mv = 50});
    cr_assert_eq(secg_record_analysis_signal(record, &s, map, NULL), SECG_OK);
    cr_expect_float_eq(s.channel[2].gain_per_mv, 50, 0);
    secg_record_close(record);
    folder_remove(&f);
}

/* Where two of them state a gain, the one that is taken and the one that is not are both named. */
Test(audio, conflicts_are_named)
{
    test_folder f = folder_make();
    write_audio(in_folder(&f, "x.wav"), SF_FORMAT_WAV | SF_FORMAT_PCM_16, 16);
    static const char header[] = "x 3 500 0\nx.wav 16 200/mV 16 0 0 0 0 V1\n"
                                 "x.wav 16 200/mV 16 0 0 0 0 V2\nx.wav 16 200/mV 16 0 0 0 0 V3\n";
    static const struct {
        const char *json;
        double given;
        size_t warnings;
        const char *says;
    } row[] = {
        {"{\"gain_per_mv\": 200, \"leads\": [\"V1\", \"V2\", \"V3\"]}", 0, 0, ""},
        {"{\"gain_per_mv\": 200}", 200, 0, ""},
        {"{\"gain_per_mv\": 100}", 0, 1, "channel 0: a gain of 200, not 100"},
        {"{\"gain_per_mv\": 200}", 100, 1, "200 counts/mV is not used, but the 100 counts/mV"},
        {"{\"leads\": [\"V1\", \"V2\", \"V4\"]}", 0, 1, "channel 2: another lead name"},
        {"{\"rate_hz\": 360}", 0, 2, "a rate of 500 Hz, not 360"},
        {NULL, 100, 1, "x.hea: channel 0: the gain of 200 counts/mV is not used"},
    };
    put_text(&f, "x.hea", header);
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        unlink(in_folder(&f, "x.json"));
        if (row[i].json)
            put_text(&f, "x.json", row[i].json);
        secg_record *record = open_record(in_folder(&f, "x.wav"),
                                          &(secg_record_options){.gain_per_mv = row[i].given});
        const secg_record_info *info = secg_record_get_info(record);
        cr_expect_eq(info->warnings, row[i].warnings, "%zu", i);
        if (info->warnings)
            cr_expect_not_null(strstr(info->warning[0], row[i].says), "%zu: %s", i,
                               info->warning[0]);
        secg_record_close(record);
    }
    static const char *const bad[] = {"x 2 500 0\nx.wav 16\nx.wav 16\n",
                                      "x 4 500 0\nx.wav 16\nx.wav 16\nx.wav 16\nx.wav 16\n",
                                      "x/1 3 500 4\nx 4\n"};
    unlink(in_folder(&f, "x.json"));
    for (size_t i = 0; i < 3; i++) {
        secg_record *record;
        secg_error error = {0};
        put_text(&f, "x.hea", bad[i]);
        cr_expect_eq(secg_record_open(in_folder(&f, "x.wav"), NULL, &record, &error), SECG_E_FORMAT,
                     "%s", bad[i]);
        cr_expect_not_null(strstr(error.text, "x.hea"), "%s", error.text);
    }
    folder_remove(&f);
}

/* A float file in which 0.1 of full scale is 1 mV gives millivolts to its 24 bits. */
Test(audio, gain_of_float_files_is_in_full_scale)
{
    test_folder f = folder_make();
    secg_signal s;
    int32_t map[SECG_MAX_CHANNELS], counts[CHANNELS];
    size_t got;
    write_audio(in_folder(&f, "x.wav"), SF_FORMAT_WAV | SF_FORMAT_FLOAT, 0);
    put_text(&f, "x.json", "{\"gain_per_mv\": 0.1}");
    secg_record *record = open_record(in_folder(&f, "x.wav"), NULL);
    cr_assert_eq(secg_record_analysis_signal(record, &s, map, NULL), SECG_OK);
    cr_assert_eq(secg_record_seek(record, 50, NULL), SECG_OK);
    cr_assert_eq(secg_record_read(record, counts, 1, &got, NULL), SECG_OK);
    cr_expect_float_eq(secg_counts_to_mv(&s.channel[0], counts[0]), 10 * sin(0.5), 3e-6);
    secg_record_close(record);
    folder_remove(&f);
}

Test(audio, values_that_are_no_numbers)
{
    test_folder f = folder_make();
    SF_INFO info = {.samplerate = RATE, .channels = 1, .format = SF_FORMAT_WAV | SF_FORMAT_FLOAT};
    SNDFILE *file = sf_open(in_folder(&f, "x.wav"), SFM_WRITE, &info);
    float value[4] = {NAN, INFINITY, 1e30f, 0.5f};
    cr_assert_eq(sf_writef_float(file, value, 4), 4);
    sf_close(file);
    int32_t counts[4];
    size_t got;
    secg_record *record = open_record(in_folder(&f, "x.wav"), NULL);
    cr_assert_eq(secg_record_read(record, counts, 4, &got, NULL), SECG_OK);
    for (int i = 0; i < 3; i++)
        cr_expect_eq(counts[i], SECG_NO_COUNT, "%d", i);
    cr_expect_eq(counts[3], 4194304);
    secg_record_close(record);
    folder_remove(&f);
}

Test(audio, bad_sidecars_are_refused)
{
    static const char *const text[] = {
        "",
        "[1]",
        "{\"gain_per_mv\": \"200\"}",
        "{\"gain_per_mv\": -200}",
        "{\"gain_per_mv\": 1e300}",
        "{\"gain_per_mv\": [1, 2]}",
        "{\"gain_per_mv\": 1, \"gain_per_mv\": 2}",
        "{\"gian\": 200}",
        "{\"gain\": 200, \"gain_per_mv\": 100}",
        "{\"gain_per_mv\": 100, \"units\": [\"mV\", \"mV\", \"uV\"]}",
        "{\"units\": [\"mV\"]}",
        "{\"format\": \"stressecg-test-1\"}",
        "{\"placement\": \"feet\"}",
        "{\"frames\": 2499}",
        "{\"frames\": -1}",
        "{\"checksum\": 0}",
        "{\"checksum\": [0, 0, 1e9]}",
        "{\"adc_bits\": 12.5}",
        "{\"absent\": {}}",
        "{\"absent\": [1]}",
        "{\"absent\": [{\"first\": 0, \"frames\": 0}]}",
        "{\"absent\": [{\"first\": -1, \"frames\": 5}]}",
        "{\"absent\": [{\"first\": 5, \"frames\": 5}, {\"first\": 9, \"frames\": 1}]}",
        "{\"absent\": [{\"first\": 5, \"frames\": 5, \"channels\": [3]}]}",
        "{\"absent\": [{\"first\": 5, \"frames\": 5, \"channels\": []}]}",
        "{\"absent\": [{\"first\": 5, \"frames\": 9223372036854775807}]}",
        "{\"comments\": [1]}",
        "{\"start\": \"2020-01-01T00:00:00+02:00\"}",
        "{\"start\": \"2020-01-01T00:00:nan\"}",
        "{\"leads\": [\"I\"]}",
        "{\"leads\": [1, 2, 3]}",
        "{\"rate_hz\": 0}",
        "{\"start\": \"yesterday\"}",
        "{\"start\": \"2020-13-01T00:00:00\"}",
        "{\"start\": 12}",
        "{\"baseline\": {}}",
    };
    test_folder f = folder_make();
    write_audio(in_folder(&f, "x.wav"), SF_FORMAT_WAV | SF_FORMAT_PCM_16, 16);
    for (size_t i = 0; i < sizeof text / sizeof *text; i++) {
        secg_record *record;
        secg_error error = {0};
        put_text(&f, "x.json", text[i]);
        cr_expect_eq(secg_record_open(in_folder(&f, "x.wav"), NULL, &record, &error), SECG_E_FORMAT,
                     "%s", text[i]);
        cr_expect_not_null(strstr(error.text, "x.json"), "%s: %s", text[i], error.text);
    }
    folder_remove(&f);
}

Test(audio, files_that_are_none)
{
    test_folder f = folder_make();
    secg_record *record;
    secg_error error = {0};
    put_text(&f, "x.wav", "RIFF");
    cr_expect_eq(secg_record_open(in_folder(&f, "x.wav"), NULL, &record, &error), SECG_E_FORMAT);
    cr_expect_not_null(strstr(error.text, "x.wav"));
    put_text(&f, "x.flac", "");
    cr_expect_eq(secg_record_open(in_folder(&f, "x.flac"), NULL, &record, &error), SECG_E_FORMAT);
    cr_expect_eq(secg_record_open(in_folder(&f, "y.wav"), NULL, &record, &error), SECG_E_FILE);
    folder_remove(&f);
}
