/* The WFDB header of a record that is being recorded: while it is, without a count of frames, which
 * means as many as the signal file holds; then with count, initial values and checksums. */
#include "io/recorder_files.h"

#include "base/atomic_file.h"
#include "io/c_locale.h"

#include <stdlib.h>
#include <string.h>

static void put_header(FILE *file, const secg_recorder_files *f, int closed)
{
    char text[32];
    secg_c_locale locale;
    secg_c_locale_enter(&locale);
    fprintf(file, "%s %d %.12g %lld", f->name, (int)f->signal.channels, f->signal.rate_hz,
            closed ? (long long)f->sums.frames : 0);
    secg_clock_text(f->head.start_ms, 0, 0, text, sizeof text);
    if (strlen(text) == 24)
        fprintf(file, " %.12s %.2s/%.2s/%.4s", text + 11, text + 8, text + 5, text);
    fputc('\n', file);
    for (int32_t k = 0; k < f->signal.channels; k++) {
        const secg_channel *c = &f->signal.channel[k];
        fprintf(file, "%s.dat 16 %.9g(%d)/mV 16 0 %d %d 0 %s\n", f->name, (double)c->gain_per_mv,
                (int)c->baseline, closed ? (int)f->sums.initial[k] : 0,
                closed ? (int)(int16_t)f->sums.sum[k] : 0,
                c->name[0] ? c->name : secg_lead_name(c->lead));
    }
    secg_c_locale_leave(&locale);
}

secg_status secg_recorder_header_hash(const secg_recorder_files *f, int closed, char *hex)
{
    char *text = NULL;
    size_t size = 0;
    FILE *file = open_memstream(&text, &size);
    if (!file)
        return SECG_E_MEMORY;
    put_header(file, f, closed);
    int good = fclose(file) == 0 && secg_hash_bytes(text, size, hex);
    free(text);
    return good ? SECG_OK : SECG_E_MEMORY;
}

secg_status secg_recorder_header_write(const secg_recorder_files *f, int closed, secg_error *error)
{
    char path[CHAIN_PATH];
    secg_atomic_file out;
    snprintf(path, sizeof path, "%s.hea", f->base);
    secg_status status = secg_atomic_open(&out, path, error);
    if (status != SECG_OK)
        return status;
    put_header(out.stream, f, closed);
    return secg_atomic_close(&out, SECG_OK, error);
}
