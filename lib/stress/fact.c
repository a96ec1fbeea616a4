/* One fact by itself: what its kind must state, and a copy that holds nothing else. */
#include "base/status.h"
#include "stress/state.h"

#include <math.h>
#include <string.h>

secg_fact secg_fact_make(secg_fact_kind kind, int64_t sample)
{
    secg_fact fact;
    memset(&fact, 0, sizeof fact);
    fact.sample = sample;
    fact.entered = SECG_NO_SAMPLE;
    fact.kind = (uint16_t)kind;
    fact.stage = fact.code = fact.grade = fact.systolic_mmhg = fact.diastolic_mmhg = -1;
    fact.speed_mph = fact.grade_pct = fact.power_w = fact.value = NAN;
    return fact;
}

/* ---- a tidy copy ------------------------------------------------------------------------------ */

/* Facts are hashed and compared, so unused bytes are zero and every NaN has the same bits. */
static float tidy_number(float number)
{
    return isnan(number) ? (float)NAN : number;
}

static void tidy_text(char *to, const char *from, size_t size)
{
    for (size_t i = 0; i + 1 < size && from[i]; i++)
        to[i] = from[i];
}
#define TIDY_TEXT(to, from, field) tidy_text((to)->field, (from)->field, sizeof(to)->field)

static void tidy_load(secg_fact *to, const secg_fact *from)
{
    to->speed_mph = tidy_number(from->speed_mph);
    to->grade_pct = tidy_number(from->grade_pct);
    to->power_w = tidy_number(from->power_w);
}

static void tidy_value(secg_fact *to, const secg_fact *from)
{
    to->value = tidy_number(from->value);
    TIDY_TEXT(to, from, label);
    TIDY_TEXT(to, from, unit);
}

/* Only what the kind uses. */
secg_fact secg_fact_tidy(const secg_fact *from)
{
    secg_fact to = secg_fact_make((secg_fact_kind)from->kind, from->sample);
    to.entered = from->entered;
    to.source = from->source;
    to.corrects = from->corrects;
    TIDY_TEXT(&to, from, text);
    TIDY_TEXT(&to, from, by);
    switch (from->kind) {
    case SECG_FACT_STAGE:
        to.phase = from->phase;
        to.stage = from->stage;
        tidy_load(&to, from);
        tidy_value(&to, from);
        break;
    case SECG_FACT_LOAD:
    case SECG_FACT_TARGET:
        tidy_load(&to, from);
        tidy_value(&to, from);
        break;
    case SECG_FACT_BLOOD_PRESSURE:
        to.systolic_mmhg = from->systolic_mmhg;
        to.diastolic_mmhg = from->diastolic_mmhg;
        break;
    case SECG_FACT_SYMPTOM:
        to.grade = from->grade;
        to.code = from->code;
        break;
    case SECG_FACT_HOLD:
    case SECG_FACT_PAUSE:
    case SECG_FACT_END:
        to.code = from->code;
        break;
    case SECG_FACT_ADVERSE:
        to.code = from->code == 1 ? 1 : 0;
        break;
    case SECG_FACT_DRUG:
        TIDY_TEXT(&to, from, lot);
        tidy_value(&to, from);
        break;
    case SECG_FACT_RPE:
    case SECG_FACT_SPO2:
        tidy_value(&to, from);
        break;
    case SECG_FACT_FAULT:
        TIDY_TEXT(&to, from, label);
        break;
    default:
        break;
    }
    return to;
}

/* ---- text ------------------------------------------------------------------------------------- */

/* Length of the character that begins here, 0 when it is none: shortest form, no surrogates, up to
 * U+10FFFF.  What is not UTF-8 is refused at entry, not when the record is written. */
static size_t character_length(const unsigned char *c)
{
    size_t more = c[0] < 0x80 ? 0 : c[0] < 0xc2 ? 4 : c[0] < 0xe0 ? 1 : c[0] < 0xf0 ? 2 : 3;
    if (more == 4 || c[0] > 0xf4 || (c[0] == 0xe0 && c[1] < 0xa0) ||
        (c[0] == 0xed && c[1] > 0x9f) || (c[0] == 0xf0 && c[1] < 0x90) ||
        (c[0] == 0xf4 && c[1] > 0x8f))
        return 0;
    for (size_t i = 1; i <= more; i++)
        if ((c[i] & 0xc0) != 0x80)
            return 0;
    return more + 1;
}

static int is_utf8(const char *text)
{
    const unsigned char *c = (const unsigned char *)text;
    while (*c) {
        size_t length = character_length(c);
        if (length == 0)
            return 0;
        c += length;
    }
    return 1;
}

/* ---- checks of one fact ------------------------------------------------------------------------ */

static secg_status bad_number(secg_error *error, const char *field, double number, double low,
                              double high)
{
    return secg_fail(error, SECG_E_ARGUMENT, "%s: %g is outside %g .. %g", field, number, low,
                     high);
}

static int outside(double number, double low, double high)
{
    return !(number >= low && number <= high);
}

#define CHECK_TEXT(fact, field)                                                                    \
    do {                                                                                           \
        if (!memchr((fact)->field, '\0', sizeof(fact)->field))                                     \
            return secg_fail(error, SECG_E_ARGUMENT, #field ": the text has no end");              \
        if (!is_utf8((fact)->field))                                                               \
            return secg_fail(error, SECG_E_ARGUMENT, #field ": the text is not UTF-8");            \
    } while (0)
#define CHECK_RANGE(fact, field, low, high)                                                        \
    do {                                                                                           \
        if (outside((double)(fact)->field, low, high))                                             \
            return bad_number(error, #field, (double)(fact)->field, low, high);                    \
    } while (0)
#define CHECK_OPTIONAL(fact, field, low, high)                                                     \
    do {                                                                                           \
        if (!isnan((fact)->field))                                                                 \
            CHECK_RANGE(fact, field, low, high);                                                   \
    } while (0)

static secg_status check_load(const secg_fact *fact, secg_error *error)
{
    CHECK_OPTIONAL(fact, speed_mph, 0, 25);
    CHECK_OPTIONAL(fact, grade_pct, -10, 50);
    CHECK_OPTIONAL(fact, power_w, 0, 1500);
    CHECK_OPTIONAL(fact, value, 0, 1e6);
    return SECG_OK;
}

static secg_status check_stage(const secg_test *test, const secg_fact *fact, secg_error *error)
{
    CHECK_RANGE(fact, phase, SECG_PHASE_PRETEST, SECG_PHASE_RECOVERY);
    int stages = test->protocol ? (int)test->protocol->stages : 0;
    CHECK_RANGE(fact, stage, -1, stages - 1);
    if (fact->stage >= 0 && fact->phase != SECG_PHASE_EXERCISE)
        return secg_fail(error, SECG_E_ARGUMENT,
                         "stage: stages of the table belong to the exercise phase");
    return check_load(fact, error);
}

static secg_status check_measured_load(const secg_fact *fact, secg_error *error)
{
    if (isnan(fact->speed_mph) && isnan(fact->grade_pct) && isnan(fact->power_w) &&
        isnan(fact->value))
        return secg_fail(error, SECG_E_ARGUMENT,
                         "speed_mph, grade_pct, power_w, value: a load states one of them");
    return check_load(fact, error);
}

static secg_status check_bp(const secg_fact *fact, secg_error *error)
{
    CHECK_RANGE(fact, systolic_mmhg, 30, 350);
    CHECK_RANGE(fact, diastolic_mmhg, 1, 300);
    if (fact->diastolic_mmhg >= fact->systolic_mmhg)
        return secg_fail(error, SECG_E_ARGUMENT,
                         "diastolic_mmhg: %d is not below the systolic pressure of %d",
                         fact->diastolic_mmhg, fact->systolic_mmhg);
    return SECG_OK;
}

static secg_status check_rpe(const secg_fact *fact, secg_error *error)
{
    if (strcmp(fact->label, "6-20") == 0)
        CHECK_RANGE(fact, value, 6, 20);
    else if (strcmp(fact->label, "CR10") == 0)
        CHECK_RANGE(fact, value, 0, 10);
    else
        return secg_fail(error, SECG_E_ARGUMENT, "label: the scale is \"6-20\" or \"CR10\"");
    return SECG_OK;
}

static secg_status need_text(const char *text, const char *field, secg_error *error)
{
    return text[0] ? SECG_OK : secg_fail(error, SECG_E_ARGUMENT, "%s: empty", field);
}

static secg_status check_drug(const secg_fact *fact, secg_error *error)
{
    CHECK_OPTIONAL(fact, value, 0, 1e6);
    return need_text(fact->label, "label", error);
}

static secg_status check_symptom(const secg_fact *fact, secg_error *error)
{
    CHECK_RANGE(fact, code, 1, SECG_SYMPTOM_KINDS - 1);
    CHECK_RANGE(fact, grade, -1, 10);
    return SECG_OK;
}

static secg_status check_end(const secg_fact *fact, secg_error *error)
{
    CHECK_RANGE(fact, code, 1, SECG_END_KINDS - 1);
    return SECG_OK;
}

static secg_status check_hold(const secg_fact *fact, secg_error *error)
{
    CHECK_RANGE(fact, code, 0, 1);
    return SECG_OK;
}

static secg_status check_retraction(const secg_fact *fact, secg_error *error)
{
    if (fact->corrects == 0)
        return secg_fail(error, SECG_E_ARGUMENT, "corrects: a retraction names a fact");
    return need_text(fact->text, "text", error);
}

static secg_status check_spo2(const secg_fact *fact, secg_error *error)
{
    CHECK_RANGE(fact, value, 1, 100);
    return SECG_OK;
}

static secg_status check_kind(const secg_test *test, const secg_fact *fact, secg_error *error)
{
    switch (fact->kind) {
    case SECG_FACT_STAGE:
        return check_stage(test, fact, error);
    case SECG_FACT_HOLD:
    case SECG_FACT_PAUSE:
        return check_hold(fact, error);
    case SECG_FACT_TARGET:
        return check_measured_load(fact, error);
    case SECG_FACT_FAULT:
        return need_text(fact->text, "text", error);
    case SECG_FACT_RETRACTION:
        return check_retraction(fact, error);
    case SECG_FACT_END:
        return check_end(fact, error);
    case SECG_FACT_LOAD:
        return check_measured_load(fact, error);
    case SECG_FACT_BLOOD_PRESSURE:
        return check_bp(fact, error);
    case SECG_FACT_SYMPTOM:
        return check_symptom(fact, error);
    case SECG_FACT_RPE:
        return check_rpe(fact, error);
    case SECG_FACT_SPO2:
        return check_spo2(fact, error);
    case SECG_FACT_DRUG:
        return check_drug(fact, error);
    case SECG_FACT_NOTE:
        return need_text(fact->text, "text", error);
    case SECG_FACT_ADVERSE:
        return fact->code == 1 ? SECG_OK : need_text(fact->text, "text", error);
    case SECG_FACT_STRIP:
    case SECG_FACT_ELECTRODES:
    case SECG_FACT_RESTING_ECG:
    case SECG_FACT_EMERGENCY_STOP:
        return SECG_OK;
    }
    return secg_fail(error, SECG_E_ARGUMENT, "kind: %d is no kind of fact", fact->kind);
}

static secg_status check_form(const secg_test *test, const secg_fact *fact, secg_error *error)
{
    CHECK_TEXT(fact, label);
    CHECK_TEXT(fact, unit);
    CHECK_TEXT(fact, text);
    CHECK_TEXT(fact, by);
    CHECK_TEXT(fact, lot);
    if (fact->reserved)
        return secg_fail(error, SECG_E_ARGUMENT, "reserved: must be zero");
    if (fact->source > SECG_SOURCE_CLOCK || (fact->source == SECG_SOURCE_CLOCK && !test->replay))
        return secg_fail(error, SECG_E_ARGUMENT, "source: %d is not staff or device", fact->source);
    return SECG_OK;
}

secg_status secg_fact_check(const secg_test *test, const secg_fact *fact, secg_error *error)
{
    secg_status status = check_form(test, fact, error);
    return status == SECG_OK ? check_kind(test, fact, error) : status;
}
