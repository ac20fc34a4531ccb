/* language.h -- the languages this program speaks, and which of them a reader asked for.
 *
 * A language is known by its code ("fr"); a new one is a row in language.c and a PO file for each room. */
#ifndef COMMON_TEXT_LANGUAGE_H
#define COMMON_TEXT_LANGUAGE_H

#include <stddef.h>

#define LANGUAGE_MAX     16   /* languages of one program */
#define LANGUAGE_ENGLISH "en" /* the language of the source: what is not translated appears in it */

struct language {
    const char *code;      /* BCP 47 primary tag, lower case */
    const char *native;    /* its name as its readers write it */
    const char *direction; /* "ltr" or "rtl", as the HTML attribute has it */
};

/* Every language known, English first; *out_count of them. */
const struct language *language_table(size_t *out_count);
/* NULL if it is not in the table. Exact code only. */
const struct language *language_find(const char *code);

/* The one of `available` (`count` codes, the first is the default) that suits an Accept-Language value best: RFC 9110
 * weights, and "fr-CA" is served by "fr". What is malformed is passed over; beyond 1,024 bytes or 32 ranges nothing
 * is read. `accept` may be NULL. Gives the default when nothing suits. Borrowed from `available`. */
const char *language_negotiate(const char *accept, const char *const *available, size_t count);

#endif
