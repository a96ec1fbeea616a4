/* The seal: what is signed stays as it was, or is known not to be. */
#include "document/fixture.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <stressecg/archive.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

typedef struct folder {
    char path[64], tracing[128], timeline[128], summary[128], seal[128];
    secg_sealed_file file[3];
    secg_signature signature;
} folder;

static void put(const char *path, const char *text)
{
    FILE *file = fopen(path, "wb");
    cr_assert_not_null(file);
    fputs(text, file);
    fclose(file);
}

static void make(folder *f)
{
    fixture_path(f->path, f->tracing, sizeof f->tracing, "demo.dat");
    snprintf(f->timeline, sizeof f->timeline, "%s/test.json", f->path);
    snprintf(f->summary, sizeof f->summary, "%s/summary.json", f->path);
    snprintf(f->seal, sizeof f->seal, "%s/seal.jsonl", f->path);
    put(f->tracing, "samples");
    put(f->timeline, "{}");
    put(f->summary, "abc"); /* FIPS 180-2, example B.1: SHA-256 is known */
    f->file[0] = (secg_sealed_file){"tracing", f->tracing};
    f->file[1] = (secg_sealed_file){"timeline", f->timeline};
    f->file[2] = (secg_sealed_file){"summary", f->summary};
    f->signature = (secg_signature){
        .by = "Example Technologist", .credential = "CCT", .file = f->file, .files = 3};
}

static void sign(const folder *f)
{
    secg_error error = {0};
    cr_assert_eq((int)secg_seal_sign(f->path, &f->signature, &error), (int)SECG_OK, "%s",
                 error.text);
}

static secg_status read_seal(const folder *f, secg_seal *seal, secg_error *error)
{
    memset(error, 0, sizeof *error);
    return secg_seal_read(f->path, NULL, NULL, seal, error);
}

Test(seal, none)
{
    folder f;
    secg_seal seal;
    secg_error error;
    make(&f);
    cr_expect_eq((int)read_seal(&f, &seal, &error), (int)SECG_OK);
    cr_expect(!seal.is_signed && !seal.altered && seal.addenda == 0 && !seal.digest[0]);
    fixture_forget(f.path);
}

Test(seal, signed_and_whole)
{
    folder f;
    secg_seal seal;
    secg_error error;
    struct stat status;
    size_t size;
    make(&f);
    sign(&f);
    cr_expect_eq((int)read_seal(&f, &seal, &error), (int)SECG_OK, "%s", error.text);
    cr_expect(seal.is_signed && !seal.altered && seal.addenda == 0);
    cr_expect_str_eq(seal.by, "Example Technologist");
    cr_expect_eq(strlen(seal.digest), 64);
    cr_expect_eq(strlen(seal.signed_at), strlen("2026-01-05T09:45:00.123Z"));
    stat(f.seal, &status);
    cr_expect_eq(status.st_mode & 0777, 0600);
    char *text = fixture_contents(f.seal, &size);
    cr_expect(strstr(text, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));
    cr_expect(strstr(text, "\"rules\":\"93017-2\""));
    free(text);
    fixture_forget(f.path);
}

/* Processes that add at once: each addendum is there, and the chain is whole. */
Test(seal, addenda_written_at_once)
{
    enum { WRITERS = 6, EACH = 8 };
    folder f;
    secg_seal seal;
    secg_error error;
    make(&f);
    sign(&f);
    for (int writer = 0; writer < WRITERS; writer++)
        if (fork() == 0) {
            char text[40];
            int failed = 0;
            for (int i = 0; i < EACH; i++) {
                snprintf(text, sizeof text, "remark %d", writer * EACH + i);
                failed |= secg_seal_append(f.path, "A", "RN", text, NULL) != SECG_OK;
            }
            _exit(failed);
        }
    for (int writer = 0; writer < WRITERS; writer++) {
        int status;
        cr_assert_gt(wait(&status), 0);
        cr_expect(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    }
    cr_expect_eq((int)read_seal(&f, &seal, &error), (int)SECG_OK, "%s", error.text);
    cr_expect_eq(seal.addenda, WRITERS * EACH);
    int seen[WRITERS * EACH] = {0}, number;
    secg_addendum addendum;
    for (size_t i = 0; secg_seal_addendum(f.path, i, &addendum, NULL) == SECG_OK; i++)
        if (sscanf(addendum.text, "remark %d", &number) == 1)
            seen[number]++;
    for (int i = 0; i < WRITERS * EACH; i++)
        cr_expect_eq(seen[i], 1, "remark %d: %d times", i, seen[i]);
    fixture_forget(f.path);
}

/* Who signs second finds the record closed. */
Test(seal, two_sign_at_once)
{
    folder f;
    secg_seal seal;
    secg_error error;
    int closed = 0;
    make(&f);
    for (int i = 0; i < 4; i++)
        if (fork() == 0)
            _exit(secg_seal_sign(f.path, &f.signature, NULL) == SECG_OK);
    for (int i = 0; i < 4; i++) {
        int status;
        cr_assert_gt(wait(&status), 0);
        closed += WIFEXITED(status) && WEXITSTATUS(status) == 1;
    }
    cr_expect_eq(closed, 1);
    cr_expect_eq((int)read_seal(&f, &seal, &error), (int)SECG_OK, "%s", error.text);
    fixture_forget(f.path);
}

/* Any byte of any file, and of the seal itself. */
Test(seal, each_change_is_found)
{
    folder f;
    make(&f);
    sign(&f);
    cr_assert_eq((int)secg_seal_append(f.path, "A", "RN", "weight was 71 kg", NULL), (int)SECG_OK);
    const char *const path[] = {f.tracing, f.timeline, f.summary, f.seal};
    for (size_t i = 0; i < 4; i++) {
        size_t size;
        char *text = fixture_contents(path[i], &size);
        for (size_t at = 0; at < size; at++) {
            secg_seal seal;
            secg_error error;
            FILE *file = fopen(path[i], "r+b");
            fseek(file, (long)at, SEEK_SET);
            fputc(text[at] ^ 1, file);
            fclose(file);
            secg_status status = read_seal(&f, &seal, &error);
            cr_expect(status == SECG_E_FORMAT && !seal.is_signed && seal.altered,
                      "%s, byte %zu: %s", path[i], at, error.text);
            file = fopen(path[i], "r+b");
            fwrite(text, 1, size, file);
            fclose(file);
        }
        free(text);
    }
    secg_seal seal;
    secg_error error;
    cr_expect_eq((int)read_seal(&f, &seal, &error), (int)SECG_OK, "%s", error.text);
    fixture_forget(f.path);
}

/* A cut line, a line that is gone, two that changed places. */
Test(seal, lines_stay_in_place)
{
    folder f;
    secg_seal seal;
    secg_error error;
    size_t size;
    make(&f);
    sign(&f);
    cr_assert_eq((int)secg_seal_append(f.path, "A", "RN", "one", NULL), (int)SECG_OK);
    cr_assert_eq((int)secg_seal_append(f.path, "A", "RN", "two", NULL), (int)SECG_OK);
    char *text = fixture_contents(f.seal, &size);
    char *second = strchr(text, '\n') + 1, *third = strchr(second, '\n') + 1;
    cr_assert_eq(truncate(f.seal, (long)size - 1), 0);
    cr_expect_eq((int)read_seal(&f, &seal, &error), (int)SECG_E_FORMAT);
    cr_expect(strstr(error.text, "seal.jsonl:3:"), "%s", error.text);
    FILE *file = fopen(f.seal, "wb");
    fwrite(text, 1, (size_t)(second - text), file);
    fputs(third, file);
    fwrite(second, 1, (size_t)(third - second), file);
    fclose(file);
    cr_expect_eq((int)read_seal(&f, &seal, &error), (int)SECG_E_FORMAT);
    cr_expect(strstr(error.text, "seal.jsonl:2:"), "%s", error.text);
    put(f.seal, second);
    cr_expect_eq((int)read_seal(&f, &seal, &error), (int)SECG_E_FORMAT);
    put(f.seal, "");
    cr_expect_eq((int)read_seal(&f, &seal, &error), (int)SECG_E_FORMAT);
    free(text);
    fixture_forget(f.path);
}

Test(seal, a_missing_file_is_named)
{
    folder f;
    secg_seal seal;
    secg_error error;
    make(&f);
    sign(&f);
    unlink(f.tracing);
    cr_expect_eq((int)read_seal(&f, &seal, &error), (int)SECG_E_FILE);
    cr_expect(!seal.is_signed && !seal.altered && strstr(error.text, "demo.dat"), "%s", error.text);
    fixture_forget(f.path);
}

/* The tracing may lie elsewhere. */
Test(seal, tracing_folder)
{
    folder f, other;
    secg_seal seal;
    secg_error error = {0};
    make(&f);
    make(&other);
    sign(&f);
    unlink(f.tracing);
    cr_expect_eq((int)secg_seal_read(f.path, other.path, NULL, &seal, &error), (int)SECG_OK, "%s",
                 error.text);
    put(other.tracing, "sampler");
    cr_expect_eq((int)secg_seal_read(f.path, other.path, NULL, &seal, &error), (int)SECG_E_FORMAT);
    fixture_forget(f.path);
    fixture_forget(other.path);
}

/* The signer is a performing person of the order: the check sees the signature, F07 is met. */
Test(seal, into_the_order)
{
    folder f;
    fixture record;
    secg_error error = {0};
    make(&f);
    sign(&f);
    fixture_make(&record);
    memset(&record.order.seal, 0, sizeof record.order.seal);
    record.order.staff[0].signed_at[0] = '\0';
    cr_assert_eq((int)secg_seal_read(f.path, NULL, &record.order, &record.order.seal, &error),
                 (int)SECG_OK, "%s", error.text);
    cr_expect_str_eq(record.order.staff[0].signed_at, record.order.seal.signed_at);
    cr_expect_str_eq(record.order.staff[1].signed_at, "");
    secg_findings *findings =
        secg_claim_check(&record.summary, &record.order, &record.options, &error);
    size_t count;
    const secg_finding *list = secg_findings_list(findings, &count);
    for (size_t i = 0; i < count; i++)
        if (strcmp(list[i].rule, "F07") == 0 || strcmp(list[i].rule, "D15") == 0)
            cr_expect(list[i].met, "%s: %s", list[i].rule, list[i].evidence);
    secg_findings_free(findings);
    fixture_forget(f.path);
}

Test(seal, signed_once)
{
    folder f;
    secg_error error = {0};
    make(&f);
    sign(&f);
    cr_expect_eq((int)secg_seal_sign(f.path, &f.signature, &error), (int)SECG_E_STATE);
    cr_expect(strstr(error.text, "closed already"), "%s", error.text);
    fixture_forget(f.path);
}

/* Record and seal made anew agree with each other, but not with the digest that was kept. */
Test(seal, digest_kept_elsewhere)
{
    folder f;
    secg_seal first, last;
    secg_error error = {0};
    make(&f);
    cr_expect_eq((int)secg_seal_check_digest(f.path, "", &error), (int)SECG_E_STATE);
    sign(&f);
    cr_assert_eq((int)read_seal(&f, &first, &error), (int)SECG_OK);
    cr_assert_eq((int)secg_seal_append(f.path, "A", "RN", "one", NULL), (int)SECG_OK);
    cr_assert_eq((int)read_seal(&f, &last, &error), (int)SECG_OK);
    cr_expect_str_neq(first.digest, last.digest);
    cr_expect_eq((int)secg_seal_check_digest(f.path, first.digest, &error), (int)SECG_OK);
    cr_expect_eq((int)secg_seal_check_digest(f.path, last.digest, &error), (int)SECG_OK);
    unlink(f.seal);
    put(f.summary, "other");
    sign(&f);
    cr_expect_eq((int)read_seal(&f, &last, &error), (int)SECG_OK);
    cr_expect_eq((int)secg_seal_check_digest(f.path, first.digest, &error), (int)SECG_E_FORMAT);
    cr_expect_eq((int)secg_seal_check_digest(f.path, "abc", &error), (int)SECG_E_FORMAT);
    fixture_forget(f.path);
}

Test(seal, addenda)
{
    folder f;
    secg_seal seal;
    secg_addendum addendum;
    secg_error error = {0};
    make(&f);
    cr_expect_eq((int)secg_seal_append(f.path, "A", "RN", "x", &error), (int)SECG_E_STATE);
    sign(&f);
    cr_assert_eq(
        (int)secg_seal_append(f.path, "Zo\xc3\xab", "RN", "weight was 71 kg,\nnot 70", &error),
        (int)SECG_OK, "%s", error.text);
    cr_assert_eq((int)secg_seal_append(f.path, "B", "CCT", "order number was added", &error),
                 (int)SECG_OK);
    cr_expect_eq((int)read_seal(&f, &seal, &error), (int)SECG_OK, "%s", error.text);
    cr_expect_eq(seal.addenda, 2);
    cr_expect_eq((int)secg_seal_addendum(f.path, 0, &addendum, &error), (int)SECG_OK);
    cr_expect_str_eq(addendum.by, "Zo\xc3\xab");
    cr_expect_str_eq(addendum.text, "weight was 71 kg,\nnot 70");
    cr_expect_eq((int)secg_seal_addendum(f.path, 1, &addendum, &error), (int)SECG_OK);
    cr_expect_str_eq(addendum.credential, "CCT");
    cr_expect_eq((int)secg_seal_addendum(f.path, 2, &addendum, &error), (int)SECG_END);
    cr_expect_eq((int)secg_seal_append(f.path, "A", "RN", "the test was negative", &error),
                 (int)SECG_E_ARGUMENT);
    cr_expect(strstr(error.text, "byte 4") && !strstr(error.text, "negative"), "%s", error.text);
    cr_expect_eq((int)secg_seal_append(f.path, "A", " ", "x", &error), (int)SECG_E_ARGUMENT);
    cr_expect_eq((int)secg_seal_append(f.path, "A", "RN", "\xff", &error), (int)SECG_E_ARGUMENT);
    fixture_forget(f.path);
}

/* An altered seal is not made good by what is written behind it. */
Test(seal, nothing_is_appended_to_an_altered_seal)
{
    folder f;
    secg_error error = {0};
    make(&f);
    sign(&f);
    FILE *file = fopen(f.seal, "r+b");
    fseek(file, 20, SEEK_SET);
    fputc('#', file);
    fclose(file);
    cr_expect_eq((int)secg_seal_append(f.path, "A", "RN", "x", &error), (int)SECG_E_FORMAT);
    cr_expect_eq((int)secg_seal_sign(f.path, &f.signature, &error), (int)SECG_E_FORMAT);
    fixture_forget(f.path);
}

Test(seal, bad_signatures)
{
    folder f;
    secg_error error = {0};
    make(&f);
    secg_signature s = f.signature;
    cr_expect_eq((int)secg_seal_sign(f.path, NULL, &error), (int)SECG_E_ARGUMENT);
    s.files = 2;
    cr_expect_eq((int)secg_seal_sign(f.path, &s, &error), (int)SECG_E_ARGUMENT);
    cr_expect(strstr(error.text, "\"summary\""), "%s", error.text);
    s = f.signature;
    s.by = "  ";
    cr_expect_eq((int)secg_seal_sign(f.path, &s, &error), (int)SECG_E_ARGUMENT);
    s = f.signature;
    s.reserved[3] = 1;
    cr_expect_eq((int)secg_seal_sign(f.path, &s, &error), (int)SECG_E_ARGUMENT);
    s = f.signature;
    secg_sealed_file twice[] = {f.file[0], f.file[1], f.file[2], f.file[0]};
    s.file = twice;
    s.files = 4;
    cr_expect_eq((int)secg_seal_sign(f.path, &s, &error), (int)SECG_E_ARGUMENT);
    unlink(f.summary);
    cr_expect_eq((int)secg_seal_sign(f.path, &f.signature, &error), (int)SECG_E_FILE);
    cr_expect_neq(access(f.seal, F_OK), 0, "a failed signature leaves nothing");
    fixture_forget(f.path);
}
