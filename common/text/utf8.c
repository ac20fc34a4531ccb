/* utf8.c -- see utf8.h. */
#include "common/text/utf8.h"

/* One row for each length: how its first byte is told, and the least code point that needs that length. */
static const struct {
    uint8_t mask, lead;
    uint32_t least;
} utf8_forms[] = {
    {0x80, 0x00, 0x0},
    {0xe0, 0xc0, 0x80},
    {0xf0, 0xe0, 0x800},
    {0xf8, 0xf0, 0x10000},
};

size_t utf8_next(const void *bytes, size_t len, uint32_t *out)
{
    const uint8_t *at = bytes;
    size_t more = 0;
    if (len == 0)
        return 0;
    while (more < 4 && (at[0] & utf8_forms[more].mask) != utf8_forms[more].lead)
        more++;
    if (more == 4 || more >= len)
        return 0;
    uint32_t value = at[0] & (uint8_t)~utf8_forms[more].mask;
    for (size_t i = 1; i <= more; i++) {
        if ((at[i] & 0xc0) != 0x80)
            return 0;
        value = value << 6 | (at[i] & 0x3f);
    }
    if (value < utf8_forms[more].least || value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff))
        return 0;
    *out = value;
    return more + 1;
}

int utf8_valid(const void *bytes, size_t len)
{
    return utf8_cut(bytes, len, SIZE_MAX) == len;
}

size_t utf8_count(const void *bytes, size_t len)
{
    const uint8_t *at = bytes;
    size_t count = 0, took;
    uint32_t ignored;
    while ((took = utf8_next(at, len, &ignored)) != 0) {
        at += took;
        len -= took;
        count++;
    }
    return count;
}

size_t utf8_cut(const void *bytes, size_t len, size_t characters)
{
    const uint8_t *at = bytes;
    size_t end = 0, took;
    uint32_t ignored;
    while (characters-- && (took = utf8_next(at + end, len - end, &ignored)) != 0)
        end += took;
    return end;
}

/* The zero of every script, ascending; its nine other digits follow it. */
static const uint32_t utf8_zeroes[] = {
    0x0030,  0x0660,  0x06f0,  0x07c0,  0x0966,  0x09e6,  0x0a66,  0x0ae6,  0x0b66,  0x0be6,  0x0c66,  0x0ce6,
    0x0d66,  0x0de6,  0x0e50,  0x0ed0,  0x0f20,  0x1040,  0x1090,  0x17e0,  0x1810,  0x1946,  0x19d0,  0x1a80,
    0x1a90,  0x1b50,  0x1bb0,  0x1c40,  0x1c50,  0xa620,  0xa8d0,  0xa900,  0xa9d0,  0xa9f0,  0xaa50,  0xabf0,
    0xff10,  0x104a0, 0x10d30, 0x11066, 0x110f0, 0x11136, 0x111d0, 0x112f0, 0x11450, 0x114d0, 0x11650, 0x116c0,
    0x11730, 0x118e0, 0x11950, 0x11c50, 0x11d50, 0x11da0, 0x11f50, 0x16a60, 0x16ac0, 0x16b50, 0x1d7ce, 0x1d7d8,
    0x1d7e2, 0x1d7ec, 0x1d7f6, 0x1e140, 0x1e2f0, 0x1e4f0, 0x1e950, 0x1fbf0,
};

int utf8_digit(uint32_t code_point)
{
    size_t low = 0, high = sizeof utf8_zeroes / sizeof *utf8_zeroes;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (utf8_zeroes[middle] <= code_point)
            low = middle;
        else
            high = middle;
    }
    return code_point >= utf8_zeroes[low] && code_point - utf8_zeroes[low] < 10 ? (int)(code_point - utf8_zeroes[low])
                                                                                : -1;
}
