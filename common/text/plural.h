/* plural.h -- which plural form a number takes, as the Plural-Forms line of a PO file says it in C's notation.
 *
 * Knows numbers, n, ( ) ! * / % + - < <= > >= == != && || ?: on unsigned long values; compiled once, bounded. */
#ifndef COMMON_TEXT_PLURAL_H
#define COMMON_TEXT_PLURAL_H

#include <stddef.h>
#include <stdint.h>

#include "common/text/says.h"

#define PLURAL_FORMS 6  /* the most any language has (Arabic) */
#define PLURAL_NODES 96 /* Arabic needs 41 */

struct plural {
    unsigned forms; /* nplurals */
    struct plural_node {
        uint8_t operation, first, second, third; /* places of its operands */
        uint64_t number;
    } nodes[PLURAL_NODES];
    uint8_t count, root;
};

/* "nplurals=2; plural=(n != 1);". Tried on 0 to 1,000, so that every form it can give is one of nplurals. ERR_MALFORMED
 * or ERR_TOO_BIG with the reason. */
MUST_CHECK enum err plural_read(const char *text, size_t len, struct plural *out, char says[static SAYS_SIZE]);
/* The form of `n`, below p->forms. */
unsigned plural_form(const struct plural *p, uint64_t n);

#endif
