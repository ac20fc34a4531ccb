/* backup_pack.c -- see backup_pack.h. */
#include "operator/backup_pack.h"

#include <stdio.h>
#include <string.h>

#include "common/base/mem.h"
#include "common/base/rw.h"

/* ---- writing ---- */

static enum err add_u32(struct backup_out *out, size_t number)
{
    uint8_t bytes[4];
    put_u32(bytes, (uint32_t)number);
    return backup_out_add(out, bytes, sizeof bytes);
}

enum err backup_pack_begin(struct backup_out *out, enum backup_kind kind, const char *name)
{
    uint8_t first = (uint8_t)kind;
    size_t len = strlen(name);
    need(len < BACKUP_NAME);
    enum err err = backup_out_add(out, &first, 1);
    if (err == ERR_OK)
        err = add_u32(out, len);
    return err == ERR_OK ? backup_out_add(out, name, len) : err;
}

enum err backup_pack_add(struct backup_out *out, const void *bytes, size_t len)
{
    need(len <= BACKUP_CHUNK);
    if (len == 0)
        return ERR_OK;
    enum err err = add_u32(out, len);
    return err == ERR_OK ? backup_out_add(out, bytes, len) : err;
}

enum err backup_pack_end(struct backup_out *out)
{
    return add_u32(out, 0);
}

enum err backup_pack(struct backup_out *out, enum backup_kind kind, const char *name, const void *bytes, size_t len)
{
    enum err err = backup_pack_begin(out, kind, name);
    if (err == ERR_OK)
        err = backup_pack_add(out, bytes, len);
    return err == ERR_OK ? backup_pack_end(out) : err;
}

/* ---- reading ---- */

static enum err read_u32(struct backup_in *in, uint32_t *out)
{
    uint8_t bytes[4];
    enum err err = backup_in_read(in, bytes, sizeof bytes);
    struct rd r = rd_from(bytes, sizeof bytes);
    *out = err == ERR_OK ? rd_u32(&r) : 0;
    return err;
}

static enum err read_head(struct backup_in *in, uint8_t *kind, char name[static BACKUP_NAME])
{
    uint32_t len = 0;
    enum err err = backup_in_read(in, kind, 1);
    if (err == ERR_OK)
        err = read_u32(in, &len);
    if (err == ERR_OK && (*kind < BACKUP_FACTS || *kind > BACKUP_END || len >= BACKUP_NAME))
        err = ERR_MALFORMED;
    if (err == ERR_OK)
        err = backup_in_read(in, name, len);
    name[err == ERR_OK ? len : 0] = '\0';
    return err == ERR_OK && strlen(name) != len ? ERR_MALFORMED : err;
}

static enum err read_chunk(struct backup_in *in, size_t len, const struct backup_reader *reader, uint8_t *piece)
{
    enum err err = ERR_OK;
    while (len && err == ERR_OK) {
        size_t now = len < STREAM_PIECE ? len : STREAM_PIECE;
        err = backup_in_read(in, piece, now);
        if (err == ERR_OK)
            err = reader->bytes(reader->room, piece, now);
        len -= now;
    }
    return err;
}

static enum err read_parcel(struct backup_in *in, const struct backup_reader *reader, uint8_t *piece, uint8_t *kind)
{
    char name[BACKUP_NAME];
    uint32_t len = 0;
    enum err err = read_head(in, kind, name);
    if (err == ERR_OK)
        err = reader->begin(reader->room, *kind, name);
    while (err == ERR_OK && (err = read_u32(in, &len)) == ERR_OK && len)
        err = len > BACKUP_CHUNK ? ERR_MALFORMED : read_chunk(in, len, reader, piece);
    return err == ERR_OK ? reader->end(reader->room) : err;
}

enum err backup_unpack(struct backup_in *in, const struct backup_reader *reader)
{
    uint8_t *piece = mem_new(STREAM_PIECE), kind = 0;
    int is_first = 1;
    enum err err = ERR_OK;
    while (err == ERR_OK && kind != BACKUP_END) {
        err = read_parcel(in, reader, piece, &kind);
        if (err == ERR_OK && is_first != (kind == BACKUP_FACTS))
            err = ERR_MALFORMED;
        is_first = 0;
    }
    /* The stream ended, so it is whole; the parcels did not. */
    if (err == ERR_NOT_FOUND || (err == ERR_OK && !backup_in_is_over(in)))
        err = ERR_MALFORMED;
    mem_free(piece);
    return err;
}

int backup_fact(const char *lines, const char *key, char *out, size_t room)
{
    size_t len = strlen(key);
    for (const char *at = lines; *at; at += strcspn(at, "\n"), at += *at == '\n')
        if (strncmp(at, key, len) == 0 && at[len] == ' ') {
            snprintf(out, room, "%.*s", (int)strcspn(at + len + 1, "\n"), at + len + 1);
            return 1;
        }
    return 0;
}
