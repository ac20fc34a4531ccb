/* hashes.c -- see hashes.h. */
#include "store/hashes.h"

#include <string.h>

#include "common/base/rw.h"
#include "common/seal/sign.h"

enum { DESK = 16, STATE_SIZE = 14 + 16 + 8 + DESK + 8 + 8 + 32 + 32 + 64 };

void hashes_add_row(uint8_t running[static 32], const struct envelope_place *place, const uint8_t *body, size_t len,
                    const uint8_t *signature)
{
    uint8_t body_hash[32];
    sign_sha256(body, len, body_hash);
    hashes_add_row_hash(running, place, body_hash, signature);
}

void hashes_add_row_hash(uint8_t running[static 32], const struct envelope_place *place,
                         const uint8_t body_hash[static 32], const uint8_t *signature)
{
    uint8_t bytes[32 + ENVELOPE_PLACE_SIZE + 32 + 64];
    uint8_t *at = put_raw(bytes, running, 32);
    envelope_place_bytes(place, at);
    at = put_raw(at + ENVELOPE_PLACE_SIZE, body_hash, 32);
    if (signature)
        at = put_raw(at, signature, 64);
    sign_sha256(bytes, (size_t)(at - bytes), running);
}

static uint8_t *put_tail(uint8_t *at, const struct hashes_item *item)
{
    uint8_t body_hash[32];
    if (item->body_hash)
        memcpy(body_hash, item->body_hash, sizeof body_hash);
    else
        sign_sha256(item->body, item->body_len, body_hash);
    at = put_u64(at, item->fence);
    at = put_u64(at, (uint64_t)item->messages);
    at = put_raw(at, item->rows_hash, 32);
    return put_raw(at, body_hash, 32);
}

void hashes_signed_bytes(const struct hashes_item *item, uint8_t out[static HASHES_SIGNED_SIZE])
{
    uint8_t *at = put_raw(out, "recourse item", 13);
    at = put_u8(at, item->shelf);
    at = put_raw(at, item->id, 16);
    at = put_u64(at, (uint64_t)item->version);
    at = put_tail(at, item);
    need(at == out + HASHES_SIGNED_SIZE);
}

void hashes_state(const struct hashes_item *item, const char *desk, const uint8_t signature[static 64],
                  uint8_t out[static 32])
{
    uint8_t bytes[STATE_SIZE];
    char padded[DESK + 1] = "";
    need(strlen(desk) <= DESK);
    memcpy(padded, desk, strlen(desk));
    uint8_t *at = put_raw(bytes, "recourse state", 14);
    at = put_raw(at, item->id, 16);
    at = put_u64(at, (uint64_t)item->version);
    at = put_raw(at, padded, DESK);
    at = put_tail(at, item);
    at = put_raw(at, signature, 64);
    need(at == bytes + STATE_SIZE);
    sign_sha256(bytes, sizeof bytes, out);
}
