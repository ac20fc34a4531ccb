/* keys_link.h -- what this vault asks of its keys process (docs/vault-protocol.md, "Vault to keys: binary (rw.h,
 * big-endian)").
 *
 * A reconnecting client of the keys' socket. Every callback fires exactly once, never before the call returned. */
#ifndef TRIAGE_VAULT_KEYS_LINK_H
#define TRIAGE_VAULT_KEYS_LINK_H

#include <sys/types.h>

#include "common/base/loop.h"
#include "common/seal/envelope.h"

struct keys_link;

enum { KEYS_LINK_UNWRAP_MAX = 200 };

struct keys_link *keys_link_new(struct loop *loop, const char *path, uid_t keys_uid);
/* Those still waiting are told ERR_CANCELLED. */
void keys_link_free(struct keys_link *link);
int keys_link_is_up(const struct keys_link *link);

/* ERR_OK: unlocked and of our desk; ERR_LOCKED; ERR_DENIED: the passphrase, or another desk's keys; ERR_SYSTEM: not
 * there; ERR_TIMEOUT. */
typedef void keys_done_fn(void *room, enum err err);
void keys_link_status(struct keys_link *link, const char *desk, keys_done_fn *done, void *room);
/* The newest epoch that the keys held at the last keys_link_status() that ended with ERR_OK or ERR_LOCKED; 0: locked.
 */
uint32_t keys_link_epoch(const struct keys_link *link);
void keys_link_unlock(struct keys_link *link, const char *passphrase, size_t len, keys_done_fn *done, void *room);

struct keys_secrets {
    uint8_t state_seed[32], record_key[32], register_key[32], checkpoint_seed[32];
    int has_checkpoint;
};
/* Borrowed until return and then wiped; NULL unless ERR_OK. Once for each connection: ERR_DENIED after that. */
typedef void keys_secrets_fn(void *room, enum err err, const struct keys_secrets *secrets);
void keys_link_secrets(struct keys_link *link, keys_secrets_fn *done, void *room);

/* The root keys of `count` (at most KEYS_LINK_UNWRAP_MAX) wraps, in their order; `ok[i]` 0: that one did not open.
 * Borrowed until return and then wiped; NULL unless ERR_OK. `wraps` is read before this returns. */
typedef void keys_unwrap_fn(void *room, enum err err, const uint8_t (*keys)[32], const uint8_t *ok, size_t count);
void keys_link_unwrap(struct keys_link *link, uint32_t office, const struct envelope_wrap *wraps, size_t count,
                      keys_unwrap_fn *done, void *room);

#endif
