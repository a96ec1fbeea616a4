/* In place of aecg.c in a build without libxml2. */
#include "base/status.h"

#include <stressecg/export.h>

secg_status secg_export_aecg(const secg_summary *summary, const secg_order *order,
                             const secg_tracing *tracing, const char *path, secg_error *error)
{
    (void)summary, (void)order, (void)tracing, (void)path;
    return secg_fail(error, SECG_E_UNSUPPORTED, "built without libxml2: no aECG");
}
