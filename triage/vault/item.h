/* item.h -- sealed and signed things with a version: case states, staff records, impacts.
 *
 * What is signed says everything that stands beside the sealed body (store/hashes.h), so that a row
 * changed by SQL, an old version put back, or one desk's row under another's name does not verify. */
#ifndef TRIAGE_VAULT_ITEM_H
#define TRIAGE_VAULT_ITEM_H

#include "store/hashes.h"
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
/* ---- opening ---- */

/* What the signature of an item has to hold, worked out on the loop: checking it touches nothing else, so that a thread
 * can do it (states_page.h). The item's body may go meanwhile; its signature is copied. */
struct item_check {
    uint8_t signer[32], bytes[HASHES_SIGNED_SIZE], signature[SIGN_SIZE];
    uint8_t hash[32]; /* what an audit leaf names the item by */
    enum err result;  /* ERR_OK: it holds; ERR_CRYPTO; ERR_NOT_FOUND: the manifest knows no such desk */
};

/* Who has to have signed is the desk that the row names; ours for states and records. */
void item_check_begin(const struct vault *vault, enum vault_shelf shelf, const struct vault_item *item,
                      struct item_check *check);
void item_check_run(struct item_check *check);
/* Append the text to `out` if the check, which was run, holds. ERR_CRYPTO, ERR_MALFORMED, the check's errors. */
MUST_CHECK enum err item_open_checked(const struct vault *vault, enum vault_shelf shelf, const struct vault_item *item,
                                      const struct item_check *check, const uint8_t key[static 32], struct buf *out);
/* All of it. `hash` receives what an audit leaf names it by. */
MUST_CHECK enum err item_open(const struct vault *vault, enum vault_shelf shelf, const struct vault_item *item,
                              const uint8_t key[static 32], struct buf *out, uint8_t hash[static 32]);
#endif
