/* intervals.h: PR, QRS, QT and QTc of an average complex, from the marks of all leads together.
 *
 *     secg_intervals i = secg_complex_intervals(stage->complex, summary->leads);
 *     if (i.qtc_ms.why == SECG_MEASURED) printf("QTc %.0f ms, %s", ..., secg_qtc_formula_text());
 *
 * PR: onset of P to onset of QRS.  QRS: its onset to J.  QT: onset of QRS to the end of T.
 * QTc = QT / (RR / 1 s)^(1/3) (Fridericia 1920), RR being the mean of the beats averaged.  Of the
 * usual formulas it is the one that errs least at high rates, where Bazett's root says too much; all
 * were made from tracings at rest, and at peak effort QTc is a number to compare, not a measure.
 *
 * sigma: how far the marks lie from cardiologists' on the 100 records of LUDB (bench/README.md): P
 * onset 16, QRS onset 7, J 7, T end 15 ms, in squares. */
#ifndef STRESSECG_INTERVALS_H
#define STRESSECG_INTERVALS_H

#include "analyzer.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct secg_intervals {
    secg_value pr_ms, qrs_ms, qt_ms, qtc_ms;
} secg_intervals;

/* complex [leads]: those of one moment, as in secg_stage_summary; NULL: none.  Their marks are the
 * same, so any that has samples gives them.  Why there is no number: NO_FIDUCIAL where a mark was not
 * found, as PR without P waves or with P on T; where no lead's ST could be measured (noise, few beats), that reason:
 * then the marks are not to be trusted either; NOT_YET where there is no complex at all. */
SECG_API secg_intervals secg_complex_intervals(const secg_complex *complex, size_t leads);

/* "Fridericia: QT / (RR / 1 s)^(1/3)"; to be printed wherever QTc is. */
SECG_API const char *secg_qtc_formula_text(void);

#ifdef __cplusplus
}
#endif
#endif
