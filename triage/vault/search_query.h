/* search_query.h -- what a person typed, as a question to FTS5: words, "phrases in quotes", beginnings of words
 * (word*).
 *
 * Pure. All of it has to stand in one message. Nothing else is an operator: whatever else stands there is words. What
 * is written without a space is one phrase, so that scripts without spaces need no quotes. */
#ifndef TRIAGE_VAULT_SEARCH_QUERY_H
#define TRIAGE_VAULT_SEARCH_QUERY_H

#include "common/base/buf.h"

enum { SEARCH_WORDS_MAX = 256, SEARCH_QUERY_MAX = 32 * 1024, SEARCH_BEGINNING_LEAST = 2 };

/* Appends to `out` (of SEARCH_QUERY_MAX). A beginning has at least SEARCH_BEGINNING_LEAST letters; the star of a
 * shorter one is passed over. ERR_MALFORMED: there is no word in it. ERR_TOO_BIG: more than SEARCH_WORDS_MAX. */
MUST_CHECK enum err search_query_read(const char *text, size_t len, struct buf *out);

#endif
