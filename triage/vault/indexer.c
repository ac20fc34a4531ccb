/* indexer.c -- see indexer.h. A few cases at a time, so that the database is kept busy and people who work meanwhile
 * are not held up. */
#include "triage/vault/indexer.h"

#include <string.h>

#include "common/base/log.h"
#include "common/base/mem.h"
#include "triage/vault/book.h"
#include "triage/vault/case_place.h"
#include "triage/vault/case_state.h"
#include "triage/vault/conversation.h"
#include "triage/vault/message.h"
#include "triage/vault/search.h"

/* Cases are read some at a time, and no more than so many rows: opening them holds up everybody else. A purge waits a
 * little, so that what is erased together is written anew once. */
enum { BATCH = 16, BATCH_ROWS = 32, AT_ONCE = 2, AGAIN_MS = 5000, PURGE_AFTER_MS = 5000, PURGE_STEP_US = 2000 };

struct indexer {
    struct vault *vault;
    size_t next, under_way, count;
    int is_filling, has_failed;
    int64_t again_at;
    int is_purging;
    int64_t purge_at; /* 0: nothing is forgotten */
};

/* Read together. */
struct batch {
    struct indexer *indexer;
    uint64_t rebuilds; /* of then */
    size_t numbers[BATCH], count;
};

/* ---- filling ---- */

static void open_more(struct indexer *ix);

void indexer_has(struct indexer *ix, struct case_file *file)
{
    if (!file->is_indexed)
        ix->count++;
    file->is_indexed = 1;
}

/* What could not be read now may be read later; what is not there or does not open never will. */
static int is_final(enum err err)
{
    return err == ERR_OK || err == ERR_NOT_FOUND || err == ERR_CRYPTO || err == ERR_MALFORMED;
}

void indexer_add(struct vault *vault, const struct case_file *file, const json_t *inside)
{
    struct buf words = BUF_INIT(MESSAGE_FOUND_MAX);
    message_words(inside, &words);
    search_add(vault->search, file, buf_text(&words), words.len);
    buf_free(&words);
}

/* As a conversation has them: what was answered stands in the inside of the first one that a person wrote. */
static void add_conversation(struct vault *vault, const struct case_file *file, const json_t *messages,
                             const json_t *first)
{
    size_t i, at = conversation_first(messages);
    const json_t *message;
    json_array_foreach(messages, i, message) indexer_add(vault, file, i == at ? first : message);
}

static void says(struct indexer *ix, struct case_file *file, const json_t *first)
{
    if (first)
        case_says(ix->vault, file, state_text(first, "text"), strlen(state_text(first, "text")));
    indexer_has(ix, file);
}

/* One whose keys had to be asked for, or with many messages. */
static void opened(void *room, enum err err, json_t *messages, const json_t *first)
{
    struct batch *one = room;
    struct indexer *ix = one->indexer;
    if (one->rebuilds == ix->vault->rebuilds) {
        struct case_file *file = book_at(ix->vault->book, one->numbers[0]);
        int is_wanted = !file->is_indexed && file->version > 0;
        if (err == ERR_OK && is_wanted)
            add_conversation(ix->vault, file, messages, first);
        if (is_wanted && is_final(err))
            says(ix, file, err == ERR_OK ? first : NULL);
        else
            ix->has_failed |= !is_final(err);
        ix->under_way--;
        open_more(ix);
    }
    mem_free(one);
}

static void open_alone(struct indexer *ix, size_t number)
{
    struct batch *one = mem_new(sizeof *one);
    *one = (struct batch){.indexer = ix, .rebuilds = ix->vault->rebuilds, .numbers = {number}, .count = 1};
    ix->under_way++;
    conversation_open(ix->vault, book_at(ix->vault->book, number)->id, opened, one);
}

static int is_of(const struct vault_row *row, const struct case_file *file)
{
    return memcmp(row->place.case_id, file->id, sizeof file->id) == 0;
}

static int has_keys(const struct case_file *file, const struct vault_page *page)
{
    for (size_t i = 0; i < page->row_count; i++)
        if (is_of(&page->rows[i], file) && !book_key(file, page->rows[i].place.root, page->rows[i].place.generation))
            return 0;
    return 1;
}

static void index_case(struct indexer *ix, size_t number, const struct vault_page *page)
{
    struct case_file *file = book_at(ix->vault->book, number);
    json_t *first = NULL;
    if (file->is_indexed || file->version == 0)
        return;
    if (!has_keys(file, page)) {
        open_alone(ix, number);
        return;
    }
    for (size_t i = 0; i < page->row_count; i++) {
        const struct vault_row *row = &page->rows[i];
        json_t *inside = is_of(row, file) ? conversation_inside(file, row) : NULL;
        if (inside)
            indexer_add(ix->vault, file, inside);
        if (inside && !first && row->place.author != AUTHOR_STAFF)
            first = json_incref(inside);
        json_decref(inside);
    }
    says(ix, file, first);
    json_decref(first);
}

static void batch_read(void *room, uint64_t tag, enum err err, const struct vault_page *page)
{
    struct batch *batch = room;
    struct indexer *ix = batch->indexer;
    (void)tag;
    if (batch->rebuilds == ix->vault->rebuilds) {
        for (size_t i = 0; err == ERR_OK && i < batch->count; i++)
            index_case(ix, batch->numbers[i], page);
        ix->has_failed |= err != ERR_OK;
        ix->under_way--;
        open_more(ix);
    }
    mem_free(batch);
}

static void filled(struct indexer *ix)
{
    ix->is_filling = 0;
    ix->again_at = ix->has_failed ? loop_now(ix->vault->loop) + AGAIN_MS : 0;
    if (!ix->has_failed)
        log_info("indexed", LOG_NUM("cases", ix->count));
}

/* The next ones that are not indexed; 0: there are none any more. */
static int read_batch(struct indexer *ix)
{
    struct vault *vault = ix->vault;
    const struct case_file *file;
    uint8_t ids[BATCH][16];
    int64_t rows = 0;
    struct batch *batch = mem_new(sizeof *batch);
    *batch = (struct batch){.indexer = ix, .rebuilds = vault->rebuilds};
    while (batch->count < BATCH && rows < BATCH_ROWS && (file = book_at(vault->book, ix->next))) {
        size_t number = ix->next;
        int is_wanted = !file->is_indexed && file->version > 0, is_long = is_wanted && file->rows > BATCH_ROWS;
        if (is_long && batch->count)
            break; /* the next time */
        ix->next++;
        if (is_long) {
            mem_free(batch);
            open_alone(ix, number);
            return 1;
        }
        if (!is_wanted)
            continue;
        rows += file->rows;
        memcpy(ids[batch->count], file->id, sizeof file->id);
        batch->numbers[batch->count++] = number;
    }
    if (!batch->count) {
        mem_free(batch);
        return 0;
    }
    ix->under_way++;
    door_vault_messages(vault->door, (const uint8_t(*)[16])ids, batch->count, VAULT_DEADLINE_MS, batch_read, batch, 0);
    return 1;
}

static void open_more(struct indexer *ix)
{
    while (ix->vault->phase == PHASE_OPEN && ix->under_way < AT_ONCE && read_batch(ix))
        ;
    if (ix->is_filling && ix->under_way == 0)
        filled(ix);
}

static void fill(struct indexer *ix)
{
    ix->next = 0;
    ix->has_failed = 0;
    ix->is_filling = 1;
    open_more(ix);
}

void indexer_begin(struct indexer *ix)
{
    const struct case_file *file;
    ix->count = ix->under_way = 0;
    ix->purge_at = 0;
    /* A snapshot brought its index along. */
    for (size_t i = 0; (file = book_at(ix->vault->book, i)); i++)
        ix->count += file->is_indexed != 0;
    fill(ix);
}

void indexer_again(struct indexer *ix)
{
    if (!ix->is_filling)
        fill(ix);
}

void indexer_lost(struct indexer *ix, struct case_file *file)
{
    if (file->is_indexed)
        ix->count--;
    file->is_indexed = 0;
}

int indexer_is_idle(const struct indexer *ix)
{
    return !ix->is_filling && !ix->has_failed && !ix->is_purging && !search_is_dirty(ix->vault->search);
}

size_t indexer_count(const struct indexer *ix)
{
    return ix->count;
}

/* ---- emptying ---- */

static void purge(void *arg)
{
    struct indexer *ix = arg;
    if (search_purge(ix->vault->search, PURGE_STEP_US)) {
        loop_next_turn(ix->vault->loop, purge, ix);
        return;
    }
    ix->is_purging = 0;
    ix->purge_at = 0;
    log_info("purged");
}

void indexer_tick(struct indexer *ix, int64_t now_ms)
{
    if (!ix->is_filling && ix->again_at && now_ms >= ix->again_at)
        fill(ix);
    if (ix->is_purging || !search_is_dirty(ix->vault->search))
        return;
    if (!ix->purge_at)
        ix->purge_at = now_ms + PURGE_AFTER_MS;
    if (now_ms < ix->purge_at)
        return;
    ix->is_purging = 1;
    purge(ix);
}

struct indexer *indexer_new(struct vault *vault)
{
    struct indexer *ix = mem_new(sizeof *ix);
    ix->vault = vault;
    return ix;
}

void indexer_free(struct indexer *ix)
{
    mem_free(ix);
}
