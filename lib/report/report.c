/* The public calls: what is asked for is checked, the pages are planned once, and each kind of file
 * has them drawn on its own surface. */
#include "report/output.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>

secg_status secg_report_fail(secg_error *error, secg_status status, const char *format, ...)
{
    if (error) {
        va_list list;
        error->status = status;
        va_start(list, format);
        vsnprintf(error->text, sizeof error->text, format, list);
        va_end(list);
    }
    return status;
}

static secg_status refuse(secg_error *error, const char *field, int value)
{
    return secg_report_fail(error, SECG_E_ARGUMENT, "options.%s: %d", field, value);
}

static secg_status check_options(const secg_report_options *o, secg_error *error)
{
    if ((unsigned)o->paper > SECG_PAPER_LETTER)
        return refuse(error, "paper", (int)o->paper);
    if ((unsigned)o->strips_from > SECG_DISPLAY_FROM_DC)
        return refuse(error, "strips_from", (int)o->strips_from);
    if ((unsigned)o->strips_to > SECG_DISPLAY_TO_ALL)
        return refuse(error, "strips_to", (int)o->strips_to);
    if ((unsigned)o->lead_order > SECG_LEADS_CABRERA)
        return refuse(error, "lead_order", (int)o->lead_order);
    if ((unsigned)o->strip_layout > SECG_STRIPS_1_COLUMN)
        return refuse(error, "strip_layout", (int)o->strip_layout);
    if ((unsigned)o->state > SECG_REPORT_FINAL)
        return refuse(error, "state", (int)o->state);
    if (!isfinite(o->disclosure_max_min))
        return secg_report_fail(error, SECG_E_ARGUMENT, "options.disclosure_max_min: not a number");
    if (o->disclosure_leads > SECG_MAX_LEADS)
        return refuse(error, "disclosure_leads", o->disclosure_leads);
    if (o->st_rate > 1)
        return refuse(error, "st_rate", o->st_rate);
    for (size_t i = 0; i < sizeof o->reserved; i++)
        if (o->reserved[i] != 0)
            return secg_report_fail(error, SECG_E_ARGUMENT, "options.reserved is not zero");
    return SECG_OK;
}

static secg_status open_book(secg_book *book, const secg_summary *summary, const secg_order *order,
                             const secg_report_options *options, const char *path,
                             secg_error *error)
{
    if (!summary || !path || !path[0])
        return secg_report_fail(error, SECG_E_ARGUMENT, "%s is missing",
                                summary ? "path" : "summary");
    if (options && check_options(options, error) != SECG_OK)
        return SECG_E_ARGUMENT;
    if (secg_book_open(book, summary, order, options) != SECG_OK)
        return secg_report_fail(error, SECG_E_MEMORY, "no memory to plan the pages");
    return SECG_OK;
}

typedef secg_status write_pages(const secg_book *book, double dpi, const char *path,
                                secg_error *error);

static secg_status write_pdf(const secg_book *book, double dpi, const char *path, secg_error *error)
{
    (void)dpi;
    return secg_output_pdf(book, path, error);
}

static secg_status write_svg(const secg_book *book, double dpi, const char *path, secg_error *error)
{
    (void)dpi;
    return secg_output_svg(book, path, error);
}

static secg_status write_book(const secg_summary *summary, const secg_order *order,
                              const secg_report_options *options, write_pages *write, double dpi,
                              const char *path, secg_error *error)
{
    secg_book book;
    secg_status status = open_book(&book, summary, order, options, path, error);
    if (status != SECG_OK)
        return status;
    status = write(&book, dpi, path, error);
    secg_book_close(&book);
    return status;
}

secg_status secg_report_write_pdf(const secg_summary *summary, const secg_order *order,
                                  const secg_report_options *options, const char *path,
                                  secg_error *error)
{
    return write_book(summary, order, options, write_pdf, 0, path, error);
}

secg_status secg_report_write_svg(const secg_summary *summary, const secg_order *order,
                                  const secg_report_options *options, const char *path,
                                  secg_error *error)
{
    return write_book(summary, order, options, write_svg, 0, path, error);
}

secg_status secg_report_write_png(const secg_summary *summary, const secg_order *order,
                                  const secg_report_options *options, double dpi, const char *path,
                                  secg_error *error)
{
    if (!(dpi >= 36 && dpi <= 600))
        return secg_report_fail(error, SECG_E_ARGUMENT, "dpi: %g is not from 36 to 600", dpi);
    return write_book(summary, order, options, secg_output_png, dpi, path, error);
}
