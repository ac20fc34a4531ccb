/* fresh.h -- who asks shows once more, in the same request, who they are: before a new member of a protected desk is
 * admitted, before a second factor is changed, before somebody is let in anew. Who stole a session cannot; who took the
 * console over can once for each time that somebody does (docs/threats.md). */
#ifndef TRIAGE_VAULT_FRESH_H
#define TRIAGE_VAULT_FRESH_H

#include "triage/vault/request.h"

/* Look at `password` and `code` of the body, or at a passkey's `id`, `client`, `authenticator` and `signature`, then
 * call `then` with the request; otherwise the request has been answered (`denied`, counted like a failed sign-in). A
 * code or challenge counts once, as at sign-in. An API token is refused. */
void fresh_check(struct request *request, void (*then)(struct request *request));

#endif
