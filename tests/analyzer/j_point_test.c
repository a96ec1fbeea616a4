/* J of the average complex lies where QRS ends, whatever ST does behind it: an ST level read from a J that
 * moves with ST is read at another place of the beat. */
#include <stressecg/analyzer.h>
#include <stressecg/simulate.h>

#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <math.h>
#include <stdlib.h>

enum { BLOCK = 500, CHANNELS = 8, LEAD_II = 1 };

typedef struct setting {
    double bpm, st_mv;
} setting;

/* The last complex of lead II, and where the simulator's J lies. */
static secg_complex last_complex(const setting *s, double *truth_ms)
{
    secg_simulation_config config = {.protocol = "steady",
                                     .seed = 4,
                                     .duration_s = 40,
                                     .rest_bpm = s->bpm,
                                     .st_peak_mv = s->st_mv,
                                     .noise_scale = -1,
                                     .ectopy_scale = -1,
                                     .eight_channels = 1};
    secg_simulation *simulation;
    secg_analyzer *ecg;
    secg_complex complex;
    cr_assert_eq((int)secg_simulation_create(&config, &simulation, NULL), (int)SECG_OK);
    secg_analyzer_config analysis = {.signal = *secg_simulation_signal(simulation), .mains_hz = 60};
    cr_assert_eq((int)secg_analyzer_create(&analysis, &ecg, NULL), (int)SECG_OK);
    static int16_t counts[BLOCK * CHANNELS];
    secg_event e;
    for (size_t got, taken;
         secg_simulation_read(simulation, counts, BLOCK, &got) == SECG_OK && got;) {
        cr_assert_geq((int)secg_analyzer_push_i16(ecg, counts, got, &taken), 0);
        while (secg_analyzer_poll(ecg, &e) == SECG_OK)
            ;
    }
    cr_assert_eq((int)secg_analyzer_complex(ecg, LEAD_II, &complex, NULL, 0), (int)SECG_OK);
    size_t beats;
    *truth_ms = (double)secg_simulation_beats(simulation, &beats)[0].j_ms;
    secg_analyzer_destroy(ecg);
    secg_simulation_destroy(simulation);
    return complex;
}

ParameterizedTestParameters(j_point, does_not_move_with_st)
{
    static setting row[] = {{60, 0},    {60, 0.1},   {60, 0.3}, {120, 0},  {120, 0.1},
                            {120, 0.3}, {120, -0.2}, {180, 0},  {180, 0.2}};
    return cr_make_param_array(setting, row, sizeof row / sizeof *row);
}
ParameterizedTest(setting *s, j_point, does_not_move_with_st)
{
    double truth_ms;
    secg_complex complex = last_complex(s, &truth_ms);
    cr_expect_float_eq((double)complex.j_ms, truth_ms, 2,
                       "%g bpm, ST %g mV: J at %.1f ms, not %.1f", s->bpm, -s->st_mv,
                       (double)complex.j_ms, truth_ms);
}
