/* receipt.c -- see receipt.h. Reading what was typed is receipt_parse; the check digit is Damm's (2004), which finds
 * every single wrong digit and every swap of two neighbours. */
#include "common/seal/receipt.h"

#include <stdio.h>
#include <string.h>

#include "common/base/code.h"
#include "common/base/digits.h"
#include "common/base/file.h"
#include "common/base/mem.h"
#include "common/base/num.h"
#include "common/base/rng.h"
#include "common/seal/sign.h"

enum { RANDOM_DIGITS = RECEIPT_DIGITS - 1, SEED = 32, TYPED_MAX = 1024 };

/* The totally anti-symmetric quasigroup of Damm's thesis. */
static const uint8_t damm[10][10] = {
    {0, 3, 1, 7, 5, 9, 8, 6, 4, 2}, {7, 0, 9, 2, 1, 5, 4, 8, 6, 3}, {4, 2, 0, 6, 8, 7, 1, 3, 5, 9},
    {1, 7, 5, 0, 9, 8, 3, 4, 2, 6}, {6, 1, 2, 3, 0, 4, 5, 9, 7, 8}, {3, 6, 7, 4, 2, 0, 9, 5, 8, 1},
    {5, 8, 6, 9, 7, 2, 0, 1, 3, 4}, {8, 9, 4, 5, 3, 6, 2, 0, 1, 7}, {9, 4, 3, 8, 6, 1, 7, 2, 0, 5},
    {2, 5, 8, 1, 4, 3, 6, 7, 9, 0},
};

static uint8_t check_digit(const char *digits, size_t count)
{
    uint8_t interim = 0;
    for (size_t i = 0; i < count; i++)
        interim = damm[interim][digits[i] - '0'];
    return interim;
}

void receipt_new(struct receipt *out)
{
    uint8_t seed[SEED];
    rng_bytes(seed, sizeof seed);
    receipt_from_bytes(seed, out);
    mem_wipe(seed, sizeof seed);
}

/* The seed as a number of 256 bits, modulo 10^27: no receipt is likelier than another by more than 2^-166. */
void receipt_from_bytes(const uint8_t seed[static 32], struct receipt *out)
{
    uint8_t number[SEED];
    memcpy(number, seed, sizeof number);
    for (size_t i = RANDOM_DIGITS; i-- > 0;) {
        unsigned rest = 0;
        for (size_t j = 0; j < SEED; j++) {
            unsigned v = rest << 8 | number[j];
            number[j] = (uint8_t)(v / 10);
            rest = v % 10;
        }
        out->digits[i] = (char)('0' + rest);
    }
    mem_wipe(number, sizeof number);
    out->digits[RANDOM_DIGITS] = (char)('0' + check_digit(out->digits, RANDOM_DIGITS));
    out->digits[RECEIPT_DIGITS] = 0;
}

/* One code point of strict UTF-8; returns how many bytes it took, 0 when it is not UTF-8. */
static size_t next_code_point(const uint8_t *at, size_t left, uint32_t *out)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    size_t size = at[0] < 0x80 ? 1 : at[0] >> 5 == 6 ? 2 : at[0] >> 4 == 14 ? 3 : at[0] >> 3 == 30 ? 4 : 0;
    if (size == 0 || size > left)
        return 0;
    uint32_t v = size == 1 ? at[0] : at[0] & (0xffu >> (size + 1));
    for (size_t i = 1; i < size; i++) {
        if ((at[i] & 0xc0) != 0x80)
            return 0;
        v = v << 6 | (at[i] & 0x3fu);
    }
    if (v < least[size] || v > 0x10ffff || (v >= 0xd800 && v <= 0xdfff))
        return 0;
    *out = v;
    return size;
}

/* Spaces, dashes, dots, joiners and direction marks: what keyboards, clipboards and people put between groups. */
static int stands_between(uint32_t v)
{
    static const struct {
        uint32_t first, last;
    } ranges[] = {
        {0x0009, 0x000d}, {0x0020, 0x0020}, {0x002d, 0x002e}, {0x0085, 0x0085}, {0x00a0, 0x00a0}, {0x00ad, 0x00ad},
        {0x00b7, 0x00b7}, {0x058a, 0x058a}, {0x05be, 0x05be}, {0x061c, 0x061c}, {0x06d4, 0x06d4}, {0x1680, 0x1680},
        {0x180e, 0x180e}, {0x2000, 0x2015}, {0x2022, 0x2022}, {0x2024, 0x2024}, {0x2027, 0x202f}, {0x2043, 0x2043},
        {0x205f, 0x2064}, {0x2066, 0x2069}, {0x2212, 0x2212}, {0x3000, 0x3000}, {0x3002, 0x3002}, {0x30fb, 0x30fc},
        {0xfe58, 0xfe58}, {0xfe63, 0xfe63}, {0xfeff, 0xfeff}, {0xff0d, 0xff0e}, {0xff61, 0xff61}, {0xff65, 0xff65},
    };
    for (size_t i = 0; i < sizeof ranges / sizeof ranges[0]; i++)
        if (v >= ranges[i].first && v <= ranges[i].last)
            return 1;
    return 0;
}

enum err receipt_parse(const char *text, size_t len, struct receipt *out)
{
    size_t count = 0;
    enum err err = len > TYPED_MAX ? ERR_MALFORMED : ERR_OK;
    for (size_t i = 0; i < len && err == ERR_OK;) {
        uint32_t v = 0;
        size_t took = next_code_point((const uint8_t *)text + i, len - i, &v);
        int value = took ? digits_value(v) : -1;
        if (value >= 0 && count < RECEIPT_DIGITS)
            out->digits[count++] = (char)('0' + value);
        else if (value >= 0 || took == 0 || !stands_between(v))
            err = ERR_MALFORMED;
        i += took;
    }
    if (err == ERR_OK && count != RECEIPT_DIGITS)
        err = ERR_MALFORMED;
    if (err == ERR_OK && check_digit(out->digits, RECEIPT_DIGITS) != 0)
        err = ERR_CONFLICT;
    out->digits[RECEIPT_DIGITS] = 0;
    if (err != ERR_OK)
        receipt_wipe(out);
    return err;
}

void receipt_text(const struct receipt *receipt, char out[static RECEIPT_TEXT])
{
    for (size_t i = 0; i < RECEIPT_DIGITS; i++) {
        if (i && i % 4 == 0)
            *out++ = ' ';
        *out++ = receipt->digits[i];
    }
    *out = 0;
}

void receipt_wipe(struct receipt *receipt)
{
    mem_wipe(receipt, sizeof *receipt);
}

void receipt_derive(const struct receipt *receipt, const struct pepper *pepper, uint8_t handle[static 32],
                    uint8_t key[static 32])
{
    static const char handle_name[] = "recourse receipt handle", key_name[] = "recourse receipt key";
    sign_hkdf(receipt->digits, RECEIPT_DIGITS, pepper->key, sizeof pepper->key, handle_name, sizeof handle_name - 1,
              handle, 32);
    sign_hkdf(receipt->digits, RECEIPT_DIGITS, pepper->key, sizeof pepper->key, key_name, sizeof key_name - 1, key, 32);
}

/* "epoch hex64" */
static enum err read_pepper(const char *line, size_t len, struct pepper *out)
{
    const char *space = memchr(line, ' ', len);
    uint64_t epoch;
    if (!space || num_parse(line, (size_t)(space - line), 1, UINT32_MAX, &epoch) != ERR_OK)
        return ERR_MALFORMED;
    out->epoch = (uint32_t)epoch;
    return code_unhex(space + 1, len - (size_t)(space + 1 - line), out->key, sizeof out->key);
}

static enum err read_peppers(const char *at, struct peppers *out)
{
    while (*at) {
        const char *end = strchrnul(at, '\n');
        struct pepper *next = &out->list[out->count];
        if (out->count == PEPPERS_MAX || read_pepper(at, (size_t)(end - at), next) != ERR_OK)
            return ERR_MALFORMED;
        if (out->count && next->epoch >= next[-1].epoch)
            return ERR_MALFORMED;
        out->count++;
        at = *end ? end + 1 : end;
    }
    return out->count ? ERR_OK : ERR_MALFORMED;
}

enum err peppers_load(const char *path, struct peppers *out)
{
    struct buf file = BUF_INIT(4096);
    *out = (struct peppers){0};
    enum err err = file_is_open_to_others(path) ? ERR_DENIED : file_read(path, &file);
    if (err == ERR_TOO_BIG || (err == ERR_OK && memchr(buf_text(&file), 0, file.len)))
        err = ERR_MALFORMED;
    if (err == ERR_OK)
        err = read_peppers(buf_text(&file), out);
    if (err != ERR_OK)
        mem_wipe(out, sizeof *out);
    buf_free(&file);
    return err;
}
