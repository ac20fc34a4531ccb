/* names.h -- whether a text names a person: their account's name, or what else they are called.
 *
 * Words are folded as words.h does and compared whole; names in scripts that add endings to them may have one. Two
 * parts of a name side by side are a hit, in either order ("Okafor, Amara", "Amara N. Okafor"); an alias of several
 * words is one when they stand in a row. One part alone ("Amara") is a hint: many people share it. Pure: no vault, no
 * clock. Neighbour: conflict.h (what follows from it). */
#ifndef TRIAGE_VAULT_NAMES_H
#define TRIAGE_VAULT_NAMES_H

#include <jansson.h>
#include <stddef.h>

enum { NAMES_ALIASES_MAX = 16, NAMES_ALIAS_BYTES = 80, NAMES_PARTS_MAX = 12 };

enum names_found { NAMES_NONE, NAMES_HINT, NAMES_HIT };

/* Texts cut into words once, for all the people they may name. */
struct names_text;
struct names_text *names_text_new(void);
void names_text_free(struct names_text *text);
/* A name does not go from one text into the next. Beyond 65,536 words the rest is not looked at. */
void names_text_add(struct names_text *t, const char *text, size_t len);

/* `aliases` is a list of texts, or NULL. */
enum names_found names_look(const struct names_text *t, const char *name, const json_t *aliases);
/* What to search for (search_query.h), one after the other, to find every text in which names_look() finds a hit and
 * some more: a list of at most NAMES_QUERIES_MAX texts. New reference. Forms that Arabic writes into a word are not
 * met. */
enum { NAMES_QUERIES_MAX = NAMES_PARTS_MAX * (NAMES_PARTS_MAX - 1) / 2 + NAMES_ALIASES_MAX };
json_t *names_queries(const char *name, const json_t *aliases);
/* 1 if the two are the same words in any order: "Amara OKAFOR" and "Okafor, Amara". */
int names_same(const char *one, const char *other);
/* 1 for 1 to NAMES_ALIAS_BYTES bytes of visible text with a word in it that is not everybody's ("officer", "the"). */
int names_alias_is_good(const char *alias);

#endif
