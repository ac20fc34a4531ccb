/* snapshot_load.c -- reading a snapshot, some cases at a time. Each record is authentic by itself; what was read before
 * a file ends too early stays, and the rest comes from the database. The index counts only when all of it is there. */
#include <sqlite3.h>

#include "common/base/log.h"
#include "common/base/mem.h"
#include "triage/vault/search.h"
#include "triage/vault/search_block.h"
#include "triage/vault/snapshot_inside.h"

enum { RECORDS_AT_ONCE = 100, BLOCKS_MAX = 1 << 16 };

struct loading {
    struct snapshot *snapshot;
    struct snapshot_file file;
    struct snapshot_numbers numbers;
    struct buf record, block; /* block: the record before an image */
    struct search_block **blocks;
    size_t block_count;
    int is_begun;
    snapshot_loaded_fn *done;
    void *room;
};

static void loading_free(struct loading *l)
{
    for (size_t i = 0; i < l->block_count; i++)
        search_block_free(l->blocks[i]);
    mem_free(l->blocks);
    buf_free(&l->record);
    buf_free(&l->block);
    snapshot_numbers_free(&l->numbers);
    snapshot_file_wipe(&l->file);
    mem_free(l);
}

static enum err take_block(struct loading *l, size_t len)
{
    struct search_block *block;
    uint8_t *image = sqlite3_malloc64(len ? len : 1);
    if (!image)
        return ERR_TOO_BIG;
    enum err err = l->block_count < BLOCKS_MAX ? snapshot_file_take(&l->file, image, len) : ERR_TOO_BIG;
    if (err != ERR_OK) {
        sqlite3_free(image);
        return err;
    }
    err = snapshot_take_block(&l->numbers, l->block.bytes, l->block.len, image, len, &block);
    buf_clear(&l->block); /* each image has its own */
    if (err != ERR_OK)
        return err;
    l->blocks = mem_grow(l->blocks, (l->block_count + 1) * sizeof(struct search_block *));
    l->blocks[l->block_count++] = block;
    return ERR_OK;
}

/* All was there: the index is that of then. */
static void take_index(struct loading *l)
{
    struct vault *vault = l->snapshot->vault;
    for (size_t i = 0; i < l->block_count; i++)
        search_take_block(vault->search, l->blocks[i]);
    l->block_count = 0;
    for (size_t i = 0; i < l->numbers.indexed_room; i++)
        if (l->numbers.indexed[i])
            book_at(vault->book, i)->is_indexed = 1;
}

static enum err take_body(struct loading *l, enum snapshot_kind kind, size_t len)
{
    uint8_t *room;
    struct vault *vault = l->snapshot->vault;
    struct buf *record = kind == SNAPSHOT_BLOCK ? &l->block : &l->record;
    buf_clear(record);
    enum err err = buf_extend(record, len, &room);
    if (err == ERR_OK)
        err = snapshot_file_take(&l->file, room, len);
    if (err != ERR_OK || kind == SNAPSHOT_BLOCK)
        return err;
    if (kind == SNAPSHOT_BEGIN)
        return snapshot_take_begin(vault, record->bytes, record->len);
    return snapshot_take_case(vault, &l->numbers, record->bytes, record->len);
}

/* The first record, and no other, is the beginning. */
static enum err take_record(struct loading *l, int *is_over)
{
    uint8_t head[SNAPSHOT_RECORD_HEAD];
    enum snapshot_kind kind;
    size_t len;
    enum err err = snapshot_file_take(&l->file, head, sizeof head);
    if (err != ERR_OK)
        return err;
    snapshot_read_head(head, &kind, &len);
    if (kind < SNAPSHOT_BEGIN || kind > SNAPSHOT_END || (kind == SNAPSHOT_BEGIN) == l->is_begun ||
        len > (kind == SNAPSHOT_IMAGE ? SNAPSHOT_IMAGE_MAX : SNAPSHOT_RECORD_MAX) ||
        len > l->file.len - l->file.at + l->file.sealed_left) /* no memory for what is not there */
        return ERR_MALFORMED;
    l->is_begun = 1;
    *is_over = kind == SNAPSHOT_END;
    if (*is_over)
        take_index(l);
    else
        err = kind == SNAPSHOT_IMAGE ? take_block(l, len) : take_body(l, kind, len);
    return err;
}

static void end(struct loading *l, enum err err)
{
    struct snapshot *s = l->snapshot;
    struct vault *vault = s->vault;
    size_t cases = l->numbers.cases;
    snapshot_loaded_fn *done = l->done;
    void *room = l->room;
    if (err == ERR_OK) {
        s->placed = vault->placed;
        s->writings = search_writings(vault->search);
        s->of_rebuild = vault->rebuilds;
    } else if (err != ERR_NOT_FOUND) {
        log_warn("snapshot_refused", LOG_NAME("desk", vault_desk(vault)), LOG_ERR(err));
    }
    if (cases)
        log_info("snapshot_read", LOG_NAME("desk", vault_desk(vault)), LOG_NUM("cases", cases));
    loading_free(l);
    done(room, cases);
}

static void go_on(void *arg)
{
    struct loading *l = arg;
    enum err err = ERR_OK;
    int is_over = 0;
    if (l->snapshot->vault->phase != PHASE_REBUILDING) {
        loading_free(l); /* the vault ends */
        return;
    }
    for (int i = 0; i < RECORDS_AT_ONCE && err == ERR_OK && !is_over; i++)
        err = take_record(l, &is_over);
    if (err != ERR_OK || is_over)
        end(l, err);
    else
        loop_next_turn(l->snapshot->vault->loop, go_on, l);
}

static void nothing_there(void *arg)
{
    end(arg, ERR_NOT_FOUND);
}

void snapshot_load(struct snapshot *s, snapshot_loaded_fn *done, void *room)
{
    const struct snapshot_owner owner = snapshot_owner_of(s->vault);
    struct loading *l = mem_new(sizeof *l);
    *l = (struct loading){.snapshot = s,
                          .record = BUF_INIT(SNAPSHOT_RECORD_MAX),
                          .block = BUF_INIT(SNAPSHOT_RECORD_MAX),
                          .done = done,
                          .room = room};
    if (s->newest >= 0 && snapshot_file_open(&l->file, s->fds[s->newest], &owner) == ERR_OK)
        loop_next_turn(s->vault->loop, go_on, l);
    else
        loop_later(s->vault->loop, nothing_there, l);
}
