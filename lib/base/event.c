#include <stressecg/event.h>

_Static_assert(sizeof(secg_event) == 96, "events are part of the ABI");

/* The word at an index of a list, or "unknown". */
static const char *word(const char *const *list, size_t count, unsigned index)
{
    return index < count && list[index] ? list[index] : "unknown";
}
#define WORD(list, index) word(list, sizeof list / sizeof *list, (unsigned)(index))

const char *secg_st_point_text(secg_st_point point)
{
    static const char *const text[] = {"automatic", "J", "J+60", "J+80", "J+RR/16"};
    return WORD(text, point);
}

const char *secg_rhythm_text(secg_rhythm_kind kind)
{
    static const char *const text[SECG_RHYTHM_KINDS] = {
        [SECG_RHYTHM_PVC] = "ventricular beat",
        [SECG_RHYTHM_COUPLET] = "ventricular couplet",
        [SECG_RHYTHM_RUN] = "ventricular run",
        [SECG_RHYTHM_BIGEMINY] = "ventricular bigeminy",
        [SECG_RHYTHM_TRIGEMINY] = "ventricular trigeminy",
        [SECG_RHYTHM_SVE] = "supraventricular premature beat",
        [SECG_RHYTHM_SVT_RUN] = "supraventricular run",
        [SECG_RHYTHM_PAUSE] = "pause",
        [SECG_RHYTHM_MISSED_BEAT] = "missed beat",
        [SECG_RHYTHM_BRADY] = "rate below limit",
        [SECG_RHYTHM_TACHY] = "rate above limit",
        [SECG_RHYTHM_IRREGULAR] = "irregular rhythm",
    };
    return WORD(text, kind);
}

const char *secg_signal_state_text(secg_signal_state state)
{
    static const char *const text[] = {"good", "noisy", "unreadable", "saturated", "off", "gap"};
    return WORD(text, state);
}

const char *secg_phase_text(secg_phase phase)
{
    static const char *const text[] = {"none", "pretest", "exercise", "recovery", "ended"};
    return WORD(text, phase);
}
