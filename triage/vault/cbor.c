/* cbor.c -- see cbor.h. */
#include "triage/vault/cbor.h"

enum { BYTES = 2, TEXT, LIST, MAP, TAG }; /* major types; the others are a head alone */
enum { IMMEDIATE = 24, LONGEST = 27 };    /* what stands in a head itself, and the last that says how long it is */

/* The head of an item; how many bytes it takes, 0: it is none. */
static size_t read_head(const uint8_t *bytes, size_t len, unsigned *major, uint64_t *value)
{
    if (len == 0)
        return 0;
    const unsigned low = bytes[0] & 0x1f;
    *major = bytes[0] >> 5;
    *value = low;
    if (low < IMMEDIATE)
        return 1;
    const size_t more = (size_t)1 << (low - IMMEDIATE);
    if (low > LONGEST || len - 1 < more)
        return 0;
    *value = 0;
    for (size_t i = 1; i <= more; i++)
        *value = *value << 8 | bytes[i];
    return 1 + more;
}

/* NOLINTNEXTLINE(misc-no-recursion): no deeper than CBOR_DEPTH */
static size_t item(const uint8_t *bytes, size_t len, unsigned depth)
{
    unsigned major;
    uint64_t value;
    size_t at = read_head(bytes, len, &major, &value);
    if (at == 0 || major < BYTES || major > TAG)
        return at;
    if (major == TAG)
        value = 1;
    /* Each entry has a byte at least. */
    if (value > len - at)
        return 0;
    if (major == BYTES || major == TEXT)
        return at + (size_t)value;
    if (depth == 0)
        return 0;
    for (uint64_t left = major == MAP ? 2 * value : value; left > 0; left--) {
        size_t took = item(bytes + at, len - at, depth - 1);
        if (took == 0)
            return 0;
        at += took;
    }
    return at;
}

size_t cbor_item(const uint8_t *bytes, size_t len)
{
    return item(bytes, len, CBOR_DEPTH);
}
