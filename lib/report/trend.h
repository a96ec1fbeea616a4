/* Curves over the time of the test, with its phases behind them. */
#ifndef SECG_REPORT_TREND_H
#define SECG_REPORT_TREND_H

#include "report/book.h"

/* Heart rate, blood pressure and METs on one time axis. */
void secg_trend_overview(secg_sheet *sheet, secg_box box);

#endif
