/* What summary.json says of the recording itself, of the test's protocol, and of what was entered
 * before it. */
#include "document/lead_keys.h"
#include "document/summary_parts.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

/* ---- the recording ------------------------------------------------------------------------------ */

static void put_channels(secg_build *b, json_t *record, const secg_signal *signal)
{
    json_t *list = secg_put(b, record, "channels", json_array());
    for (int32_t k = 0; k < signal->channels; k++) {
        const secg_channel *channel = &signal->channel[k];
        json_t *one = secg_append(b, list, json_object());
        secg_put_text(b, one, "name",
                      channel->name[0] ? channel->name : secg_lead_name(channel->lead));
        secg_put_text(b, one, "lead", secg_lead_name(channel->lead));
        if (channel->gain_per_mv > 0)
            secg_put_real(b, one, "gain_per_mv", (double)channel->gain_per_mv, 4);
        else
            secg_put(b, one, "gain_per_mv", json_null());
        secg_put_flag(b, one, "analysed", !channel->unused);
    }
}

static void put_leads(secg_build *b, json_t *record, const secg_summary *summary)
{
    secg_lead_keys keys = secg_make_lead_keys(summary);
    json_t *list = secg_put(b, record, "leads", json_array());
    for (size_t k = 0; k < keys.count; k++) {
        json_t *lead = secg_append(b, list, json_object());
        secg_put_text(b, lead, "name", keys.key[k]);
        secg_put_flag(b, lead, "derived", summary->lead[k].channel < 0);
    }
}

static void put_start(secg_build *b, json_t *record, const secg_summary *summary)
{
    char text[40];
    if (summary->start_unix_ms == SECG_NO_SAMPLE) {
        secg_put(b, record, "start", json_null());
        return;
    }
    secg_put_text(
        b, record, "start",
        secg_clock_text(summary->start_unix_ms, summary->utc_offset_min, 0, text, sizeof text));
}

static secg_placement placement(const secg_summary *summary, const secg_order *order)
{
    if (summary->signal->placement != SECG_PLACEMENT_UNKNOWN || !order)
        return summary->signal->placement;
    return order->placement;
}

void secg_put_record(secg_build *b, json_t *root, const secg_summary *summary,
                     const secg_order *order)
{
    char digest[24];
    snprintf(digest, sizeof digest, "%016" PRIx64, summary->digest);
    json_t *record = secg_put(b, root, "record", json_object());
    put_start(b, record, summary);
    secg_put_whole(b, record, "frames", summary->frames);
    secg_put_real(b, record, "rate_hz", b->rate_hz, 6);
    secg_put_time(b, record, "duration_s", summary->frames);
    if (summary->deidentified)
        secg_put(b, record, "digest", json_null());
    else
        secg_put_text(b, record, "digest", digest);
    secg_put_flag(b, record, "calibrated", summary->calibrated);
    secg_put_text(b, record, "placement", secg_placement_text(placement(summary, order)));
    put_channels(b, record, summary->signal);
    put_leads(b, record, summary);
    json_t *filters = secg_put(b, record, "filters", json_object());
    secg_put_text(b, filters, "measurement", secg_path_text(SECG_PATH_MEASUREMENT));
    secg_put_text(b, filters, "display", secg_path_text(SECG_PATH_DISPLAY));
    secg_put_whole(b, filters, "mains_hz", summary->mains_hz);
    secg_put_real(b, record, "coverage_pct", (double)summary->coverage_pct, 2);
    secg_put_real(b, record, "readable_pct", (double)summary->readable_pct, 2);
}

/* ---- the protocol ------------------------------------------------------------------------------- */

static void put_protocol_stage(secg_build *b, json_t *to, const secg_protocol_stage *stage)
{
    secg_put_text(b, to, "label", stage->label);
    secg_put_real(b, to, "duration_s", stage->duration_s > 0 ? stage->duration_s : (double)NAN, 3);
    secg_put_known(b, to, "speed_mph", (double)stage->speed_mph, 3);
    secg_put_known(b, to, "grade_pct", (double)stage->grade_pct, 3);
    secg_put_known(b, to, "power_w", (double)stage->power_w, 3);
    secg_put_known(b, to, "dose", (double)stage->dose, 3);
    if (stage->ramp_s > 0)
        secg_put_known(b, to, "ramp_s", (double)stage->ramp_s, 3);
}

void secg_put_protocol(secg_build *b, json_t *root, const secg_summary *summary)
{
    const secg_protocol *protocol = summary->protocol;
    if (!protocol) {
        secg_put(b, root, "protocol", json_null());
        return;
    }
    json_t *to = secg_put(b, root, "protocol", json_object());
    secg_put_text(b, to, "id", protocol->id);
    secg_put_text(b, to, "version", protocol->version);
    secg_put_text(b, to, "name", protocol->name);
    if (strcmp(summary->protocol_label, protocol->name) != 0)
        secg_put_stated(b, to, "label", summary->protocol_label);
    secg_put_text(b, to, "source", protocol->source);
    secg_put_text(b, to, "modality", secg_modality_text(protocol->modality));
    secg_put_stated(b, to, "dose_unit", protocol->dose_unit);
    secg_put_real(b, to, "recovery_s", protocol->recovery_s, 3);
    json_t *list = secg_put(b, to, "stages", json_array());
    for (size_t i = 0; i < protocol->stages; i++)
        put_protocol_stage(b, secg_append(b, list, json_object()), &protocol->stage[i]);
}

/* ---- what was entered before the test ----------------------------------------------------------- */

static void put_tri(secg_build *b, json_t *object, const char *key, secg_tri tri)
{
    secg_put(b, object, key, tri == SECG_UNKNOWN ? json_null() : json_boolean(tri == SECG_YES));
}

/* The tracing's own figures (those the formulas used) first; the rest is as entered. */
static void put_patient(secg_build *b, json_t *root, const secg_summary *summary,
                        const secg_order *order)
{
    const secg_test_patient *used = &summary->patient;
    char sex[2] = {used->sex, '\0'};
    json_t *to = secg_put(b, root, "patient", json_object());
    double height = used->height_cm > 0 ? (double)used->height_cm : (double)NAN;
    double weight = used->weight_kg > 0 ? (double)used->weight_kg : (double)NAN;
    secg_put_real(b, to, "age_years", used->age_years > 0 ? (double)used->age_years : (double)NAN,
                  2);
    if (order) {
        secg_put_stated(b, to, "name", order->patient.name);
        secg_put_stated(b, to, "id", order->patient.id);
        secg_put_stated(b, to, "birth_date", order->patient.birth_date);
        secg_put_stated(b, to, "medications", order->patient.medications);
        if (isnan(height) && order->patient.height_cm > 0)
            height = (double)order->patient.height_cm;
        if (isnan(weight) && order->patient.weight_kg > 0)
            weight = (double)order->patient.weight_kg;
    }
    secg_put_stated(b, to, "sex", !sex[0] && order ? order->patient.sex : sex);
    secg_put_real(b, to, "height_cm", height, 2);
    secg_put_real(b, to, "weight_kg", weight, 2);
}

/* Those of `count` texts, each of `size` bytes, that say something. */
static void put_texts(secg_build *b, json_t *object, const char *key, const char *text, size_t size,
                      int count)
{
    json_t *list = secg_put(b, object, key, json_array());
    for (int i = 0; i < count; i++)
        if (text[(size_t)i * size])
            secg_append(b, list, json_string(text + (size_t)i * size));
}

#define PUT_TEXTS(object, key, list)                                                               \
    put_texts(b, object, key, list[0], sizeof list[0], (int)(sizeof list / sizeof list[0]))

static void put_reasons(secg_build *b, json_t *root, const secg_order *order)
{
    json_t *to = secg_put(b, root, "order", json_object());
    secg_put_stated(b, to, "number", order->order.number);
    secg_put_stated(b, to, "provider", order->order.provider);
    secg_put_stated(b, to, "indication", order->order.indication);
    PUT_TEXTS(to, "icd10", order->order.icd10);
    secg_put_stated(b, to, "encounter_id", order->order.encounter_id);
    secg_put_stated(b, to, "billing_code", order->order.billing_code);
    PUT_TEXTS(to, "modifiers", order->order.modifiers);
    secg_put_stated(b, to, "place_of_service", order->order.place_of_service);
    put_tri(b, to, "in_person", order->order.in_person);
    PUT_TEXTS(to, "same_day_codes", order->order.same_day_codes);
    put_tri(b, to, "same_day_ordered", order->order.same_day_ordered);
}

static void put_place(secg_build *b, json_t *root, const secg_order *order)
{
    json_t *facility = secg_put(b, root, "facility", json_object());
    secg_put_stated(b, facility, "name", order->facility.name);
    secg_put_stated(b, facility, "entity_id", order->facility.entity_id);
    secg_put_stated(b, facility, "billing_entity_id", order->facility.billing_entity_id);
    secg_put_stated(b, facility, "location_id", order->facility.location_id);
    secg_put_stated(b, facility, "address", order->facility.address);
    json_t *authorization = secg_put(b, root, "authorization", json_object());
    put_tri(b, authorization, "required", order->authorization.required);
    secg_put_stated(b, authorization, "number", order->authorization.number);
    PUT_TEXTS(authorization, "codes", order->authorization.codes);
    secg_put_stated(b, authorization, "valid_from", order->authorization.valid_from);
    secg_put_stated(b, authorization, "valid_to", order->authorization.valid_to);
    if (order->authorization.units > 0)
        secg_put_whole(b, authorization, "units", order->authorization.units);
    secg_put_stated(b, authorization, "payer_type", order->authorization.payer_type);
    secg_put_stated(b, authorization, "payer_name", order->authorization.payer_name);
    secg_put_stated(b, authorization, "plan_id", order->authorization.plan_id);
}

static void put_preparation(secg_build *b, json_t *root, const secg_order *order)
{
    json_t *to = secg_put(b, root, "preparation", json_object());
    put_tri(b, to, "history_taken", order->preparation.history_taken);
    put_tri(b, to, "test_explained", order->preparation.test_explained);
    put_tri(b, to, "consent", order->preparation.consent);
    secg_put_stated(b, to, "prepared_at", order->preparation.prepared_at);
    secg_put_stated(b, to, "explained_at", order->preparation.explained_at);
    secg_put_stated(b, to, "consent_at", order->preparation.consent_at);
    secg_put_stated(b, to, "hook_up_at", order->preparation.hook_up_at);
    secg_put_stated(b, to, "hook_up_by", order->preparation.hook_up_by);
    secg_put_stated(b, to, "skin_preparation", order->preparation.skin_preparation);
    json_t *equipment = secg_put(b, root, "equipment", json_object());
    secg_put_stated(b, equipment, "ecg", order->equipment.ecg);
    secg_put_stated(b, equipment, "ergometer", order->equipment.ergometer);
    secg_put_stated(b, equipment, "bp", order->equipment.bp);
    secg_put_stated(b, equipment, "software", order->equipment.software);
}

static void put_electrodes(secg_build *b, json_t *root, const secg_order *order)
{
    json_t *list = secg_put(b, root, "electrodes", json_array());
    for (int32_t i = 0; i < order->electrode_count && i < SECG_MAX_ELECTRODES; i++) {
        const secg_electrode *electrode = &order->electrode[i];
        json_t *to = secg_append(b, list, json_object());
        secg_put_text(b, to, "site", electrode->site);
        put_tri(b, to, "contact", electrode->contact);
        if (electrode->impedance_kohm > 0)
            secg_put_real(b, to, "impedance_kohm", (double)electrode->impedance_kohm, 3);
    }
}

static void put_staff(secg_build *b, json_t *root, const secg_order *order)
{
    json_t *list = secg_put(b, root, "staff", json_array());
    for (int32_t i = 0; i < order->staff_count && i < SECG_MAX_STAFF; i++) {
        const secg_staff *person = &order->staff[i];
        json_t *to = secg_append(b, list, json_object());
        secg_put_stated(b, to, "name", person->name);
        secg_put_stated(b, to, "credential", person->credential);
        secg_put_stated(b, to, "id", person->id);
        secg_put_stated(b, to, "entity_id", person->entity_id);
        secg_put_stated(b, to, "authorization", person->authorization);
        secg_put_flag(b, to, "performed", person->performed);
        secg_put_flag(b, to, "supervised", person->supervised);
        secg_put_flag(b, to, "interprets", person->interprets);
        secg_put_stated(b, to, "signed_at", person->signed_at);
    }
}

void secg_put_order(secg_build *b, json_t *root, const secg_summary *summary,
                    const secg_order *order)
{
    put_patient(b, root, summary, order);
    if (!order)
        return;
    put_reasons(b, root, order);
    put_place(b, root, order);
    put_preparation(b, root, order);
    put_electrodes(b, root, order);
    put_staff(b, root, order);
    PUT_TEXTS(root, "sections", order->sections);
    secg_put_stated(b, root, "resting_ecg", order->resting_ecg);
}
