/* http_chars.c -- see http_chars.h. */
#include "common/http/http_chars.h"

#include <string.h>

#include "common/http/limits.h"

enum {
    T = CHAR_TOKEN,
    G = CHAR_TARGET,
    V = CHAR_VALUE,
    H = CHAR_HOST,
    ALPHA = T | G | V | H,
    ALPHA_HEX = ALPHA | CHAR_HEX,
    NUMBER = ALPHA | CHAR_DIGIT | CHAR_HEX,
};

const uint8_t http_chars[256] = {
    ['\t'] = V,
    [' '] = V,
    ['!'] = T | G | V,
    ['"'] = V,
    ['#'] = T | V,
    ['$'] = T | G | V,
    ['%'] = T | G | V,
    ['&'] = T | G | V,
    ['\''] = T | G | V,
    ['('] = G | V,
    [')'] = G | V,
    ['*'] = T | G | V,
    ['+'] = T | G | V,
    [','] = G | V,
    ['-'] = ALPHA,
    ['.'] = ALPHA,
    ['/'] = G | V,
    ['0' ... '9'] = NUMBER,
    [':'] = G | V,
    [';'] = G | V,
    ['<'] = V,
    ['='] = G | V,
    ['>'] = V,
    ['?'] = G | V,
    ['@'] = G | V,
    ['A' ... 'F'] = ALPHA_HEX,
    ['G' ... 'Z'] = ALPHA,
    ['['] = V,
    ['\\'] = V,
    [']'] = V,
    ['^'] = T | V,
    ['_'] = ALPHA,
    ['`'] = T | V,
    ['a' ... 'f'] = ALPHA_HEX,
    ['g' ... 'z'] = ALPHA,
    ['{'] = V,
    ['|'] = T | V,
    ['}'] = V,
    ['~'] = ALPHA,
    [0x80 ... 0xff] = V,
};

int http_chars_all(const uint8_t *bytes, size_t len, enum http_char kind)
{
    for (size_t i = 0; i < len; i++)
        if (!(http_chars[bytes[i]] & kind))
            return 0;
    return 1;
}

unsigned http_hex(uint8_t byte)
{
    return byte <= '9' ? (unsigned)(byte - '0') : (unsigned)((byte | 0x20) - 'a') + 10;
}

int http_field_text(const char *name, const char *value)
{
    size_t name_len = strlen(name), value_len = strlen(value);
    return name_len && value_len <= LIMIT_SET_BYTES && http_chars_all((const uint8_t *)name, name_len, CHAR_TOKEN) &&
           http_chars_all((const uint8_t *)value, value_len, CHAR_VALUE);
}
