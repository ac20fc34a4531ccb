/* stream.c -- see stream.h. */
#include "common/seal/stream.h"

#include <string.h>

#include "common/base/mem.h"
#include "common/base/rw.h"
#include "common/seal/aead.h"

void stream_begin(struct stream *stream, const uint8_t key[static STREAM_KEY])
{
    *stream = (struct stream){0};
    memcpy(stream->key, key, STREAM_KEY);
}

void stream_wipe(struct stream *stream)
{
    mem_wipe(stream, sizeof *stream);
    stream->is_over = 1;
}

/* u64 number ‖ 3 zeroes ‖ u8 last. */
static void nonce_of(const struct stream *stream, int is_last, uint8_t nonce[static AEAD_NONCE])
{
    memset(nonce, 0, AEAD_NONCE);
    put_u64(nonce, stream->next);
    nonce[AEAD_NONCE - 1] = is_last != 0;
}

void stream_seal(struct stream *stream, const void *text, size_t len, int is_last, uint8_t *out)
{
    uint8_t nonce[AEAD_NONCE];
    need(!stream->is_over && (is_last ? len <= STREAM_PIECE : len == STREAM_PIECE));
    nonce_of(stream, is_last, nonce);
    const struct aead_key key = {AEAD_AES_256_GCM, stream->key, nonce};
    need(aead_seal(&key, NULL, 0, text, len, out) == ERR_OK);
    stream->next++;
    stream->is_over = is_last != 0;
}

enum err stream_open(struct stream *stream, const uint8_t *sealed, size_t len, int is_last, uint8_t *out)
{
    uint8_t nonce[AEAD_NONCE];
    if (stream->is_over || len < STREAM_TAG || len > STREAM_SEALED || (!is_last && len != STREAM_SEALED))
        return ERR_MALFORMED;
    nonce_of(stream, is_last, nonce);
    const struct aead_key key = {AEAD_AES_256_GCM, stream->key, nonce};
    enum err err = aead_open(&key, NULL, 0, sealed, len, out);
    stream->next++;
    stream->is_over = is_last || err != ERR_OK;
    return err;
}
