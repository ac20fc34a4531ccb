/* search_words.c -- see search_words.h. The tokenizer has no state: FTS5 is given a pointer that nobody looks at. */
#include "triage/vault/search_words.h"

#include <string.h>

#include "triage/vault/words.h"

static int words_create(void *room, const char **args, int count, Fts5Tokenizer **out)
{
    (void)room;
    (void)args;
    (void)count;
    static char nothing;
    *out = (Fts5Tokenizer *)&nothing;
    return SQLITE_OK;
}

static void words_delete(Fts5Tokenizer *tokenizer)
{
    (void)tokenizer;
}

static int words_tokenize(Fts5Tokenizer *tokenizer, void *room, int flags, const char *text, int len,
                          int (*token)(void *, int, const char *, int, int, int))
{
    (void)tokenizer;
    (void)flags;
    struct words words;
    struct word word;
    int result = SQLITE_OK;
    words_begin(&words, text, (size_t)len);
    while (result == SQLITE_OK && words_next(&words, &word))
        result = token(room, 0, word.text, (int)word.len, (int)word.from, (int)word.to);
    return result;
}

enum err search_words_register(sqlite3 *db)
{
    fts5_tokenizer tokenizer = {words_create, words_delete, words_tokenize};
    fts5_api *api = NULL;
    sqlite3_stmt *statement = NULL;
    /* How FTS5 hands out its functions: SQLite's manual, FTS5, section 7. */
    if (sqlite3_prepare_v2(db, "SELECT fts5(?1)", -1, &statement, NULL) != SQLITE_OK)
        return ERR_NOT_FOUND;
    sqlite3_bind_pointer(statement, 1, (void *)&api, "fts5_api_ptr", NULL);
    sqlite3_step(statement);
    sqlite3_finalize(statement);
    return api && api->xCreateTokenizer(api, "words", NULL, &tokenizer, NULL) == SQLITE_OK ? ERR_OK : ERR_NOT_FOUND;
}
