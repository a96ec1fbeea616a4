/* The tables of domain.md 1.2 (treadmill), 1.3 (ergometer) and 1.7 (drugs).
 *
 * Blood pressure is due a fixed time before the end of a stage: 60 s in stages of 3 min and more,
 * 45 s in 2-min stages.  Shorter exercise stages leave no time for a reading each: there it is due
 * at least every 3 min (domain.md 8, point 8).  In infusions it is due each minute.  A strip is due
 * 15 s before the end of a stage of 2 min and more, 10 s before that of a 1-min stage, and with the
 * blood pressure in shorter ones.
 *
 * Sources repeat what domain.md found and how sure it was; a table of which there are several is
 * shipped under several ids. */
#include "stress/protocol_table.h"

#include <math.h>

#define NONE NAN

#define STRIP(seconds, bp) ((seconds) >= 120 ? 15 : (seconds) >= 60 ? 10 : (bp))
#define TREADMILL(name, seconds, mph, grade, bp)                                                   \
    {                                                                                              \
        name, seconds, mph, grade, NONE, NONE, bp, STRIP(seconds, bp), 0                           \
    }
#define RAMP(name, seconds, mph, grade, bp)                                                        \
    {                                                                                              \
        name, seconds, mph, grade, NONE, NONE, bp, STRIP(seconds, bp), 15                          \
    }
#define ERGOMETER(name, seconds, watts, bp)                                                        \
    {                                                                                              \
        name, seconds, NONE, NONE, watts, NONE, bp, STRIP(seconds, bp), 0                          \
    }
#define DRUG(name, seconds, amount, bp)                                                            \
    {                                                                                              \
        name, seconds, NONE, NONE, NONE, amount, bp, STRIP(seconds, bp), 0                         \
    }

static const secg_protocol_stage bruce[] = {
    TREADMILL("1", 180, 1.7f, 10, 60), TREADMILL("2", 180, 2.5f, 12, 60),
    TREADMILL("3", 180, 3.4f, 14, 60), TREADMILL("4", 180, 4.2f, 16, 60),
    TREADMILL("5", 180, 5.0f, 18, 60), TREADMILL("6", 180, 5.5f, 20, 60),
    TREADMILL("7", 180, 6.0f, 22, 60), TREADMILL("8", 180, 6.5f, 24, 60),
    TREADMILL("9", 180, 7.0f, 26, 60), TREADMILL("10", 180, 7.5f, 28, 60),
};

/* Bruce with the load rising evenly within each stage (domain.md 1.2, interpolated ramps). */
static const secg_protocol_stage ramped_bruce[] = {
    RAMP("1", 180, 1.7f, 10, 60),       RAMP("2", 180, 2.5f, 12, 60), RAMP("3", 180, 3.4f, 14, 60),
    RAMP("4", 180, 4.2f, 16, 60),       RAMP("5", 180, 5.0f, 18, 60), RAMP("6", 180, 5.5f, 20, 60),
    RAMP("7", 180, 6.0f, 22, 60),       RAMP("8", 180, 6.5f, 24, 60), RAMP("9", 180, 7.0f, 26, 60),
    TREADMILL("10", 180, 7.5f, 28, 60),
};

static const secg_protocol_stage modified_bruce[] = {
    TREADMILL("0", 180, 1.7f, 0, 60),  TREADMILL("1/2", 180, 1.7f, 5, 60),
    TREADMILL("1", 180, 1.7f, 10, 60), TREADMILL("2", 180, 2.5f, 12, 60),
    TREADMILL("3", 180, 3.4f, 14, 60), TREADMILL("4", 180, 4.2f, 16, 60),
    TREADMILL("5", 180, 5.0f, 18, 60), TREADMILL("6", 180, 5.5f, 20, 60),
    TREADMILL("7", 180, 6.0f, 22, 60),
};

static const secg_protocol_stage cornell[] = {
    TREADMILL("1", 120, 1.7f, 0, 45),   TREADMILL("2", 120, 1.7f, 5, 45),
    TREADMILL("3", 120, 1.7f, 10, 45),  TREADMILL("4", 120, 2.1f, 11, 45),
    TREADMILL("5", 120, 2.5f, 12, 45),  TREADMILL("6", 120, 3.0f, 13, 45),
    TREADMILL("7", 120, 3.4f, 14, 45),  TREADMILL("8", 120, 3.8f, 15, 45),
    TREADMILL("9", 120, 4.2f, 16, 45),  TREADMILL("10", 120, 4.6f, 17, 45),
    TREADMILL("11", 120, 5.0f, 18, 45),
};

static const secg_protocol_stage naughton[] = {
    TREADMILL("1", 120, 1.0f, 0, 45),     TREADMILL("2", 120, 2.0f, 0, 45),
    TREADMILL("3", 120, 2.0f, 3.5f, 45),  TREADMILL("4", 120, 2.0f, 7, 45),
    TREADMILL("5", 120, 2.0f, 10.5f, 45), TREADMILL("6", 120, 2.0f, 14, 45),
    TREADMILL("7", 120, 2.0f, 17.5f, 45),
};

static const secg_protocol_stage naughton_2mph[] = {
    TREADMILL("1", 120, 2.0f, 0, 45),  TREADMILL("2", 120, 2.0f, 3.5f, 45),
    TREADMILL("3", 120, 2.0f, 7, 45),  TREADMILL("4", 120, 2.0f, 10.5f, 45),
    TREADMILL("5", 120, 2.0f, 14, 45), TREADMILL("6", 120, 2.0f, 17.5f, 45),
    TREADMILL("7", 120, 2.0f, 21, 45),
};

static const secg_protocol_stage modified_naughton[] = {
    TREADMILL("1", 120, 1.0f, 0, 45),     TREADMILL("2", 120, 1.5f, 0, 45),
    TREADMILL("3", 120, 2.0f, 3.5f, 45),  TREADMILL("4", 120, 2.0f, 7, 45),
    TREADMILL("5", 120, 2.0f, 10.5f, 45), TREADMILL("6", 120, 3.0f, 7.5f, 45),
    TREADMILL("7", 120, 3.0f, 10, 45),    TREADMILL("8", 120, 3.0f, 12.5f, 45),
    TREADMILL("9", 120, 3.0f, 15, 45),    TREADMILL("10", 120, 3.0f, 17.5f, 45),
    TREADMILL("11", 120, 3.0f, 20, 45),   TREADMILL("12", 120, 3.0f, 22.5f, 45),
    TREADMILL("13", 120, 3.0f, 25, 45),
};

static const secg_protocol_stage balke_ware[] = {
    TREADMILL("1", 60, 3.3f, 0, NONE),   TREADMILL("2", 60, 3.3f, 2, NONE),
    TREADMILL("3", 60, 3.3f, 3, 30),     TREADMILL("4", 60, 3.3f, 4, NONE),
    TREADMILL("5", 60, 3.3f, 5, NONE),   TREADMILL("6", 60, 3.3f, 6, 30),
    TREADMILL("7", 60, 3.3f, 7, NONE),   TREADMILL("8", 60, 3.3f, 8, NONE),
    TREADMILL("9", 60, 3.3f, 9, 30),     TREADMILL("10", 60, 3.3f, 10, NONE),
    TREADMILL("11", 60, 3.3f, 11, NONE), TREADMILL("12", 60, 3.3f, 12, 30),
    TREADMILL("13", 60, 3.3f, 13, NONE), TREADMILL("14", 60, 3.3f, 14, NONE),
    TREADMILL("15", 60, 3.3f, 15, 30),   TREADMILL("16", 60, 3.3f, 16, NONE),
    TREADMILL("17", 60, 3.3f, 17, NONE), TREADMILL("18", 60, 3.3f, 18, 30),
    TREADMILL("19", 60, 3.3f, 19, NONE), TREADMILL("20", 60, 3.3f, 20, NONE),
    TREADMILL("21", 60, 3.3f, 21, 30),   TREADMILL("22", 60, 3.3f, 22, NONE),
    TREADMILL("23", 60, 3.3f, 23, NONE), TREADMILL("24", 60, 3.3f, 24, 30),
    TREADMILL("25", 60, 3.3f, 25, NONE),
};

static const secg_protocol_stage modified_balke[] = {
    TREADMILL("1", 120, 3.0f, 0, 45),  TREADMILL("2", 120, 3.0f, 2.5f, 45),
    TREADMILL("3", 120, 3.0f, 5, 45),  TREADMILL("4", 120, 3.0f, 7.5f, 45),
    TREADMILL("5", 120, 3.0f, 10, 45), TREADMILL("6", 120, 3.0f, 12.5f, 45),
    TREADMILL("7", 120, 3.0f, 15, 45), TREADMILL("8", 120, 3.0f, 17.5f, 45),
    TREADMILL("9", 120, 3.0f, 20, 45), TREADMILL("10", 120, 3.0f, 22.5f, 45),
};

static const secg_protocol_stage ellestad[] = {
    TREADMILL("1", 180, 1.7f, 10, 60), TREADMILL("2", 120, 3.0f, 10, 45),
    TREADMILL("3", 120, 4.0f, 10, 45), TREADMILL("4", 180, 5.0f, 10, 60),
    TREADMILL("5", 120, 6.0f, 15, 45), TREADMILL("6", 120, 7.0f, 15, 45),
    TREADMILL("7", 120, 8.0f, 15, 45),
};

static const secg_protocol_stage ellestad_classic[] = {
    TREADMILL("1", 180, 1.7f, 10, 60), TREADMILL("2", 120, 3.0f, 10, 45),
    TREADMILL("3", 120, 4.0f, 10, 45), TREADMILL("4", 180, 5.0f, 10, 60),
    TREADMILL("5", 120, 5.0f, 15, 45), TREADMILL("6", 120, 6.0f, 15, 45),
};

static const secg_protocol_stage usafsam[] = {
    TREADMILL("Warm-up", 180, 2.0f, 0, 60), TREADMILL("1", 180, 3.3f, 0, 60),
    TREADMILL("2", 180, 3.3f, 5, 60),       TREADMILL("3", 180, 3.3f, 10, 60),
    TREADMILL("4", 180, 3.3f, 15, 60),      TREADMILL("5", 180, 3.3f, 20, 60),
    TREADMILL("6", 180, 3.3f, 25, 60),
};

static const secg_protocol_stage slow_usafsam[] = {
    TREADMILL("1", 180, 2.0f, 0, 60),  TREADMILL("2", 180, 2.0f, 5, 60),
    TREADMILL("3", 180, 2.0f, 10, 60), TREADMILL("4", 180, 2.0f, 15, 60),
    TREADMILL("5", 180, 2.0f, 20, 60), TREADMILL("6", 180, 2.0f, 25, 60),
};

/* 3.2 km/h at 1.609344 km to the mile. */
#define GARDNER_MPH ((float)(3.2 / 1.609344))
static const secg_protocol_stage gardner[] = {
    TREADMILL("1", 120, GARDNER_MPH, 0, 45),  TREADMILL("2", 120, GARDNER_MPH, 2, 45),
    TREADMILL("3", 120, GARDNER_MPH, 4, 45),  TREADMILL("4", 120, GARDNER_MPH, 6, 45),
    TREADMILL("5", 120, GARDNER_MPH, 8, 45),  TREADMILL("6", 120, GARDNER_MPH, 10, 45),
    TREADMILL("7", 120, GARDNER_MPH, 12, 45), TREADMILL("8", 120, GARDNER_MPH, 14, 45),
    TREADMILL("9", 120, GARDNER_MPH, 16, 45), TREADMILL("10", 120, GARDNER_MPH, 18, 45),
};

static const secg_protocol_stage ramp_30s[] = {
    TREADMILL("1", 30, 0.5f, 0, NONE),   TREADMILL("2", 30, 1.0f, 0, NONE),
    TREADMILL("3", 30, 1.5f, 0, NONE),   TREADMILL("4", 30, 2.0f, 0, NONE),
    TREADMILL("5", 30, 2.5f, 0, NONE),   TREADMILL("6", 30, 3.0f, 0, 30),
    TREADMILL("7", 30, 3.0f, 1, NONE),   TREADMILL("8", 30, 3.0f, 2, NONE),
    TREADMILL("9", 30, 3.0f, 3, NONE),   TREADMILL("10", 30, 3.0f, 4, NONE),
    TREADMILL("11", 30, 3.0f, 5, NONE),  TREADMILL("12", 30, 3.0f, 6, 30),
    TREADMILL("13", 30, 3.0f, 7, NONE),  TREADMILL("14", 30, 3.0f, 8, NONE),
    TREADMILL("15", 30, 3.0f, 9, NONE),  TREADMILL("16", 30, 3.0f, 10, NONE),
    TREADMILL("17", 30, 3.0f, 11, NONE), TREADMILL("18", 30, 3.0f, 12, 30),
    TREADMILL("19", 30, 3.0f, 13, NONE), TREADMILL("20", 30, 3.0f, 14, NONE),
    TREADMILL("21", 30, 3.0f, 15, NONE), TREADMILL("22", 30, 3.0f, 16, NONE),
    TREADMILL("23", 30, 3.0f, 17, NONE), TREADMILL("24", 30, 3.0f, 18, 30),
    TREADMILL("25", 30, 3.0f, 19, NONE), TREADMILL("26", 30, 3.0f, 20, NONE),
    TREADMILL("27", 30, 3.0f, 21, NONE), TREADMILL("28", 30, 3.0f, 22, NONE),
    TREADMILL("29", 30, 3.0f, 23, NONE), TREADMILL("30", 30, 3.0f, 24, 30),
    TREADMILL("31", 30, 3.0f, 25, NONE),
};

static const secg_protocol_stage who_25[] = {
    ERGOMETER("1", 120, 25, 45),   ERGOMETER("2", 120, 50, 45),   ERGOMETER("3", 120, 75, 45),
    ERGOMETER("4", 120, 100, 45),  ERGOMETER("5", 120, 125, 45),  ERGOMETER("6", 120, 150, 45),
    ERGOMETER("7", 120, 175, 45),  ERGOMETER("8", 120, 200, 45),  ERGOMETER("9", 120, 225, 45),
    ERGOMETER("10", 120, 250, 45), ERGOMETER("11", 120, 275, 45), ERGOMETER("12", 120, 300, 45),
    ERGOMETER("13", 120, 325, 45), ERGOMETER("14", 120, 350, 45),
};
/* WHO 50 is the same ladder from its second rung on; only the labels differ. */
static const secg_protocol_stage who_50[] = {
    ERGOMETER("1", 120, 50, 45),   ERGOMETER("2", 120, 75, 45),   ERGOMETER("3", 120, 100, 45),
    ERGOMETER("4", 120, 125, 45),  ERGOMETER("5", 120, 150, 45),  ERGOMETER("6", 120, 175, 45),
    ERGOMETER("7", 120, 200, 45),  ERGOMETER("8", 120, 225, 45),  ERGOMETER("9", 120, 250, 45),
    ERGOMETER("10", 120, 275, 45), ERGOMETER("11", 120, 300, 45), ERGOMETER("12", 120, 325, 45),
    ERGOMETER("13", 120, 350, 45), ERGOMETER("14", 120, 375, 45),
};

static const secg_protocol_stage bal[] = {
    ERGOMETER("1", 180, 50, 60),  ERGOMETER("2", 180, 100, 60), ERGOMETER("3", 180, 150, 60),
    ERGOMETER("4", 180, 200, 60), ERGOMETER("5", 180, 250, 60), ERGOMETER("6", 180, 300, 60),
    ERGOMETER("7", 180, 350, 60), ERGOMETER("8", 180, 400, 60), ERGOMETER("9", 180, 450, 60),
};

static const secg_protocol_stage hollmann_venrath[] = {
    ERGOMETER("1", 180, 30, 60),   ERGOMETER("2", 180, 70, 60),  ERGOMETER("3", 180, 110, 60),
    ERGOMETER("4", 180, 150, 60),  ERGOMETER("5", 180, 190, 60), ERGOMETER("6", 180, 230, 60),
    ERGOMETER("7", 180, 270, 60),  ERGOMETER("8", 180, 310, 60), ERGOMETER("9", 180, 350, 60),
    ERGOMETER("10", 180, 390, 60),
};

static const secg_protocol_stage french_30_3[] = {
    ERGOMETER("1", 180, 30, 60),   ERGOMETER("2", 180, 60, 60),   ERGOMETER("3", 180, 90, 60),
    ERGOMETER("4", 180, 120, 60),  ERGOMETER("5", 180, 150, 60),  ERGOMETER("6", 180, 180, 60),
    ERGOMETER("7", 180, 210, 60),  ERGOMETER("8", 180, 240, 60),  ERGOMETER("9", 180, 270, 60),
    ERGOMETER("10", 180, 300, 60), ERGOMETER("11", 180, 330, 60), ERGOMETER("12", 180, 360, 60),
};

static const secg_protocol_stage astrand_men[] = {
    ERGOMETER("1", 180, 50, 60),  ERGOMETER("2", 180, 100, 60), ERGOMETER("3", 180, 150, 60),
    ERGOMETER("4", 180, 200, 60), ERGOMETER("5", 180, 250, 60), ERGOMETER("6", 180, 300, 60),
    ERGOMETER("7", 180, 350, 60), ERGOMETER("8", 180, 400, 60),
};

static const secg_protocol_stage astrand_women[] = {
    ERGOMETER("1", 180, 50, 60),   ERGOMETER("2", 180, 75, 60),   ERGOMETER("3", 180, 100, 60),
    ERGOMETER("4", 180, 125, 60),  ERGOMETER("5", 180, 150, 60),  ERGOMETER("6", 180, 175, 60),
    ERGOMETER("7", 180, 200, 60),  ERGOMETER("8", 180, 225, 60),  ERGOMETER("9", 180, 250, 60),
    ERGOMETER("10", 180, 275, 60), ERGOMETER("11", 180, 300, 60),
};

static const secg_protocol_stage nordic_50_4[] = {
    ERGOMETER("1", 240, 50, 60),  ERGOMETER("2", 240, 100, 60), ERGOMETER("3", 240, 150, 60),
    ERGOMETER("4", 240, 200, 60), ERGOMETER("5", 240, 250, 60), ERGOMETER("6", 240, 300, 60),
    ERGOMETER("7", 240, 350, 60), ERGOMETER("8", 240, 400, 60),
};

/* A ramp of 20 W/min after 3 min at 20 W, as steps of 10 W each 30 s. */
static const secg_protocol_stage bicycle_ramp[] = {
    ERGOMETER("Warm-up", 180, 20, 60), ERGOMETER("1", 30, 30, NONE),
    ERGOMETER("2", 30, 40, NONE),      ERGOMETER("3", 30, 50, NONE),
    ERGOMETER("4", 30, 60, 30),        ERGOMETER("5", 30, 70, NONE),
    ERGOMETER("6", 30, 80, NONE),      ERGOMETER("7", 30, 90, NONE),
    ERGOMETER("8", 30, 100, 30),       ERGOMETER("9", 30, 110, NONE),
    ERGOMETER("10", 30, 120, NONE),    ERGOMETER("11", 30, 130, NONE),
    ERGOMETER("12", 30, 140, 30),      ERGOMETER("13", 30, 150, NONE),
    ERGOMETER("14", 30, 160, NONE),    ERGOMETER("15", 30, 170, NONE),
    ERGOMETER("16", 30, 180, 30),      ERGOMETER("17", 30, 190, NONE),
    ERGOMETER("18", 30, 200, NONE),    ERGOMETER("19", 30, 210, NONE),
    ERGOMETER("20", 30, 220, 30),      ERGOMETER("21", 30, 230, NONE),
    ERGOMETER("22", 30, 240, NONE),    ERGOMETER("23", 30, 250, NONE),
    ERGOMETER("24", 30, 260, 30),      ERGOMETER("25", 30, 270, NONE),
    ERGOMETER("26", 30, 280, NONE),    ERGOMETER("27", 30, 290, NONE),
    ERGOMETER("28", 30, 300, 30),      ERGOMETER("29", 30, 310, NONE),
    ERGOMETER("30", 30, 320, NONE),    ERGOMETER("31", 30, 330, NONE),
    ERGOMETER("32", 30, 340, 30),      ERGOMETER("33", 30, 350, NONE),
    ERGOMETER("34", 30, 360, NONE),    ERGOMETER("35", 30, 370, NONE),
    ERGOMETER("36", 30, 380, 30),      ERGOMETER("37", 30, 390, NONE),
    ERGOMETER("38", 30, 400, NONE),
};

static const secg_protocol_stage arm_crank[] = {
    ERGOMETER("1", 120, 10, 45),   ERGOMETER("2", 120, 20, 45),   ERGOMETER("3", 120, 30, 45),
    ERGOMETER("4", 120, 40, 45),   ERGOMETER("5", 120, 50, 45),   ERGOMETER("6", 120, 60, 45),
    ERGOMETER("7", 120, 70, 45),   ERGOMETER("8", 120, 80, 45),   ERGOMETER("9", 120, 90, 45),
    ERGOMETER("10", 120, 100, 45), ERGOMETER("11", 120, 110, 45), ERGOMETER("12", 120, 120, 45),
};

static const secg_protocol_stage dobutamine[] = {
    DRUG("5", 180, 5, 60),   DRUG("10", 180, 10, 60), DRUG("20", 180, 20, 60),
    DRUG("30", 180, 30, 60), DRUG("40", 180, 40, 60),
};

/* Where the target rate is not met at 40: atropine in boluses of 0.25 mg, a minute each, to 1 mg.  The
 * boluses themselves are entered as drugs given. */
static const secg_protocol_stage dobutamine_atropine[] = {
    DRUG("5", 180, 5, 60),
    DRUG("10", 180, 10, 60),
    DRUG("20", 180, 20, 60),
    DRUG("30", 180, 30, 60),
    DRUG("40", 180, 40, 60),
    DRUG("40, atropine 0.25 mg", 60, 40, 20),
    DRUG("40, atropine 0.5 mg", 60, 40, 20),
    DRUG("40, atropine 0.75 mg", 60, 40, 20),
    DRUG("40, atropine 1 mg", 60, 40, 20),
};

static const secg_protocol_stage adenosine_6[] = {
    DRUG("Minute 1", 60, 140, 20), DRUG("Minute 2", 60, 140, 20), DRUG("Minute 3", 60, 140, 20),
    DRUG("Minute 4", 60, 140, 20), DRUG("Minute 5", 60, 140, 20), DRUG("Minute 6", 60, 140, 20),
};

static const secg_protocol_stage adenosine_4[] = {
    DRUG("Minute 1", 60, 140, 20),
    DRUG("Minute 2", 60, 140, 20),
    DRUG("Minute 3", 60, 140, 20),
    DRUG("Minute 4", 60, 140, 20),
};

/* The bolus takes 10 s, the flush follows; minutes count from the start of the bolus. */
static const secg_protocol_stage regadenoson[] = {
    DRUG("Bolus", 10, 0.4f, NONE),  DRUG("Flush", 50, NONE, 20),    DRUG("Minute 2", 60, NONE, 20),
    DRUG("Minute 3", 60, NONE, 20), DRUG("Minute 4", 60, NONE, 20), DRUG("Minute 5", 60, NONE, 20),
};

static const secg_protocol_stage dipyridamole[] = {
    DRUG("Minute 1", 60, 0.142f, 20),
    DRUG("Minute 2", 60, 0.142f, 20),
    DRUG("Minute 3", 60, 0.142f, 20),
    DRUG("Minute 4", 60, 0.142f, 20),
};

#define TABLE(id, name, source, modality, unit, stages, recovery)                                  \
    {                                                                                              \
        id, "1", name, source, modality, unit, stages, sizeof stages / sizeof *stages, recovery,   \
            NONE, NONE, NONE                                                                       \
    }
#define WALK(id, name, source, stages)                                                             \
    TABLE(id, name, source, SECG_MODALITY_TREADMILL, "", stages, 360)
#define CYCLE(id, name, source, stages)                                                            \
    TABLE(id, name, source, SECG_MODALITY_BICYCLE, "", stages, 360)

const secg_protocol secg_protocol_table[] = {
    WALK("bruce", "Bruce", "Bruce; stages 8-10 extended by +0.5 mph and +2 %", bruce),
    WALK("ramped-bruce", "Ramped Bruce", "Bruce, interpolated: load anew each 15 s", ramped_bruce),
    WALK("modified-bruce", "Modified Bruce", "Bruce with stages 0 and 1/2 before it",
         modified_bruce),
    WALK("cornell", "Cornell", "Cornell modification of Bruce, 2-min stages", cornell),
    WALK("naughton", "Naughton", "AHA variant: seven stages of 2 min from 1.0 mph", naughton),
    WALK("naughton-2mph", "Naughton, 2 mph", "variant from 2.0 mph, 0 % to 21 %", naughton_2mph),
    WALK("modified-naughton", "Modified Naughton", "heart-failure form, thirteen stages of 2 min",
         modified_naughton),
    WALK("balke-ware", "Balke-Ware", "3.3 mph; 0 %, 2 %, then +1 % each minute", balke_ware),
    WALK("modified-balke", "Modified Balke", "one of several: 3.0 mph, +2.5 % each 2 min",
         modified_balke),
    WALK("ellestad", "Ellestad", "variant of a vendor's system: seven stages to 8.0 mph, 15 %",
         ellestad),
    WALK("ellestad-classic", "Ellestad, classic", "six stages to 6.0 mph, 15 %", ellestad_classic),
    WALK("usafsam", "USAFSAM", "3-min stages at 3.3 mph, +5 %, after a warm-up at 2.0 mph",
         usafsam),
    WALK("slow-usafsam", "Slow USAFSAM", "3-min stages at 2.0 mph, +5 %", slow_usafsam),
    WALK("gardner", "Gardner", "claudication: 3.2 km/h, +2 % each 2 min to 18 %", gardner),
    WALK("ramp-30s", "30-second ramp", "fixed ramp: to 3.0 mph, then +1 % each 30 s", ramp_30s),
    CYCLE("who-25", "WHO 25", "WHO ladder 25/25-2", who_25),
    CYCLE("who-50", "WHO 50", "WHO ladder 50/25-2", who_50),
    CYCLE("bal", "BAL", "German sports ladder 50/50-3", bal),
    CYCLE("hollmann-venrath", "Hollmann-Venrath", "ladder 30/40-3", hollmann_venrath),
    CYCLE("french-30-3", "30/3", "French ladder 30/30-3", french_30_3),
    CYCLE("astrand-men", "Astrand, men", "one of several: ladder 50/50-3", astrand_men),
    CYCLE("astrand-women", "Astrand, women", "one of several: ladder 50/25-3", astrand_women),
    CYCLE("nordic-50-4", "Nordic stepwise", "ladder 50/50-4", nordic_50_4),
    CYCLE("bicycle-ramp", "Bicycle ramp 20 W/min", "20 W for 3 min, then +10 W each 30 s",
          bicycle_ramp),
    TABLE("arm-crank", "Arm crank", "one of several: ladder 10/10-2 at 50-60 rpm",
          SECG_MODALITY_ARM, "", arm_crank, 360),
    TABLE("dobutamine", "Dobutamine", "5-10-20-30-40 ug/kg/min, 3 min each", SECG_MODALITY_DRUG,
          "ug/kg/min", dobutamine, 600),
    TABLE("dobutamine-atropine", "Dobutamine with atropine",
          "dobutamine; then at 40 atropine 0.25 mg a minute to 1 mg", SECG_MODALITY_DRUG,
          "ug/kg/min", dobutamine_atropine, 600),
    TABLE("adenosine-6", "Adenosine, 6 min", "140 ug/kg/min for 6 min, tracer at 3 min",
          SECG_MODALITY_DRUG, "ug/kg/min", adenosine_6, 300),
    TABLE("adenosine-4", "Adenosine, 4 min", "140 ug/kg/min for 4 min, tracer at 2 min",
          SECG_MODALITY_DRUG, "ug/kg/min", adenosine_4, 300),
    TABLE("regadenoson", "Regadenoson", "0.4 mg in 10 s, flush, tracer 10-20 s after the flush",
          SECG_MODALITY_DRUG, "mg", regadenoson, 300),
    TABLE("dipyridamole", "Dipyridamole", "0.142 mg/kg/min for 4 min (0.56 mg/kg)",
          SECG_MODALITY_DRUG, "mg/kg/min", dipyridamole, 360),
};
const size_t secg_protocol_table_count = sizeof secg_protocol_table / sizeof *secg_protocol_table;
