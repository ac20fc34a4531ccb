/* search_block.c -- see search_block.h. One transaction from the first message to the seal: there is nothing to roll
 * back to, and each COMMIT would write the words so far as a run of their own. */
#include "triage/vault/search_block.h"

#include <string.h>

#include "common/base/err.h"
#include "common/base/mem.h"
#include "triage/vault/search_memory.h"
#include "triage/vault/search_words.h"

static const char pragmas[] = "PRAGMA temp_store=2; PRAGMA journal_mode=OFF; PRAGMA secure_delete=ON;";
static const char schema[] = "CREATE VIRTUAL TABLE message USING fts5(text, content='', tokenize='words');"
                             "CREATE VIRTUAL TABLE instance USING fts5vocab(message, instance);"
                             "BEGIN;";

static sqlite3_stmt *prepare(sqlite3 *db, const char *sql)
{
    sqlite3_stmt *statement = NULL;
    if (sqlite3_prepare_v3(db, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL) != SQLITE_OK)
        err_die("The search index cannot be prepared.");
    return statement;
}

static void prepare_all(struct search_block *block)
{
    block->add = prepare(block->db, "INSERT INTO message(rowid, text) VALUES (?, ?)");
    block->find = prepare(block->db, "SELECT rowid FROM message WHERE message MATCH ? AND rowid > ?");
    block->rank = prepare(block->db, "SELECT rowid, rank FROM message WHERE message MATCH ?");
}

static struct search_block *block_empty(void)
{
    struct search_block *block = mem_new(sizeof *block);
    search_memory_wipes();
    if (sqlite3_open_v2(":memory:", &block->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX,
                        NULL) != SQLITE_OK ||
        /* Its small pieces would not be wiped, and a hundred blocks have a hundred of it. */
        sqlite3_db_config(block->db, SQLITE_DBCONFIG_LOOKASIDE, NULL, 0, 0) != SQLITE_OK ||
        search_words_register(block->db) != ERR_OK)
        err_die("SQLite with FTS5 is needed for the search index.");
    return block;
}

struct search_block *search_block_new(void)
{
    struct search_block *block = block_empty();
    if (sqlite3_exec(block->db, pragmas, NULL, NULL, NULL) != SQLITE_OK ||
        sqlite3_exec(block->db, schema, NULL, NULL, NULL) != SQLITE_OK)
        err_die("SQLite with FTS5 is needed for the search index.");
    prepare_all(block);
    block->is_open = 1;
    return block;
}

/* What is not committed yet is in no image. */
void *search_block_image(struct search_block *block, size_t *out_len)
{
    sqlite3_int64 len = 0;
    if (block->is_open)
        need(sqlite3_exec(block->db, "COMMIT; BEGIN;", NULL, NULL, NULL) == SQLITE_OK);
    void *image = sqlite3_serialize(block->db, "main", &len, 0);
    *out_len = (size_t)len;
    return image;
}

/* 1 if it is an index, and of no more messages than that. */
static int is_of(sqlite3 *db, size_t messages)
{
    static const char last[] =
        "SELECT coalesce(max(d.id), 0), (SELECT count(*) FROM message_data) FROM message_docsize d";
    sqlite3_stmt *statement = NULL;
    int good = sqlite3_prepare_v2(db, last, -1, &statement, NULL) == SQLITE_OK &&
               sqlite3_step(statement) == SQLITE_ROW && sqlite3_column_int64(statement, 0) >= 0 &&
               (uint64_t)sqlite3_column_int64(statement, 0) <= messages;
    sqlite3_finalize(statement);
    return good;
}

struct search_block *search_block_of(void *image, size_t len, const uint32_t *case_of, size_t messages, int is_open)
{
    struct search_block *block = block_empty();
    /* It frees the image, also when it fails. */
    if (sqlite3_deserialize(block->db, "main", image, (sqlite3_int64)len, (sqlite3_int64)len,
                            SQLITE_DESERIALIZE_FREEONCLOSE | SQLITE_DESERIALIZE_RESIZEABLE) != SQLITE_OK ||
        sqlite3_exec(block->db, pragmas, NULL, NULL, NULL) != SQLITE_OK || !is_of(block->db, messages) ||
        (is_open && sqlite3_exec(block->db, "BEGIN", NULL, NULL, NULL) != SQLITE_OK)) {
        search_block_free(block);
        return NULL;
    }
    prepare_all(block);
    block->is_open = is_open;
    block->messages = block->room = messages;
    block->case_of = mem_new_array(messages + 1, sizeof *block->case_of);
    memcpy(block->case_of, case_of, messages * sizeof *case_of);
    return block;
}

void search_block_free(struct search_block *block)
{
    if (!block)
        return;
    sqlite3_finalize(block->add);
    sqlite3_finalize(block->find);
    sqlite3_finalize(block->rank);
    need(sqlite3_close(block->db) == SQLITE_OK);
    mem_free(block->case_of);
    mem_free(block);
}

void search_block_add(struct search_block *block, uint32_t number, const char *text, size_t len)
{
    need(block->is_open);
    if (block->messages == block->room) {
        block->room = block->room ? block->room * 2 : 64;
        block->case_of = mem_grow(block->case_of, block->room * sizeof *block->case_of);
    }
    block->case_of[block->messages++] = number;
    sqlite3_bind_int64(block->add, 1, (int64_t)block->messages);
    sqlite3_bind_text64(block->add, 2, text, len, SQLITE_STATIC, SQLITE_UTF8);
    need(sqlite3_step(block->add) == SQLITE_DONE);
    sqlite3_reset(block->add);
    sqlite3_clear_bindings(block->add);
}

void search_block_seal(struct search_block *block)
{
    if (!block->is_open)
        return;
    need(sqlite3_exec(block->db, "COMMIT; INSERT INTO message(message) VALUES ('optimize')", NULL, NULL, NULL) ==
         SQLITE_OK);
    block->is_open = 0;
}
