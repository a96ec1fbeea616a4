#include "stress/summary_parts.h"

#include <math.h>

secg_value secg_no_value(secg_why why)
{
    return (secg_value){.why = why, .value = NAN, .sigma = 0};
}

/* How many entries are at or before a sample; both lists are in order of time. */
static size_t rates_until(const secg_log *log, int64_t sample)
{
    size_t low = 0, high = log->rates;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (log->rate[middle].sample <= sample)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

secg_value secg_rate_at(const secg_test *test, int64_t after, int64_t sample, double max_age_s)
{
    return secg_rate_in(test, rates_until(&test->log, sample), after, sample, max_age_s);
}

secg_value secg_rate_in(const secg_test *test, size_t rates, int64_t after, int64_t sample,
                        double max_age_s)
{
    if (rates == 0 || test->log.rate[rates - 1].sample <= after)
        return secg_no_value(SECG_WHY_NOT_YET);
    const secg_rate *rate = &test->log.rate[rates - 1];
    if (secg_seconds(sample - rate->sample, test->rate_hz) > max_age_s)
        return secg_no_value(SECG_WHY_STALE);
    return rate->bpm;
}

int64_t secg_table_at(const secg_test *test, int64_t after, int64_t sample)
{
    const secg_log *log = &test->log;
    size_t low = 0, high = log->tables;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (log->table[middle] <= sample)
            low = middle + 1;
        else
            high = middle;
    }
    return low > 0 && log->table[low - 1] > after ? (int64_t)low - 1 : -1;
}
