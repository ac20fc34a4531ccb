/* permit.h -- one table: which operations there are, at which socket, for which roles, what counts as an opening, and
 * the function that does it. What each role may stands here and nowhere else; docs/vault-protocol.md says the same, and
 * a test compares. */
#ifndef TRIAGE_VAULT_PERMIT_H
#define TRIAGE_VAULT_PERMIT_H

#include <stdio.h>

#include "triage/vault/request.h"

typedef void permit_fn(struct request *request);

/* Beside the roles of a row. ENROLLING: also somebody who has yet to set up a second factor. READS: it changes nothing,
 * and a token of scope `read` is enough. */
enum { PERMIT_ENROLLING = 1 << 16, PERMIT_READS = 1 << 17 };

/* CASE: of the case that it names, counted once an hour (session.h). */
enum permit_opening { PERMIT_NO_OPENING, PERMIT_OPENING, PERMIT_OPENING_CASE };

struct permit {
    const char *op;
    unsigned sockets; /* bits of enum request_socket */
    unsigned roles;   /* bits of enum role, and PERMIT_*; 0: no session is needed */
    int opening;      /* enum permit_opening: shows content: counted in the session's budget */
    int while_locked; /* answered before the vault is open */
    permit_fn *run;
};

/* NULL when there is no such operation at that socket. */
const struct permit *permit_find(const char *op, enum request_socket socket);
/* The least scope of a token that may: SCOPE_READ for what only shows, SCOPE_ADMIN for what administrators alone do,
 * else SCOPE_WORK. */
enum token_scope permit_scope(const struct permit *permit);
/* For tests and docs: the n-th row, NULL behind the last; and all of them, a line each: op, sockets, roles. */
const struct permit *permit_at(size_t index);
void permit_print(FILE *to);

#endif
