/* search_impacts.c -- see search.h: the impacts that are tracked, by their words. */
#include <string.h>

#include "common/base/mem.h"
#include "triage/vault/search_inside.h"
#include "triage/vault/search_memory.h"
#include "triage/vault/search_query.h"
#include "triage/vault/search_words.h"

enum { LETTERS_MAX = 64 << 20, SLOTS_LEAST = 64 };

/* A slot of the table. */
struct impact_word {
    uint32_t at; /* in `letters`, and one; 0: free */
    uint32_t impacts;
};

static const char schema[] = "PRAGMA temp_store=2; PRAGMA journal_mode=OFF; PRAGMA secure_delete=ON;"
                             "CREATE VIRTUAL TABLE impact USING fts5(text, tokenize='words');"
                             "CREATE VIRTUAL TABLE impact_word USING fts5vocab(impact, row);";

static sqlite3_stmt *prepare(sqlite3 *db, const char *sql)
{
    sqlite3_stmt *statement = NULL;
    if (sqlite3_prepare_v3(db, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL) != SQLITE_OK)
        err_die("The index of impacts cannot be prepared.");
    return statement;
}

void search_impacts_new(struct search_impacts *impacts)
{
    search_memory_wipes();
    if (sqlite3_open_v2(":memory:", &impacts->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX,
                        NULL) != SQLITE_OK ||
        sqlite3_db_config(impacts->db, SQLITE_DBCONFIG_LOOKASIDE, NULL, 0, 0) != SQLITE_OK ||
        search_words_register(impacts->db) != ERR_OK ||
        sqlite3_exec(impacts->db, schema, NULL, NULL, NULL) != SQLITE_OK)
        err_die("SQLite with FTS5 is needed for the index of impacts.");
    impacts->add = prepare(impacts->db, "INSERT OR REPLACE INTO impact(rowid, text) VALUES (?, ?)");
    impacts->all = prepare(impacts->db, "SELECT term, doc FROM impact_word");
    impacts->letters = BUF_INIT(LETTERS_MAX);
    impacts->like = prepare(impacts->db, "SELECT rowid FROM impact WHERE impact MATCH ? ORDER BY rank LIMIT ?");
}

static void forget_words(struct search_impacts *impacts)
{
    mem_free(impacts->words);
    impacts->words = NULL;
    buf_free(&impacts->letters);
}

void search_impacts_free(struct search_impacts *impacts)
{
    sqlite3_finalize(impacts->add);
    sqlite3_finalize(impacts->all);
    sqlite3_finalize(impacts->like);
    sqlite3_close(impacts->db);
    forget_words(impacts);
}

static void unbind(sqlite3_stmt *statement)
{
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
}

void search_impact(struct search *search, uint32_t number, const char *text, size_t len)
{
    sqlite3_stmt *add = search->impacts.add;
    sqlite3_bind_int64(add, 1, (int64_t)number + 1);
    sqlite3_bind_text64(add, 2, text, len, SQLITE_STATIC, SQLITE_UTF8);
    need(sqlite3_step(add) == SQLITE_DONE);
    unbind(add);
    forget_words(&search->impacts);
}

/* Where the word stands, or would. FNV-1a: who writes impacts is staff, so nobody chooses words that meet. */
static struct impact_word *slot_of(const struct search_impacts *impacts, const char *word)
{
    uint64_t hash = 0xcbf29ce484222325U;
    for (const char *at = word; *at; at++)
        hash = (hash ^ (uint8_t)*at) * 0x100000001b3U;
    for (size_t i = (size_t)hash;; i++) {
        struct impact_word *slot = &impacts->words[i & (impacts->slot_count - 1)];
        if (!slot->at || strcmp((const char *)impacts->letters.bytes + slot->at - 1, word) == 0)
            return slot;
    }
}

static void make_words(struct search_impacts *impacts)
{
    size_t count = 0;
    while (sqlite3_step(impacts->all) == SQLITE_ROW)
        count++;
    sqlite3_reset(impacts->all);
    impacts->slot_count = SLOTS_LEAST;
    while (impacts->slot_count < 2 * count)
        impacts->slot_count *= 2;
    impacts->words = mem_new_array(impacts->slot_count, sizeof *impacts->words);
    while (sqlite3_step(impacts->all) == SQLITE_ROW) {
        const char *word = (const char *)sqlite3_column_text(impacts->all, 0);
        struct impact_word *slot = slot_of(impacts, word);
        slot->at = (uint32_t)impacts->letters.len + 1;
        slot->impacts = (uint32_t)sqlite3_column_int64(impacts->all, 1);
        need(buf_add(&impacts->letters, word, strlen(word) + 1) == ERR_OK);
    }
    sqlite3_reset(impacts->all);
}

size_t search_impact_frequency(struct search *search, const char *word)
{
    struct search_impacts *impacts = &search->impacts;
    if (!impacts->words)
        make_words(impacts);
    const struct impact_word *slot = slot_of(impacts, word);
    return slot->at ? slot->impacts : 0;
}

size_t search_impacts_like(struct search *search, const char (*words)[72], size_t count, uint32_t *out, size_t most)
{
    struct buf query = BUF_INIT(SEARCH_QUERY_MAX);
    sqlite3_stmt *like = search->impacts.like;
    size_t found = 0;
    for (size_t i = 0; i < count; i++)
        need(buf_addf(&query, "%s\"%s\"", i ? " OR " : "", words[i]) == ERR_OK);
    if (count > 0) {
        sqlite3_bind_text64(like, 1, buf_text(&query), query.len, SQLITE_STATIC, SQLITE_UTF8);
        sqlite3_bind_int64(like, 2, (int64_t)most);
        while (found < most && sqlite3_step(like) == SQLITE_ROW)
            out[found++] = (uint32_t)(sqlite3_column_int64(like, 0) - 1);
        unbind(like);
    }
    buf_free(&query);
    return found;
}
