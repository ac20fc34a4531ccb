/* ask.h -- ask a desk's vault through its operator socket (docs/vault-protocol.md). */
#ifndef OPERATOR_ASK_H
#define OPERATOR_ASK_H

#include <jansson.h>

#include "operator/house.h"

enum { ASK_MS = 20000 };

/* Takes `ask` (an object with "op"). On ERR_OK *out is the vault's answer, "ok" or not, which the caller lets go with
 * ask_done(). ERR_NOT_FOUND: no vault runs for that desk; and as frame_ask_once(). */
MUST_CHECK enum err ask_vault(const struct house *house, const char *desk, json_t *ask, int64_t deadline_ms,
                              json_t **out);
/* The same, for commands: dies with the vault's own sentence when it refuses. Never NULL. */
json_t *ask_vault_or_die(const struct house *house, const char *desk, json_t *ask);
void ask_done(json_t *answer);
/* A text field, "" when it is not there. Borrowed. */
const char *ask_text(const json_t *answer, const char *key);

/* Give the vault of `desk` the passphrase. ERR_DENIED: it is the wrong one. */
MUST_CHECK enum err ask_unlock(const struct house *house, const char *desk, const char *passphrase, size_t len);

#endif
