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

static cairo_status_t append(void *context, const unsigned char *data, unsigned int length)
{
    FILE *file = context;
    return fwrite(data, 1, length, file) == length ? CAIRO_STATUS_SUCCESS
                                                   : CAIRO_STATUS_WRITE_ERROR;
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

static secg_status write_pdf(const secg_book *book, FILE *file)
{
    double width, height;
    secg_book_page_size(book, 0, &width, &height);
    cairo_surface_t *surface = cairo_pdf_surface_create_for_stream(append, file, width, height);
    set_metadata(surface, book);
    draw_pages(surface, book);
    cairo_surface_finish(surface);
    cairo_status_t status = cairo_surface_status(surface);
    cairo_surface_destroy(surface);
    if (status == CAIRO_STATUS_NO_MEMORY)
        return SECG_E_MEMORY;
    return status == CAIRO_STATUS_SUCCESS ? SECG_OK : SECG_E_FILE;
}

/* Written, flushed to the disk, renamed; the temporary name is gone in any case. */
static secg_status write_file(const secg_book *book, const char *path, char *temporary,
                              secg_error *error)
{
    int descriptor = mkstemp(temporary); /* 0600 */
    if (descriptor < 0)
        return fail(error, SECG_E_FILE, "%s: cannot be created: %s", path, strerror(errno));
    FILE *file = fdopen(descriptor, "wb");
    if (!file) {
        close(descriptor);
        unlink(temporary);
        return fail(error, SECG_E_MEMORY, "%s: no memory to write it", path);
    }
    secg_status status = write_pdf(book, file);
    int flushed = fflush(file) == 0 && fsync(descriptor) == 0;
    int why = errno;
    flushed = fclose(file) == 0 && flushed;
    if (status == SECG_OK && !flushed)
        status = SECG_E_FILE;
    if (status == SECG_OK && rename(temporary, path) != 0) {
        status = SECG_E_FILE;
        why = errno;
    }
    if (status == SECG_OK)
        return SECG_OK;
    unlink(temporary);
    return fail(error, status, "%s: cannot be written: %s", path,
                status == SECG_E_MEMORY ? secg_status_text(status) : strerror(why));
}

secg_status secg_report_write_pdf(const secg_summary *summary, const secg_order *order,
                                  const secg_report_options *options, const char *path,
                                  secg_error *error)
{
    if (!summary || !path || !path[0])
        return fail(error, SECG_E_ARGUMENT, "%s is missing", summary ? "path" : "summary");
    if (options && options->paper != SECG_PAPER_A4 && options->paper != SECG_PAPER_LETTER)
        return fail(error, SECG_E_ARGUMENT, "options.paper: %d is no paper", (int)options->paper);
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
