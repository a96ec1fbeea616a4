/* What a reader finds in a PDF, by poppler's pdftotext; tests skip where it is not installed. */
#ifndef SECG_TESTS_REPORT_PDF_TEXT_H
#define SECG_TESTS_REPORT_PDF_TEXT_H

#include <stddef.h>

/* All text of the file, malloced; NULL: no pdftotext.  Pages end in a form feed. */
char *pdf_text(const char *path);

/* Where each word stands. */
typedef struct pdf_word {
    int page;
    double left, top, right, bottom;
    char text[64];
} pdf_word;

/* Reads up to `room` words; returns their number, and the size of the last page. */
size_t pdf_words(const char *path, pdf_word *words, size_t room, double *width, double *height);

#endif
