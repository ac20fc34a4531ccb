/* utf8.c -- see utf8.h. */
#include "common/text/utf8.h"

#include <string.h>

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
    if (at[0] < 0x80) {
        *out = at[0];
        return 1;
    }
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

size_t utf8_put(uint32_t point, char out[static 4])
{
    size_t more = 0;
    while (more < 3 && point >= utf8_forms[more + 1].least)
        more++;
    for (size_t i = more; i > 0; i--) {
        out[i] = (char)(0x80 | (point & 0x3f));
        point >>= 6;
    }
    out[0] = (char)(utf8_forms[more].lead | point);
    return more + 1;
}

int utf8_valid(const void *bytes, size_t len)
{
    return utf8_cut(bytes, len, SIZE_MAX) == len;
}

/* Bytes at the start that are ASCII, in whole words: most of most texts. */
static size_t utf8_ascii(const uint8_t *at, size_t len)
{
    size_t end = 0;
    for (uint64_t word; len - end >= sizeof word; end += sizeof word) {
        memcpy(&word, at + end, sizeof word);
        if (word & 0x8080808080808080)
            break;
    }
    return end;
}

/* Characters from the start, `most` at the most, up to the first byte that is none; *end is where they end. */
static size_t utf8_walk(const uint8_t *at, size_t len, size_t most, size_t *end)
{
    size_t count = 0, took = 0;
    uint32_t ignored;
    *end = 0;
    /* Nothing at all may be NULL, to which not even 0 may be added. */
    if (!len)
        return 0;
    do {
        size_t left = len - *end;
        size_t plain = utf8_ascii(at + *end, left < most - count ? left : most - count);
        *end += plain;
        count += plain;
        took = count < most ? utf8_next(at + *end, len - *end, &ignored) : 0;
        *end += took;
        count += took != 0;
    } while (took);
    return count;
}

size_t utf8_count(const void *bytes, size_t len)
{
    size_t end;
    return utf8_walk(bytes, len, SIZE_MAX, &end);
}

size_t utf8_cut(const void *bytes, size_t len, size_t characters)
{
    size_t end;
    utf8_walk(bytes, len, characters, &end);
    return end;
}

static int is_white(uint32_t c)
{
    static const struct {
        uint32_t from, to;
    } ranges[] = {{0x9, 0xd},       {0x20, 0x20},     {0x85, 0x85},     {0xa0, 0xa0},
                  {0xad, 0xad},     {0x61c, 0x61c},   {0x1680, 0x1680}, {0x2000, 0x200f},
                  {0x2028, 0x202f}, {0x205f, 0x206f}, {0x3000, 0x3000}, {0xfeff, 0xfeff}};
    for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++)
        if (c >= ranges[i].from && c <= ranges[i].to)
            return 1;
    return 0;
}

int utf8_blank(const void *bytes, size_t len)
{
    const uint8_t *at = bytes;
    uint32_t point;
    size_t took;
    for (; len; at += took, len -= took)
        if (!(took = utf8_next(at, len, &point)) || !is_white(point))
            return 0;
    return 1;
}
