/* case_keys.c -- see case_keys.h. */
#include "triage/vault/case_keys.h"

#include <string.h>

#include "common/base/log.h"
#include "common/base/mem.h"
#include "triage/vault/keys_link.h"

struct wanting {
    struct vault *vault;
    uint64_t fence; /* of then: another one means that the vault rebuilt meanwhile */
    struct envelope_wrap *wraps;
    size_t count, at, asked;
    unsigned refused;
    case_keys_fn *done;
    void *room;
};

static void wanting_end(struct wanting *w, enum err err)
{
    case_keys_fn *done = w->done;
    void *room = w->room;
    if (w->refused)
        log_warn("wraps_refused", LOG_NUM("count", w->refused));
    mem_free(w->wraps);
    mem_free(w);
    done(room, err);
}

static void wanting_next(struct wanting *w);

static void unwrapped(void *room, enum err err, const uint8_t (*keys)[32], const uint8_t *ok, size_t count)
{
    struct wanting *w = room;
    if (err == ERR_OK && w->fence != w->vault->fence)
        err = ERR_CANCELLED;
    for (size_t i = 0; err == ERR_OK && i < count; i++) {
        const struct envelope_wrap *wrap = &w->wraps[w->at + i];
        if (ok[i])
            book_key_add(book_add(w->vault->book, wrap->case_id), wrap->root, wrap->generation, keys[i]);
        else
            w->refused++;
    }
    w->at += w->asked;
    if (err == ERR_OK)
        wanting_next(w);
    else
        wanting_end(w, err);
}

static void wanting_next(struct wanting *w)
{
    if (w->at == w->count) {
        wanting_end(w, ERR_OK);
        return;
    }
    w->asked = w->count - w->at < KEYS_LINK_UNWRAP_MAX ? w->count - w->at : KEYS_LINK_UNWRAP_MAX;
    keys_link_unwrap(w->vault->keys, vault_office(w->vault), w->wraps + w->at, w->asked, unwrapped, w);
}

static void nothing_to_ask(void *arg)
{
    wanting_end(arg, ERR_OK);
}

void case_keys_want(struct vault *vault, const struct envelope_wrap *wraps, size_t count, case_keys_fn *done,
                    void *room)
{
    struct wanting *w = mem_new(sizeof *w);
    *w = (struct wanting){.vault = vault, .fence = vault->fence, .done = done, .room = room};
    w->wraps = mem_new_array(count + 1, sizeof *w->wraps);
    for (size_t i = 0; i < count; i++) {
        const struct case_file *file = book_find(vault->book, wraps[i].case_id);
        if (!file || !book_key(file, wraps[i].root, wraps[i].generation))
            w->wraps[w->count++] = wraps[i];
    }
    if (w->count)
        wanting_next(w);
    else
        loop_later(vault->loop, nothing_to_ask, w);
}
