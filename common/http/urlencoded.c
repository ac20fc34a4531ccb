/* urlencoded.c -- see urlencoded.h. Each half is decoded into a wiping buffer that lives for one call. */
#include "common/http/urlencoded.h"

#include <string.h>

#include "common/base/mem.h"
#include "common/http/http_chars.h"

/* How many continuation bytes a lead byte asks for, and the range of the first of them (the rest are 80..BF). */
static const struct lead {
    uint8_t from, to, more, low, high;
} leads[] = {
    {0x00, 0x7f, 0, 0, 0},       {0xc2, 0xdf, 1, 0x80, 0xbf}, {0xe0, 0xe0, 2, 0xa0, 0xbf},
    {0xe1, 0xec, 2, 0x80, 0xbf}, {0xed, 0xed, 2, 0x80, 0x9f}, {0xee, 0xef, 2, 0x80, 0xbf},
    {0xf0, 0xf0, 3, 0x90, 0xbf}, {0xf1, 0xf3, 3, 0x80, 0xbf}, {0xf4, 0xf4, 3, 0x80, 0x8f},
};

static const struct lead *lead_of(uint8_t byte)
{
    for (size_t i = 0; i < sizeof leads / sizeof leads[0]; i++)
        if (byte >= leads[i].from && byte <= leads[i].to)
            return &leads[i];
    return NULL;
}

/* Length of the well-formed sequence at `at`; 0 if it is none, then *bad is how many bytes one U+FFFD stands for. */
static size_t sequence(const uint8_t *at, size_t len, size_t *bad)
{
    const struct lead *lead = lead_of(*at);
    *bad = 1;
    if (!lead)
        return 0;
    for (size_t i = 1; i <= lead->more; i++) {
        uint8_t low = i == 1 ? lead->low : 0x80, high = i == 1 ? lead->high : 0xbf;
        if (i == len || at[i] < low || at[i] > high) {
            *bad = i;
            return 0;
        }
    }
    return (size_t)lead->more + 1;
}

static enum err add_utf8(struct buf *out, const uint8_t *at, size_t len)
{
    static const char REPLACEMENT[] = "\xef\xbf\xbd";
    enum err err = ERR_OK;
    size_t start = 0, i = 0, bad;
    while (i < len && err == ERR_OK) {
        size_t good = sequence(at + i, len - i, &bad);
        if (good) {
            i += good;
            continue;
        }
        err = buf_add(out, at + start, i - start);
        if (err == ERR_OK)
            err = buf_add_text(out, REPLACEMENT);
        i += bad;
        start = i;
    }
    return err == ERR_OK ? buf_add(out, at + start, i - start) : err;
}

/* Bytes as they were meant, whatever they are. */
static enum err decode(struct buf *raw, const char *text, size_t len)
{
    buf_clear(raw);
    for (size_t i = 0; i < len; i++) {
        uint8_t byte = (uint8_t)text[i];
        if (byte == '+') {
            byte = ' ';
        } else if (byte == '%' && len - i > 2 && http_chars[(uint8_t)text[i + 1]] & CHAR_HEX &&
                   http_chars[(uint8_t)text[i + 2]] & CHAR_HEX) {
            byte = (uint8_t)(http_hex((uint8_t)text[i + 1]) << 4 | http_hex((uint8_t)text[i + 2]));
            i += 2;
        }
        enum err err = buf_add_byte(raw, byte);
        if (err != ERR_OK)
            return err;
    }
    return ERR_OK;
}

static enum err add_decoded(struct buf *out, struct buf *raw, const char *text, size_t len)
{
    enum err err = decode(raw, text, len);
    return err == ERR_OK ? add_utf8(out, (const uint8_t *)buf_text(raw), raw->len) : err;
}

static enum err read_pair(const char *pair, size_t len, struct buf *raw, urlencoded_fn *fn, void *room)
{
    const char *equals = memchr(pair, '=', len);
    size_t name_len = equals ? (size_t)(equals - pair) : len;
    /* One replaced byte grows to three. */
    struct buf name = BUF_INIT(name_len * 3), value = BUF_INIT(len * 3);
    enum err err = add_decoded(&name, raw, pair, name_len);
    if (err == ERR_OK && equals)
        err = add_decoded(&value, raw, equals + 1, len - name_len - 1);
    if (err == ERR_OK)
        err = fn(room, buf_text(&name), name.len, buf_text(&value), value.len);
    buf_free(&name);
    buf_free(&value);
    return err;
}

enum err urlencoded_read(const char *text, size_t len, unsigned pairs_max, urlencoded_fn *fn, void *room)
{
    struct buf raw = BUF_INIT(len);
    const char *end = text + len;
    enum err err = ERR_OK;
    for (unsigned pairs = 0; text < end && err == ERR_OK;) {
        const char *amp = memchr(text, '&', (size_t)(end - text));
        size_t pair_len = (size_t)((amp ? amp : end) - text);
        if (pair_len)
            err = pairs++ < pairs_max ? read_pair(text, pair_len, &raw, fn, room) : ERR_TOO_BIG;
        text += pair_len + 1;
    }
    buf_free(&raw);
    return err;
}

int urlencoded_is_utf8(const char *text, size_t len)
{
    struct buf raw = BUF_INIT(len);
    size_t i = 0, good = 1, bad;
    need(decode(&raw, text, len) == ERR_OK); /* never longer than it was */
    for (; i < raw.len && good; i += good)
        good = sequence(raw.bytes + i, raw.len - i, &bad);
    buf_free(&raw);
    return good != 0;
}

enum err urlencoded_write(struct buf *out, const char *text, size_t len)
{
    enum err err = ERR_OK;
    for (size_t i = 0; i < len && err == ERR_OK; i++) {
        uint8_t byte = (uint8_t)text[i];
        if (byte == ' ')
            err = buf_add_byte(out, '+');
        else if (http_chars[byte] & CHAR_HOST && byte != '~')
            err = buf_add_byte(out, byte);
        else
            err = buf_addf(out, "%%%02X", byte);
    }
    return err;
}
