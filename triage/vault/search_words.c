/* search_words.c -- see search_words.h. The tokenizer has no state: FTS5 is given a pointer that nobody looks at. */
#include "triage/vault/search_words.h"

#include <string.h>

#include "common/text/utf8.h"
#include "triage/vault/words.h"

typedef int token_fn(void *room, int flags, const char *text, int len, int from, int to);

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

/* Pairs begin with each character but the last of a run: it gets a word of its own at the same place, so that one
 * character alone is found wherever it stands. */
static int last_of_run(const struct words *words, const struct word *word, void *room, token_fn *token)
{
    uint32_t first;
    if (!word->is_pair || words->at != word->to)
        return SQLITE_OK;
    size_t took = utf8_next(word->text, word->len, &first);
    if (took == 0 || took == word->len)
        return SQLITE_OK;
    return token(room, FTS5_TOKEN_COLOCATED, word->text + took, (int)(word->len - took), (int)word->from,
                 (int)word->to);
}

static int cut_text(const char *text, size_t len, int is_document, void *room, token_fn *token)
{
    struct words words;
    struct word word;
    int result = SQLITE_OK;
    words_begin(&words, text, len);
    while (result == SQLITE_OK && words_next(&words, &word)) {
        result = token(room, 0, word.text, (int)word.len, (int)word.from, (int)word.to);
        if (result == SQLITE_OK && is_document)
            result = last_of_run(&words, &word, room, token);
    }
    return result;
}

/* Words as the index has them, to be taken out of it again: cut already. */
static int cut_list(const char *text, size_t len, void *room, token_fn *token)
{
    int result = SQLITE_OK;
    for (size_t at = 0; result == SQLITE_OK && at < len;) {
        int flags = text[at] == SEARCH_WORD_BESIDE ? FTS5_TOKEN_COLOCATED : 0;
        size_t from = ++at;
        while (at < len && text[at] != SEARCH_WORD_NEXT && text[at] != SEARCH_WORD_BESIDE)
            at++;
        result = token(room, flags, text + from, (int)(at - from), (int)from, (int)at);
    }
    return result;
}

static int words_tokenize(Fts5Tokenizer *tokenizer, void *room, int flags, const char *text, int len, token_fn *token)
{
    (void)tokenizer;
    int is_document = (flags & FTS5_TOKENIZE_DOCUMENT) != 0;
    if (is_document && len > 0 && *text == SEARCH_WORD_NEXT)
        return cut_list(text, (size_t)len, room, token);
    return cut_text(text, (size_t)len, is_document, room, token);
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
