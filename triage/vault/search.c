/* search.c -- see search.h. Two tables, each with its vocabulary; the tokenizer is registered with FTS5 under the name
 * "words". A message's number in the table leads to its case by an array of ours. */
#include "triage/vault/search.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/mem.h"
#include "triage/vault/search_words.h"
#include "triage/vault/words.h"

enum { QUERY_MAX = 16 * 1024 };

struct search {
    sqlite3 *db;
    sqlite3_stmt *add, *find, *often, *add_impact, *often_impact, *like_impact;
    uint32_t *case_of; /* by message number - 1 */
    size_t messages, room;
};

static const char schema[] = "PRAGMA temp_store=2; PRAGMA journal_mode=OFF; PRAGMA secure_delete=ON;"
                             "CREATE VIRTUAL TABLE message USING fts5(text, content='', tokenize='words');"
                             "CREATE VIRTUAL TABLE message_word USING fts5vocab(message, row);"
                             "CREATE VIRTUAL TABLE impact USING fts5(text, tokenize='words');"
                             "CREATE VIRTUAL TABLE impact_word USING fts5vocab(impact, row);";

#define FORGOTTEN UINT32_MAX

static sqlite3_stmt *prepare(sqlite3 *db, const char *sql)
{
    sqlite3_stmt *statement = NULL;
    if (sqlite3_prepare_v3(db, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL) != SQLITE_OK)
        err_die("The search index cannot be prepared.");
    return statement;
}

struct search *search_new(void)
{
    struct search *s = mem_new(sizeof *s);
    if (sqlite3_open_v2(":memory:", &s->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, NULL) !=
            SQLITE_OK ||
        search_words_register(s->db) != ERR_OK || sqlite3_exec(s->db, schema, NULL, NULL, NULL) != SQLITE_OK)
        err_die("SQLite with FTS5 is needed for the search index.");
    s->add = prepare(s->db, "INSERT INTO message(rowid, text) VALUES (?, ?)");
    s->find = prepare(s->db, "SELECT rowid FROM message WHERE message MATCH ? ORDER BY rowid DESC");
    s->often = prepare(s->db, "SELECT doc FROM message_word WHERE term = ?");
    s->add_impact = prepare(s->db, "INSERT OR REPLACE INTO impact(rowid, text) VALUES (?, ?)");
    s->often_impact = prepare(s->db, "SELECT doc FROM impact_word WHERE term = ?");
    s->like_impact = prepare(s->db, "SELECT rowid FROM impact WHERE impact MATCH ? ORDER BY rank LIMIT ?");
    return s;
}

void search_free(struct search *s)
{
    if (!s)
        return;
    sqlite3_stmt *const all[] = {s->add, s->find, s->often, s->add_impact, s->often_impact, s->like_impact};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        sqlite3_finalize(all[i]);
    sqlite3_close(s->db);
    mem_free(s->case_of);
    mem_free(s);
}

/* ---- filling ---- */

static void insert(sqlite3_stmt *statement, int64_t number, const char *text, size_t len)
{
    sqlite3_bind_int64(statement, 1, number);
    sqlite3_bind_text64(statement, 2, text, len, SQLITE_STATIC, SQLITE_UTF8);
    need(sqlite3_step(statement) == SQLITE_DONE);
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
}

void search_add(struct search *s, const struct case_file *file, const char *text, size_t len)
{
    if (s->messages == s->room) {
        s->room = s->room ? s->room * 2 : 256;
        s->case_of = mem_grow(s->case_of, s->room * sizeof *s->case_of);
    }
    s->case_of[s->messages++] = file->number;
    insert(s->add, (int64_t)s->messages, text, len);
}

void search_impact(struct search *s, uint32_t number, const char *text, size_t len)
{
    insert(s->add_impact, (int64_t)number + 1, text, len);
}

/* ---- finding ---- */

/* Every word in quotes, so that nothing in it is read as FTS5's own language; 0 when there is none. */
static size_t quote_words(const char *words, size_t len, struct buf *out)
{
    struct words cut;
    struct word word;
    size_t count = 0;
    words_begin(&cut, words, len);
    while (count < SEARCH_WORDS_MAX && words_next(&cut, &word)) {
        if (buf_addf(out, "%s\"%s\"", count ? " " : "", word.text) != ERR_OK)
            break;
        count++;
    }
    return count;
}

static int number_compare(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

static size_t without_doubles(uint32_t *numbers, size_t count)
{
    size_t kept = 0;
    qsort(numbers, count, sizeof *numbers, number_compare);
    for (size_t i = 0; i < count; i++)
        if (i == 0 || numbers[i] != numbers[kept - 1])
            numbers[kept++] = numbers[i];
    return kept;
}

void search_forget(struct search *s, uint32_t number)
{
    for (size_t i = 0; i < s->messages; i++)
        if (s->case_of[i] == number)
            s->case_of[i] = FORGOTTEN;
}

enum err search_find(struct search *s, const char *words, size_t len, uint32_t **out, size_t *count)
{
    struct buf query = BUF_INIT(QUERY_MAX);
    *out = NULL;
    *count = 0;
    if (quote_words(words, len, &query) == 0) {
        buf_free(&query);
        return ERR_MALFORMED;
    }
    *out = mem_new_array(SEARCH_HITS_MAX, sizeof **out);
    sqlite3_bind_text64(s->find, 1, buf_text(&query), query.len, SQLITE_STATIC, SQLITE_UTF8);
    while (*count < SEARCH_HITS_MAX && sqlite3_step(s->find) == SQLITE_ROW) {
        size_t message = (size_t)sqlite3_column_int64(s->find, 0);
        need(message >= 1 && message <= s->messages);
        if (s->case_of[message - 1] != FORGOTTEN)
            (*out)[(*count)++] = s->case_of[message - 1];
    }
    sqlite3_reset(s->find);
    sqlite3_clear_bindings(s->find);
    buf_free(&query);
    *count = without_doubles(*out, *count);
    return ERR_OK;
}

static size_t frequency(sqlite3_stmt *statement, const char *word)
{
    sqlite3_bind_text(statement, 1, word, -1, SQLITE_STATIC);
    size_t often = sqlite3_step(statement) == SQLITE_ROW ? (size_t)sqlite3_column_int64(statement, 0) : 0;
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
    return often;
}

size_t search_frequency(struct search *s, const char *word, size_t *out_all)
{
    *out_all = s->messages;
    return frequency(s->often, word);
}

size_t search_impact_frequency(struct search *s, const char *word)
{
    return frequency(s->often_impact, word);
}

size_t search_impacts_like(struct search *s, const char (*words)[72], size_t count, uint32_t *out, size_t most)
{
    struct buf query = BUF_INIT(QUERY_MAX);
    size_t found = 0;
    for (size_t i = 0; i < count; i++)
        need(buf_addf(&query, "%s\"%s\"", i ? " OR " : "", words[i]) == ERR_OK);
    if (count > 0) {
        sqlite3_bind_text64(s->like_impact, 1, buf_text(&query), query.len, SQLITE_STATIC, SQLITE_UTF8);
        sqlite3_bind_int64(s->like_impact, 2, (int64_t)most);
        while (found < most && sqlite3_step(s->like_impact) == SQLITE_ROW)
            out[found++] = (uint32_t)(sqlite3_column_int64(s->like_impact, 0) - 1);
        sqlite3_reset(s->like_impact);
        sqlite3_clear_bindings(s->like_impact);
    }
    buf_free(&query);
    return found;
}
