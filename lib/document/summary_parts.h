/* The parts of summary.json: what there is once goes into one object, what grows with the
 * recording is written out as it is made. */
#ifndef SECG_DOCUMENT_SUMMARY_PARTS_H
#define SECG_DOCUMENT_SUMMARY_PARTS_H

#include "document/json_build.h"
#include "document/json_stream.h"

#include <stressecg/order.h>

#define SECG_SUMMARY_FORMAT "stressecg-summary-1"

/* What the recording is: leads, rate, placement, filters, digest. */
void secg_put_record(secg_build *b, json_t *root, const secg_summary *summary,
                     const secg_order *order);
void secg_put_protocol(secg_build *b, json_t *root, const secg_summary *summary);
/* Words and figures in coded vocabularies. */
void secg_put_codes(secg_build *b, json_t *root, const secg_summary *summary,
                    const secg_order *order);
/* Patient, order, facility, authorization, preparation, equipment, staff, as entered. */
void secg_put_order(secg_build *b, json_t *root, const secg_summary *summary,
                    const secg_order *order);
void secg_put_times(secg_build *b, json_t *root, const secg_summary *summary);
void secg_put_peaks(secg_build *b, json_t *root, const secg_summary *summary);
void secg_put_counts(secg_build *b, json_t *object, const char *key,
                     const secg_beat_counts *counts);

void secg_put_stages(secg_build *b, secg_json_stream *to, const secg_summary *summary);
void secg_put_rhythms(secg_build *b, secg_json_stream *to, const secg_summary *summary);
/* Times without a displayed heart rate. */
void secg_put_rate_missing(secg_build *b, secg_json_stream *to, const secg_summary *summary);
void secg_put_gaps(secg_build *b, secg_json_stream *to, const secg_summary *summary);
void secg_put_trend(secg_build *b, secg_json_stream *to, const secg_summary *summary);

#endif
