/* The built-in catalogue as data. */
#ifndef SECG_STRESS_PROTOCOL_TABLE_H
#define SECG_STRESS_PROTOCOL_TABLE_H

#include <stressecg/protocol.h>

extern const secg_protocol secg_protocol_table[];
extern const size_t secg_protocol_table_count;

#endif
