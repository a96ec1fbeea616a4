/* The list of the wording guard, and the little language that its terms are written in.
 *
 * A term is a row of words, one after another in the text, between them only blanks, hyphens,
 * slashes, quotes or line ends.  Text and term are compared in folded form (wording_fold.h).
 *     a|b      one of these words; * at an end of a word: it may go on there
 *     ?a|b     the same, or nothing
 *     ~        up to two words of the same clause
 *     %        up to three linking words (is, was, read as, clearly, ...), or a colon or comma
 *     :        a colon, an equals sign or a dash: what stands before it is a heading
 *     @        a number follows
 *     !a|b     the next word is none of these
 *     <a|b     (first) none of the two words before is one of these
 *     #        (last) not when a number stands in the same clause: "ST depression 1.2 mm in V5"
 *              is a measurement, "ST depression" a question */
#ifndef SECG_DOCUMENT_WORDING_TERMS_H
#define SECG_DOCUMENT_WORDING_TERMS_H

#include <stddef.h>
#include <stdint.h>

typedef struct secg_wording_term {
    const char *text;
    uint8_t hard;        /* 1: must not stand in the record; 0: ask                          */
    uint8_t resting_may; /* 1: belongs in the descriptor of the resting ECG                  */
    const char *rule;
} secg_wording_term;

extern const secg_wording_term secg_wording_terms[];
extern const size_t secg_wording_term_count;
/* What % stands for. */
extern const char secg_wording_links[];
/* Behind these a point does not end the sentence. */
extern const char secg_wording_abbreviations[];

#endif
