#include "document/json_number.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

double secg_round_to(double value, int decimals)
{
    static const double power[] = {1, 10, 100, 1e3, 1e4, 1e5, 1e6};
    return round(value * power[decimals]) / power[decimals] + 0.0;
}

json_t *secg_json_real(double value, int decimals)
{
    return isfinite(value) ? json_real(secg_round_to(value, decimals)) : json_null();
}

json_t *secg_json_text(const char *text)
{
    json_t *string = json_string(text);
    if (string)
        return string;
    char ascii[512];
    snprintf(ascii, sizeof ascii, "%s", text);
    for (char *c = ascii; *c; c++)
        if ((unsigned char)*c >= 0x80)
            *c = '?';
    return json_string(ascii);
}
