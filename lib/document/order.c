#include "document/clock.h"

#include <stressecg/order.h>

/* Whole years: a birthday counts from its own day on; one on 29 February, from 1 March in years
 * without it.  The day of the test is that of UTC, which is all that is given. */
float secg_order_age_years(const secg_order *order, int64_t start_unix_ms)
{
    secg_date birth;
    if (!order || start_unix_ms == SECG_NO_SAMPLE || start_unix_ms > INT64_C(250000000000000) ||
        start_unix_ms < -INT64_C(5364662400000) ||
        !secg_date_parse(order->patient.birth_date, &birth))
        return 0;
    secg_date day = secg_moment_date((secg_moment){.unix_ms = start_unix_ms});
    int before = day.month < birth.month || (day.month == birth.month && day.day < birth.day);
    int years = day.year - birth.year - before;
    return years > 0 ? (float)years : 0;
}
