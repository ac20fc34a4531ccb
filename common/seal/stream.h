/* stream.h -- a text of any length sealed piece by piece under a key that is used for it alone, in constant memory.
 *
 * STREAM (Hoang, Reyhanitabar, Rogaway, Vizar, 2015) over AES-256-GCM: all pieces but the last have STREAM_PIECE bytes;
 * a piece's nonce is its number and whether it is the last one, so that pieces that are missing, cut off, doubled or in
 * another order do not open. docs/backup.md shows the bytes. */
#ifndef COMMON_SEAL_STREAM_H
#define COMMON_SEAL_STREAM_H

#include <stddef.h>
#include <stdint.h>

#include "common/base/err.h"

enum { STREAM_KEY = 32, STREAM_PIECE = 64 * 1024, STREAM_TAG = 16, STREAM_SEALED = STREAM_PIECE + STREAM_TAG };

/* One direction of one text. Holds the key until stream_wipe(). */
struct stream {
    uint8_t key[STREAM_KEY];
    uint64_t next;
    int is_over;
};

void stream_begin(struct stream *stream, const uint8_t key[static STREAM_KEY]);
void stream_wipe(struct stream *stream);
/* Seal the next piece: STREAM_PIECE bytes, or any number up to that when it `is_last`. `out` holds len + STREAM_TAG and
 * may be `text` itself. */
void stream_seal(struct stream *stream, const void *text, size_t len, int is_last, uint8_t *out);
/* Open the next piece of `len` sealed bytes. `out` holds len - STREAM_TAG. ERR_CRYPTO: another key, changed, or not the
 * piece that stands here; ERR_MALFORMED: of a length that no such piece has. Nothing is then in `out`, and nothing more
 * opens. */
MUST_CHECK enum err stream_open(struct stream *stream, const uint8_t *sealed, size_t len, int is_last, uint8_t *out);

#endif
