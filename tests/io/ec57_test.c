/* The scorer against the reference comparator's own reports: every cell of every matrix, and the
 * RR error, for three detectors on 22 records, with and without the learning period. */
#include "shared_data.h"

#include <stressecg/evaluate.h>

#include <math.h>
#include <string.h>

typedef struct report {
    long long cell[SECG_EC57_CLASSES][SECG_EC57_CLASSES];
    double rr_ms;
} report;

static void read_report(const char *path, report *r)
{
    static const char rows[] = "NSVFQOX";
    char line[200];
    FILE *file = fopen(path, "r");
    cr_assert_not_null(file, "%s", path);
    *r = (report){.rr_ms = -1};
    while (fgets(line, sizeof line, file)) {
        char *bar = strchr(line, '|'), *error = strstr(line, "interval error:");
        const char *row = line[0] && line[1] ? strchr(rows, line[1]) : NULL;
        if (bar && row && *row) {
            long long *c = r->cell[row - rows];
            sscanf(bar + 1, "%lld %lld %lld %lld %lld %lld %lld", &c[0], &c[1], &c[2], &c[3], &c[4],
                   &c[5], &c[6]);
        }
        if (error)
            sscanf(error, "interval error: %lf", &r->rr_ms);
    }
    fclose(file);
}

static void compare(const char *detector, int record, const char *kind, double start_s)
{
    char reference_path[600], test_path[600], report_path[600], name[100];
    snprintf(name, sizeof name, "mitdb/%d.atr", record);
    shared_data(reference_path, sizeof reference_path, name);
    snprintf(name, sizeof name, "mitdb/peers/%s/%d.det", detector, record);
    shared_data(test_path, sizeof test_path, name);
    snprintf(name, sizeof name, "mitdb/peers/%s/%d.%s.txt", detector, record, kind);
    shared_data(report_path, sizeof report_path, name);
    secg_annotation *reference, *test;
    size_t references, tests;
    secg_error error;
    cr_assert_eq(secg_annotations_read(reference_path, 360, &reference, &references, &error),
                 SECG_OK, "%s", error.text);
    cr_assert_eq(secg_annotations_read(test_path, 360, &test, &tests, &error), SECG_OK, "%s",
                 error.text);
    secg_ec57 got;
    report want;
    read_report(report_path, &want);
    cr_assert_eq(secg_ec57_compare(
                     reference, references, test, tests,
                     &(secg_ec57_config){.rate_hz = 360, .start_s = start_s, .end_sample = 650000},
                     &got),
                 SECG_OK);
    for (int i = 0; i < SECG_EC57_CLASSES; i++)
        for (int j = 0; j < SECG_EC57_CLASSES; j++)
            cr_expect_eq(got.count[i][j], want.cell[i][j],
                         "%s %d %s: row %c column %c: %lld, not %lld", detector, record, kind,
                         "NSVFQOX"[i], "nsvfqox"[j], (long long)got.count[i][j], want.cell[i][j]);
    cr_expect_float_eq(got.rr_error_rms_ms, want.rr_ms, 0.00501,
                       "%s %d %s: RR error %.3f, not %.2f", detector, record, kind,
                       got.rr_error_rms_ms, want.rr_ms);
    secg_annotations_free(reference);
    secg_annotations_free(test);
}

static void compare_all(const char *detector)
{
    static const int record[] = {101, 106, 108, 109, 112, 114, 115, 116, 118, 119, 122,
                                 124, 201, 203, 205, 207, 208, 209, 215, 220, 223, 230};
    for (size_t i = 0; i < sizeof record / sizeof *record; i++) {
        compare(detector, record[i], "5m", -1);
        compare(detector, record[i], "f0", 0);
    }
}

Test(ec57, gqrs_as_the_reference_comparator_counts)
{
    compare_all("gqrs");
}

Test(ec57, wqrs_as_the_reference_comparator_counts)
{
    compare_all("wqrs");
}

Test(ec57, osea_as_the_reference_comparator_counts)
{
    compare_all("osea");
}
