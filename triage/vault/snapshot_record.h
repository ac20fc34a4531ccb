/* snapshot_record.h -- what of a vault's memory is kept in a snapshot, record by record: each a kind, a length, bytes.
 *
 * A case is its state as it was committed, its keys, and what cannot be read out of a state: whether its messages are
 * in the index, and with whom it says nearly the same. Everything else is worked out from the state, as at every start.
 * Neighbours: snapshot.h (when, and where to), docs/snapshot.md. */
#ifndef TRIAGE_VAULT_SNAPSHOT_RECORD_H
#define TRIAGE_VAULT_SNAPSHOT_RECORD_H

#include "triage/vault/book.h"

enum snapshot_kind {
    SNAPSHOT_BEGIN = 1, /* the version of the program, the key of the likeness */
    SNAPSHOT_CASE,
    SNAPSHOT_BLOCK, /* of the index: whose messages; then */
    SNAPSHOT_IMAGE, /* its words */
    SNAPSHOT_END
};
enum { SNAPSHOT_RECORD_HEAD = 5, SNAPSHOT_RECORD_MAX = 6 << 20, SNAPSHOT_IMAGE_MAX = 512 << 20 };

struct search_block;

/* Append the record, head and all; `out` has a maximum of SNAPSHOT_RECORD_MAX at least. */
void snapshot_put_begin(const struct vault *vault, struct buf *out);
void snapshot_put_case(const struct vault *vault, const struct case_file *file, struct buf *out);
/* The image follows as a record of its own. */
void snapshot_put_block(const struct search_block *block, struct buf *out);
void snapshot_put_head(struct buf *out, enum snapshot_kind kind, size_t len);
/* Kind and length of what follows. */
void snapshot_read_head(const uint8_t head[static SNAPSHOT_RECORD_HEAD], enum snapshot_kind *kind, size_t *len);

/* While one is read: numbers of cases of then are others now. */
struct snapshot_numbers {
    uint32_t *now; /* by the number of then; UINT32_MAX: not known */
    size_t room;
    uint8_t *indexed; /* by the number of now */
    size_t indexed_room;
    size_t cases;
};
void snapshot_numbers_free(struct snapshot_numbers *numbers);

/* ERR_MALFORMED: of another version of the program; the snapshot cannot be used. */
MUST_CHECK enum err snapshot_take_begin(struct vault *vault, const uint8_t *bytes, size_t len);
/* The case stands in the book and everywhere else, as at a start. ERR_MALFORMED. */
MUST_CHECK enum err snapshot_take_case(struct vault *vault, struct snapshot_numbers *numbers, const uint8_t *bytes,
                                       size_t len);
/* A block of the index. Takes `image`, which sqlite3_malloc64() gave. ERR_MALFORMED. */
MUST_CHECK enum err snapshot_take_block(const struct snapshot_numbers *numbers, const uint8_t *bytes, size_t len,
                                        void *image, size_t image_len, struct search_block **out);

#endif
