/* base.h: status, sample time, version and the attributes used by every other header.
 *
 * Conventions that hold in all of stressecg:
 *   - Time is a sample index, int64_t, counted from the first sample of the record.
 *   - Units stand in names: _mv, _ms, _s, _hz, _samples, _bpm.
 *   - Zero is the default in every configuration; `reserved` fields must be zero.
 *   - A status says whether the call worked.  Whether the patient's signal allowed a number
 *     is said by secg_why, beside the number.
 *   - No function here aborts, prints, or keeps process-wide state. */
#ifndef STRESSECG_BASE_H
#define STRESSECG_BASE_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define SECG_VERSION_MAJOR 0
#define SECG_VERSION_MINOR 1
#define SECG_VERSION_PATCH 0
#define SECG_VERSION_TEXT  "0.1.0"

#if defined(__GNUC__) || defined(__clang__)
#define SECG_API                 __attribute__((visibility("default")))
#define SECG_PRINTF(text, first) __attribute__((format(printf, text, first)))
#else
#define SECG_API
#define SECG_PRINTF(text, first)
#endif

/* Marks a function that never allocates, locks, logs or calls the system, and whose work per
 * frame is bounded.  Checked by clang 20 and later; elsewhere a word to the reader. */
#if defined(__clang__) && defined(__has_attribute) && !defined(__cplusplus)
#if __has_attribute(nonblocking)
#define SECG_REALTIME __attribute__((nonblocking))
#endif
#endif
#ifndef SECG_REALTIME
#define SECG_REALTIME
#endif

/* Whether a call worked.  Values are pinned; gaps are for later ones. */
typedef enum secg_status {
    SECG_OK = 0,
    SECG_AGAIN = 1,           /* not an error: nothing to poll, or the event queue is full */
    SECG_END = 2,             /* not an error: end of the recording or list                */
    SECG_E_ARGUMENT = -10,    /* an argument is outside its documented range               */
    SECG_E_STATE = -11,       /* the right call at the wrong moment                        */
    SECG_E_CAPACITY = -12,    /* a limit set at creation is reached; nothing was lost      */
    SECG_E_MEMORY = -20,      /* memory could not be taken                                 */
    SECG_E_FORMAT = -30,      /* a file is not what it claims to be                        */
    SECG_E_UNSUPPORTED = -31, /* a valid file or request that this build cannot serve      */
    SECG_E_FILE = -40         /* the file system refused: missing, unreadable, full        */
} secg_status;

/* One sentence for each status, never NULL; "unknown status" for a value not listed. */
SECG_API const char *secg_status_text(secg_status status);

/* Filled, where a function takes one, with what went wrong and where: file, line, field.
 * May be NULL.  The text is one line of UTF-8, without a newline, always terminated.
 * It never holds patient data. */
typedef struct secg_error {
    secg_status status;
    char text[500];
} secg_error;

/* Why there is, or is not, a number.  SECG_MEASURED is 0 and the only one with a value. */
typedef enum secg_why {
    SECG_MEASURED = 0,
    SECG_WHY_NOT_YET = 1,        /* the measurement has not started: learning, settling    */
    SECG_WHY_LEAD_OFF = 2,       /* electrode off, gap in the data, or a flat line         */
    SECG_WHY_SATURATED = 3,      /* the input is at the end of its range                   */
    SECG_WHY_NOISE = 4,          /* noise exceeds the limit of this measurement            */
    SECG_WHY_FEW_BEATS = 5,      /* too few beats of the dominant class                    */
    SECG_WHY_VENTRICULAR = 6,    /* the rhythm in the window is of ventricular or paced origin */
    SECG_WHY_NO_FIDUCIAL = 7,    /* QRS onset, J point or isoelectric level not found      */
    SECG_WHY_STALE = 8,          /* the last value is too old to be shown as current       */
    SECG_WHY_UNCALIBRATED = 9,   /* the gain is unknown, so there are no millivolts        */
    SECG_WHY_NOT_ENTERED = 10,   /* a fact that only staff or a device can supply          */
    SECG_WHY_NOT_APPLICABLE = 11 /* has no meaning here                                    */
} secg_why;

/* A few words for each reason, never NULL: "lead off", "too noisy", ... */
SECG_API const char *secg_why_text(secg_why why);

/* A number with its reason.  value is NaN unless why is SECG_MEASURED.  sigma is one standard
 * uncertainty in the unit of value, or 0 where value is a count or an entered fact. */
typedef struct secg_value {
    secg_why why;
    float value;
    float sigma;
} secg_value;

/* Where the library takes memory that grows with the length of a recording.  All zero: the C
 * library's.  A vendor without a heap gives its own; a program that reads day-long recordings may
 * give memory that lies in a file, and let it leave the working set in `rest`.
 *
 *   take  bytes of zeros, aligned as malloc aligns; NULL: there are none
 *   give  takes back what take returned, with the bytes it was asked for
 *   rest  may be NULL.  The library is in the middle of a long list and needs little of it at a
 *         time: what lies behind may leave physical memory, as long as every byte is there again
 *         when it is next read or written
 *
 * Called by the thread that calls the library, never while frames are pushed or polled. */
typedef struct secg_memory {
    void *context;
    void *(*take)(void *context, size_t bytes);
    void (*give)(void *context, void *at, size_t bytes);
    void (*rest)(void *context);
} secg_memory;

/* The version of the library at run time, "MAJOR.MINOR.PATCH". */
SECG_API const char *secg_version(void);

/* "fftw3f" when built with the spectral engine, "none" when built without it. */
SECG_API const char *secg_spectrum_engine(void);

/* "No such sample". */
#define SECG_NO_SAMPLE INT64_MIN

/* Seconds, or milliseconds, from the start of the record to a sample, rounded once; 0 Hz gives
 * NaN.  And back, to the nearest sample, halves away from zero: SECG_NO_SAMPLE when the result
 * is not finite or does not fit. */
SECG_API double secg_seconds(int64_t sample, double rate_hz);
SECG_API int64_t secg_sample_at(double seconds, double rate_hz);

/* "mm:ss.d" or "h:mm:ss.d" for an elapsed time (tenths, truncated); text is always terminated.
 * Returns text.  size of 16 is enough for 99 hours. */
SECG_API char *secg_elapsed_text(double seconds, char *text, size_t size);

/* Wall-clock time of a sample: start_unix_ms (milliseconds since 1970-01-01T00:00:00Z) plus the
 * elapsed time, as ISO 8601 "YYYY-MM-DDTHH:MM:SS.mmm" followed by "Z" or the offset "+hh:mm"
 * for utc_offset_min.  Returns text; size of 32 is enough. */
SECG_API char *secg_clock_text(int64_t start_unix_ms, int utc_offset_min, double elapsed_s,
                               char *text, size_t size);

#ifdef __cplusplus
}
#endif
#endif
