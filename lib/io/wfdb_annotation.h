/* An annotation file as bytes. */
#ifndef SECG_IO_WFDB_ANNOTATION_H
#define SECG_IO_WFDB_ANNOTATION_H

#include <stressecg/io.h>

/* As secg_annotations_write would write it; what: names the list in an error.  *bytes is the
 * caller's (free). */
secg_status secg_annotations_encode(const char *what, double rate_hz, const secg_annotation *list,
                                    size_t count, char **bytes, size_t *size, secg_error *error);

#endif
