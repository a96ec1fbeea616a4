/* The large figures of the first page: what the test, or the recording, came to. */
#ifndef SECG_REPORT_FIGURES_H
#define SECG_REPORT_FIGURES_H

#include "report/book.h"

/* A band at the top of the sheet's body, which moves down by its height. */
void secg_figures_draw(secg_sheet *sheet);

#endif
