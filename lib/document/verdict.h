/* Verdicts that come as codes or as names of fields.  A 93017 record has no place for either. */
#ifndef SECG_DOCUMENT_VERDICT_H
#define SECG_DOCUMENT_VERDICT_H

/* Whether the name of a JSON member announces a verdict: "interpretation", "risk_class", ... */
int secg_names_verdict(const char *name);

#endif
