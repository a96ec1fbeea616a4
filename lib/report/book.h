/* What every page shares: the plan of the document, and the sheet being drawn. */
#ifndef SECG_REPORT_BOOK_H
#define SECG_REPORT_BOOK_H

#include "report/paper.h"
#include "report/text.h"

#include <stressecg/report.h>

typedef struct secg_sheet secg_sheet;
typedef struct secg_book secg_book;

/* Where a section goes on that did not fit: block and row. */
typedef struct secg_cursor {
    size_t block, row;
} secg_cursor;

typedef struct secg_page {
    const char *title;
    int landscape;
    int opens; /* 1: first page of its section (an entry of the outline)   */
    void (*draw)(secg_sheet *sheet);
    secg_cursor start; /* what this page begins with, in its section's own terms   */
} secg_page;

/* A moment of which the strip is printed. */
typedef struct secg_moment {
    int64_t from; /* ten seconds from here                                    */
    char label[48];
} secg_moment;

/* A lead as it is drawn: turned round, in the Cabrera order, where sign is -1. */
typedef struct secg_shown_lead {
    size_t index;
    double sign;
    char name[20];
} secg_shown_lead;

/* Level and reach of a lead, against single samples robust: the median, and what all but one value
 * in two thousand stay within, relative to it. */
typedef struct secg_reach {
    double middle, low, high;
} secg_reach;

enum { SECG_MAX_MOMENTS = 160 };

struct secg_book {
    const secg_summary *summary;
    const secg_order *order;            /* never NULL */
    const secg_report_options *options; /* never NULL */
    double rate_hz;
    double short_pt, long_pt;    /* the paper's edges */
    int is_test;                 /* 0: a recording without phases */
    int is_final;                /* 0: a draft */
    size_t lead[SECG_MAX_LEADS]; /* indices in the standard order */
    size_t leads;
    secg_shown_lead strip_lead[SECG_MAX_LEADS]; /* in the order of the strips */
    secg_shown_lead rhythm_lead;                /* where there is room for one */
    secg_moment moment[SECG_MAX_MOMENTS];
    size_t moments, moments_left_out;
    secg_reach line_reach[SECG_MAX_LEADS]; /* of the lines of full disclosure, in their order */
    secg_page *page;
    size_t pages, room;
    int failed; /* memory ran out while planning */
};

/* One page being drawn on any cairo_t, in points from its upper left corner. */
struct secg_sheet {
    cairo_t *cr;
    const secg_book *book;
    const secg_page *page;
    double width, height;
    secg_box body;    /* between head and foot */
    uint32_t reasons; /* bit secg_why: a value on this page was not measurable    */
};

/* Plans all pages.  SECG_E_MEMORY. */
secg_status secg_book_open(secg_book *book, const secg_summary *summary, const secg_order *order,
                           const secg_report_options *options);
void secg_book_close(secg_book *book);
void secg_book_page_size(const secg_book *book, size_t page, double *width, double *height);
void secg_book_draw(const secg_book *book, size_t page, cairo_t *cr);

/* Which leads are shown, and in which order; part of opening. */
void secg_book_choose_leads(secg_book *book);
/* The `count` leads that stand for all, in the standard order; returns how many there are. */
size_t secg_book_few_leads(const secg_book *book, size_t count, secg_shown_lead *few);

/* Between head and foot. */
double secg_book_body_height(const secg_book *book, int landscape);

/* For the sections: appends a page to the plan; room that is lacking shows at the end. */
void secg_book_add(secg_book *book, secg_page page);
/* Adds as many pages as a section of tables takes.  draw puts down what fits from *cursor on,
 * moves it, and returns 1 when there is more. */
typedef int secg_section(secg_sheet *sheet, secg_cursor *cursor);
void secg_book_add_section(secg_book *book, secg_page first, secg_section *section);

/* How many rows of the stage table are printed; and, appended to a remark, how many are not.  Four
 * hours of recovery fit: a test that is never ended leaves no book of a hundred pages. */
enum { SECG_MAX_STAGE_ROWS = 240 };
size_t secg_book_stage_rows(const secg_book *book);
void secg_book_say_rows_left_out(const secg_book *book, char *text, size_t size);

/* Sections, each in its own file. */
void secg_plan_summary(secg_book *book);
void secg_plan_stages(secg_book *book);
void secg_plan_figures(secg_book *book);
void secg_plan_st_rate(secg_book *book);
void secg_plan_complexes(secg_book *book);
void secg_plan_strips(secg_book *book);
void secg_plan_trends(secg_book *book);
void secg_plan_events(secg_book *book);
void secg_plan_disclosure(secg_book *book);
void secg_plan_order(secg_book *book);
void secg_plan_evidence(secg_book *book);
void secg_plan_audit(secg_book *book);

#endif
