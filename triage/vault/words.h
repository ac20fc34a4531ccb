/* words.h -- a text as the words in it, folded so that spellings meet: the one tokenizer of rules, index and links.
 *
 * Lower case; Latin accents dropped; Arabic short vowels and tatweel dropped, its alef, ya, ta marbuta and hamza forms
 * made one; Cyrillic yo and short i as ye and i; nukta, chandrabindu and Hindi anusvara dropped, the other marks of
 * Indic scripts stay inside their words; traditional Chinese as simplified; digits of every script made ASCII; three
 * and more of a letter in a row are one. Scripts written without spaces (Han, Kana, Thai, Lao, Khmer, Burmese) give
 * overlapping pairs. Pure; allocates nothing. */
#ifndef TRIAGE_VAULT_WORDS_H
#define TRIAGE_VAULT_WORDS_H

#include <stddef.h>
#include <stdint.h>

enum { WORD_BYTES = 64 };

struct word {
    char text[WORD_BYTES + 1]; /* folded, NUL behind it; what is longer is cut */
    size_t len;
    size_t from, to; /* bytes of the source it came from */
    int is_pair;     /* from a script without spaces */
};

struct words {
    const char *text;
    size_t len, at;
};

/* Borrows `text` until the last words_next(). */
void words_begin(struct words *words, const char *text, size_t len);
/* 1 and the next word, or 0 at the end. Malformed bytes are separators. */
int words_next(struct words *words, struct word *out);

/* A word as it may be compared: Arabic writes "and", "the", "with" and "for" into the word, so each form has fewer of
 * such beginnings than the one before; the first is all of it. Borrows from `word`. */
enum { WORD_FORMS_MAX = 4 };
struct word_forms {
    const char *text[WORD_FORMS_MAX];
    size_t len[WORD_FORMS_MAX];
    size_t count;
};
void words_forms(const struct word *word, struct word_forms *out);

#endif
