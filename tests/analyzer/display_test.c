/* The display as a vendor uses it. */
#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>
#include <stressecg/display.h>
#include <string.h>

static secg_display *make(secg_display_config config)
{
    secg_display *display;
    cr_assert_eq(secg_display_create(&config, &display, NULL), SECG_OK);
    return display;
}

static float wave(size_t n, size_t k)
{
    return (float)(5 + sin(0.02 * (double)n) + 0.1 * (double)((n * 7919 + k * 104729) % 101));
}

/* Whole or in pieces, the same bits; and the same again after reset. */
Test(display, any_chunking_same_output)
{
    enum { FRAMES = 6000, CHANNELS = 3 };
    static float in[FRAMES * CHANNELS], whole[FRAMES * CHANNELS], pieces[FRAMES * CHANNELS];
    secg_display *d = make((secg_display_config){
        .rate_hz = 360, .channels = CHANNELS, .lowpass = SECG_DISPLAY_TO_40_HZ, .mains_hz = 60});
    for (size_t n = 0; n < FRAMES; n++)
        for (size_t k = 0; k < CHANNELS; k++)
            in[n * CHANNELS + k] = n > 2000 && n < 2100 && k == 1 ? NAN : wave(n, k);
    secg_display_run(d, in, whole, FRAMES);
    secg_display_reset(d);
    memcpy(pieces, in, sizeof in);
    size_t piece = 1;
    for (size_t n = 0; n < FRAMES; n += piece, piece = piece * 5 % 97 + 1) {
        size_t now = FRAMES - n < piece ? FRAMES - n : piece;
        secg_display_run(d, pieces + n * CHANNELS, pieces + n * CHANNELS, now); /* in place */
    }
    cr_expect_eq(memcmp(whole, pieces, sizeof whole), 0);
    secg_display_destroy(d);
}

enum { LIVE_HZ = 500, LIVE_FRAMES = 20 * LIVE_HZ, LIVE_MOST = 3 };

/* Two channels in use beside one that is not, with hum, gaps and a value that no amplifier delivers. */
static void make_live(float *pushed, float *used)
{
    for (size_t n = 0; n < LIVE_FRAMES; n++)
        for (size_t k = 0; k < LIVE_MOST; k++) {
            float hum = 0.2f * (float)sin(2 * 3.14159265 * 50.1 * (double)n / LIVE_HZ);
            float mv = wave(n, k) + hum + (n > 4000 && k == 2 ? 120 : 0);
            mv = n > 3000 && n < 4000 && k == 2 ? NAN : n == 5000 && k == 0 ? INFINITY : mv;
            pushed[n * LIVE_MOST + k] = mv;
            if (k != 1)
                used[n * 2 + k / 2] = mv;
        }
}

static secg_analyzer *make_analyzer(int mains_hz, uint8_t no_st)
{
    secg_analyzer *ecg;
    secg_analyzer_config config = {
        .signal = secg_signal_standard_12(LIVE_HZ), .mains_hz = mains_hz, .no_st = no_st};
    config.signal.channels = LIVE_MOST;
    config.signal.channel[1].unused = 1;
    cr_assert_eq(secg_analyzer_create(&config, &ecg, NULL), SECG_OK);
    return ecg;
}

/* From an analyser, which removes the mains for both, the same bits. */
Test(display, analysed_or_alone_same_output)
{
    static float pushed[LIVE_FRAMES * LIVE_MOST], used[LIVE_FRAMES * 2], alone[LIVE_FRAMES * 2];
    static float shown[LIVE_FRAMES * 2];
    for (int mains_hz = 0; mains_hz <= 60; mains_hz += mains_hz ? 10 : 50) {
        secg_display *d =
            make((secg_display_config){.rate_hz = LIVE_HZ, .channels = 2, .mains_hz = mains_hz});
        secg_analyzer *ecg = make_analyzer(mains_hz, 0);
        make_live(pushed, used);
        secg_display_run(d, used, alone, LIVE_FRAMES);
        secg_display_reset(d);
        size_t taken, piece = 1;
        for (size_t n = 0; n < LIVE_FRAMES; n += taken, piece = piece * 5 % 1997 + 1) {
            size_t now = LIVE_FRAMES - n < piece ? LIVE_FRAMES - n : piece;
            secg_analyzer_push_mv(ecg, pushed + n * LIVE_MOST, now, &taken);
            cr_assert_eq(secg_display_run_analyzed(d, ecg, shown + n * 2, taken), SECG_OK);
            for (secg_event e; secg_analyzer_poll(ecg, &e) == SECG_OK;)
                ;
        }
        cr_expect_eq(memcmp(alone, shown, sizeof alone), 0, "%d Hz", mains_hz);
        secg_analyzer_destroy(ecg);
        secg_display_destroy(d);
    }
}

/* What an analyser does not keep is not shown, and nothing is changed by asking. */
Test(display, another_analysers_frames_are_refused)
{
    static float pushed[LIVE_FRAMES * LIVE_MOST], used[LIVE_FRAMES * 2], out[LIVE_FRAMES * 2];
    make_live(pushed, used);
    const struct {
        secg_display_config config;
        uint8_t no_st;
        size_t frames;
        secg_status want;
    } row[] = {{{.rate_hz = LIVE_HZ, .channels = 2, .mains_hz = 50}, 0, 2000, SECG_OK},
               {{.rate_hz = LIVE_HZ, .channels = 2, .mains_hz = 50}, 0, 2001, SECG_E_ARGUMENT},
               {{.rate_hz = LIVE_HZ, .channels = 2, .mains_hz = 50}, 1, 100, SECG_E_ARGUMENT},
               {{.rate_hz = LIVE_HZ, .channels = 2, .mains_hz = 60}, 0, 100, SECG_E_ARGUMENT},
               {{.rate_hz = LIVE_HZ, .channels = 2}, 0, 100, SECG_E_ARGUMENT},
               {{.rate_hz = LIVE_HZ, .channels = 3, .mains_hz = 50}, 0, 100, SECG_E_ARGUMENT},
               {{.rate_hz = 250, .channels = 2, .mains_hz = 50}, 0, 100, SECG_E_ARGUMENT}};
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        secg_display *d = make(row[i].config);
        secg_analyzer *ecg = make_analyzer(50, row[i].no_st);
        size_t taken;
        cr_expect_eq(secg_display_run_analyzed(d, ecg, out, 1), SECG_E_ARGUMENT, "none taken");
        secg_analyzer_push_mv(ecg, pushed, 2100, &taken);
        cr_expect_eq(secg_display_run_analyzed(d, ecg, out, row[i].frames), row[i].want, "row %zu",
                     i);
        cr_expect_eq(secg_display_run_analyzed(d, NULL, out, 1), SECG_E_ARGUMENT);
        secg_analyzer_flush(ecg);
        if (row[i].want == SECG_OK)
            cr_expect_eq(secg_display_run_analyzed(d, ecg, out, 1), SECG_E_STATE);
        secg_analyzer_destroy(ecg);
        secg_display_destroy(d);
    }
}

/* 300 mV of electrode offset: no transient at the start, none after a gap. */
Test(display, starts_without_a_step)
{
    secg_display *d = make((secg_display_config){.rate_hz = 500, .channels = 1, .mains_hz = 50});
    int64_t delay = secg_display_delay_samples(d);
    for (int n = 0; n < 3000; n++) {
        int gap = n >= 1000 && n < 1200;
        float mv = gap ? NAN : n < 1000 ? 300 : -200, shown;
        secg_display_run(d, &mv, &shown, 1);
        int64_t of = n - delay;
        if (of < 0 || (of >= 1000 && of < 1200))
            cr_assert(isnan(shown), "output %d", n);
        else
            cr_assert_float_eq(shown, 0, 1e-4, "output %d: %g", n, (double)shown);
    }
    secg_display_destroy(d);
}

Test(display, delay_is_what_it_says)
{
    static const secg_display_lowpass lowpass[] = {SECG_DISPLAY_TO_150_HZ, SECG_DISPLAY_TO_40_HZ,
                                                   SECG_DISPLAY_TO_25_HZ, SECG_DISPLAY_TO_ALL};
    for (size_t i = 0; i < 4; i++) {
        secg_display *d = make((secg_display_config){.rate_hz = 500,
                                                     .channels = 1,
                                                     .highpass = SECG_DISPLAY_FROM_DC,
                                                     .lowpass = lowpass[i]});
        int peak = 0;
        float most = 0;
        for (int n = 0; n < 600; n++) {
            float mv = n == 300 ? 1 : 0;
            secg_display_run(d, &mv, &mv, 1);
            if (mv > most)
                most = mv, peak = n;
        }
        cr_expect_eq(peak - 300, secg_display_delay_samples(d));
        secg_display_destroy(d);
    }
}

Test(display, label_says_what_is_shown)
{
    static const struct {
        secg_display_config config;
        const char *want;
    } row[] = {{{.rate_hz = 500, .channels = 8, .mains_hz = 60}, "0.05-150 Hz, 60 Hz notch"},
               {{.rate_hz = 500,
                 .channels = 8,
                 .highpass = SECG_DISPLAY_FROM_0_5_HZ,
                 .lowpass = SECG_DISPLAY_TO_40_HZ},
                "0.5-40 Hz"},
               {{.rate_hz = 250, .channels = 8, .highpass = SECG_DISPLAY_FROM_DC}, "DC-125 Hz"},
               {{.rate_hz = 360, .channels = 8, .lowpass = SECG_DISPLAY_TO_ALL, .mains_hz = 50},
                "0.05-180 Hz, 50 Hz notch"}};
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        char text[48], small[6];
        cr_expect_str_eq(secg_display_text(&row[i].config, text, sizeof text), row[i].want);
        cr_expect_leq(strlen(secg_display_text(&row[i].config, small, sizeof small)), (size_t)5);
    }
}

Test(display, bad_configurations_are_named)
{
    static const struct {
        secg_display_config config;
        const char *field;
    } row[] = {{{.rate_hz = 50, .channels = 1}, "rate_hz"},
               {{.rate_hz = NAN, .channels = 1}, "rate_hz"},
               {{.rate_hz = 500}, "channels"},
               {{.rate_hz = 500, .channels = 17}, "channels"},
               {{.rate_hz = 500, .channels = 1, .mains_hz = 55}, "mains_hz"},
               {{.rate_hz = 500, .channels = 1, .lowpass = (secg_display_lowpass)9}, "lowpass"},
               {{.rate_hz = 500, .channels = 1, .reserved = {1}}, "reserved"}};
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        secg_display *d = (secg_display *)&d;
        secg_error error;
        cr_expect_eq(secg_display_create(&row[i].config, &d, &error), SECG_E_ARGUMENT);
        cr_expect_null(d);
        cr_expect_eq(strncmp(error.text, row[i].field, strlen(row[i].field)), 0, "%s", error.text);
        cr_expect_eq(secg_display_memory(&row[i].config, NULL), 0);
    }
    secg_display_destroy(NULL);
}
