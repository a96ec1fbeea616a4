#include "base/status.h"

#include <stdarg.h>
#include <stdio.h>

const char *secg_version(void)
{
    return SECG_VERSION_TEXT;
}

const char *secg_status_text(secg_status status)
{
    switch (status) {
    case SECG_OK:
        return "success";
    case SECG_AGAIN:
        return "nothing to poll, or the event queue is full";
    case SECG_END:
        return "end of the recording or list";
    case SECG_E_ARGUMENT:
        return "an argument is outside its documented range";
    case SECG_E_STATE:
        return "the call is not possible at this moment";
    case SECG_E_CAPACITY:
        return "a limit set at creation is reached";
    case SECG_E_MEMORY:
        return "memory could not be taken";
    case SECG_E_FORMAT:
        return "the file is not what it claims to be";
    case SECG_E_UNSUPPORTED:
        return "not supported by this build";
    case SECG_E_FILE:
        return "the file system refused";
    }
    return "unknown status";
}

const char *secg_why_text(secg_why why)
{
    switch (why) {
    case SECG_MEASURED:
        return "measured";
    case SECG_WHY_NOT_YET:
        return "not yet";
    case SECG_WHY_LEAD_OFF:
        return "lead off";
    case SECG_WHY_SATURATED:
        return "saturated";
    case SECG_WHY_NOISE:
        return "too noisy";
    case SECG_WHY_FEW_BEATS:
        return "too few beats";
    case SECG_WHY_VENTRICULAR:
        return "ventricular or paced rhythm";
    case SECG_WHY_NO_FIDUCIAL:
        return "no reference point";
    case SECG_WHY_STALE:
        return "too old";
    case SECG_WHY_UNCALIBRATED:
        return "uncalibrated";
    case SECG_WHY_NOT_ENTERED:
        return "not entered";
    case SECG_WHY_NOT_APPLICABLE:
        return "not applicable";
    }
    return "unknown reason";
}

secg_status secg_fail(secg_error *error, secg_status status, const char *format, ...)
{
    if (error) {
        error->status = status;
        va_list arguments;
        va_start(arguments, format);
        vsnprintf(error->text, sizeof error->text, format, arguments);
        va_end(arguments);
        for (char *c = error->text; *c; c++)
            if (*c == '\n' || *c == '\r')
                *c = ' ';
    }
    return status;
}
