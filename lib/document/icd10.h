/* ICD-10-CM codes: form, and headings that are divided further and so cannot be billed. */
#ifndef SECG_DOCUMENT_ICD10_H
#define SECG_DOCUMENT_ICD10_H

/* ^[A-Z][0-9][0-9AB](\.[0-9A-Z]{1,4})?$, domain.md 7.2 N05. */
int secg_icd10_is_code(const char *text);
/* What a heading is divided into ("R06.00 .. R06.03, R06.09"); NULL: the code is not on the list. */
const char *secg_icd10_divided(const char *code);
const char *secg_icd10_version(void);

#endif
