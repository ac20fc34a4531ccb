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
#include "triage/vault/search.h"

/* A purge waits a little, so that what is erased together is written anew once. */
enum { AT_ONCE = 16, AGAIN_MS = 5000, PURGE_AFTER_MS = 5000, PURGE_STEP_US = 2000 };

struct indexer {
    struct vault *vault;
    size_t next, under_way, count;
    int is_filling, has_failed;
    int64_t again_at;
    int is_purging;
    int64_t purge_at; /* 0: nothing is forgotten */
};

struct opening {
    struct indexer *indexer;
    uint64_t rebuilds; /* of then */
    size_t number;
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

static void opened(void *room, enum err err, json_t *messages, const json_t *first)
{
    struct opening *o = room;
    struct indexer *ix = o->indexer;
    size_t i;
    json_t *message;
    if (o->rebuilds == ix->vault->rebuilds) {
        struct case_file *file = book_at(ix->vault->book, o->number);
        if (err == ERR_OK && !file->is_indexed) {
            json_array_foreach(messages, i, message)
            {
                const char *text = state_text(message, "text");
                search_add(ix->vault->search, file, text, strlen(text));
            }
        }
        if (err == ERR_OK && first)
            case_says(ix->vault, file, state_text(first, "text"), strlen(state_text(first, "text")));
        if (is_final(err))
            indexer_has(ix, file);
        else
            ix->has_failed = 1;
        ix->under_way--;
        open_more(ix);
    }
    mem_free(o);
}

static void filled(struct indexer *ix)
{
    ix->is_filling = 0;
    ix->again_at = ix->has_failed ? loop_now(ix->vault->loop) + AGAIN_MS : 0;
    if (!ix->has_failed)
        log_info("indexed", LOG_NUM("cases", ix->count));
}

static void open_more(struct indexer *ix)
{
    struct vault *vault = ix->vault;
    struct case_file *file;
    while (vault->phase == PHASE_OPEN && ix->under_way < AT_ONCE && (file = book_at(vault->book, ix->next))) {
        size_t number = ix->next++;
        if (file->is_indexed || file->version == 0)
            continue;
        struct opening *o = mem_new(sizeof *o);
        *o = (struct opening){.indexer = ix, .rebuilds = vault->rebuilds, .number = number};
        ix->under_way++;
        conversation_open(vault, file->id, opened, o);
    }
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
