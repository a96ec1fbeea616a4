/* stressecg.h: everything of the library stressecg.
 * Recordings (stressecg-io): io.h, simulate.h, evaluate.h.  Reports (stressecg-report): report.h. */
#ifndef STRESSECG_STRESSECG_H
#define STRESSECG_STRESSECG_H

#include "analyzer.h"
#include "base.h"
#include "claim.h"
#include "delineate.h"
#include "display.h"
#include "event.h"
#include "export.h"
#include "file.h"
#include "intervals.h"
#include "order.h"
#include "protocol.h"
#include "signal.h"
#include "spectrum.h"
#include "st.h"
#include "summary.h"
#include "test.h"
#include "tracing.h"

#endif
