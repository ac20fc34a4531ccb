/* code.c -- see code.h. Not constant time: nothing secret but receipts and tokens passes, and those are hashed first.
 */
#include "common/base/code.h"

#include <string.h>

static const char hex_digits[] = "0123456789abcdef";
static const char base64_digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

void code_hex(const uint8_t *bytes, size_t len, char *out)
{
    for (size_t i = 0; i < len; i++) {
        *out++ = hex_digits[bytes[i] >> 4];
        *out++ = hex_digits[bytes[i] & 15];
    }
    *out = 0;
}

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

enum err code_unhex(const char *text, size_t text_len, uint8_t *out, size_t len)
{
    if (text_len != len * 2)
        return ERR_MALFORMED;
    for (size_t i = 0; i < len; i++) {
        int high = hex_value(text[2 * i]), low = hex_value(text[2 * i + 1]);
        if (high < 0 || low < 0)
            return ERR_MALFORMED;
        out[i] = (uint8_t)(high << 4 | low);
    }
    return ERR_OK;
}

static size_t base64_raw(const uint8_t *bytes, size_t len, char *out)
{
    size_t at = 0, i = 0;
    for (; i + 2 < len; i += 3) {
        uint32_t v = (uint32_t)bytes[i] << 16 | (uint32_t)bytes[i + 1] << 8 | bytes[i + 2];
        out[at++] = base64_digits[v >> 18];
        out[at++] = base64_digits[v >> 12 & 63];
        out[at++] = base64_digits[v >> 6 & 63];
        out[at++] = base64_digits[v & 63];
    }
    if (i < len) {
        uint32_t v = (uint32_t)bytes[i] << 16 | (i + 1 < len ? (uint32_t)bytes[i + 1] << 8 : 0);
        out[at++] = base64_digits[v >> 18];
        out[at++] = base64_digits[v >> 12 & 63];
        if (i + 1 < len)
            out[at++] = base64_digits[v >> 6 & 63];
    }
    out[at] = 0;
    return at;
}

void code_base64(const uint8_t *bytes, size_t len, char *out)
{
    size_t at = base64_raw(bytes, len, out);
    while (at % 4)
        out[at++] = '=';
    out[at] = 0;
}

void code_base64url(const uint8_t *bytes, size_t len, char *out)
{
    base64_raw(bytes, len, out);
    for (char *c = out; *c; c++)
        *c = *c == '+' ? '-' : *c == '/' ? '_' : *c;
}

static int base64_value(char c)
{
    if (c == '-')
        c = '+';
    if (c == '_')
        c = '/';
    const char *at = c ? strchr(base64_digits, c) : NULL;
    return at ? (int)(at - base64_digits) : -1;
}

enum err code_unbase64(const char *text, size_t text_len, struct buf *out)
{
    size_t before = out->len, pad = 0;
    enum err err = ERR_MALFORMED;
    while (pad < 2 && text_len > pad && text[text_len - 1 - pad] == '=')
        pad++;
    if (pad && text_len % 4)
        return ERR_MALFORMED;
    size_t digits = text_len - pad;
    if (digits % 4 == 1)
        return ERR_MALFORMED;
    uint32_t have = 0, bits = 0;
    for (size_t i = 0; i < digits; i++) {
        int value = base64_value(text[i]);
        if (value < 0)
            goto bad;
        have = (have << 6 | (uint32_t)value) & 0xffffff;
        bits += 6;
        if (bits >= 8) {
            bits -= 8;
            err = buf_add_byte(out, (uint8_t)(have >> bits));
            if (err != ERR_OK)
                goto bad;
        }
    }
    err = ERR_MALFORMED;
    if (have & ((1u << bits) - 1))
        goto bad;
    return ERR_OK;
bad:
    buf_cut(out, before);
    return err == ERR_OK ? ERR_MALFORMED : err;
}

enum err code_unbase64_exact(const char *text, size_t text_len, uint8_t *out, size_t len)
{
    struct buf bytes = BUF_INIT(len);
    enum err err = code_unbase64(text, text_len, &bytes);
    if (err != ERR_OK || bytes.len != len)
        err = ERR_MALFORMED;
    else
        memcpy(out, bytes.bytes, len);
    buf_free(&bytes);
    return err;
}

void code_id(const uint8_t id[static 16], char out[static CODE_ID_SIZE])
{
    static const uint8_t group[] = {4, 2, 2, 2, 6};
    for (size_t g = 0, at = 0; g < 5; g++) {
        code_hex(id + at, group[g], out);
        at += group[g];
        out += group[g] * 2;
        *out++ = g < 4 ? '-' : 0;
    }
}

enum err code_unid(const char *text, size_t text_len, uint8_t out[static 16])
{
    if (text_len != CODE_ID_SIZE - 1)
        return ERR_MALFORMED;
    size_t at = 0;
    for (size_t i = 0; i < text_len;) {
        if (i == 8 || i == 13 || i == 18 || i == 23) {
            if (text[i++] != '-')
                return ERR_MALFORMED;
            continue;
        }
        if (code_unhex(text + i, 2, out + at++, 1) != ERR_OK)
            return ERR_MALFORMED;
        i += 2;
    }
    return ERR_OK;
}
