#include "document/field.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int secg_field_whole(const secg_field *field, const void *at)
{
    if (field->size == 1)
        return *(const uint8_t *)at;
    if (field->size == 2) {
        int16_t value;
        memcpy(&value, at, sizeof value);
        return value;
    }
    int32_t value;
    memcpy(&value, at, sizeof value);
    return value;
}

void secg_field_set_whole(const secg_field *field, void *at, int value)
{
    if (field->size == 1) {
        *(uint8_t *)at = (uint8_t)value;
    } else if (field->size == 2) {
        int16_t narrow = (int16_t)value;
        memcpy(at, &narrow, sizeof narrow);
    } else {
        int32_t wide = value;
        memcpy(at, &wide, sizeof wide);
    }
}

/* Nine digits always suffice for a float.  Text is made and read in one locale, so that its decimal
 * point does not matter. */
double secg_short_decimal(float value)
{
    char text[40];
    for (int digits = 1; digits < 9; digits++) {
        snprintf(text, sizeof text, "%.*g", digits, (double)value);
        if (strtof(text, NULL) == value)
            return strtod(text, NULL);
    }
    return (double)value;
}

int secg_field_is_absent(const secg_field *field, double value)
{
    return isnan(field->absent) ? isnan(value) : value == field->absent;
}

const secg_field *secg_field_find(const secg_field *fields, const char *name)
{
    for (; fields->name; fields++)
        if (strcmp(fields->name, name) == 0)
            return fields;
    return NULL;
}
