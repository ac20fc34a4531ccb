/* search_words.h -- words.h as a tokenizer of FTS5. */
#ifndef TRIAGE_VAULT_SEARCH_WORDS_H
#define TRIAGE_VAULT_SEARCH_WORDS_H

#include <sqlite3.h>

#include "common/base/err.h"

/* Under the name "words". ERR_NOT_FOUND: this SQLite has no FTS5. */
MUST_CHECK enum err search_words_register(sqlite3 *db);

#endif
