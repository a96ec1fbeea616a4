#include "report/output.h"

#include <cairo-pdf.h>
#include <stdio.h>

cairo_status_t secg_output_append(void *file, const unsigned char *data, unsigned int length)
{
    FILE *stream = ((secg_atomic_file *)file)->stream;
    if (!ferror(stream))
        fwrite(data, 1, length, stream);
    return CAIRO_STATUS_SUCCESS;
}

void secg_output_progress(const secg_book *book, size_t page)
{
    if (book->options->progress)
        book->options->progress(book->options->progress_context,
                                (double)(page + 1) / (double)book->pages);
}

void secg_output_title(const secg_book *book, char *text, size_t size)
{
    const char *record = book->options->record_name;
    snprintf(text, size, "%s%s%s", book->is_test ? "Stress test ECG" : "ECG recording",
             record && record[0] ? ", " : "", record ? record : "");
}

static void set_metadata(cairo_surface_t *surface, const secg_book *book)
{
    char text[160];
    secg_output_title(book, text, sizeof text);
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
        secg_output_progress(book, page);
    }
    cairo_destroy(cr);
}

static secg_status write_pdf(const secg_book *book, secg_atomic_file *out)
{
    double width, height;
    secg_book_page_size(book, 0, &width, &height);
    cairo_surface_t *surface =
        cairo_pdf_surface_create_for_stream(secg_output_append, out, width, height);
    set_metadata(surface, book);
    draw_pages(surface, book);
    cairo_surface_finish(surface);
    cairo_status_t status = cairo_surface_status(surface);
    cairo_surface_destroy(surface);
    return status == CAIRO_STATUS_SUCCESS ? SECG_OK : SECG_E_MEMORY;
}

secg_status secg_output_pdf(const secg_book *book, const char *path, secg_error *error)
{
    secg_atomic_file out;
    secg_status status = secg_atomic_open(&out, path, error);
    if (status != SECG_OK)
        return status;
    status = write_pdf(book, &out);
    if (status != SECG_OK)
        secg_report_fail(error, status, "no memory to draw the pages");
    return secg_atomic_close(&out, status, error);
}
