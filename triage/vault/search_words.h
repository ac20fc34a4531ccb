/* search_words.h -- words.h as a tokenizer of FTS5. */
#ifndef TRIAGE_VAULT_SEARCH_WORDS_H
#define TRIAGE_VAULT_SEARCH_WORDS_H

#include <sqlite3.h>

#include "common/base/err.h"

/* A text that begins with SEARCH_WORD_NEXT is a list of words as the index has them, each behind one of these: at the
 * next place, or beside the one before. No message begins so (search.c sees to it). */
enum { SEARCH_WORD_NEXT = 0x01, SEARCH_WORD_BESIDE = 0x02 };

/* Under the name "words". ERR_NOT_FOUND: this SQLite has no FTS5. */
MUST_CHECK enum err search_words_register(sqlite3 *db);

#endif
