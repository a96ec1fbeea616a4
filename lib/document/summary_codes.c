/* The codes of summary.json: what its words are called in SNOMED CT, DICOM, LOINC and ISO 11073, so
 * that a machine need not know our words. */
#include "document/codes.h"
#include "document/summary_parts.h"

static void put_code(secg_build *b, json_t *to, const char *key, const secg_code *code)
{
    if (!code)
        return;
    json_t *object = secg_put(b, to, key, json_object());
    secg_put_text(b, object, "system", secg_code_system_uri(code->system));
    secg_put_text(b, object, "code", code->code);
    secg_put_text(b, object, "display", code->display);
}

static void put_symptoms(secg_build *b, json_t *to, const secg_summary *summary)
{
    json_t *list = secg_put(b, to, "symptoms", json_object());
    for (size_t i = 0; i < summary->facts; i++) {
        secg_symptom symptom = (secg_symptom)summary->fact[i].code;
        if (summary->fact[i].kind == SECG_FACT_SYMPTOM &&
            !json_object_get(list, secg_symptom_name(symptom)))
            put_code(b, list, secg_symptom_name(symptom), secg_code_of_symptom(symptom));
    }
}

static void put_test_codes(secg_build *b, json_t *to, const secg_summary *summary)
{
    const secg_protocol *protocol = summary->protocol;
    if (protocol) {
        put_code(b, to, "procedure", secg_code_of_procedure(protocol->modality));
        put_code(b, to, "device", secg_code_of_device(protocol->modality));
        put_code(b, to, "protocol", secg_code_of_protocol(protocol->id));
    }
    if (summary->end > 0)
        put_code(b, to, "end", secg_code_of_end(summary->end));
    json_t *phases = secg_put(b, to, "phases", json_object());
    for (int phase = SECG_PHASE_PRETEST; phase <= SECG_PHASE_RECOVERY; phase++)
        put_code(b, phases, secg_phase_text((secg_phase)phase),
                 secg_code_of_phase((secg_phase)phase));
    put_symptoms(b, to, summary);
}

/* Keys of the figures are those under which the summary itself has them. */
static void put_figures(secg_build *b, json_t *to)
{
    static const struct {
        const char *key;
        secg_figure figure;
    } list[] = {{"heart_rate_bpm", SECG_FIGURE_RATE},
                {"systolic_mmhg", SECG_FIGURE_SYSTOLIC},
                {"diastolic_mmhg", SECG_FIGURE_DIASTOLIC},
                {"rate_pressure", SECG_FIGURE_RATE_PRESSURE},
                {"mets", SECG_FIGURE_METS},
                {"speed_mph", SECG_FIGURE_SPEED},
                {"grade_pct", SECG_FIGURE_GRADE},
                {"power_w", SECG_FIGURE_POWER},
                {"rpe", SECG_FIGURE_RPE},
                {"spo2", SECG_FIGURE_SPO2}};
    json_t *figures = secg_put(b, to, "figures", json_object());
    for (size_t i = 0; i < sizeof list / sizeof *list; i++)
        put_code(b, figures, list[i].key, secg_code_of_figure(list[i].figure));
}

static void put_leads(secg_build *b, json_t *to, const secg_summary *summary)
{
    json_t *leads = secg_put(b, to, "st", json_object());
    for (size_t k = 0; k < summary->leads; k++)
        put_code(b, leads, secg_lead_name(summary->lead[k].lead),
                 secg_code_of_st(summary->lead[k].lead));
}

void secg_put_codes(secg_build *b, json_t *root, const secg_summary *summary,
                    const secg_order *order)
{
    secg_placement placement = summary->signal->placement;
    if (placement == SECG_PLACEMENT_UNKNOWN && order)
        placement = order->placement;
    json_t *to = secg_put(b, root, "codes", json_object());
    put_code(b, to, "report", secg_code_of_figure(SECG_FIGURE_REPORT));
    put_code(b, to, "placement", secg_code_of_placement(placement));
    put_test_codes(b, to, summary);
    put_figures(b, to);
    put_leads(b, to, summary);
}
