#include "document/json_build.h"

#include "document/json_number.h"

#include <math.h>

/* Five hundredths of a sample at 2000 Hz. */
enum { TIME_DECIMALS = 5 };

json_t *secg_put(secg_build *b, json_t *object, const char *key, json_t *value)
{
    if (json_object_set_new(object, key, value) == 0)
        return value;
    b->failed = 1;
    return NULL;
}

json_t *secg_append(secg_build *b, json_t *array, json_t *value)
{
    if (json_array_append_new(array, value) == 0)
        return value;
    b->failed = 1;
    return NULL;
}

void secg_put_text(secg_build *b, json_t *object, const char *key, const char *text)
{
    secg_put(b, object, key, secg_json_text(text));
}

void secg_put_stated(secg_build *b, json_t *object, const char *key, const char *text)
{
    if (text[0])
        secg_put_text(b, object, key, text);
}

void secg_put_whole(secg_build *b, json_t *object, const char *key, int64_t value)
{
    secg_put(b, object, key, json_integer(value));
}

void secg_put_flag(secg_build *b, json_t *object, const char *key, int value)
{
    secg_put(b, object, key, json_boolean(value));
}

void secg_put_real(secg_build *b, json_t *object, const char *key, double value, int decimals)
{
    secg_put(b, object, key, secg_json_real(value, decimals));
}

void secg_put_known(secg_build *b, json_t *object, const char *key, double value, int decimals)
{
    if (isfinite(value))
        secg_put_real(b, object, key, value, decimals);
}

void secg_put_time(secg_build *b, json_t *object, const char *key, int64_t sample)
{
    double seconds = sample == SECG_NO_SAMPLE ? (double)NAN : secg_seconds(sample, b->rate_hz);
    secg_put_real(b, object, key, seconds, TIME_DECIMALS);
}

json_t *secg_put_value(secg_build *b, json_t *object, const char *key, secg_value value,
                       int decimals)
{
    json_t *to = secg_put(b, object, key, json_object());
    if (value.why == SECG_MEASURED && isfinite(value.value)) {
        secg_put_real(b, to, "value", (double)value.value, decimals);
        if (value.sigma > 0)
            secg_put_real(b, to, "sigma", (double)value.sigma, decimals);
        return to;
    }
    secg_put(b, to, "value", json_null());
    secg_put_text(b, to, "reason",
                  secg_why_text(value.why == SECG_MEASURED ? SECG_WHY_NOT_YET : value.why));
    return to;
}
