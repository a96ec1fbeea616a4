/* Annotation files against the listings of WFDB's own reader, and there and back. */
#include "expected.h"

#include <math.h>
#include <stressecg/io.h>
#include <string.h>

static void compare_listing(const char *name)
{
    char path[4096], file[64], line[600];
    snprintf(file, sizeof file, "wfdb-formats/mitdb-%s.atr.rdann.txt.gz", name);
    FILE *listing = open_listing(shared_data(path, sizeof path, file));
    snprintf(file, sizeof file, "mitdb/%s.atr", name);
    secg_annotation *list;
    size_t count, i = 0;
    secg_error error = {0};
    cr_assert_eq(
        secg_annotations_read(shared_data(path, sizeof path, file), 360, &list, &count, &error),
        SECG_OK, "%s", error.text);
    for (; fgets(line, sizeof line, listing); i++) {
        char clock[40], symbol[8], aux[256] = "";
        long long sample;
        int subtype, chan, num;
        cr_assert_geq(sscanf(line, "%39s %lld %7s %d %d %d %255[^\n]", clock, &sample, symbol,
                             &subtype, &chan, &num, aux),
                      6, "%s", line);
        cr_assert_lt(i, count);
        cr_expect_eq(list[i].sample, sample);
        cr_expect_str_eq(secg_annotation_symbol(list[i].code), symbol);
        cr_expect_eq(list[i].subtype, subtype);
        cr_expect_eq(list[i].chan, chan);
        cr_expect_eq(list[i].num, num);
        cr_expect_str_eq(list[i].aux, aux);
    }
    cr_expect_eq(i, count);
    secg_annotations_free(list);
    pclose(listing);
}

Test(annotation, equals_the_listings)
{
    compare_listing("101");
    compare_listing("203");
    compare_listing("207");
}

Test(annotation, symbols_come_back)
{
    for (int code = 1; code <= 41; code++)
        cr_expect_eq(secg_annotation_code(secg_annotation_symbol(code)), code);
    int beats = 0;
    for (int code = 0; code < 50; code++)
        beats += secg_annotation_is_beat(code);
    cr_expect_eq(beats, 20);
    cr_expect_eq(secg_annotation_code("nonsense"), 0);
}

static char *temporary(char *path)
{
    strcpy(path, "/tmp/secg-annotation-XXXXXX");
    close(mkstemp(path));
    return path;
}

Test(annotation, there_and_back)
{
    secg_annotation list[] = {
        {.sample = 0, .code = SECG_ANN_NOTE, .aux = "Supine"},
        {.sample = 5, .code = SECG_ANN_NORMAL},
        {.sample = 5, .code = SECG_ANN_NORMAL, .chan = 3, .num = -2},
        {.sample = 1028, .code = SECG_ANN_NOISE, .subtype = -1, .chan = 3},
        {.sample = 2052, .code = SECG_ANN_PVC, .chan = 255, .num = 127},
        {.sample = INT64_C(9000000000), .code = SECG_ANN_RHYTHM, .aux = "(AFIB"},
        {.sample = INT64_C(9000000001), .code = 49},
    };
    memset(list[5].aux, 'x', 255);
    char path[64];
    secg_error error = {0};
    secg_annotation *back;
    size_t count, n = sizeof list / sizeof *list;
    cr_assert_eq(secg_annotations_write(temporary(path), 0, list, n, &error), SECG_OK, "%s",
                 error.text);
    cr_assert_eq(secg_annotations_read(path, 0, &back, &count, &error), SECG_OK, "%s", error.text);
    cr_assert_eq(count, n);
    for (size_t i = 0; i < n; i++) {
        cr_expect_eq(back[i].sample, list[i].sample);
        cr_expect_eq(back[i].code, list[i].code);
        cr_expect_eq(back[i].subtype, list[i].subtype);
        cr_expect_eq(back[i].chan, list[i].chan);
        cr_expect_eq(back[i].num, list[i].num);
        cr_expect_str_eq(back[i].aux, list[i].aux);
    }
    secg_annotations_free(back);
    /* Ticks of 500 Hz read at 250 Hz. */
    cr_assert_eq(secg_annotations_write(path, 500, list, 5, &error), SECG_OK);
    cr_assert_eq(secg_annotations_read(path, 250, &back, &count, &error), SECG_OK);
    cr_expect_eq(count, 5);
    cr_expect_eq(back[4].sample, 1026);
    secg_annotations_free(back);
    unlink(path);
}

static void expect_same_bytes(const char *a, const char *b)
{
    FILE *x = fopen(a, "rb"), *y = fopen(b, "rb");
    cr_assert(x && y);
    int p, q;
    long at = 0;
    do {
        p = fgetc(x);
        q = fgetc(y);
        cr_assert_eq(p, q, "byte %ld", at);
        at++;
    } while (p != EOF && q != EOF);
    cr_expect_gt(at, 100);
    fclose(x);
    fclose(y);
}

typedef struct countdown {
    int left, bad_at; /* bad_at: this one is out of order */
} countdown;

static int next_beat(void *context, secg_annotation *a)
{
    countdown *c = context;
    cr_expect(a->code == 0 && a->aux[0] == 0, "not zeroed");
    if (c->left == 0)
        return 0;
    a->sample = c->left == c->bad_at ? 0 : 100000 - 300 * c->left;
    a->code = c->left % 7 ? SECG_ANN_NORMAL : SECG_ANN_PVC;
    if (c->left % 50 == 0)
        strcpy(a->aux, "note");
    c->left--;
    return 1;
}

Test(annotation, one_by_one_gives_the_bytes_of_the_list)
{
    enum { COUNT = 300 };
    char path[64], from[64];
    secg_error error = {0};
    secg_annotation *list = calloc(COUNT, sizeof *list);
    countdown fill = {.left = COUNT}, stream = {.left = COUNT}, bad = {COUNT, 10};
    for (int i = 0; i < COUNT; i++)
        next_beat(&fill, &list[i]);
    cr_assert_eq(secg_annotations_write(temporary(path), 1000, list, COUNT, &error), SECG_OK);
    cr_assert_eq(secg_annotations_write_from(temporary(from), 1000, next_beat, &stream, &error),
                 SECG_OK);
    expect_same_bytes(path, from);
    cr_expect_eq(secg_annotations_write_from(from, 1000, next_beat, &bad, &error), SECG_E_ARGUMENT);
    cr_expect_not_null(strstr(error.text, "annotation 290"), "%s", error.text);
    expect_same_bytes(path, from);
    cr_expect_eq(secg_annotations_write_from(from, 0, NULL, NULL, &error), SECG_E_ARGUMENT);
    free(list);
    unlink(path);
    unlink(from);
}

Test(annotation, bad_lists_are_refused_and_the_old_file_stays)
{
    char path[64];
    secg_error error = {0};
    secg_annotation good = {.sample = 7, .code = 1},
                    bad[2] = {{.sample = 9, .code = 1}, {.sample = 8, .code = 1}}, *back;
    size_t count;
    cr_assert_eq(secg_annotations_write(temporary(path), 0, &good, 1, &error), SECG_OK);
    cr_expect_eq(secg_annotations_write(path, 0, bad, 2, &error), SECG_E_ARGUMENT);
    bad[0].code = 0;
    cr_expect_eq(secg_annotations_write(path, 0, bad, 1, &error), SECG_E_ARGUMENT);
    cr_assert_eq(secg_annotations_read(path, 0, &back, &count, &error), SECG_OK);
    cr_expect(count == 1 && back[0].sample == 7);
    secg_annotations_free(back);
    unlink(path);
    cr_expect_eq(secg_annotations_write("/nonexistent/x.atr", 0, &good, 1, &error), SECG_E_FILE);
    cr_expect_not_null(strstr(error.text, "/nonexistent/x.atr"));
}

/* Cut anywhere and with any byte changed: an error or a list, never a crash. */
Test(annotation, hostile_files)
{
    char path[4096];
    unsigned char bytes[900], spoiled[900];
    FILE *file = fopen(shared_data(path, sizeof path, "mitdb/207.atr"), "rb");
    size_t size = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    char scratch[64];
    temporary(scratch);
    for (size_t trial = 0; trial < 3 * size; trial++) {
        memcpy(spoiled, bytes, size);
        size_t length = trial < size ? trial : size;
        if (trial >= size)
            spoiled[trial % size] =
                (unsigned char)(trial < 2 * size ? 0xff : spoiled[trial % size] ^ 0x55);
        file = fopen(scratch, "wb");
        fwrite(spoiled, 1, length, file);
        fclose(file);
        secg_annotation *list;
        size_t count;
        secg_error error = {0};
        secg_status status = secg_annotations_read(scratch, 360, &list, &count, &error);
        cr_expect(status == SECG_OK || (status == SECG_E_FORMAT && strstr(error.text, scratch)),
                  "%d %s", status, error.text);
        secg_annotations_free(list);
    }
    unlink(scratch);
}

/* Three entries of AHA format made by hand from its description. */
Test(annotation, aha_format)
{
    unsigned char bytes[64] = {0, 'N', 0, 0, 0, 100, 0, 1, 0,   0,   0, 0, 0, 0, 0, 0,
                               0, 'V', 0, 0, 1, 4,   0, 2, 0,   0,   0, 0, 0, 0, 0, 0,
                               0, '[', 0, 1, 0, 0,   0, 3, 'V', 'F', 0, 0, 0, 0, 0, 0};
    char path[64];
    FILE *file = fopen(temporary(path), "wb");
    fwrite(bytes, 1, sizeof bytes, file);
    fclose(file);
    secg_annotation *list;
    size_t count;
    cr_assert_eq(secg_annotations_read(path, 0, &list, &count, NULL), SECG_OK);
    cr_assert_eq(count, 3);
    cr_expect(list[0].code == 1 && list[0].sample == 100);
    cr_expect(list[1].code == 5 && list[1].sample == 260);
    cr_expect(list[2].code == SECG_ANN_VF_ON && list[2].sample == 65536);
    cr_expect_str_eq(list[2].aux, "VF");
    secg_annotations_free(list);
    unlink(path);
}
