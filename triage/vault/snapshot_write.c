/* snapshot_write.c -- writing a snapshot, some cases or some of the index at a time.
 *
 * The cases go on changing meanwhile. Each record is a case as it was at one moment, and one that changed later differs
 * from the database at the next start and is read from there. The index is written last: it has at least what the
 * records say it has. Blocks that are written anew meanwhile (a purge) end the attempt. */
#include <sqlite3.h>

#include "common/base/mem.h"
#include "triage/vault/indexer.h"
#include "triage/vault/search.h"
#include "triage/vault/search_block.h"
#include "triage/vault/snapshot_inside.h"

enum { CASES_AT_ONCE = 64, IMAGE_AT_ONCE = 1 << 20 };

static void end(struct snapshot_writing *w, enum err err)
{
    struct snapshot *s = w->snapshot;
    sqlite3_free(w->image);
    snapshot_file_wipe(&w->file);
    s->writing = NULL;
    snapshot_written(s, w, err);
    buf_free(&w->record);
    mem_free(w);
}

void snapshot_write_stop(struct snapshot *s)
{
    if (s->writing)
        end(s->writing, ERR_CANCELLED);
}

static enum err write_record(struct snapshot_writing *w)
{
    enum err err = snapshot_file_add(&w->file, w->record.bytes, w->record.len);
    buf_clear(&w->record);
    return err;
}

static enum err write_cases(struct snapshot_writing *w)
{
    const struct vault *vault = w->snapshot->vault;
    const struct case_file *file;
    enum err err = ERR_OK;
    for (int i = 0; i < CASES_AT_ONCE && err == ERR_OK && (file = book_at(vault->book, w->next_case)); i++) {
        w->next_case++;
        if (file->version == 0)
            continue;
        snapshot_put_case(vault, file, &w->record);
        err = write_record(w);
        w->cases++;
    }
    return err;
}

static enum err begin_block(struct snapshot_writing *w, struct search_block *block)
{
    w->next_block++;
    w->image = search_block_image(block, &w->image_len);
    w->image_at = 0;
    if (!w->image || w->image_len > SNAPSHOT_IMAGE_MAX)
        return ERR_TOO_BIG;
    snapshot_put_block(block, &w->record);
    snapshot_put_head(&w->record, SNAPSHOT_IMAGE, w->image_len);
    return write_record(w);
}

static enum err write_image(struct snapshot_writing *w)
{
    size_t left = w->image_len - w->image_at, part = left < IMAGE_AT_ONCE ? left : IMAGE_AT_ONCE;
    enum err err = snapshot_file_add(&w->file, (const uint8_t *)w->image + w->image_at, part);
    w->image_at += part;
    if (w->image_at == w->image_len) {
        sqlite3_free(w->image);
        w->image = NULL;
    }
    return err;
}

static enum err write_end(struct snapshot_writing *w)
{
    snapshot_put_head(&w->record, SNAPSHOT_END, 0);
    enum err err = write_record(w);
    return err == ERR_OK ? snapshot_file_end(&w->file) : err;
}

/* ERR_AGAIN: there is more. */
static enum err write_some(struct snapshot_writing *w)
{
    const struct vault *vault = w->snapshot->vault;
    struct search_block *block;
    enum err err;
    if (vault->phase != PHASE_OPEN || vault->rebuilds != w->rebuilds || search_writings(vault->search) != w->writings ||
        search_is_dirty(vault->search))
        return ERR_CANCELLED;
    if (book_at(vault->book, w->next_case))
        err = write_cases(w);
    else if (w->image)
        err = write_image(w);
    else if ((block = search_block_at(vault->search, w->next_block)))
        err = begin_block(w, block);
    else
        return write_end(w);
    return err == ERR_OK ? ERR_AGAIN : err;
}

static void go_on(void *arg)
{
    struct snapshot *s = arg;
    if (!s->writing)
        return;
    enum err err = write_some(s->writing);
    if (err == ERR_AGAIN)
        loop_next_turn(s->vault->loop, go_on, s);
    else
        end(s->writing, err);
}

void snapshot_write(struct snapshot *s, int slot, uint64_t serial)
{
    struct vault *vault = s->vault;
    const struct snapshot_owner owner = snapshot_owner_of(vault);
    struct snapshot_writing *w = s->writing = mem_new(sizeof *w);
    *w = (struct snapshot_writing){.snapshot = s,
                                   .slot = slot,
                                   .serial = serial,
                                   .rebuilds = vault->rebuilds,
                                   .placed = vault->placed,
                                   .writings = search_writings(vault->search),
                                   .record = BUF_INIT(SNAPSHOT_RECORD_MAX)};
    enum err err = snapshot_file_begin(&w->file, s->fds[slot], &owner, serial);
    snapshot_put_begin(vault, &w->record);
    if (err == ERR_OK)
        err = write_record(w);
    if (err == ERR_OK)
        loop_next_turn(vault->loop, go_on, s);
    else
        end(w, err);
}
