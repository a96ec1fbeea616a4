#include "document/icd10.h"

#include <stddef.h>
#include <string.h>

/* Headings of ICD-10-CM around the indications for a stress test: angina, infarction, coronary,
 * valve and muscle disease, conduction, rhythm, failure, lipids, diabetes, chest pain, breathing,
 * palpitations, fatigue, findings on the ECG, pre-operative examination, family and own history,
 * implants.
 *
 * What this table is: a list made by hand, as of the edition of fiscal year 2024 (valid from October
 * 2023), not an extract of the official order file.  Compared with the list of codes of the release of
 * April 2025 (fiscal year 2025, CMS): every row from I34 to I51, and those from Z13 to Z98, are
 * headings there and are divided as stated here.  The other rows (E11, E78, I20 to I25, R, Z01) rest
 * on general knowledge of the edition.  A code that is not here may be a heading all the same, and
 * each October changes some: whoever bills goes by the payer's own list, and a site adds headings of
 * its own ("headers" in the site's settings), which are looked at first. */
#define VERSION "icd10cm-2024-2"

static const struct heading {
    const char *code, *divided;
} headings[] = {
    {"E11", "E11.00 .. E11.9"},
    {"E11.0", "E11.00, E11.01"},
    {"E11.1", "E11.10, E11.11"},
    {"E11.2", "E11.21, E11.22, E11.29"},
    {"E11.3", "E11.311 .. E11.39"},
    {"E11.4", "E11.40 .. E11.44, E11.49"},
    {"E11.5", "E11.51, E11.52, E11.59"},
    {"E11.6", "E11.610 .. E11.69"},
    {"E78", "E78.00 .. E78.9"},
    {"E78.0", "E78.00, E78.01"},
    {"E78.4", "E78.41, E78.49"},
    {"I20", "I20.0 .. I20.2, I20.81, I20.89, I20.9"},
    {"I20.8", "I20.81, I20.89"},
    {"I21", "I21.01 .. I21.B"},
    {"I21.0", "I21.01, I21.02, I21.09"},
    {"I21.1", "I21.11, I21.19"},
    {"I21.2", "I21.21, I21.29"},
    {"I21.A", "I21.A1, I21.A9"},
    {"I24", "I24.0, I24.1, I24.81, I24.89, I24.9"},
    {"I24.8", "I24.81, I24.89"},
    {"I25", "I25.10 .. I25.9"},
    {"I25.1", "I25.10, I25.110 .. I25.112, I25.118, I25.119"},
    {"I25.11", "I25.110 .. I25.112, I25.118, I25.119"},
    {"I25.4", "I25.41, I25.42"},
    {"I25.7", "I25.700 .. I25.799"},
    {"I25.70", "I25.700 .. I25.702, I25.708, I25.709"},
    {"I25.71", "I25.710 .. I25.712, I25.718, I25.719"},
    {"I25.72", "I25.720 .. I25.722, I25.728, I25.729"},
    {"I25.73", "I25.730 .. I25.732, I25.738, I25.739"},
    {"I25.75", "I25.750 .. I25.752, I25.758, I25.759"},
    {"I25.76", "I25.760 .. I25.762, I25.768, I25.769"},
    {"I25.79", "I25.790 .. I25.792, I25.798, I25.799"},
    {"I25.8", "I25.810 .. I25.89"},
    {"I25.81", "I25.810 .. I25.812"},
    {"I34", "I34.0 .. I34.9"},
    {"I34.8", "I34.81, I34.89"},
    {"I35", "I35.0 .. I35.2, I35.8, I35.9"},
    {"I42", "I42.0 .. I42.9"},
    {"I44", "I44.0 .. I44.7"},
    {"I44.3", "I44.30, I44.39"},
    {"I44.6", "I44.60, I44.69"},
    {"I45", "I45.0 .. I45.9"},
    {"I45.1", "I45.10, I45.19"},
    {"I45.8", "I45.81, I45.89"},
    {"I47", "I47.0 .. I47.9"},
    {"I47.1", "I47.10, I47.11, I47.19"},
    {"I47.2", "I47.20, I47.21, I47.29"},
    {"I48", "I48.0 .. I48.92"},
    {"I48.1", "I48.11, I48.19"},
    {"I48.2", "I48.20, I48.21"},
    {"I48.9", "I48.91, I48.92"},
    {"I49", "I49.01 .. I49.9"},
    {"I49.0", "I49.01, I49.02"},
    {"I49.4", "I49.40, I49.49"},
    {"I50", "I50.1 .. I50.9"},
    {"I50.2", "I50.20 .. I50.23"},
    {"I50.3", "I50.30 .. I50.33"},
    {"I50.4", "I50.40 .. I50.43"},
    {"I50.8", "I50.810 .. I50.89"},
    {"I50.81", "I50.810 .. I50.814"},
    {"I51", "I51.0 .. I51.9"},
    {"I51.8", "I51.81, I51.89"},
    {"R00", "R00.0 .. R00.2, R00.8, R00.9"},
    {"R01", "R01.0 .. R01.2"},
    {"R03", "R03.0, R03.1"},
    {"R06", "R06.00 .. R06.9"},
    {"R06.0", "R06.00 .. R06.03, R06.09"},
    {"R06.8", "R06.81 .. R06.83, R06.89"},
    {"R07", "R07.0 .. R07.2, R07.81, R07.82, R07.89, R07.9"},
    {"R07.8", "R07.81, R07.82, R07.89"},
    {"R53", "R53.0 .. R53.83"},
    {"R53.8", "R53.81 .. R53.83"},
    {"R93", "R93.0 .. R93.9"},
    {"R94", "R94.01 .. R94.8"},
    {"R94.3", "R94.30, R94.31, R94.39"},
    {"Z01", "Z01.00 .. Z01.89"},
    {"Z01.8", "Z01.810 .. Z01.89"},
    {"Z01.81", "Z01.810 .. Z01.812, Z01.818"},
    {"Z13", "Z13.0 .. Z13.9"},
    {"Z82", "Z82.0 .. Z82.8"},
    {"Z82.4", "Z82.41, Z82.49"},
    {"Z86", "Z86.000 .. Z86.79"},
    {"Z86.7", "Z86.711 .. Z86.79"},
    {"Z86.71", "Z86.711, Z86.718"},
    {"Z95", "Z95.0 .. Z95.9"},
    {"Z95.8", "Z95.810 .. Z95.828"},
    {"Z95.81", "Z95.810 .. Z95.812, Z95.818"},
    {"Z95.82", "Z95.820, Z95.828"},
    {"Z98", "Z98.0 .. Z98.891"},
    {"Z98.6", "Z98.61, Z98.62"},
};

const char *secg_icd10_version(void)
{
    return VERSION;
}

static int is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static int is_upper(char c)
{
    return c >= 'A' && c <= 'Z';
}

int secg_icd10_is_code(const char *text)
{
    if (!is_upper(text[0]) || !is_digit(text[1]) ||
        !(is_digit(text[2]) || text[2] == 'A' || text[2] == 'B'))
        return 0;
    if (text[3] == '\0')
        return 1;
    size_t more = text[3] == '.' ? 0 : 5;
    while (more < 5 && (is_digit(text[4 + more]) || is_upper(text[4 + more])))
        more++;
    return more >= 1 && more <= 4 && text[4 + more] == '\0';
}

const char *secg_icd10_divided(const char *code)
{
    for (size_t i = 0; i < sizeof headings / sizeof *headings; i++)
        if (strcmp(headings[i].code, code) == 0)
            return headings[i].divided;
    return NULL;
}
