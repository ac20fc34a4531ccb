/* snapshot_record.c -- see snapshot_record.h. */
#include "triage/vault/snapshot_record.h"

#include <string.h>

#include "common/base/mem.h"
#include "common/base/rw.h"
#include "common/text/json.h"
#include "triage/vault/alike.h"
#include "triage/vault/case_place.h"
#include "triage/vault/item.h"
#include "triage/vault/search_block.h"

/* Raised when a record, what is found of a message (message_words) or how words are cut (search_words.c) changes
 * between two versions with one name. */
#define KEPT_AS RECOURSE_VERSION " 2"

enum { IS_INDEXED = 1, HAS_MINIMA = 2, KEYS_MAX = 255, NUMBERS_FIRST = 1024 };
enum { VERSION_MAX = 64, KEY = 32 };
/* More than a vault holds: what is read decides how much memory is asked for. */
enum { NUMBERS_MAX = 1 << 24 };

static void put(enum err err)
{
    need(err == ERR_OK);
}

/* ---- writing ---- */

void snapshot_put_head(struct buf *out, enum snapshot_kind kind, size_t len)
{
    need(len <= UINT32_MAX);
    put(wr_u8(out, (uint8_t)kind));
    put(wr_u32(out, (uint32_t)len));
}

/* Behind what was written from `start` on, which is a record whose length was not known. */
static void end_record(struct buf *out, size_t start)
{
    (void)put_u32(out->bytes + start + 1, (uint32_t)(out->len - start - SNAPSHOT_RECORD_HEAD));
}

void snapshot_put_begin(const struct vault *vault, struct buf *out)
{
    static const char version[] = KEPT_AS;
    uint8_t key[ALIKE_KEY];
    alike_key(vault->alike, key);
    snapshot_put_head(out, SNAPSHOT_BEGIN, 4 + sizeof version - 1 + sizeof key);
    put(wr_bytes(out, version, sizeof version - 1));
    put(buf_add(out, key, sizeof key));
    mem_wipe(key, sizeof key);
}

void snapshot_put_case(const struct vault *vault, const struct case_file *file, struct buf *out)
{
    const uint32_t *minima = alike_minima(vault->alike, file->number);
    if (!minima)
        minima = alike_minima(vault->alike_aside, file->number);
    size_t start = out->len, keys = file->key_count < KEYS_MAX ? file->key_count : KEYS_MAX;
    snapshot_put_head(out, SNAPSHOT_CASE, 0);
    put(buf_add(out, file->id, sizeof file->id));
    put(wr_u32(out, file->number));
    put(wr_u64(out, (uint64_t)file->version));
    put(wr_u64(out, (uint64_t)file->rows));
    put(buf_add(out, file->rows_hash, sizeof file->rows_hash));
    put(buf_add(out, file->state_hash, sizeof file->state_hash));
    put(wr_u8(out, (uint8_t)((file->is_indexed ? IS_INDEXED : 0) | (minima ? HAS_MINIMA : 0))));
    put(wr_u8(out, (uint8_t)keys));
    for (size_t i = 0; i < keys; i++) {
        put(wr_u8(out, file->keys[i].root));
        put(wr_u64(out, file->keys[i].generation));
        put(buf_add(out, file->keys[i].key, sizeof file->keys[i].key));
    }
    for (size_t i = 0; minima && i < ALIKE_MINIMA; i++)
        put(wr_u32(out, minima[i]));
    put(wr_bytes(out, file->state, file->state_len));
    end_record(out, start);
}

void snapshot_put_block(const struct search_block *block, struct buf *out)
{
    snapshot_put_head(out, SNAPSHOT_BLOCK, 5 + 4 * block->messages);
    put(wr_u8(out, (uint8_t)(block->is_open != 0)));
    put(wr_u32(out, (uint32_t)block->messages));
    for (size_t i = 0; i < block->messages; i++)
        put(wr_u32(out, block->case_of[i]));
}

/* ---- reading ---- */

void snapshot_read_head(const uint8_t head[static SNAPSHOT_RECORD_HEAD], enum snapshot_kind *kind, size_t *len)
{
    struct rd r = rd_from(head, SNAPSHOT_RECORD_HEAD);
    *kind = (enum snapshot_kind)rd_u8(&r);
    *len = rd_u32(&r);
}

void snapshot_numbers_free(struct snapshot_numbers *numbers)
{
    mem_free(numbers->now);
    mem_free(numbers->indexed);
    *numbers = (struct snapshot_numbers){0};
}

enum err snapshot_take_begin(struct vault *vault, const uint8_t *bytes, size_t len)
{
    static const char version[] = KEPT_AS;
    uint8_t key[ALIKE_KEY];
    size_t said_len;
    struct rd r = rd_from(bytes, len);
    const uint8_t *said = rd_bytes(&r, VERSION_MAX, &said_len);
    rd_raw(&r, key, sizeof key);
    enum err err = rd_end(&r);
    if (err == ERR_OK && (said_len != sizeof version - 1 || memcmp(said, version, said_len) != 0))
        err = ERR_MALFORMED;
    if (err == ERR_OK) {
        alike_take_key(vault->alike, key);
        alike_take_key(vault->alike_aside, key);
    }
    mem_wipe(key, sizeof key);
    return err;
}

/* Room for a number, in either table; what is new of it is filled with `with`. */
static void *room_for(void *table, size_t *room, size_t number, size_t size, int with)
{
    size_t before = *room;
    if (number < before)
        return table;
    while (number >= *room)
        *room = *room ? *room * 2 : NUMBERS_FIRST;
    uint8_t *grown = mem_grow(table, *room * size);
    memset(grown + before * size, with, (*room - before) * size);
    return grown;
}

static void note_number(struct snapshot_numbers *numbers, uint32_t then, uint32_t now, int is_indexed)
{
    numbers->now = room_for(numbers->now, &numbers->room, then, sizeof *numbers->now, 0xff);
    numbers->now[then] = now;
    numbers->indexed = room_for(numbers->indexed, &numbers->indexed_room, now, 1, 0);
    numbers->indexed[now] = (uint8_t)(is_indexed != 0);
    numbers->cases++;
}

/* A case as it stands in a record; borrows its bytes. */
struct kept {
    uint8_t id[16], rows_hash[32], state_hash[32], flags;
    uint32_t then;
    int64_t version, rows;
    struct rd keys;
    size_t key_count;
    uint32_t minima[ALIKE_MINIMA];
    const char *text;
    size_t len;
};

static void take_keys(struct rd r, size_t count, struct case_file *file)
{
    uint8_t key[KEY];
    for (size_t i = 0; i < count; i++) {
        uint8_t root = rd_u8(&r);
        uint64_t generation = rd_u64(&r);
        rd_raw(&r, key, sizeof key);
        book_key_add(file, root, generation, key);
    }
    mem_wipe(key, sizeof key);
}

static enum err read_case(const uint8_t *bytes, size_t len, struct kept *kept)
{
    uint8_t row[1 + 8 + KEY];
    struct rd r = rd_from(bytes, len);
    rd_raw(&r, kept->id, sizeof kept->id);
    kept->then = rd_u32(&r);
    kept->version = (int64_t)rd_u64(&r);
    kept->rows = (int64_t)rd_u64(&r);
    rd_raw(&r, kept->rows_hash, sizeof kept->rows_hash);
    rd_raw(&r, kept->state_hash, sizeof kept->state_hash);
    kept->flags = rd_u8(&r);
    kept->key_count = rd_u8(&r);
    kept->keys = r;
    for (size_t i = 0; i < kept->key_count; i++)
        rd_raw(&r, row, sizeof row);
    mem_wipe(row, sizeof row);
    for (size_t i = 0; kept->flags & HAS_MINIMA && i < ALIKE_MINIMA; i++)
        kept->minima[i] = rd_u32(&r);
    kept->text = (const char *)rd_bytes(&r, ITEM_TEXT_MAX, &kept->len);
    if (rd_end(&r) != ERR_OK || kept->version < 1 || kept->rows < 0 || kept->then >= NUMBERS_MAX ||
        kept->flags & ~(IS_INDEXED | HAS_MINIMA))
        return ERR_MALFORMED;
    return ERR_OK;
}

/* The state is whole: as it was when it was committed. */
static void place(struct vault *vault, struct case_file *file, const struct kept *kept, const json_t *state)
{
    file->rows = kept->rows;
    file->last_position = -1;
    memcpy(file->rows_hash, kept->rows_hash, sizeof file->rows_hash);
    memcpy(file->state_hash, kept->state_hash, sizeof file->state_hash);
    file->version = kept->version;
    file->state = mem_copy(kept->text, kept->len);
    file->state_len = kept->len;
    book_note_known(vault->book, 1);
    case_place(vault, state, file);
    if (kept->flags & HAS_MINIMA)
        case_says_as(vault, file, kept->minima);
}

/* All of it is read before the book knows of it: half a case would stand in the way of the whole one. */
enum err snapshot_take_case(struct vault *vault, struct snapshot_numbers *numbers, const uint8_t *bytes, size_t len)
{
    struct kept kept;
    struct json_fault fault;
    json_t *state = NULL;
    enum err err = read_case(bytes, len, &kept);
    if (err == ERR_OK && book_find(vault->book, kept.id))
        err = ERR_MALFORMED;
    if (err == ERR_OK)
        err = json_read_object(kept.text, kept.len, &state, &fault);
    if (err == ERR_OK) {
        struct case_file *file = book_add(vault->book, kept.id);
        take_keys(kept.keys, kept.key_count, file);
        note_number(numbers, kept.then, file->number, kept.flags & IS_INDEXED);
        place(vault, file, &kept, state);
    }
    json_decref(state);
    return err;
}

enum err snapshot_take_block(const struct snapshot_numbers *numbers, const uint8_t *bytes, size_t len, void *image,
                             size_t image_len, struct search_block **out)
{
    struct rd r = rd_from(bytes, len);
    int is_open = rd_u8(&r) != 0;
    size_t messages = rd_u32(&r);
    if (messages > len / 4) {
        messages = 0;
        r.bad = 1;
    }
    uint32_t *case_of = mem_new_array(messages + 1, sizeof *case_of);
    for (size_t i = 0; i < messages && !r.bad; i++) {
        uint32_t then = rd_u32(&r);
        case_of[i] = then < numbers->room ? numbers->now[then] : UINT32_MAX;
    }
    if (rd_end(&r) == ERR_OK) {
        *out = search_block_of(image, image_len, case_of, messages, is_open);
    } else {
        *out = NULL;
        sqlite3_free(image);
    }
    mem_free(case_of);
    return *out ? ERR_OK : ERR_MALFORMED;
}
