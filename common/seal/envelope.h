/* envelope.h -- the sealed form of everything that is stored: docs/envelope.md gives every byte.
 *
 * A row is text sealed under a subkey of a case's root key. The subkey comes from the root key, 32 fresh random bytes
 * kept with the row, and the associated data; the associated data is the row's whole place, so no row can stand in
 * another's. A root key reaches its readers as wraps: HPKE to a desk, or a symmetric wrap under the key that a receipt
 * yields. */
#ifndef COMMON_SEAL_ENVELOPE_H
#define COMMON_SEAL_ENVELOPE_H

#include "common/base/buf.h"

enum { ENVELOPE_FORMAT = 1, ENVELOPE_SUITE = 1, ENVELOPE_KEY = 32, ENVELOPE_ID = 16 };
enum { ENVELOPE_OVERHEAD = 2 + 32 + 4 + 16 }; /* format, suite, salt, length, tag; padding comes on top */

/* Roots of a case. What a person chose not to read back lies under STAFF. */
enum envelope_root { ROOT_THREAD = 1, ROOT_STAFF = 2 };
enum envelope_part {
    PART_MESSAGE = 1, /* what someone wrote, as JSON (docs/envelope.md, "Inside a message") */
    PART_NOTICE = 2,  /* the public state of the case, for the person, under THREAD */
    PART_STATE = 3,   /* the case's state, under STAFF */
    PART_RECORD = 4,  /* staff, grants, tokens, under the desk's record key; case is the record's id */
    PART_IMPACT = 5,  /* an entry of the register, under the office's register key; case is the impact's id */
};
enum envelope_author {
    AUTHOR_REPORTER = 1,
    AUTHOR_STAFF = 2,
    AUTHOR_VAULT = 3,
    AUTHOR_PARTNER = 4,
    AUTHOR_GATEWAY = 5
};
enum envelope_door { DOOR_INTAKE = 1, DOOR_SMS = 2, DOOR_VAULT = 3 };
enum envelope_recipient { RECIPIENT_DESK = 1, RECIPIENT_RECEIPT = 2 };

/* Where a row stands: all of it is bound in its associated data. */
struct envelope_place {
    uint32_t office;
    uint8_t case_id[ENVELOPE_ID], row_id[ENVELOPE_ID];
    uint8_t root, part, author, door;
    uint64_t generation;  /* of the root key; 1 is the case's first */
    uint64_t incarnation; /* of the writer: random at its start (a vault: its fence) */
    uint64_t n;           /* counted by the writer, from 1 */
};

enum { ENVELOPE_PLACE_SIZE = 12 + 2 + 4 + 16 + 16 + 4 + 8 + 8 + 8 };
/* The associated data itself, for hashing and signing. */
void envelope_place_bytes(const struct envelope_place *place, uint8_t out[static ENVELOPE_PLACE_SIZE]);

/* Pad `text` (at least 1 KiB, then Padmé), encrypt, append to `out`: format, suite, salt, ciphertext, tag.
 * ERR_TOO_BIG; `out` is then as it was. */
MUST_CHECK enum err envelope_seal(const uint8_t key[static 32], const struct envelope_place *place, const void *text,
                                  size_t len, struct buf *out);
/* Append the text to `out`. ERR_MALFORMED, ERR_CRYPTO (changed, moved, or another key), ERR_TOO_BIG. */
MUST_CHECK enum err envelope_open(const uint8_t key[static 32], const struct envelope_place *place,
                                  const uint8_t *sealed, size_t len, struct buf *out);
/* What a text of `len` bytes becomes, padding and overhead included. */
size_t envelope_sealed_size(size_t len);

/* A public key to seal to. */
struct envelope_desk {
    uint32_t office, epoch;
    char code[17]; /* "usual" */
    uint8_t key[32];
};

enum { WRAP_DESK_SIZE = 3 + 32 + 48, WRAP_RECEIPT_SIZE = 2 + 32 + 48, WRAP_MAX = 96 };

/* One row of case_key: one root key for one reader. */
struct envelope_wrap {
    uint8_t case_id[ENVELOPE_ID];
    uint8_t root, recipient_kind;
    uint64_t generation;
    uint8_t recipient_id[32]; /* a receipt's handle; for a desk: its code, NUL-padded */
    uint32_t epoch;           /* of the desk's key, or of the pepper */
    uint8_t wrap[WRAP_MAX];
    size_t wrap_len;
    uint8_t commitment[32];
};

/* The first two root keys of a case, THREAD (seq 0) and STAFF (seq 1), generation 1, in one HPKE context: one ephemeral
 * key and one agreement for a report. ERR_CRYPTO. */
MUST_CHECK enum err envelope_wrap_case(const struct envelope_desk *desk, const uint8_t case_id[static 16],
                                       const uint8_t thread_key[static 32], const uint8_t staff_key[static 32],
                                       struct envelope_wrap out[static 2]);
/* One root key of any generation for a desk. */
MUST_CHECK enum err envelope_wrap_desk(const struct envelope_desk *desk, const uint8_t case_id[static 16], uint8_t root,
                                       uint64_t generation, const uint8_t key[static 32], struct envelope_wrap *out);
/* For the holder of a receipt: `receipt_key` and `handle` come from receipt_derive(). */
MUST_CHECK enum err envelope_wrap_receipt(uint32_t office, const uint8_t receipt_key[static 32],
                                          const uint8_t handle[static 32], uint32_t pepper_epoch,
                                          const uint8_t case_id[static 16], uint8_t root, uint64_t generation,
                                          const uint8_t key[static 32], struct envelope_wrap *out);
/* The reverse, commitment checked. ERR_MALFORMED (not a receipt's wrap, or of another form), ERR_CRYPTO. */
MUST_CHECK enum err envelope_unwrap_receipt(uint32_t office, const uint8_t receipt_key[static 32],
                                            const struct envelope_wrap *wrap, uint8_t key[static 32]);
/* Commitment of a root key in its place; readers compare it before they use a key. */
void envelope_commitment(const uint8_t key[static 32], uint32_t office, const uint8_t case_id[static 16], uint8_t root,
                         uint64_t generation, uint8_t out[static 32]);
/* Associated data and info of a desk wrap, shared with the side that unwraps (triage/keys). */
enum { WRAP_AAD_SIZE = 13 + 2 + 4 + 16 + 1 + 8 + 1, WRAP_INFO_MAX = 64 };
void envelope_wrap_aad(uint32_t office, const uint8_t case_id[static 16], uint8_t root, uint64_t generation,
                       uint8_t seq, uint8_t out[static WRAP_AAD_SIZE]);
size_t envelope_wrap_info(const struct envelope_desk *desk, uint8_t out[static WRAP_INFO_MAX]);

/* A sealed box to a bare X25519 key, for what belongs to no case: outbox rows, audit entries. `label` names the use and
 * is bound ("outbox", "audit"; at most 32 bytes), `aad` too. Padded like a row, to at least 512 bytes. Layout: format,
 * suite, enc, ciphertext. Opened by envelope_open_box (envelope_open.h). ERR_CRYPTO, ERR_TOO_BIG; `out` is then as it
 * was. */
MUST_CHECK enum err envelope_box(const uint8_t public_key[static 32], const char *label, const void *aad,
                                 size_t aad_len, const void *text, size_t len, struct buf *out);

#endif
