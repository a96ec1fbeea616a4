#include "stress/summary_parts.h"

#include <math.h>

secg_value secg_no_value(secg_why why)
{
    return (secg_value){.why = why, .value = NAN, .sigma = 0};
}

/* Index of the last entry at or before a sample, or -1; both lists are in order of time. */
static int64_t last_rate(const secg_log *log, int64_t sample)
{
    size_t low = 0, high = log->rates;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (log->rate[middle].sample <= sample)
            low = middle + 1;
        else
            high = middle;
    }
    return (int64_t)low - 1;
}

secg_value secg_rate_at(const secg_test *test, int64_t after, int64_t sample, double max_age_s)
{
    int64_t index = last_rate(&test->log, sample);
    if (index < 0 || test->log.rate[index].sample <= after)
        return secg_no_value(SECG_WHY_NOT_YET);
    const secg_rate *rate = &test->log.rate[index];
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
