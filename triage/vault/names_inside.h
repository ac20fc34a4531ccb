/* names_inside.h -- a name in its parts. Only for names.c and names_read.c. */
#ifndef TRIAGE_VAULT_NAMES_INSIDE_H
#define TRIAGE_VAULT_NAMES_INSIDE_H

#include "triage/vault/names.h"
#include "triage/vault/words.h"

enum { NAME_WORDS = 32 };

struct part {
    size_t from, count; /* of the name's words */
    int is_ordinary;
};

struct name {
    struct word words[NAME_WORDS];
    size_t count;
    struct part parts[NAMES_PARTS_MAX];
    size_t part_count;
};

/* Pairs that overlap are one part: a word of a script without spaces. */
void names_read(const char *text, struct name *out);
/* How much of the name's word has to stand at the beginning, and how much may follow it: case endings in Cyrillic,
 * postpositions and particles in Indic scripts and Hangul. */
size_t names_stem(const struct word *word, size_t *ending);
/* Words that begin so may have an ending that the name has not. */
int names_is_inflected(const char *text);
/* "bin", "de": part of many names. */
int names_is_particle(const char *word);
size_t names_letters(const char *text, size_t len);
/* What one part alone is worth: a number that is somebody's, or a word of three letters written without spaces, is not
 * somebody else's by chance. */
enum names_found names_worth(const struct name *name, const struct part *part);

#endif
