/* catalogue.h -- what people read, in their language: gettext PO files, read at the start of the program.
 *
 * The English text is the key. What has no translation appears in English, never as nothing. Texts live as long as the
 * set. Lookups do not allocate and cannot fail. */
#ifndef COMMON_TEXT_CATALOGUE_H
#define COMMON_TEXT_CATALOGUE_H

#include <stddef.h>
#include <stdint.h>

#include "common/text/language.h"
#include "common/text/says.h"

/* Marks an English text in C for extraction (tests/tools/extract_strings.py). TP gives a context and a text, TN a
 * singular and a plural: each is two arguments of the functions below, or two fields of a table's row. */
#define T(english)           ("" english "")
#define TP(context, english) ("" context ""), ("" english "")
#define TN(one, many)        ("" one ""), ("" many "")

struct catalogue_set;

/* Reads <folder>/<code>.po for every language of language.h that has one there; English needs none. ERR_MALFORMED,
 * ERR_TOO_BIG, ERR_CONFLICT (a text twice), ERR_SYSTEM, with the file, the line and the reason. The caller owns *out;
 * on an error it is NULL. */
MUST_CHECK enum err catalogue_load(const char *folder, struct catalogue_set **out, char says[static SAYS_SIZE]);
/* NULL is fine. */
void catalogue_free(struct catalogue_set *set);

/* Codes of the languages there are, English first, for language_negotiate. */
const char *const *catalogue_languages(const struct catalogue_set *set, size_t *out_count);
/* 1 if texts in this language can be had. */
int catalogue_has(const struct catalogue_set *set, const char *language);

/* catalogue_text(set, "fr", T("Sent")). An unknown language is read as English. */
const char *catalogue_text(const struct catalogue_set *set, const char *language, const char *english);
/* catalogue_text_in(set, "fr", TP("state", "Open")). */
const char *catalogue_text_in(const struct catalogue_set *set, const char *language, const char *context,
                              const char *english);
/* catalogue_plural(set, "fr", TN("{{n}} report", "{{n}} reports"), 3). The caller fills {{n}} in (mustache_fill). */
const char *catalogue_plural(const struct catalogue_set *set, const char *language, const char *one, const char *many,
                             uint64_t n);

#endif
