/* envelope.c -- see envelope.h: rows, padding, places and commitments. Wraps are in envelope_wrap.c. */
#include "common/seal/envelope.h"

#include <string.h>

#include "common/base/mem.h"
#include "common/base/rng.h"
#include "common/base/rw.h"
#include "common/seal/aead.h"
#include "common/seal/envelope_inside.h"
#include "common/seal/envelope_subkey.h"

enum { ROW_HEAD = 2 + ENVELOPE_SALT, LENGTH = 4 };

static const char row_name[] = "recourse row", row_key_name[] = "recourse row key", commit_name[] = "recourse commit";

void envelope_place_bytes(const struct envelope_place *place, uint8_t out[static ENVELOPE_PLACE_SIZE])
{
    uint8_t *at = put_raw(out, row_name, sizeof row_name - 1);
    at = put_u32(put_u8(put_u8(at, ENVELOPE_FORMAT), ENVELOPE_SUITE), place->office);
    at = put_raw(put_raw(at, place->case_id, ENVELOPE_ID), place->row_id, ENVELOPE_ID);
    at = put_u8(put_u8(put_u8(put_u8(at, place->root), place->part), place->author), place->door);
    at = put_u64(put_u64(put_u64(at, place->generation), place->incarnation), place->n);
    need(at == out + ENVELOPE_PLACE_SIZE);
}

/* Padmé (Nikitin et al., 2019): a size keeps only as many leading bits as its exponent has bits, rounded up, so that a
 * size tells O(log log n) bits and costs at most 12 %. */
size_t envelope_padded_size(size_t len, size_t least)
{
    size_t size = len + LENGTH < least ? least : len + LENGTH;
    unsigned exponent = 0, exponent_bits = 0;
    for (size_t v = size; v > 1; v >>= 1)
        exponent++;
    for (unsigned v = exponent; v; v >>= 1)
        exponent_bits++;
    if (exponent <= exponent_bits)
        return size;
    size_t mask = ((size_t)1 << (exponent - exponent_bits)) - 1;
    return (size + mask) & ~mask;
}

size_t envelope_sealed_size(size_t len)
{
    return ROW_HEAD + envelope_padded_size(len, ENVELOPE_LEAST) + AEAD_TAG;
}

void envelope_pad(const void *text, size_t len, size_t padded, uint8_t *out)
{
    need(padded >= len + LENGTH);
    uint8_t *at = put_u32(out, (uint32_t)len);
    if (len)
        memcpy(at, text, len);
    memset(at + len, 0, padded - len - LENGTH);
}

enum err envelope_unpad(const uint8_t *padded, size_t padded_len, size_t least, size_t *out_len)
{
    struct rd r = rd_from(padded, padded_len);
    size_t len = rd_u32(&r);
    if (r.bad || len > r.left || envelope_padded_size(len, least) != padded_len)
        return ERR_MALFORMED;
    uint8_t any = 0;
    for (size_t i = LENGTH + len; i < padded_len; i++)
        any |= padded[i];
    *out_len = len;
    return any ? ERR_MALFORMED : ERR_OK;
}

enum err envelope_seal(const uint8_t key[static 32], const struct envelope_place *place, const void *text, size_t len,
                       struct buf *out)
{
    if (len > ENVELOPE_TEXT_MAX)
        return ERR_TOO_BIG;
    size_t before = out->len, padded = envelope_padded_size(len, ENVELOPE_LEAST);
    uint8_t *at, place_bytes[ENVELOPE_PLACE_SIZE];
    enum err err = buf_extend(out, ROW_HEAD + padded + AEAD_TAG, &at);
    if (err != ERR_OK)
        return err;
    uint8_t *salt = put_u8(put_u8(at, ENVELOPE_FORMAT), ENVELOPE_SUITE), *inside = salt + ENVELOPE_SALT;
    rng_bytes(salt, ENVELOPE_SALT);
    envelope_pad(text, len, padded, inside);
    envelope_place_bytes(place, place_bytes);

    struct envelope_subkey sub;
    envelope_subkey(&sub, key, salt, row_key_name, place_bytes, sizeof place_bytes);
    err = aead_seal(&sub.aead, place_bytes, sizeof place_bytes, inside, padded, inside);
    mem_wipe(&sub, sizeof sub);
    if (err != ERR_OK)
        buf_cut(out, before);
    return err;
}

enum err envelope_open(const uint8_t key[static 32], const struct envelope_place *place, const uint8_t *sealed,
                       size_t len, struct buf *out)
{
    if (len < ROW_HEAD + ENVELOPE_LEAST + AEAD_TAG || sealed[0] != ENVELOPE_FORMAT || sealed[1] != ENVELOPE_SUITE)
        return ERR_MALFORMED;
    if (len > ROW_HEAD + AEAD_TEXT_MAX)
        return ERR_TOO_BIG;
    size_t text_len, padded = len - ROW_HEAD - AEAD_TAG;
    uint8_t *inside = mem_new(padded), place_bytes[ENVELOPE_PLACE_SIZE];
    envelope_place_bytes(place, place_bytes);

    struct envelope_subkey sub;
    envelope_subkey(&sub, key, sealed + 2, row_key_name, place_bytes, sizeof place_bytes);
    enum err err = aead_open(&sub.aead, place_bytes, sizeof place_bytes, sealed + ROW_HEAD, len - ROW_HEAD, inside);
    mem_wipe(&sub, sizeof sub);
    if (err == ERR_OK)
        err = envelope_unpad(inside, padded, ENVELOPE_LEAST, &text_len);
    if (err == ERR_OK)
        err = buf_add(out, inside + LENGTH, text_len);
    mem_free(inside);
    return err;
}

void envelope_commitment(const uint8_t key[static 32], uint32_t office, const uint8_t case_id[static 16], uint8_t root,
                         uint64_t generation, uint8_t out[static 32])
{
    uint8_t prk[32], bytes[4 + ENVELOPE_ID + 1 + 8];
    put_u64(put_u8(put_raw(put_u32(bytes, office), case_id, ENVELOPE_ID), root), generation);
    kdf_hmac(HASH_SHA256, NULL, 0, &(struct kdf_part){key, ENVELOPE_KEY}, 1, prk);
    kdf_expand(HASH_SHA256, prk, (struct kdf_part[]){{commit_name, sizeof commit_name - 1}, {bytes, sizeof bytes}}, 2,
               out, 32);
    mem_wipe(prk, sizeof prk);
}
