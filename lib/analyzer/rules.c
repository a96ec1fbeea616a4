/* The rules that the rhythm watch goes by, in words, with its own figures in them: what is printed
 * in a record cannot differ from what was counted by. */
#include "ecg/rhythm.h"

#include <stressecg/analyzer.h>

#include <stdio.h>

char *secg_rhythm_rule_text(secg_rhythm_kind kind, char *text, size_t size)
{
    secg_rhythm_watch watch;
    secg_rhythm_init(&watch, &(secg_rhythm_config){.rate_hz = 500});
    const secg_rhythm_config *c = &watch.config;
    switch (kind) {
    case SECG_RHYTHM_PVC:
        snprintf(text, size, "one V beat alone");
        break;
    case SECG_RHYTHM_COUPLET:
        snprintf(text, size, "two V beats in a row");
        break;
    case SECG_RHYTHM_RUN:
        snprintf(text, size, "%d or more V beats in a row", (int)c->run_beats);
        break;
    case SECG_RHYTHM_BIGEMINY:
        snprintf(text, size, "%d or more V beats, one other beat between", (int)c->cycles);
        break;
    case SECG_RHYTHM_TRIGEMINY:
        snprintf(text, size, "%d or more V beats, two other beats between", (int)c->cycles);
        break;
    case SECG_RHYTHM_SVE:
        snprintf(text, size, "premature beats of dominant shape, fewer than %d in a row",
                 (int)c->svt_beats);
        break;
    case SECG_RHYTHM_SVT_RUN:
        snprintf(text, size, "%d or more premature beats of dominant shape in a row",
                 (int)c->svt_beats);
        break;
    case SECG_RHYTHM_PAUSE:
        snprintf(text, size, "RR of %.0f ms or longer", (double)c->pause_ms);
        break;
    case SECG_RHYTHM_MISSED_BEAT:
        snprintf(text, size, "RR over 1.75 times the mean and 1.5 times the last, no pause");
        break;
    case SECG_RHYTHM_BRADY:
        snprintf(text, size, "mean of 8 RR below %.0f bpm", (double)c->brady_bpm);
        break;
    case SECG_RHYTHM_TACHY:
        snprintf(text, size, "mean of 8 RR above %.0f bpm", (double)c->tachy_bpm);
        break;
    case SECG_RHYTHM_IRREGULAR:
        snprintf(text, size, "median RR step over %.0f %% of the mean for %.0f s",
                 100 * (double)c->irregular_part, (double)c->irregular_s);
        break;
    case SECG_RHYTHM_KINDS:
    default:
        snprintf(text, size, "unknown");
    }
    return text;
}
