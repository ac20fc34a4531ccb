/* permit.h -- one table: which operations there are, at which socket, for which roles, what counts as an opening, and
 * the function that does it. */
#ifndef TRIAGE_VAULT_PERMIT_H
#define TRIAGE_VAULT_PERMIT_H

#include "triage/vault/request.h"

typedef void permit_fn(struct request *request);

struct permit {
    const char *op;
    unsigned sockets; /* bits of enum request_socket */
    unsigned roles;   /* bits of enum role; 0: no session is needed */
    int is_opening;   /* shows content: counted in the session's budget */
    int while_locked; /* answered before the vault is open */
    permit_fn *run;
};

/* NULL when there is no such operation at that socket. */
const struct permit *permit_find(const char *op, enum request_socket socket);
/* For tests and docs: the n-th row, NULL behind the last. */
const struct permit *permit_at(size_t index);

#endif
