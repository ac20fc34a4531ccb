/* rw.c -- see rw.h. */
#include "common/base/rw.h"

#include <string.h>

struct rd rd_from(const void *bytes, size_t len)
{
    return (struct rd){.at = bytes, .left = len};
}

static const uint8_t *rd_take(struct rd *r, size_t len)
{
    if (r->bad || len > r->left) {
        r->bad = 1;
        return NULL;
    }
    const uint8_t *at = r->at;
    if (len)
        r->at += len;
    r->left -= len;
    return at;
}

static uint64_t rd_number(struct rd *r, size_t len)
{
    const uint8_t *at = rd_take(r, len);
    uint64_t v = 0;
    for (size_t i = 0; at && i < len; i++)
        v = v << 8 | at[i];
    return v;
}

uint8_t rd_u8(struct rd *r)
{
    return (uint8_t)rd_number(r, 1);
}

uint16_t rd_u16(struct rd *r)
{
    return (uint16_t)rd_number(r, 2);
}

uint32_t rd_u32(struct rd *r)
{
    return (uint32_t)rd_number(r, 4);
}

uint64_t rd_u64(struct rd *r)
{
    return rd_number(r, 8);
}

void rd_raw(struct rd *r, void *out, size_t len)
{
    const uint8_t *at = rd_take(r, len);
    if (at)
        memcpy(out, at, len);
    else
        memset(out, 0, len);
}

const uint8_t *rd_bytes(struct rd *r, size_t max, size_t *out_len)
{
    *out_len = 0;
    uint32_t len = rd_u32(r);
    if (len > max)
        r->bad = 1;
    const uint8_t *at = rd_take(r, len);
    if (at)
        *out_len = len;
    return at;
}

enum err rd_end(const struct rd *r)
{
    return r->bad || r->left ? ERR_MALFORMED : ERR_OK;
}

static enum err wr_number(struct buf *b, uint64_t v, size_t len)
{
    uint8_t bytes[8];
    for (size_t i = 0; i < len; i++)
        bytes[i] = (uint8_t)(v >> (8 * (len - 1 - i)));
    return buf_add(b, bytes, len);
}

enum err wr_u8(struct buf *b, uint8_t v)
{
    return wr_number(b, v, 1);
}

enum err wr_u16(struct buf *b, uint16_t v)
{
    return wr_number(b, v, 2);
}

enum err wr_u32(struct buf *b, uint32_t v)
{
    return wr_number(b, v, 4);
}

enum err wr_u64(struct buf *b, uint64_t v)
{
    return wr_number(b, v, 8);
}

enum err wr_bytes(struct buf *b, const void *from, size_t len)
{
    if (len > UINT32_MAX)
        return ERR_TOO_BIG;
    enum err err = wr_u32(b, (uint32_t)len);
    if (err != ERR_OK)
        return err;
    err = buf_add(b, from, len);
    if (err != ERR_OK)
        buf_cut(b, b->len - 4);
    return err;
}

static uint8_t *put_number(uint8_t *at, uint64_t v, size_t len)
{
    for (size_t i = 0; i < len; i++)
        at[i] = (uint8_t)(v >> (8 * (len - 1 - i)));
    return at + len;
}

uint8_t *put_u8(uint8_t *at, uint8_t v)
{
    return put_number(at, v, 1);
}

uint8_t *put_u16(uint8_t *at, uint16_t v)
{
    return put_number(at, v, 2);
}

uint8_t *put_u32(uint8_t *at, uint32_t v)
{
    return put_number(at, v, 4);
}

uint8_t *put_u64(uint8_t *at, uint64_t v)
{
    return put_number(at, v, 8);
}

uint8_t *put_raw(uint8_t *at, const void *from, size_t len)
{
    if (len)
        memcpy(at, from, len);
    return at + len;
}
