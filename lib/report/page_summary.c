/* The first page: whose test, why, with what, by whom; the figures it came to; the course. */
#include "report/figures.h"
#include "report/format.h"
#include "report/trend.h"

#include <stressecg/st.h>

#include <math.h>
#include <stdio.h>
#include <string.h>

static const double label_pt = 62;

static void take(secg_sheet *sheet, double height)
{
    sheet->body.y += height;
    sheet->body.height -= height;
}

/* ---- fields: a gray label and what was entered -------------------------------------------- */

typedef struct field_list {
    secg_sheet *sheet;
    double x, y, width;
} field_list;

static void heading(field_list *list, const char *text)
{
    list->y += 12;
    secg_text_line(list->sheet->cr, SECG_TEXT_HEADING, SECG_LEFT, list->x, list->y, list->width,
                   text);
    secg_ink_line(list->sheet->cr, secg_ink_rule, 0.4, list->x, list->y + 3.5,
                  list->x + list->width, list->y + 3.5);
    list->y += 5;
}

static void field(field_list *list, const char *label, int lines, const char *text)
{
    secg_sheet *sheet = list->sheet;
    char missing[16];
    if (!text[0] && !sheet->book->is_test)
        return; /* a plain recording need not have an order */
    if (!text[0] && sheet->book->summary->deidentified) {
        text = "left out";
    } else if (!text[0]) {
        secg_format_missing(sheet, SECG_WHY_NOT_ENTERED, missing, sizeof missing);
        text = missing;
    }
    secg_text_line(sheet->cr, SECG_TEXT_LABEL, SECG_LEFT, list->x, list->y + 8.5, label_pt - 4,
                   label);
    list->y += secg_text_block(sheet->cr, SECG_TEXT_BODY, list->x + label_pt, list->y,
                               list->width - label_pt, lines, text, 1);
}

/* ---- identity ----------------------------------------------------------------------------- */

static void age_and_sex(const secg_book *book, char *text, size_t size)
{
    const secg_test_patient *p = &book->summary->patient;
    const secg_order *o = book->order;
    text[0] = '\0';
    if (o->patient.birth_date[0])
        secg_format_append(text, size, "%s", o->patient.birth_date);
    if (p->age_years > 0)
        secg_format_append(text, size, "%s%.0f years%s", text[0] ? ", " : "",
                           floor((double)p->age_years),
                           book->summary->deidentified && p->age_years >= 90 ? " or more" : "");
    if (o->patient.sex[0])
        secg_format_append(text, size, "%s%s", text[0] ? ", " : "", o->patient.sex);
    else if (p->sex)
        secg_format_append(text, size, "%s%c", text[0] ? ", " : "", p->sex);
}

static void body_size(const secg_book *book, char *text, size_t size)
{
    double height = book->order->patient.height_cm > 0 ? (double)book->order->patient.height_cm
                                                       : (double)book->summary->patient.height_cm;
    double weight = book->order->patient.weight_kg > 0 ? (double)book->order->patient.weight_kg
                                                       : (double)book->summary->patient.weight_kg;
    text[0] = '\0';
    if (height > 0)
        secg_format_append(text, size, "%.0f cm", height);
    if (weight > 0)
        secg_format_append(text, size, "%s%.4g kg", text[0] ? ", " : "", weight);
}

static const char *stated(const secg_book *book, const char *text)
{
    return text[0] ? text : book->summary->deidentified ? "left out" : "not stated";
}

static void patient_fields(field_list *list)
{
    const secg_book *book = list->sheet->book;
    char text[128];
    heading(list, "Patient");
    field(list, "Name", 2, stated(book, book->order->patient.name));
    field(list, "ID", 1, stated(book, book->order->patient.id));
    age_and_sex(book, text, sizeof text);
    field(list, "Born, age, sex", 1, text);
    body_size(book, text, sizeof text);
    field(list, "Height, weight", 1, text);
    field(list, "Medication", 3, book->order->patient.medications);
}

static void order_fields(field_list *list)
{
    const secg_order *o = list->sheet->book->order;
    char text[400] = "";
    heading(list, "Order");
    field(list, "Indication", 3, o->order.indication);
    for (int i = 0; i < SECG_MAX_CODES; i++)
        if (o->order.icd10[i][0])
            secg_format_append(text, sizeof text, "%s%s", text[0] ? ", " : "", o->order.icd10[i]);
    field(list, "ICD-10-CM", 1, text);
    field(list, "Ordered by", 1, o->order.provider);
    text[0] = '\0';
    if (o->order.number[0])
        secg_format_append(text, sizeof text, "%s", o->order.number);
    if (o->order.encounter_id[0])
        secg_format_append(text, sizeof text, "%sencounter %s", text[0] ? ", " : "",
                           o->order.encounter_id);
    field(list, "Order", 1, text);
    text[0] = '\0';
    if (o->authorization.number[0])
        secg_format_append(text, sizeof text, "%s", o->authorization.number);
    else if (o->authorization.required == SECG_NO)
        secg_format_append(text, sizeof text, "not required");
    else if (o->authorization.required == SECG_YES)
        secg_format_append(text, sizeof text, "required, number %s",
                           list->sheet->book->summary->deidentified ? "left out" : "not entered");
    field(list, "Authorization", 1, text);
}

static void protocol_text(const secg_summary *s, char *text, size_t size)
{
    text[0] = '\0';
    if (s->protocol)
        secg_format_append(text, size, "%.*s, %s (table %.*s version %.*s)",
                           (int)sizeof s->protocol_label,
                           s->protocol_label[0] ? s->protocol_label : s->protocol->name,
                           secg_modality_text(s->protocol->modality), (int)sizeof s->protocol->id,
                           s->protocol->id, (int)sizeof s->protocol->version, s->protocol->version);
}

static void tracing_text(const secg_summary *s, char *text, size_t size)
{
    text[0] = '\0';
    if (!s->signal)
        return;
    secg_format_append(text, size, "%zu lead%s, %.6g samples/s", s->leads, s->leads == 1 ? "" : "s",
                       s->signal->rate_hz);
    if (!s->calibrated)
        secg_format_append(text, size, ", gain not known");
}

static void test_fields(field_list *list)
{
    const secg_book *book = list->sheet->book;
    const secg_summary *s = book->summary;
    char text[256];
    heading(list, book->is_test ? "Test" : "Recording");
    secg_format_date(book, text, sizeof text);
    field(list, "Started", 1, text);
    if (book->is_test) {
        protocol_text(s, text, sizeof text);
        field(list, "Protocol", 2, text);
    }
    field(list, "Electrodes", 1, secg_format_placement(book));
    tracing_text(s, text, sizeof text);
    field(list, "Tracing", 1, text);
}

static void facility_fields(field_list *list)
{
    const secg_order *o = list->sheet->book->order;
    char text[512] = "";
    if (!list->sheet->book->is_test && !o->facility.name[0] && !o->equipment.ecg[0])
        return;
    heading(list, "Facility and equipment");
    if (o->facility.name[0])
        secg_format_append(text, sizeof text, "%s", o->facility.name);
    if (o->facility.address[0])
        secg_format_append(text, sizeof text, "%s%s", text[0] ? ", " : "", o->facility.address);
    field(list, "Facility", 3, text);
    field(list, "ECG", 1, o->equipment.ecg);
    if (o->equipment.ergometer[0] || list->sheet->book->is_test)
        field(list, "Ergometer", 1, o->equipment.ergometer);
    if (o->equipment.bp[0] || list->sheet->book->is_test)
        field(list, "BP device", 1, o->equipment.bp);
}

static void draw_identity(secg_sheet *sheet)
{
    double gap = 18, width = (sheet->body.width - gap) / 2;
    field_list left = {sheet, sheet->body.x, sheet->body.y, width};
    field_list right = {sheet, sheet->body.x + width + gap, sheet->body.y, width};
    patient_fields(&left);
    if (sheet->book->is_test || sheet->book->order->order.indication[0])
        order_fields(&left);
    test_fields(&right);
    facility_fields(&right);
    take(sheet, fmax(left.y, right.y) - sheet->body.y + 4);
}

/* ---- what was entered and counted ---------------------------------------------------------- */

static void end_text(const secg_summary *s, char *text, size_t size)
{
    text[0] = '\0';
    if (s->end > 0 && s->end < SECG_END_KINDS)
        secg_format_append(text, size, "%s", secg_end_text(s->end));
    if (s->end_text[0])
        secg_format_append(text, size, "%s%s", text[0] ? ": " : "", s->end_text);
}

static void symptoms_text(const secg_book *book, char *text, size_t size)
{
    const secg_summary *s = book->summary;
    text[0] = '\0';
    for (size_t i = 0; i < s->facts; i++) {
        const secg_fact *fact = &s->fact[i];
        char at[40];
        if (fact->kind != SECG_FACT_SYMPTOM)
            continue;
        secg_format_moment(book, fact->sample, at, sizeof at);
        secg_format_append(text, size, "%s%s", text[0] ? "; " : "",
                           fact->code == SECG_SYMPTOM_NONE
                               ? "none stated by staff"
                               : secg_symptom_text((secg_symptom)fact->code));
        if (fact->grade >= 0 && fact->code != SECG_SYMPTOM_NONE)
            secg_format_append(text, size, " %d/10", fact->grade);
        if (fact->text[0])
            secg_format_append(text, size, " (%s)", fact->text);
        secg_format_append(text, size, ", %s", at);
    }
}

static void adverse_text(const secg_book *book, char *text, size_t size)
{
    const secg_summary *s = book->summary;
    text[0] = '\0';
    for (size_t i = 0; i < s->facts; i++) {
        const secg_fact *fact = &s->fact[i];
        char at[40];
        if (fact->kind != SECG_FACT_ADVERSE)
            continue;
        secg_format_moment(book, fact->sample, at, sizeof at);
        if (fact->code == 1)
            secg_format_append(text, size, "%snone stated by staff", text[0] ? "; " : "");
        else
            secg_format_append(text, size, "%s%s, %s", text[0] ? "; " : "", fact->text, at);
    }
}

static void ectopy_text(const secg_beat_counts *c, char *text, size_t size)
{
    text[0] = '\0';
    secg_format_append(text, size, "V %d (single\xc2\xa0%d, couplets\xc2\xa0%d, runs\xc2\xa0%d",
                       (int)c->v, (int)c->pvc, (int)c->couplets, (int)c->runs);
    if (c->longest_run > 0)
        secg_format_append(text, size, ", longest %d beats", (int)c->longest_run);
    secg_format_append(text, size,
                       "); S %d (single\xc2\xa0%d, runs\xc2\xa0%d); bigeminy\xc2\xa0%d; "
                       "trigeminy\xc2\xa0%d; pauses\xc2\xa0%d",
                       (int)c->s, (int)c->sve, (int)c->svt_runs, (int)c->bigeminy,
                       (int)c->trigeminy, (int)c->pauses);
}

static const secg_st *st_of(const secg_summary *s, const secg_peak *peak, int lead)
{
    size_t low = 0, high = s->trends;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (s->trend[middle].sample < peak->sample)
            low = middle + 1;
        else
            high = middle;
    }
    int found = low < s->trends && s->trend[low].sample == peak->sample && s->trend[low].st &&
                lead >= 0 && (size_t)lead < s->leads;
    return found ? &s->trend[low].st[lead] : NULL;
}

/* The rule behind the word stands on the audit page. */
static void put_slope(secg_sheet *sheet, const secg_st *st, char *text, size_t size)
{
    char slope[24];
    if (!isfinite(st->slope_mv_s))
        return;
    secg_format_signed(sheet, SECG_MEASURED, (double)st->slope_mv_s, 1, slope, sizeof slope);
    secg_format_append(text, size, ", slope %s mV/s", slope);
    if (secg_st_shape_of(st) != SECG_ST_SHAPE_NONE)
        secg_format_append(text, size, " (%s)", secg_st_shape_text(secg_st_shape_of(st)));
}

/* "V5 -0.13 mV at J+80, slope -0.4 mV/s (horizontal), exercise 6:30, 14 beats, noise 6 uV" */
static void st_text(secg_sheet *sheet, const secg_peak *peak, int lead, char *text, size_t size)
{
    const secg_summary *s = sheet->book->summary;
    char level[24], at[40];
    text[0] = '\0';
    if (peak->value.why != SECG_MEASURED || lead < 0 || (size_t)lead >= s->leads || !s->lead) {
        secg_format_missing(sheet, s->calibrated ? peak->value.why : SECG_WHY_UNCALIBRATED, text,
                            size);
        return;
    }
    secg_format_signed(sheet, SECG_MEASURED, (double)peak->value.value, 2, level, sizeof level);
    secg_format_append(text, size, "%s %s mV", s->lead[lead].name, level);
    const secg_st *st = st_of(s, peak, lead);
    if (st) {
        secg_format_append(text, size, " at %s", secg_st_point_text((secg_st_point)st->point));
        put_slope(sheet, st, text, size);
    }
    secg_format_moment(sheet->book, peak->sample, at, sizeof at);
    secg_format_append(text, size, ", %s", at);
    if (st && st->beats > 0)
        secg_format_append(text, size, ", %u beats", st->beats);
    if (st && isfinite(st->noise_mv))
        secg_format_append(text, size, ", noise %.0f \xc2\xb5V", (double)st->noise_mv * 1000);
}

static void st_fields(field_list *list)
{
    const secg_summary *s = list->sheet->book->summary;
    char text[256];
    st_text(list->sheet, &s->st_lowest, s->st_lowest_lead, text, sizeof text);
    field(list, "ST lowest", 1, text);
    st_text(list->sheet, &s->st_highest, s->st_highest_lead, text, sizeof text);
    field(list, "ST highest", 1, text);
}

static void draw_findings(secg_sheet *sheet)
{
    const secg_book *book = sheet->book;
    const secg_summary *s = book->summary;
    char text[1200];
    field_list list = {sheet, sheet->body.x, sheet->body.y, sheet->body.width};
    heading(&list, book->is_test ? "Entered, measured and counted" : "Measured and counted");
    if (book->is_test) {
        end_text(s, text, sizeof text);
        field(&list, "Ended", 2, text);
        symptoms_text(book, text, sizeof text);
        field(&list, "Symptoms", 3, text);
        adverse_text(book, text, sizeof text);
        field(&list, "Adverse events", 2, text);
    }
    if (book->is_test || book->order->resting_ecg[0])
        field(&list, "Resting ECG", 2, book->order->resting_ecg);
    char beats[32] = "";
    if (s->frames > 0)
        snprintf(beats, sizeof beats, "%d", (int)s->total.beats);
    if (book->is_test)
        field(&list, "Beats", 1, beats);
    ectopy_text(&s->total, text, sizeof text);
    field(&list, "Ectopic beats", 2, book->summary->frames > 0 ? text : "");
    if (book->is_test || (s->calibrated && s->trends > 0))
        st_fields(&list);
    snprintf(text, sizeof text, "%.1f %% of the tracing in at least one lead, readable %.1f %%",
             (double)s->coverage_pct, (double)s->readable_pct);
    if (book->is_test)
        field(&list, "Acquired", 1, text);
    take(sheet, list.y - sheet->body.y);
}

/* ---- staff: at the foot of the page -------------------------------------------------------- */

static int staff_count(const secg_order *o)
{
    return o->staff_count < 0                ? 0
           : o->staff_count > SECG_MAX_STAFF ? SECG_MAX_STAFF
                                             : o->staff_count;
}

static double staff_height(const secg_book *book)
{
    int count = staff_count(book->order);
    return 32 + 12.0 * (count > 0 ? count : 1);
}

static void signed_text(const secg_staff *person, char *text, size_t size)
{
    snprintf(text, size, person->signed_at[0] ? "signed " : "not signed");
    secg_format_iso(person->signed_at, text, size);
}

static void draw_person(secg_sheet *sheet, const secg_staff *person, double y)
{
    double x = sheet->body.x, w = sheet->body.width;
    char roles[80] = "";
    secg_text_line(sheet->cr, SECG_TEXT_STRONG, SECG_LEFT, x, y, w * 0.32 - 8, person->name);
    secg_text_line(sheet->cr, SECG_TEXT_BODY, SECG_LEFT, x + w * 0.32, y, w * 0.14 - 8,
                   person->credential);
    if (person->performed)
        secg_format_append(roles, sizeof roles, "performed");
    if (person->supervised)
        secg_format_append(roles, sizeof roles, "%ssupervised", roles[0] ? ", " : "");
    if (person->interprets)
        secg_format_append(roles, sizeof roles, "%sreads the tracing", roles[0] ? ", " : "");
    secg_text_line(sheet->cr, SECG_TEXT_BODY, SECG_LEFT, x + w * 0.46, y, w * 0.32 - 8, roles);
    char text[64];
    signed_text(person, text, sizeof text);
    secg_text_line(sheet->cr, SECG_TEXT_BODY, SECG_LEFT, x + w * 0.78, y, w * 0.22, text);
}

static void draw_staff(secg_sheet *sheet)
{
    const secg_order *o = sheet->book->order;
    double top = sheet->body.y + sheet->body.height - staff_height(sheet->book);
    field_list list = {sheet, sheet->body.x, top, sheet->body.width};
    heading(&list, "Staff and signatures");
    double y = list.y + 9;
    if (staff_count(o) == 0)
        secg_text_line(sheet->cr, SECG_TEXT_BODY, SECG_LEFT, sheet->body.x, y, sheet->body.width,
                       "No staff entered.");
    for (int i = 0; i < staff_count(o); i++, y += 12)
        draw_person(sheet, &o->staff[i], y);
}

static void draw_summary(secg_sheet *sheet)
{
    const secg_book *book = sheet->book;
    secg_text_line(sheet->cr, SECG_TEXT_TITLE, SECG_LEFT, sheet->body.x, sheet->body.y + 17,
                   sheet->body.width, book->is_test ? "Stress test: ECG tracing" : "ECG recording");
    take(sheet, 24);
    draw_identity(sheet);
    secg_figures_draw(sheet);
    draw_findings(sheet);
    double room = sheet->body.height - staff_height(book) - 6;
    if (room > 90)
        secg_trend_overview(sheet, (secg_box){sheet->body.x, sheet->body.y + 8, sheet->body.width,
                                              fmin(room, book->is_test ? 300 : 420)});
    draw_staff(sheet);
}

void secg_plan_summary(secg_book *book)
{
    secg_book_add(book, (secg_page){.title = book->is_test ? "Summary" : "Recording summary",
                                    .opens = 1,
                                    .draw = draw_summary});
}
