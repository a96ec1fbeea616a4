/* The index of encounters: keyed hashes in an SQLite file. */
#include "archive/digest.h"
#include "base/atomic_file.h"
#include "base/status.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/rand.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <stressecg/archive.h>
#include <string.h>
#include <unistd.h>

enum { MOST_PATH = 4096, WAIT_MS = 5000, MOST_WORDS = 32 };

struct secg_encounters {
    sqlite3 *store;
    char path[MOST_PATH];
    uint8_t key[SECG_DIGEST_BYTES];
};

static const char proof_text[] = "stressecg-encounters-1";

static const char schema[] =
    "PRAGMA application_id = 0x53454347;"
    "PRAGMA user_version = 1;"
    "CREATE TABLE proof (hash BLOB NOT NULL);"
    "CREATE TABLE encounter (hash BLOB PRIMARY KEY, by_id BLOB, by_name BLOB,"
    " entity BLOB NOT NULL, code TEXT NOT NULL, year INTEGER NOT NULL) WITHOUT ROWID;"
    "CREATE INDEX encounter_by_id ON encounter (by_id);"
    "CREATE INDEX encounter_by_name ON encounter (by_name);";

/* SQLite's own texts may quote values; ours are hashes, but its codes say enough. */
static secg_status refuse(const secg_encounters *index, int code, secg_error *error)
{
    int foreign = code == SQLITE_NOTADB || code == SQLITE_CORRUPT || code == SQLITE_ERROR;
    return secg_fail(error, foreign ? SECG_E_FORMAT : SECG_E_FILE, "%s: %s",
                     secg_path_tail(index->path), sqlite3_errstr(code));
}

/* ---- the key -------------------------------------------------------------------------------------------- */

/* Creates a file that only its owner may read; -1 where it stands already or cannot be made. */
static int create_private(const char *path)
{
    return open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
}

static int write_key(int file, const uint8_t key[SECG_DIGEST_BYTES])
{
    int good = write(file, key, SECG_DIGEST_BYTES) == SECG_DIGEST_BYTES && fsync(file) == 0;
    return close(file) == 0 && good;
}

static int read_key(const char *path, uint8_t key[SECG_DIGEST_BYTES])
{
    uint8_t more;
    FILE *stream = fopen(path, "rb");
    int good = stream && fread(key, 1, SECG_DIGEST_BYTES, stream) == SECG_DIGEST_BYTES &&
               fread(&more, 1, 1, stream) == 0;
    if (stream)
        fclose(stream);
    return good;
}

static secg_status find_key(secg_encounters *index, secg_error *error)
{
    char path[MOST_PATH + 8];
    snprintf(path, sizeof path, "%s.key", index->path);
    int file = create_private(path);
    if (file >= 0) {
        if (RAND_bytes(index->key, sizeof index->key) == 1 && write_key(file, index->key))
            return SECG_OK;
        unlink(path);
        return secg_fail(error, SECG_E_FILE, "%s: the key could not be written",
                         secg_path_tail(path));
    }
    if (errno != EEXIST)
        return secg_fail(error, SECG_E_FILE, "%s: %s", secg_path_tail(path), strerror(errno));
    return read_key(path, index->key) ? SECG_OK
                                      : secg_fail(error, SECG_E_FORMAT, "%s: not a key of %d bytes",
                                                  secg_path_tail(path), SECG_DIGEST_BYTES);
}

/* ---- statements ------------------------------------------------------------------------------------------ */

static int run(secg_encounters *index, const char *sql)
{
    return sqlite3_exec(index->store, sql, NULL, NULL, NULL);
}

static int bind_hash(sqlite3_stmt *statement, int place, const uint8_t *hash)
{
    return hash ? sqlite3_bind_blob(statement, place, hash, SECG_DIGEST_BYTES, SQLITE_TRANSIENT)
                : sqlite3_bind_null(statement, place);
}

static int step_once(sqlite3_stmt *statement, int code)
{
    if (code == SQLITE_OK)
        code = sqlite3_step(statement);
    sqlite3_finalize(statement);
    return code == SQLITE_DONE ? SQLITE_OK : code;
}

/* ---- opening ---------------------------------------------------------------------------------------------- */

static int put_proof(secg_encounters *index, const uint8_t *proof)
{
    sqlite3_stmt *statement = NULL;
    int code =
        sqlite3_prepare_v2(index->store, "INSERT INTO proof VALUES (?1)", -1, &statement, NULL);
    if (code == SQLITE_OK)
        code = bind_hash(statement, 1, proof);
    return step_once(statement, code);
}

/* SQLITE_OK; *match: the key is the one that the index was made with. */
static int check_proof(secg_encounters *index, const uint8_t *proof, int *match)
{
    sqlite3_stmt *statement = NULL;
    int code = sqlite3_prepare_v2(index->store, "SELECT hash FROM proof", -1, &statement, NULL);
    *match = 0;
    if (code == SQLITE_OK)
        code = sqlite3_step(statement);
    if (code == SQLITE_ROW)
        *match = sqlite3_column_bytes(statement, 0) == SECG_DIGEST_BYTES &&
                 memcmp(sqlite3_column_blob(statement, 0), proof, SECG_DIGEST_BYTES) == 0;
    sqlite3_finalize(statement);
    return code == SQLITE_ROW || code == SQLITE_DONE ? SQLITE_OK : code;
}

static int count_tables(void *context, int columns, char **value, char **name)
{
    (void)name;
    *(int *)context = columns > 0 && value[0] ? atoi(value[0]) : 0;
    return 0;
}

/* Makes the tables, unless another process has just done so. */
static secg_status prepare(secg_encounters *index, secg_error *error)
{
    uint8_t proof[SECG_DIGEST_BYTES];
    int match = 0, tables = 0;
    if (!secg_digest_keyed(index->key, proof_text, proof))
        return secg_fail(error, SECG_E_MEMORY, "encounters: no digest");
    int code = run(index, "BEGIN IMMEDIATE");
    if (code == SQLITE_OK)
        code = sqlite3_exec(index->store, "SELECT count(*) FROM sqlite_master", count_tables,
                            &tables, NULL);
    if (code == SQLITE_OK && tables == 0) {
        code = run(index, schema);
        if (code == SQLITE_OK)
            code = put_proof(index, proof);
    }
    if (code == SQLITE_OK)
        code = check_proof(index, proof, &match);
    if (code == SQLITE_OK)
        code = run(index, "COMMIT");
    if (code != SQLITE_OK)
        return refuse(index, code, error);
    return match ? SECG_OK
                 : secg_fail(error, SECG_E_FORMAT, "%s: made with another key",
                             secg_path_tail(index->path));
}

static secg_status open_store(secg_encounters *index, secg_error *error)
{
    int file = create_private(index->path);
    if (file >= 0)
        close(file);
    else if (errno != EEXIST)
        return secg_fail(error, SECG_E_FILE, "%s: %s", secg_path_tail(index->path),
                         strerror(errno));
    int code = sqlite3_open_v2(index->path, &index->store, SQLITE_OPEN_READWRITE, NULL);
    if (code == SQLITE_OK)
        code = sqlite3_busy_timeout(index->store, WAIT_MS);
    if (code == SQLITE_OK)
        code = run(index, "PRAGMA secure_delete = ON");
    return code == SQLITE_OK ? SECG_OK : refuse(index, code, error);
}

secg_status secg_encounters_open(const char *path, secg_encounters **index, secg_error *error)
{
    if (!path || !index)
        return secg_fail(error, SECG_E_ARGUMENT, "%s: NULL", path ? "index" : "path");
    *index = NULL;
    if (!*path || strlen(path) >= MOST_PATH)
        return secg_fail(error, SECG_E_ARGUMENT, "path: empty, or too long");
    secg_encounters *made = calloc(1, sizeof *made);
    if (!made)
        return secg_fail(error, SECG_E_MEMORY, "encounters: no memory");
    memcpy(made->path, path, strlen(path) + 1);
    secg_status status = open_store(made, error);
    if (status == SECG_OK)
        status = find_key(made, error);
    if (status == SECG_OK)
        status = prepare(made, error);
    if (status == SECG_OK)
        *index = made;
    else
        secg_encounters_close(made);
    return status;
}

void secg_encounters_close(secg_encounters *index)
{
    if (!index)
        return;
    sqlite3_close(index->store);
    memset(index->key, 0, sizeof index->key);
    free(index);
}

/* ---- who and when ------------------------------------------------------------------------------------------- */

/* Small letters of ASCII and Latin-1; bytes of other letters as they are. */
static int fold(const char *name, size_t at)
{
    unsigned char c = (unsigned char)name[at];
    if (c >= 'A' && c <= 'Z')
        return c + 32;
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
        return c;
    if (at > 0 && (unsigned char)name[at - 1] == 0xc3 && c >= 0x80 && c <= 0x9e && c != 0x97)
        return c + 32;
    return c >= 0x80 ? c : 0;
}

static int compare_words(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* "Doe, John" and "JOHN DOE" become "doe john ". */
static void plain_name(const char *name, char *text, size_t size)
{
    char words[160], *word[MOST_WORDS];
    size_t count = 0, used = 0, out = 0;
    int inside = 0;
    for (size_t i = 0; name[i] && used + 2 < sizeof words; i++) {
        int c = fold(name, i);
        if (c && !inside && count < MOST_WORDS)
            word[count++] = &words[used];
        if (c)
            words[used++] = (char)c;
        else if (inside)
            words[used++] = '\0';
        inside = c != 0;
    }
    words[used] = '\0';
    qsort(word, count, sizeof *word, compare_words);
    text[0] = '\0';
    for (size_t i = 0; i < count && out + strlen(word[i]) + 2 < size; i++)
        out += (size_t)snprintf(text + out, size - out, "%s ", word[i]);
}

typedef struct tokens {
    uint8_t encounter[SECG_DIGEST_BYTES], entity[SECG_DIGEST_BYTES], by_id[SECG_DIGEST_BYTES],
        by_name[SECG_DIGEST_BYTES];
    int has_id, has_name;
    int year;
} tokens;

static const char *entity_of(const secg_order *order)
{
    return order->facility.billing_entity_id[0] ? order->facility.billing_entity_id
                                                : order->facility.entity_id;
}

static secg_status check_who(const secg_summary *summary, const secg_order *order,
                             secg_error *error)
{
    if (!summary || !order)
        return secg_fail(error, SECG_E_ARGUMENT, "%s: NULL", summary ? "order" : "summary");
    if (summary->start_unix_ms == SECG_NO_SAMPLE)
        return secg_fail(error, SECG_E_ARGUMENT, "start: not stated");
    if (!order->order.encounter_id[0] || !entity_of(order)[0])
        return secg_fail(error, SECG_E_ARGUMENT, "%s: not stated",
                         order->order.encounter_id[0] ? "facility.entity_id"
                                                      : "order.encounter_id");
    if (!order->patient.id[0] && !(order->patient.name[0] && order->patient.birth_date[0]))
        return secg_fail(error, SECG_E_ARGUMENT,
                         "patient: neither id nor name and birth date are stated");
    return SECG_OK;
}

/* The day by the clocks of the place, as year, month and day. */
static void day_of(const secg_summary *summary, char day[40], int *year)
{
    secg_clock_text(summary->start_unix_ms, summary->utc_offset_min, 0, day, 40);
    day[10] = '\0';
    *year = atoi(day);
}

/* Parts are joined with a character that no text of the order holds. */
static secg_status make_tokens(const secg_encounters *index, const secg_summary *summary,
                               const secg_order *order, tokens *t, secg_error *error)
{
    char text[600], name[200], day[40];
    const char *entity = entity_of(order);
    secg_status status = check_who(summary, order, error);
    if (status != SECG_OK)
        return status;
    day_of(summary, day, &t->year);
    plain_name(order->patient.name, name, sizeof name);
    t->has_id = order->patient.id[0] != '\0';
    t->has_name = name[0] && order->patient.birth_date[0];
    snprintf(text, sizeof text, "encounter\x1f%s\x1f%s", entity, order->order.encounter_id);
    int good = secg_digest_keyed(index->key, text, t->encounter);
    snprintf(text, sizeof text, "entity\x1f%s", entity);
    good &= secg_digest_keyed(index->key, text, t->entity);
    snprintf(text, sizeof text, "id\x1f%s\x1f%s\x1f%s", day, entity, order->patient.id);
    good &= secg_digest_keyed(index->key, text, t->by_id);
    snprintf(text, sizeof text, "name\x1f%s\x1f%s\x1f%s", day, name, order->patient.birth_date);
    good &= secg_digest_keyed(index->key, text, t->by_name);
    return good ? SECG_OK : secg_fail(error, SECG_E_MEMORY, "encounters: no digest");
}

/* ---- adding and finding ---------------------------------------------------------------------------------------- */

secg_status secg_encounters_add(secg_encounters *index, const secg_summary *summary,
                                const secg_order *order, secg_error *error)
{
    tokens t;
    sqlite3_stmt *statement = NULL;
    if (!index)
        return secg_fail(error, SECG_E_ARGUMENT, "index: NULL");
    secg_status status = make_tokens(index, summary, order, &t, error);
    if (status != SECG_OK)
        return status;
    const char *code = order->order.billing_code[0] ? order->order.billing_code : "93017";
    int done = sqlite3_prepare_v2(
        index->store, "INSERT OR REPLACE INTO encounter VALUES (?1, ?2, ?3, ?4, ?5, ?6)", -1,
        &statement, NULL);
    if (done == SQLITE_OK) {
        bind_hash(statement, 1, t.encounter);
        bind_hash(statement, 2, t.has_id ? t.by_id : NULL);
        bind_hash(statement, 3, t.has_name ? t.by_name : NULL);
        bind_hash(statement, 4, t.entity);
        sqlite3_bind_text(statement, 5, code, -1, SQLITE_TRANSIENT);
        done = sqlite3_bind_int(statement, 6, t.year);
    }
    done = step_once(statement, done);
    return done == SQLITE_OK ? SECG_OK : refuse(index, done, error);
}

static int count_rows(sqlite3_stmt *statement, const tokens *t, secg_duplicates *found)
{
    bind_hash(statement, 1, t->encounter);
    bind_hash(statement, 2, t->entity);
    bind_hash(statement, 3, t->has_id ? t->by_id : NULL);
    bind_hash(statement, 4, t->has_name ? t->by_name : NULL);
    int code = sqlite3_step(statement);
    if (code != SQLITE_ROW)
        return code;
    found->same_entity = sqlite3_column_int(statement, 0);
    found->other_entity = sqlite3_column_int(statement, 1);
    return SQLITE_OK;
}

secg_status secg_encounters_find(secg_encounters *index, const secg_summary *summary,
                                 const secg_order *order, secg_duplicates *duplicates,
                                 secg_error *error)
{
    static const char sql[] =
        "SELECT coalesce(sum(entity = ?2), 0), coalesce(sum(entity <> ?2), 0) FROM encounter"
        " WHERE hash <> ?1 AND code IN ('93017', '93015') AND (by_id = ?3 OR by_name = ?4)";
    tokens t;
    sqlite3_stmt *statement = NULL;
    if (!index || !duplicates)
        return secg_fail(error, SECG_E_ARGUMENT, "%s: NULL", index ? "duplicates" : "index");
    *duplicates = (secg_duplicates){0};
    secg_status status = make_tokens(index, summary, order, &t, error);
    if (status != SECG_OK)
        return status;
    int code = sqlite3_prepare_v2(index->store, sql, -1, &statement, NULL);
    if (code == SQLITE_OK)
        code = count_rows(statement, &t, duplicates);
    sqlite3_finalize(statement);
    return code == SQLITE_OK ? SECG_OK : refuse(index, code, error);
}

secg_status secg_encounters_drop_before(secg_encounters *index, int year, secg_error *error)
{
    sqlite3_stmt *statement = NULL;
    if (!index)
        return secg_fail(error, SECG_E_ARGUMENT, "index: NULL");
    int code = sqlite3_prepare_v2(index->store, "DELETE FROM encounter WHERE year < ?1", -1,
                                  &statement, NULL);
    if (code == SQLITE_OK)
        code = sqlite3_bind_int(statement, 1, year);
    code = step_once(statement, code);
    return code == SQLITE_OK ? SECG_OK : refuse(index, code, error);
}
