/* item.h -- sealed and signed things with a version: case states, staff records, impacts.
 *
 * What is signed says everything that stands beside the sealed body (store/hashes.h), so that a row
 * changed by SQL, an old version put back, or one desk's row under another's name does not verify. */
#ifndef TRIAGE_VAULT_ITEM_H
#define TRIAGE_VAULT_ITEM_H

#include "triage/vault/vault.h"

struct sealed_item {
    struct vault_item item; /* body and signature point into what follows */
    enum vault_shelf shelf;
    struct buf body;
    uint8_t signature[SIGN_SIZE];
    uint8_t hash[32]; /* what an audit leaf names it by (store/hashes.h) */
};

enum { ITEM_TEXT_MAX = 4 << 20 };

/* Seal `text` as version `version` of `id` under `key` and sign it; `messages` and `rows_hash` for states, else 0 and
 * NULL. The caller ends it with item_free(). ERR_TOO_BIG. */
MUST_CHECK enum err item_seal(const struct vault *vault, enum vault_shelf shelf, const uint8_t id[static 16],
                              int64_t version, const uint8_t key[static 32], const char *text, size_t len,
                              int64_t messages, const uint8_t *rows_hash, struct sealed_item *out);
void item_free(struct sealed_item *item);
/* Check the signature (by the desk that the row names; ours for states and records) and append the text to `out`.
 * ERR_CRYPTO, ERR_MALFORMED, ERR_NOT_FOUND: the manifest knows no such desk. `hash` receives what an audit leaf names
 * it by. */
MUST_CHECK enum err item_open(const struct vault *vault, enum vault_shelf shelf, const struct vault_item *item,
                              const uint8_t key[static 32], struct buf *out, uint8_t hash[static 32]);
#endif
