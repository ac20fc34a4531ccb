/* indexer.c -- see indexer.h. One case at a time, so that people who work meanwhile are not held up. */
#include "triage/vault/indexer.h"

#include <string.h>

#include "common/base/log.h"
#include "common/base/mem.h"
#include "triage/vault/book.h"
#include "triage/vault/case_place.h"
#include "triage/vault/case_state.h"
#include "triage/vault/conversation.h"
#include "triage/vault/search.h"

struct indexing {
    struct vault *vault;
    uint64_t fence;
    size_t next;
};

static void index_next(struct indexing *ix);

static void opened(void *room, enum err err, json_t *messages, const json_t *first)
{
    struct indexing *ix = room;
    struct case_file *file = ix->fence == ix->vault->fence ? book_at(ix->vault->book, ix->next) : NULL;
    size_t i;
    json_t *message;
    if (err == ERR_OK && file && !file->is_indexed) {
        json_array_foreach(messages, i, message)
        {
            const char *text = state_text(message, "text");
            search_add(ix->vault->search, file, text, strlen(text));
        }
        if (first)
            case_says(ix->vault, file, state_text(first, "text"), strlen(state_text(first, "text")));
        file->is_indexed = 1;
    }
    ix->next++;
    index_next(ix);
}

static void index_next(struct indexing *ix)
{
    struct vault *vault = ix->vault;
    struct case_file *file = NULL;
    int is_ours = ix->fence == vault->fence && vault->phase == PHASE_OPEN;
    while (is_ours && (file = book_at(vault->book, ix->next)) && (file->is_indexed || file->version == 0))
        ix->next++;
    if (!is_ours || !file) {
        log_info("indexed", LOG_NUM("cases", ix->next));
        mem_free(ix);
        return;
    }
    conversation_open(vault, file->id, opened, ix);
}

void indexer_begin(struct vault *vault)
{
    struct indexing *ix = mem_new(sizeof *ix);
    *ix = (struct indexing){.vault = vault, .fence = vault->fence};
    index_next(ix);
}
