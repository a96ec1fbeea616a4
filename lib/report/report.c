/* The file: made beside its final name, readable by its owner alone, and renamed when it is
 * complete, so that whoever looks finds the old report, the new one, or none, never half of one. */
#include "report/book.h"

#include <cairo-pdf.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static secg_status fail(secg_error *error, secg_status status, const char *format, ...)
    SECG_PRINTF(3, 4);

static secg_status fail(secg_error *error, secg_status status, const char *format, ...)
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

typedef struct sink {
    FILE *file;
    int failed; /* errno of the first write that failed; 0: none */
} sink;

/* A failure is kept here, not told to cairo: its PDF surface does not survive one in every
 * version, and there is nothing it could do about a full disk. */
static cairo_status_t append(void *context, const unsigned char *data, unsigned int length)
{
    sink *out = context;
    if (!out->failed && fwrite(data, 1, length, out->file) != length)
        out->failed = errno ? errno : EIO;
    return CAIRO_STATUS_SUCCESS;
}

/* The title names the record, never the patient: viewers show it in lists and window frames. */
static void set_metadata(cairo_surface_t *surface, const secg_book *book)
{
    const char *record = book->options->record_name;
    char text[160];
    snprintf(text, sizeof text, "%s%s%s", book->is_test ? "Stress test ECG" : "ECG recording",
             record && record[0] ? ", " : "", record ? record : "");
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, text);
    snprintf(text, sizeof text, "stressecg %s", secg_version());
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATOR, text);
}

static void draw_pages(cairo_surface_t *surface, const secg_book *book)
{
    cairo_t *cr = cairo_create(surface);
    for (size_t page = 0; page < book->pages; page++) {
        double width, height;
        char link[32];
        secg_book_page_size(book, page, &width, &height);
        cairo_pdf_surface_set_size(surface, width, height);
        secg_book_draw(book, page, cr);
        snprintf(link, sizeof link, "page=%zu", page + 1);
        if (book->page[page].opens)
            cairo_pdf_surface_add_outline(surface, CAIRO_PDF_OUTLINE_ROOT, book->page[page].title,
                                          link, (cairo_pdf_outline_flags_t)0);
        cairo_show_page(cr);
        if (book->options->progress)
            book->options->progress(book->options->progress_context,
                                    (double)(page + 1) / (double)book->pages);
    }
    cairo_destroy(cr);
}

static secg_status write_pdf(const secg_book *book, sink *out)
{
    double width, height;
    secg_book_page_size(book, 0, &width, &height);
    cairo_surface_t *surface = cairo_pdf_surface_create_for_stream(append, out, width, height);
    set_metadata(surface, book);
    draw_pages(surface, book);
    cairo_surface_finish(surface);
    cairo_status_t status = cairo_surface_status(surface);
    cairo_surface_destroy(surface);
    return status == CAIRO_STATUS_SUCCESS ? SECG_OK : SECG_E_MEMORY;
}

/* All bytes on the disk, or errno of what went wrong. */
static int settle(sink *out)
{
    if (!out->failed && (fflush(out->file) != 0 || fsync(fileno(out->file)) != 0))
        out->failed = errno;
    if (fclose(out->file) != 0 && !out->failed)
        out->failed = errno;
    return out->failed;
}

/* Written, flushed to the disk, renamed; the temporary name is gone in any case. */
static secg_status write_file(const secg_book *book, const char *path, char *temporary,
                              secg_error *error)
{
    int descriptor = mkstemp(temporary); /* 0600 */
    if (descriptor < 0)
        return fail(error, SECG_E_FILE, "%s: cannot be created: %s", path, strerror(errno));
    sink out = {.file = fdopen(descriptor, "wb")};
    if (!out.file) {
        close(descriptor);
        unlink(temporary);
        return fail(error, SECG_E_MEMORY, "%s: no memory to write it", path);
    }
    secg_status status = write_pdf(book, &out);
    int why = settle(&out);
    if (status == SECG_OK && !why && rename(temporary, path) != 0)
        why = errno;
    if (status == SECG_OK && !why)
        return SECG_OK;
    unlink(temporary);
    if (status != SECG_OK)
        return fail(error, status, "%s: no memory to draw it", path);
    return fail(error, SECG_E_FILE, "%s: cannot be written: %s", path, strerror(why));
}

static secg_status check_options(const secg_report_options *o, secg_error *error)
{
    if ((unsigned)o->paper > SECG_PAPER_LETTER)
        return fail(error, SECG_E_ARGUMENT, "options.paper: %d is no paper", (int)o->paper);
    if ((unsigned)o->strips_from > SECG_DISPLAY_FROM_DC)
        return fail(error, SECG_E_ARGUMENT, "options.strips_from: %d", (int)o->strips_from);
    if ((unsigned)o->strips_to > SECG_DISPLAY_TO_ALL)
        return fail(error, SECG_E_ARGUMENT, "options.strips_to: %d", (int)o->strips_to);
    for (size_t i = 0; i < sizeof o->reserved; i++)
        if (o->reserved[i] != 0)
            return fail(error, SECG_E_ARGUMENT, "options.reserved is not zero");
    return SECG_OK;
}

secg_status secg_report_write_pdf(const secg_summary *summary, const secg_order *order,
                                  const secg_report_options *options, const char *path,
                                  secg_error *error)
{
    if (!summary || !path || !path[0])
        return fail(error, SECG_E_ARGUMENT, "%s is missing", summary ? "path" : "summary");
    if (options && check_options(options, error) != SECG_OK)
        return SECG_E_ARGUMENT;
    secg_book book;
    static const char suffix[] = ".XXXXXX";
    char *temporary = malloc(strlen(path) + sizeof suffix);
    if (!temporary || secg_book_open(&book, summary, order, options) != SECG_OK) {
        free(temporary);
        return fail(error, SECG_E_MEMORY, "%s: no memory to plan the pages", path);
    }
    strcpy(temporary, path);
    strcat(temporary, suffix);
    secg_status status = write_file(&book, path, temporary, error);
    secg_book_close(&book);
    free(temporary);
    return status;
}
