/* piece.c -- see piece.h. */
#include "common/seal/piece.h"

#include <string.h>

#include "common/base/mem.h"
#include "common/base/rng.h"
#include "common/base/rw.h"
#include "common/seal/envelope_inside.h"
#include "common/seal/envelope_subkey.h"
#include "common/seal/sign.h"

enum { HEAD = 2 + ENVELOPE_SALT, LENGTH = 4, LEAST = 1024 };

static const char id_name[] = "recourse upload id", key_name[] = "recourse upload key", place_name[] = "recourse piece",
                  subkey_name[] = "recourse piece key";

enum { PLACE_SIZE = sizeof place_name - 1 + 2 + 4 + PIECE_ID + 4 + 1 };

void piece_id(const uint8_t secret[static 32], const char *upload_key, size_t len, uint8_t out[static PIECE_ID])
{
    sign_hkdf(upload_key, len, secret, 32, id_name, sizeof id_name - 1, out, PIECE_ID);
}

void piece_key(const char *upload_key, size_t len, uint8_t out[static PIECE_KEY])
{
    sign_hkdf(upload_key, len, NULL, 0, key_name, sizeof key_name - 1, out, PIECE_KEY);
}

static void place_bytes(const struct piece_place *place, uint8_t out[static PLACE_SIZE])
{
    uint8_t *at = put_raw(out, place_name, sizeof place_name - 1);
    at = put_u32(put_u8(put_u8(at, ENVELOPE_FORMAT), ENVELOPE_SUITE), place->office);
    at = put_u32(put_raw(at, place->file, PIECE_ID), place->n);
    at = put_u8(at, place->is_last != 0);
    need(at == out + PLACE_SIZE);
}

enum err piece_seal(const uint8_t key[static PIECE_KEY], const struct piece_place *place, const void *text, size_t len,
                    size_t padded, struct buf *out)
{
    if (len > padded || padded > PIECE_TEXT)
        return ERR_TOO_BIG;
    size_t before = out->len;
    uint8_t *at, bound[PLACE_SIZE];
    enum err err = buf_extend(out, HEAD + LENGTH + padded + AEAD_TAG, &at);
    if (err != ERR_OK)
        return err;
    uint8_t *salt = put_u8(put_u8(at, ENVELOPE_FORMAT), ENVELOPE_SUITE), *inside = salt + ENVELOPE_SALT;
    rng_bytes(salt, ENVELOPE_SALT);
    envelope_pad(text, len, LENGTH + padded, inside);
    place_bytes(place, bound);
    struct envelope_subkey sub;
    envelope_subkey(&sub, key, salt, subkey_name, bound, sizeof bound);
    err = aead_seal(&sub.aead, bound, sizeof bound, inside, LENGTH + padded, inside);
    mem_wipe(&sub, sizeof sub);
    if (err != ERR_OK)
        buf_cut(out, before);
    return err;
}

/* The text of a whole, opened piece: its length, and nothing but zeroes behind it. */
static enum err take_text(const uint8_t *inside, size_t size, struct buf *out)
{
    struct rd r = rd_from(inside, size);
    size_t len = rd_u32(&r);
    uint8_t any = 0;
    if (r.bad || len > r.left)
        return ERR_MALFORMED;
    for (size_t i = LENGTH + len; i < size; i++)
        any |= inside[i];
    return any ? ERR_MALFORMED : buf_add(out, inside + LENGTH, len);
}

enum err piece_open(const uint8_t key[static PIECE_KEY], const struct piece_place *place, const uint8_t *sealed,
                    size_t len, struct buf *out)
{
    if (len < HEAD + LENGTH + AEAD_TAG || sealed[0] != ENVELOPE_FORMAT || sealed[1] != ENVELOPE_SUITE)
        return ERR_MALFORMED;
    if (len > PIECE_SEALED_MAX)
        return ERR_TOO_BIG;
    size_t size = len - HEAD - AEAD_TAG;
    uint8_t *inside = mem_new(size), bound[PLACE_SIZE];
    struct envelope_subkey sub;
    place_bytes(place, bound);
    envelope_subkey(&sub, key, sealed + 2, subkey_name, bound, sizeof bound);
    enum err err = aead_open(&sub.aead, bound, sizeof bound, sealed + HEAD, len - HEAD, inside);
    mem_wipe(&sub, sizeof sub);
    if (err == ERR_OK)
        err = take_text(inside, size, out);
    mem_free(inside);
    return err;
}

uint64_t piece_padding(uint64_t len)
{
    return envelope_padded_size((size_t)len, LEAST) - len;
}
