/* The kinds of files a report is written to: one drawing, three surfaces. */
#ifndef SECG_REPORT_OUTPUT_H
#define SECG_REPORT_OUTPUT_H

#include "report/book.h"

#include <stressecg/file.h>

/* Fills error, where there is one, and returns status. */
secg_status secg_report_fail(secg_error *error, secg_status status, const char *format, ...)
    SECG_PRINTF(3, 4);

secg_status secg_output_pdf(const secg_book *book, const char *path, secg_error *error);
secg_status secg_output_svg(const secg_book *book, const char *path, secg_error *error);
secg_status secg_output_png(const secg_book *book, double dpi, const char *path, secg_error *error);

/* For cairo's streams, with a secg_atomic_file as context.  A failure stays with the file, whose
 * close reports it, and is not told to cairo: its PDF surface does not survive one in every
 * version, and there is nothing it could do about a full disk. */
cairo_status_t secg_output_append(void *file, const unsigned char *data, unsigned int length);

/* Tells options.progress that this page is done. */
void secg_output_progress(const secg_book *book, size_t page);

/* What the title of a file says: the record, never the patient: viewers show it in lists and
 * window frames. */
void secg_output_title(const secg_book *book, char *text, size_t size);

#endif
