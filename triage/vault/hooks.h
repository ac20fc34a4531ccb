/* hooks.h -- telling the office's own systems that something happened, without what: webhooks (docs/webhooks.md).
 *
 * What is to be told waits in memory, bounded, and lies sealed to the gateway's key of the day in the outbox; the
 * gateway sends and says what became of it. What may have been lost (a start of the vault, too much at a time, a
 * receiver that was down for long) is told as such, so that the receiver asks again. The vault itself has no network.
 */
#ifndef TRIAGE_VAULT_HOOKS_H
#define TRIAGE_VAULT_HOOKS_H

#include "triage/vault/book.h"

struct hooks;

enum { HOOKS_MAX = 8, HOOKS_PENDING_MAX = 1000 };

/* The [webhook NAME] sections of vault-DESK.ini whose `desks` name this desk; *out is NULL where there are none.
 * ERR_MALFORMED with a sentence. */
MUST_CHECK enum err hooks_load(const char *path, const char *desk, struct hooks **out, char says[static 256]);
/* What the vault is and its loop are known; from now on ticks. All of these: nothing where `vault->hooks` is NULL. */
void hooks_start(struct vault *vault);
void hooks_free(struct vault *vault);
/* The vault is open: what happened while it was not, nobody was told. */
void hooks_opened(struct vault *vault);
/* A state is about to take the place of the one in `file` (version 0: the first). */
void hooks_case(struct vault *vault, const struct case_file *file, const json_t *state);
/* The gateway says what became of an outbox row. 0: it is none of these. */
int hooks_ended(struct vault *vault, const uint8_t id[static 16], int sent);

#endif
