/* archive.h: the closed record, and the local index of encounters.  Library stressecg-archive
 * (libcrypto for SHA-256, SQLite for the index).
 *
 * A program that links only stressecg measures, documents and checks all the same.  What it lacks
 * without this library: no seal, so rule F07 stays open and every report is a draft; no index, so
 * rule N11 (another test of the patient that day) says that none was asked.
 *
 * Built by -Darchive=; without SQLite it is left out. */
#ifndef STRESSECG_ARCHIVE_H
#define STRESSECG_ARCHIVE_H

#include "claim.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- the seal --------------------------------------------------------------------------------
 *
 * Signing closes a record: DIR/seal.jsonl, created 0600, holds one JSON object a line.  The first is
 * the signature: who signed, when, with which rules, and SHA-256 and size of every file that the
 * record consists of.  Each line that follows is an addendum.  The time of each is that of the clock.  A line ends with "hash", SHA-256 of the
 * line before it and of itself up to there; so no line can be changed, left out or put elsewhere
 * unless all that follow are made anew.
 *
 * It proves that nothing changed for those who know the digest: it is printed on the report.  It is no
 * digital signature: who can write the folder can also remove the seal and sign anew. */

enum { SECG_MAX_SEALED = 16 };

typedef struct secg_sealed_file {
    const char *role; /* "tracing", "timeline" or "summary"                                */
    const char *path;
} secg_sealed_file;

typedef struct secg_signature {
    const char *by, *credential; /* required                                              */
    const secg_sealed_file *file;
    size_t files;         /* at least one of each role, at most SECG_MAX_SEALED            */
    uint8_t reserved[32]; /* must be zero                                                  */
} secg_signature;

/* Closes the record in `folder`.  Who comes second, when two do so at once, finds it closed.  Files are known by their last name; two of one name are refused.
 * SECG_E_STATE: it is closed already; what changes now is an addendum.  SECG_E_FILE: a file cannot be
 * read or the seal not be written; then there is none. */
SECG_API secg_status secg_seal_sign(const char *folder, const secg_signature *signature,
                                    secg_error *error);

/* Appends an addendum: the record stays as it is, the text stands beside it.  by, credential and text
 * are required; text holds at most 2000 bytes, and no word that the wording guard calls hard
 * (SECG_E_ARGUMENT names offset and rule).  Of two that are
 * written at once neither is lost: one waits for the other.  SECG_E_STATE: the record is not closed.
 * SECG_E_FORMAT: the seal was altered; nothing is appended. */
SECG_API secg_status secg_seal_append(const char *folder, const char *by, const char *credential,
                                      const char *text, secg_error *error);

/* Fills `seal` (secg_order.seal) from DIR/seal.jsonl and the files as they are now: in `folder`, or
 * in `tracing_folder` (NULL: none).
 *   no seal            SECG_OK, is_signed 0
 *   all as it was      SECG_OK, is_signed 1
 *   anything differs   SECG_E_FORMAT, altered 1; error names the first line or file
 *   a file is missing  SECG_E_FILE, is_signed 0; error names it
 * Whoever in order->staff (NULL: none) bears the signer's name and has not signed yet gets the time
 * of the seal: the check and the report then show who closed the record. */
SECG_API secg_status secg_seal_read(const char *folder, const char *tracing_folder,
                                    secg_order *order, secg_seal *seal, secg_error *error);

/* Whether a digest that was kept elsewhere (told by sign, printed on a report) belongs to this seal:
 * that of the signature or of any addendum.  SECG_E_FORMAT: it does not, so record and seal were made
 * anew; or the seal was altered.  SECG_E_STATE: there is no seal. */
SECG_API secg_status secg_seal_check_digest(const char *folder, const char *digest,
                                            secg_error *error);

/* Addendum by place, 0 first, with its author and time; SECG_END past the last.  Texts are cut at
 * the room there is.  The seal is not verified. */
SECG_API secg_status secg_seal_addendum(const char *folder, size_t index, secg_addendum *addendum,
                                        secg_error *error);

/* ---- the encounter index -----------------------------------------------------------------------
 *
 * One row for each 93017 (or 93015) of this site, to find a second one of the same patient and day
 * before it is billed.  It holds no name, no number and no date: only keyed hashes (HMAC-SHA-256) of
 *   - day, entity and patient id (an id means something only to who gave it);
 *   - day, name (its words in any order, without case) and birth date;
 *   - the entity, and the encounter;
 * with the code and the year, so that old rows can be dropped.  The day is part of what is hashed, so
 * that two encounters of one person on different days have nothing in common.  The key, 32 random
 * bytes, is a file of its own, PATH.key; keep it elsewhere if you can.  Both are created 0600.  Who has
 * both can still find out whether a person whom he can name was there on a day that he can name. */

typedef struct secg_encounters secg_encounters;

/* Opens or creates the index and its key.  SECG_E_FORMAT: it is no index of ours, or the key does not
 * belong to it.  One process writes at a time; others wait up to five seconds (SECG_E_FILE). */
SECG_API secg_status secg_encounters_open(const char *path, secg_encounters **index,
                                          secg_error *error);
SECG_API void secg_encounters_close(secg_encounters *index);

/* Who was tested when, by whom: from order and start of the test.  SECG_E_ARGUMENT: the start, the
 * encounter id, the entity, or both patient id and (name and birth date) are missing.
 * Adding the same encounter again changes nothing. */
SECG_API secg_status secg_encounters_add(secg_encounters *index, const secg_summary *summary,
                                         const secg_order *order, secg_error *error);

/* Other encounters of the same patient and day: of another entity by name and birth date, of the
 * same one also by patient id.  What is missing in the order is not looked for. */
SECG_API secg_status secg_encounters_find(secg_encounters *index, const secg_summary *summary,
                                          const secg_order *order, secg_duplicates *duplicates,
                                          secg_error *error);

/* Drops the rows of years before `year`. */
SECG_API secg_status secg_encounters_drop_before(secg_encounters *index, int year,
                                                 secg_error *error);

#ifdef __cplusplus
}
#endif
#endif
