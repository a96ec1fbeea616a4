#include "document/csv.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

static void begin_cell(secg_csv *csv)
{
    if (csv->cells++ > 0)
        fputc(',', csv->stream);
}

void secg_csv_text(secg_csv *csv, const char *text)
{
    begin_cell(csv);
    if (!strpbrk(text, ",\"\r\n")) {
        fputs(text, csv->stream);
        return;
    }
    fputc('"', csv->stream);
    for (; *text; text++) {
        if (*text == '"')
            fputc('"', csv->stream);
        fputc(*text, csv->stream);
    }
    fputc('"', csv->stream);
}

void secg_csv_whole(secg_csv *csv, int64_t value)
{
    begin_cell(csv);
    fprintf(csv->stream, "%" PRId64, value);
}

/* In whole units of the last decimal, so that no locale has a say. */
void secg_csv_real(secg_csv *csv, double value, int decimals)
{
    int64_t power = 1;
    for (int i = 0; i < decimals; i++)
        power *= 10;
    begin_cell(csv);
    if (!(fabs(value) * (double)power < 9e18))
        return;
    int64_t units = llround(fabs(value) * (double)power);
    fprintf(csv->stream, "%s%" PRId64, value < 0 && units > 0 ? "-" : "", units / power);
    if (decimals > 0)
        fprintf(csv->stream, ".%0*" PRId64, decimals, units % power);
}

void secg_csv_end_line(secg_csv *csv)
{
    fputc('\n', csv->stream);
    csv->cells = 0;
}
