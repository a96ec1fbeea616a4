/* Verdicts that come as codes or as names of fields.  A 93017 record has no place for either. */
#ifndef SECG_DOCUMENT_VERDICT_H
#define SECG_DOCUMENT_VERDICT_H

#include <stressecg/order.h>

/* Whether the name of a JSON member announces a verdict: "interpretation", "risk_class", ... */
int secg_names_verdict(const char *name);

/* The gate of every exporter: SECG_E_ARGUMENT, naming the place, when a verdict as a code stands among
 * the codes of the order, in a label or in a text in force.  Numbers of persons and things are
 * not looked at.  order may be NULL. */
secg_status secg_refuse_verdicts(const secg_summary *summary, const secg_order *order,
                                 secg_error *error);

#endif
