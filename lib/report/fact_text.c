#include "report/fact_text.h"

#include "report/format.h"

#include <math.h>
#include <string.h>
#include <strings.h>

/* "exercise 2"; "Recovery, seated" where the label begins with the phase. */
static void put_stage(const secg_fact *f, char *text, size_t size)
{
    const char *phase = secg_phase_text((secg_phase)f->phase);
    if (strncasecmp(f->label, phase, strlen(phase)) != 0)
        secg_format_append(text, size, "%s%s", phase, f->label[0] ? " " : "");
    secg_format_append(text, size, "%.*s", (int)sizeof f->label, f->label);
}

static int says_none_again(const secg_fact *f)
{
    return f->kind == SECG_FACT_ADVERSE && f->code == 1 && strcasecmp(f->text, "none") == 0;
}

void secg_fact_text(const secg_fact *f, char *text, size_t size)
{
    if (f->kind == SECG_FACT_STAGE)
        put_stage(f, text, size);
    if (f->kind == SECG_FACT_STAGE || f->kind == SECG_FACT_LOAD || f->kind == SECG_FACT_TARGET) {
        char load[48];
        secg_format_load(f->speed_mph, f->grade_pct, f->power_w, load, sizeof load);
        secg_format_append(text, size, "%s%s", text[0] && load[0] ? ", " : "", load);
    } else if (f->kind == SECG_FACT_BLOOD_PRESSURE) {
        secg_format_append(text, size, "%d/%d mmHg", f->systolic_mmhg, f->diastolic_mmhg);
    } else if (f->kind == SECG_FACT_SYMPTOM) {
        secg_format_append(text, size, "%s",
                           f->code == SECG_SYMPTOM_NONE ? "none stated by staff"
                                                        : secg_symptom_text((secg_symptom)f->code));
        if (f->grade >= 0 && f->code != SECG_SYMPTOM_NONE)
            secg_format_append(text, size, " %d/10", f->grade);
    } else if (f->kind == SECG_FACT_END) {
        secg_format_append(text, size, "%s", secg_end_text((secg_end)f->code));
    } else if (f->kind == SECG_FACT_HOLD) {
        secg_format_append(text, size, "%s", f->code ? "held" : "goes on");
    } else if (f->kind == SECG_FACT_PAUSE) {
        secg_format_append(text, size, "%s", f->code ? "stopped" : "goes on");
    } else if (f->kind == SECG_FACT_ADVERSE && f->code == 1) {
        secg_format_append(text, size, "none stated by staff");
    } else if (isfinite(f->value)) {
        secg_format_append(text, size, "%s%s%.4g %s%s", f->kind == SECG_FACT_DRUG ? f->label : "",
                           f->kind == SECG_FACT_DRUG ? " " : "", (double)f->value,
                           f->kind == SECG_FACT_RPE ? "on the scale " : "",
                           f->kind == SECG_FACT_RPE ? f->label : f->unit);
    }
    if (f->kind == SECG_FACT_STAGE && isfinite(f->value))
        secg_format_append(text, size, ", %.4g %s", (double)f->value, f->unit);
    if (f->lot[0])
        secg_format_append(text, size, ", lot %.*s", (int)sizeof f->lot, f->lot);
    if (f->text[0] && !says_none_again(f))
        secg_format_append(text, size, "%s%s", text[0] ? ": " : "", f->text);
}
