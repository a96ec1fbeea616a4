/* Text as the guard compares it: words in small Latin letters without accents.
 *
 * UTF-8 in; bytes that are none count as marks between words.  Invisible characters (soft hyphen,
 * zero width) are not there; a hyphen at the end of a line joins what it parts.  Full-width and
 * ligature forms are their plain letters, ae and oe as one letter are e ("ischaemia" stands in the
 * list by itself).  Letters of other scripts stay what they are. */
#ifndef SECG_DOCUMENT_WORDING_FOLD_H
#define SECG_DOCUMENT_WORDING_FOLD_H

#include <stddef.h>
#include <stdint.h>

enum { SECG_FOLDED_LETTERS = 40 };

/* What stands before a word: bits. */
enum {
    SECG_MARK_POINT = 1,   /* full stop                                                       */
    SECG_MARK_COLON = 2,   /* colon, equals sign, comma, or a dash between blanks            */
    SECG_MARK_HEADING = 4, /* of these, what makes a heading: not the comma                  */
    SECG_MARK_CLAUSE = 8,  /* ; ! ? and the end                                              */
    SECG_MARK_MINUS = 16   /* a sign right before a digit                                    */
};

typedef struct secg_folded_word {
    size_t start, end; /* bytes of the text                                                 */
    size_t marks_at;   /* end of the first heading mark before it                           */
    uint32_t marks;
    size_t letters;
    char letter[SECG_FOLDED_LETTERS]; /* small letters, digits, apostrophe; beyond, cut          */
} secg_folded_word;

/* The next word at or after `from`; 0: there is none, and only the marks are told. */
int secg_folded_word_read(const char *text, size_t from, secg_folded_word *word);

#endif
