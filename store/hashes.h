/* hashes.h -- what a state vouches for, as bytes: pure functions shared by the vault that signs and the command that
 * verifies. docs/database.md gives the same in words; a test keeps examples. Numbers are big-endian. */
#ifndef STORE_HASHES_H
#define STORE_HASHES_H

#include "common/seal/envelope.h"

/* The running hash over the rows of a case that are not in the inbox, in order of position. `running` begins as zeroes;
 * each row makes it SHA-256(running ‖ place ‖ SHA-256(body) ‖ signature), the signature (64 bytes) where there is one.
 */
void hashes_add_row(uint8_t running[static 32], const struct envelope_place *place, const uint8_t *body, size_t len,
                    const uint8_t *signature);
/* The same of a row whose body is gone: `body_hash` is SHA-256(body), 32 bytes. */
void hashes_add_row_hash(uint8_t running[static 32], const struct envelope_place *place,
                         const uint8_t body_hash[static 32], const uint8_t *signature);

/* An item of a shelf (door_vault.h): what is signed, and what names a state in the audit. */
struct hashes_item {
    uint8_t shelf;
    const uint8_t *id;         /* 16 bytes */
    int64_t version, messages; /* messages 0 and rows_hash zeroes but for states */
    uint64_t fence;
    const uint8_t *rows_hash; /* 32 bytes */
    const uint8_t *body;
    size_t body_len;
    const uint8_t *body_hash; /* SHA-256(body) of one whose body is gone; NULL: of the body above */
};

enum { HASHES_SIGNED_SIZE = 13 + 1 + 16 + 8 + 8 + 8 + 32 + 32 };
/* "recourse item" ‖ shelf ‖ id ‖ version ‖ fence ‖ messages ‖ rows hash ‖ SHA-256(body) */
void hashes_signed_bytes(const struct hashes_item *item, uint8_t out[static HASHES_SIGNED_SIZE]);

/* SHA-256("recourse state" ‖ case ‖ version ‖ desk, NUL-padded to 16 ‖ fence ‖ messages ‖ rows hash ‖ SHA-256(body) ‖
 * signature). */
void hashes_state(const struct hashes_item *item, const char *desk, const uint8_t signature[static 64],
                  uint8_t out[static 32]);

#endif
