/* buf.c -- see buf.h. */
#include "common/base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "common/base/mem.h"

void buf_init(struct buf *b, size_t max)
{
    *b = BUF_INIT(max);
}

void buf_free(struct buf *b)
{
    mem_free(b->bytes);
    *b = BUF_INIT(b->max);
}

void buf_clear(struct buf *b)
{
    if (b->bytes)
        mem_wipe(b->bytes, b->len);
    b->len = 0;
}

enum err buf_extend(struct buf *b, size_t len, uint8_t **out_at)
{
    if (len > b->max || b->len > b->max - len)
        return ERR_TOO_BIG;
    size_t want = b->len + len + 1;
    if (want > b->cap) {
        size_t cap = b->cap ? b->cap : 64;
        while (cap < want)
            cap *= 2;
        b->bytes = mem_grow(b->bytes, cap);
        b->cap = cap;
    }
    *out_at = b->bytes + b->len;
    b->len += len;
    b->bytes[b->len] = 0;
    return ERR_OK;
}

enum err buf_add(struct buf *b, const void *from, size_t len)
{
    uint8_t *at;
    enum err err = buf_extend(b, len, &at);
    if (err == ERR_OK && len)
        memcpy(at, from, len);
    return err;
}

enum err buf_add_text(struct buf *b, const char *text)
{
    return buf_add(b, text, strlen(text));
}

enum err buf_add_byte(struct buf *b, uint8_t byte)
{
    return buf_add(b, &byte, 1);
}

enum err buf_addf(struct buf *b, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int len = vsnprintf(NULL, 0, format, args);
    va_end(args);
    need(len >= 0);
    uint8_t *at;
    enum err err = buf_extend(b, (size_t)len, &at);
    if (err == ERR_OK)
        vsnprintf((char *)at, (size_t)len + 1, format, again);
    va_end(again);
    return err;
}

void buf_drop(struct buf *b, size_t len)
{
    if (len >= b->len) {
        buf_clear(b);
        return;
    }
    memmove(b->bytes, b->bytes + len, b->len - len);
    mem_wipe(b->bytes + b->len - len, len);
    b->len -= len;
    b->bytes[b->len] = 0;
}

void buf_cut(struct buf *b, size_t len)
{
    if (len >= b->len)
        return;
    mem_wipe(b->bytes + len, b->len - len);
    b->len = len;
}

const char *buf_text(const struct buf *b)
{
    return b->bytes ? (const char *)b->bytes : "";
}
