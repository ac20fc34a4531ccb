/* piece.h -- files, sealed piece by piece as they come: docs/evidence.md gives every byte.
 *
 * A client holds an upload key. From it come the file's id, by which its pieces are found, and the file's key, under
 * which they are sealed; the id alone gives nothing. Each piece is sealed under a subkey of its own (fresh random bytes
 * beside it), bound to office, file, its number and whether it is the last: pieces that are missing, cut off, doubled
 * or in another order do not open. Pieces have any length up to PIECE_TEXT, so that a line that breaks loses nothing
 * that has come. */
#ifndef COMMON_SEAL_PIECE_H
#define COMMON_SEAL_PIECE_H

#include "common/base/buf.h"

enum {
    PIECE_TEXT = 128 * 1024, /* the most that one piece holds */
    PIECE_ID = 16,
    PIECE_KEY = 32,
    PIECE_HEAD_TEXT = 2048, /* the most that a head holds; every head is padded to it */
    PIECE_SEALED_MAX = 2 + 32 + 4 + PIECE_TEXT + 16,
};
#define PIECE_HEAD UINT32_MAX /* the number under which a file's head is sealed */

/* The id under the server's secret, so that a database tells nothing of a key, and the file's key. */
void piece_id(const uint8_t secret[static 32], const char *upload_key, size_t len, uint8_t out[static PIECE_ID]);
void piece_key(const char *upload_key, size_t len, uint8_t out[static PIECE_KEY]);

struct piece_place {
    uint32_t office;
    uint8_t file[PIECE_ID];
    uint32_t n; /* from 0; PIECE_HEAD: what is told about the file */
    int is_last;
};

/* Seal `len` bytes with zeroes behind them up to `padded` (at least len, at most PIECE_TEXT) and append to `out`.
 * ERR_TOO_BIG; `out` is then as it was. */
MUST_CHECK enum err piece_seal(const uint8_t key[static PIECE_KEY], const struct piece_place *place, const void *text,
                               size_t len, size_t padded, struct buf *out);
/* Append the text to `out`. ERR_MALFORMED, ERR_CRYPTO (changed, moved, another key), ERR_TOO_BIG. */
MUST_CHECK enum err piece_open(const uint8_t key[static PIECE_KEY], const struct piece_place *place,
                               const uint8_t *sealed, size_t len, struct buf *out);
/* How many bytes of zeroes a file of `len` bytes gets behind its end, so that its stored size tells O(log log n) bits
 * (Padmé, as rows: at most 12 %, for large files 2). */
uint64_t piece_padding(uint64_t len);

#endif
