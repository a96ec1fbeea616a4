/* verify finds every change of a record, and names the first block that does not agree. */
#include "recording.h"

#include <fcntl.h>

static const char *const part[] = {"r.dat", "r.hea", "r.chain", "r.manifest", "r.sec"};
enum { PARTS = sizeof part / sizeof *part, WITHOUT_ANNOTATIONS = PARTS - 1 };

static void annotate(test_folder *f, int64_t beat)
{
    secg_annotation list[] = {{.sample = 10, .code = SECG_ANN_NOTE, .aux = "Supine"},
                              {.sample = beat, .code = SECG_ANN_NORMAL},
                              {.sample = 90, .code = SECG_ANN_PVC}};
    secg_error error = {0};
    cr_assert_eq((int)secg_recorder_annotate(in_folder(f, "r"), "sec", list, 3, &error),
                 (int)SECG_OK, "%s", error.text);
}

/* Two blocks of signal, a gap, another block or two. */
static void record_with_gap(const test_folder *f)
{
    secg_recorder_config c = config_in(f);
    secg_recorder *r = start(&c);
    push(r, 0, 50, NULL);
    secg_recorder_push_gap(r, 5, NULL);
    push(r, 55, 40, NULL);
    finish(r);
}

static void every_flip_is_found(test_folder *f, const char *name)
{
    struct stat about;
    int file = open(in_folder(f, name), O_RDWR);
    cr_assert_eq(fstat(file, &about), 0, "%s", name);
    for (off_t at = 0; at < about.st_size; at++)
        for (int whole = 0; whole < 2; whole++) {
            unsigned char byte, other;
            cr_assert_eq(pread(file, &byte, 1, at), 1);
            other = byte ^ (unsigned char)(whole ? 0xff : 1u << at % 8);
            cr_assert_eq(pwrite(file, &other, 1, at), 1);
            secg_error error = {0};
            cr_expect_eq((int)secg_recorder_verify(in_folder(f, "r"), NULL, NULL, &error),
                         (int)SECG_E_FORMAT, "%s byte %d", name, (int)at);
            cr_expect(error.text[0]);
            cr_assert_eq(pwrite(file, &byte, 1, at), 1);
        }
    close(file);
}

Test(record_verify, finds_any_altered_byte_of_a_closed_record)
{
    test_folder f = folder_make();
    record_with_gap(&f);
    annotate(&f, 40);
    for (int i = 0; i < PARTS; i++)
        every_flip_is_found(&f, part[i]);
    secg_recorder_check check = verified(&f, "r");
    cr_expect(check.closed && check.annotation_files == 1 && check.gaps == 1);
    folder_remove(&f);
}

Test(record_verify, finds_any_altered_byte_of_an_interrupted_record)
{
    test_folder f = folder_make();
    secg_recorder_config c = config_in(&f);
    record_interrupted(&c, 75);
    for (int i = 0; i < WITHOUT_ANNOTATIONS; i++)
        every_flip_is_found(&f, part[i]);
    cr_expect_eq(verified(&f, "r").closed, 0);
    folder_remove(&f);
}

/* A closed record: no file can be cut anywhere, nor be made longer, nor go. */
Test(record_verify, finds_any_cut_of_a_closed_record)
{
    test_folder f = folder_make();
    record_with_gap(&f);
    annotate(&f, 40);
    for (int i = 0; i < PARTS; i++) {
        size_t size;
        char *bytes = get_file(&f, part[i], &size);
        for (size_t cut = 0; cut < size; cut++) {
            put_file(&f, part[i], bytes, cut);
            /* What an interrupted close or annotate leaves is none: the chain and the manifest
             * may have lost their last line. */
            secg_recorder_check check = {0};
            secg_status status = secg_recorder_verify(in_folder(&f, "r"), NULL, &check, NULL);
            int tail = i >= 2 && i <= 3 && memchr(bytes + cut, '\n', size - cut - 1) == NULL;
            if (!tail)
                cr_expect_eq((int)status, (int)SECG_E_FORMAT, "%s cut to %zu", part[i], cut);
        }
        bytes[size] = '\n';
        put_file(&f, part[i], bytes, size + 1);
        cr_expect_eq((int)secg_recorder_verify(in_folder(&f, "r"), NULL, NULL, NULL),
                     (int)SECG_E_FORMAT, "%s longer", part[i]);
        unlink(in_folder(&f, part[i]));
        cr_expect_lt((int)secg_recorder_verify(in_folder(&f, "r"), NULL, NULL, NULL), 0, "no %s",
                     part[i]);
        put_file(&f, part[i], bytes, size);
        free(bytes);
        verified(&f, "r");
    }
    folder_remove(&f);
}

/* ---- blocks and lines ------------------------------------------------------------------ */

enum { BLOCK = 25 * FRAME, BLOCKS = 6, MOST_LINES = 20 };

typedef struct lines {
    char *text, *start[MOST_LINES + 1];
    int count;
} lines;

static lines split(test_folder *f, const char *name)
{
    size_t size;
    lines l = {.text = get_file(f, name, &size)};
    for (char *at = l.text; *at && l.count < MOST_LINES; at = strchr(at, '\n') + 1)
        l.start[l.count++] = at;
    l.start[l.count] = l.text + size;
    return l;
}

static void put_lines(test_folder *f, const char *name, const lines *l, const int *order, int count)
{
    FILE *file = fopen(in_folder(f, name), "wb");
    for (int i = 0; i < count; i++)
        fwrite(l->start[order[i]], 1, (size_t)(l->start[order[i] + 1] - l->start[order[i]]), file);
    cr_assert_eq(fclose(file), 0);
}

/* The chain's lines in another order; verify must name `block`. */
static void reordered(test_folder *f, const char *name, const int *order, int count, int64_t block,
                      const char *text)
{
    lines l = split(f, name);
    put_lines(f, name, &l, order, count);
    refused(f, block, text);
    put_lines(f, name, &l, (int[]){0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}, l.count);
    verified(f, "r");
    free(l.text);
}

static void record_blocks(const test_folder *f)
{
    secg_recorder_config c = config_in(f);
    record_frames(&c, BLOCKS * 25);
}

Test(record_verify, names_the_line_that_moved)
{
    test_folder f = folder_make();
    record_blocks(&f); /* lines: head, blocks 0 .. 5, end */
    reordered(&f, "r.chain", (int[]){0, 1, 3, 2, 4, 5, 6, 7}, 8, 1, "block 1: is missing or out");
    reordered(&f, "r.chain", (int[]){0, 1, 2, 3, 5, 6, 7}, 7, 3, "block 3: is missing or out");
    reordered(&f, "r.chain", (int[]){0, 2, 3, 4, 5, 6, 7}, 7, 0, "block 0: is missing or out");
    reordered(&f, "r.chain", (int[]){0, 1, 2, 2, 3, 4, 5, 6, 7}, 9, 2,
              "block 2: is missing or out");
    reordered(&f, "r.chain", (int[]){0, 1, 2, 3, 4, 5, 7}, 7, 5, "block 5: is missing or out");
    reordered(&f, "r.chain", (int[]){1, 2, 3, 4, 5, 6, 7}, 7, -1, "first line");
    reordered(&f, "r.chain", (int[]){0, 1, 2, 3}, 4, 3, "block 3: is missing from the chain");
    folder_remove(&f);
}

Test(record_verify, names_the_gap_that_is_not_in_the_manifest)
{
    test_folder f = folder_make();
    secg_recorder_config c = config_in(&f);
    secg_recorder *r = start(&c);
    push(r, 0, 25, NULL);
    secg_recorder_push_gap(r, 3, NULL);
    push(r, 28, 25, NULL);
    secg_recorder_push_gap(r, 4, NULL);
    finish(r); /* manifest: start, two gaps, end */
    reordered(&f, "r.manifest", (int[]){0, 2, 1, 3}, 4, -1, "manifest: was altered");
    reordered(&f, "r.manifest", (int[]){0, 2, 3}, 3, -1, "manifest: was altered");
    reordered(&f, "r.manifest", (int[]){0}, 1, -1, "manifest: ends too early");
    reordered(&f, "r.manifest", (int[]){0, 1, 2, 3, 3}, 5, -1, "no block vouches");
    folder_remove(&f);
}

/* The samples of each pair of blocks exchanged, each block cut out, each cut short. */
Test(record_verify, names_the_block_whose_samples_moved)
{
    test_folder f = folder_make();
    record_blocks(&f);
    size_t size;
    char *bytes = get_file(&f, "r.dat", &size), *other = malloc(size);
    cr_assert_eq(size, (size_t)BLOCKS * BLOCK);
    for (int a = 0; a < BLOCKS; a++) {
        for (int b = a + 1; b < BLOCKS; b++) {
            memcpy(other, bytes, size);
            memcpy(other + a * BLOCK, bytes + b * BLOCK, BLOCK);
            memcpy(other + b * BLOCK, bytes + a * BLOCK, BLOCK);
            put_file(&f, "r.dat", other, size);
            refused(&f, a, "was altered");
        }
        memcpy(other, bytes, size);
        memmove(other + a * BLOCK, bytes + (a + 1) * BLOCK, size - (size_t)(a + 1) * BLOCK);
        put_file(&f, "r.dat", other, size - BLOCK);
        refused(&f, a, a < BLOCKS - 1 ? "was altered" : "cut off");
        put_file(&f, "r.dat", bytes, (size_t)a * BLOCK + 10);
        refused(&f, a, "cut off");
    }
    free(bytes);
    free(other);
    folder_remove(&f);
}

/* ---- what a power cut may leave -------------------------------------------------------- */

/* The last line of chain and manifest torn anywhere, with the samples it is about whole or not: this
 * is no change, and the record can be closed. */
Test(record_verify, a_torn_end_is_told_from_a_change)
{
    test_folder f = folder_make();
    secg_recorder_config c = config_in(&f);
    record_interrupted(&c, 75);
    size_t samples, size;
    char *bytes = get_file(&f, "r.dat", &samples), *chain = get_file(&f, "r.chain", &size);
    char *manifest = get_file(&f, "r.manifest", &(size_t){0}),
         *header = get_file(&f, "r.hea", &(size_t){0});
    chain[size - 1] = 0;
    size_t last = (size_t)(strrchr(chain, '\n') + 1 - chain);
    for (size_t cut = last; cut < size; cut++) {
        put_file(&f, "r.chain", chain, cut);
        put_file(&f, "r.dat", bytes, samples - cut % BLOCK);
        put_text(&f, "r.manifest", manifest);
        secg_recorder_check check = verified(&f, "r");
        cr_assert(!check.closed && check.frames == 50, "cut to %zu", cut);
        cr_assert_eq(check.unsealed_frames, (BLOCK - (int64_t)(cut % BLOCK)) / FRAME);
        cr_assert_eq((int)secg_recorder_finish(in_folder(&f, "r"), NULL), (int)SECG_OK);
        check = verified(&f, "r");
        cr_assert(check.closed && check.frames == 50 && check.unsealed_frames == 0);
        put_text(&f, "r.hea", header);
    }
    free(bytes);
    free(chain);
    free(manifest);
    free(header);
    folder_remove(&f);
}

/* ---- what a chain cannot know, and a digest can ---------------------------------------- */

static void cut_last_block(test_folder *f)
{
    lines l = split(f, "r.chain");
    put_lines(f, "r.chain", &l, (int[]){0, 1, 2, 3, 4, 5, 6}, l.count - 1);
    free(l.text);
    size_t size;
    char *bytes = get_file(f, "r.dat", &size);
    put_file(f, "r.dat", bytes, size - BLOCK);
    free(bytes);
}

static secg_status against(test_folder *f, const char *digest, secg_error *error)
{
    return secg_recorder_verify(in_folder(f, "r"), digest, NULL, error);
}

Test(record_verify, a_digest_kept_elsewhere_shows_a_cut_end)
{
    test_folder f = folder_make();
    secg_recorder_config c = config_in(&f);
    record_interrupted(&c, 100);
    secg_recorder_check check = verified(&f, "r");
    secg_error error = {0};
    cr_assert_eq(check.frames, 100);
    cr_expect_eq((int)against(&f, check.digest, NULL), (int)SECG_OK);
    cut_last_block(&f);
    secg_recorder_check shorter = verified(&f, "r"); /* as a power cut would leave it */
    cr_expect_eq(shorter.frames, 75);
    cr_expect_eq((int)against(&f, check.digest, &error), (int)SECG_E_FORMAT);
    cr_expect_not_null(strstr(error.text, "digest"));
    cr_expect_eq((int)against(&f, shorter.digest, NULL), (int)SECG_OK);
    cr_expect_eq((int)against(&f, "abc", &error), (int)SECG_E_ARGUMENT);
    /* It vouches for what was before it, however the record goes on. */
    cr_assert_eq((int)secg_recorder_finish(in_folder(&f, "r"), &error), (int)SECG_OK, "%s",
                 error.text);
    annotate(&f, 50);
    cr_expect_eq((int)against(&f, shorter.digest, NULL), (int)SECG_OK);
    folder_remove(&f);
}

/* ---- annotations ----------------------------------------------------------------------- */

Test(record_verify, annotations_of_a_closed_record_are_covered)
{
    test_folder f = folder_make();
    secg_recorder_config c = config_in(&f);
    record_frames(&c, 100);
    annotate(&f, 40);
    size_t size;
    char *old = get_file(&f, "r.sec", &size);
    annotate(&f, 41); /* an analysis done again */
    secg_annotation *list;
    size_t count;
    cr_assert_eq((int)secg_annotations_read(in_folder(&f, "r.sec"), 0, &list, &count, NULL),
                 (int)SECG_OK);
    cr_assert_eq(count, 3);
    cr_expect(list[1].sample == 41 && list[1].code == SECG_ANN_NORMAL);
    cr_expect_str_eq(list[0].aux, "Supine");
    secg_annotations_free(list);
    secg_recorder_check check = verified(&f, "r");
    cr_expect(check.closed && check.annotation_files == 1 && check.frames == 100);
    put_file(&f, "r.sec", old, size); /* the first analysis put back */
    refused(&f, -1, "sec: was altered");
    free(old);
    folder_remove(&f);
}

Test(record_verify, annotating_is_refused_where_it_would_harm)
{
    test_folder f = folder_make();
    secg_recorder_config c = config_in(&f);
    secg_annotation beat = {.sample = 10, .code = SECG_ANN_NORMAL};
    secg_error error = {0};
    record_interrupted(&c, 100);
    const char *path = in_folder(&f, "r");
    cr_expect_eq((int)secg_recorder_annotate(path, "sec", &beat, 1, &error), (int)SECG_E_STATE);
    cr_expect_not_null(strstr(error.text, "not closed"));
    cr_assert_eq((int)secg_recorder_finish(path, NULL), (int)SECG_OK);
    const char *bad[] = {"dat", "hea", "chain", "manifest", "", "a.b", "../x", "sixteen_letters_"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        cr_expect_eq((int)secg_recorder_annotate(path, bad[i], &beat, 1, &error),
                     (int)SECG_E_ARGUMENT, "%s", bad[i]);
    beat.code = 77;
    cr_expect_eq((int)secg_recorder_annotate(path, "sec", &beat, 1, NULL), (int)SECG_E_ARGUMENT);
    beat.code = SECG_ANN_NORMAL;
    char name[3] = "a0";
    for (; name[1] < '8'; name[1]++)
        cr_expect_eq((int)secg_recorder_annotate(path, name, &beat, 1, NULL), (int)SECG_OK);
    cr_expect_eq((int)secg_recorder_annotate(path, name, &beat, 1, &error), (int)SECG_E_CAPACITY);
    cr_expect_eq(verified(&f, "r").annotation_files, 8);
    folder_remove(&f);
}
