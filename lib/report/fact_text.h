/* What a fact says, in one line. */
#ifndef SECG_REPORT_FACT_TEXT_H
#define SECG_REPORT_FACT_TEXT_H

#include <stressecg/test.h>

/* Appends "190/80 mmHg", "fatigue 6/10  legs tired", ... to a terminated text. */
void secg_fact_text(const secg_fact *fact, char *text, size_t size);

#endif
