/* move.h -- a case goes to another desk, and what was moved here is taken up.
 *
 * The source writes the last version of the state (docs/whose-desk.md, "Moving a case"), seals every root that it has
 * to the target's key and forgets: words, keys, numbers, place in the queue. The target finds the state at its next
 * look, bearing the source's signature, and goes on from it. Neighbours: case_place.h, inbox.c (looks), texting.h
 * (texts sent on). */
#ifndef TRIAGE_VAULT_MOVE_H
#define TRIAGE_VAULT_MOVE_H

#include "triage/vault/change.h"
#include "triage/vault/request.h"

/* Take up what was moved here. Fires once, never before the call returned: ERR_OK, ERR_CANCELLED (the vault rebuilds),
 * errors of the store and of the keys. What cannot be opened is logged as a count and stays where it is. */
typedef void move_looked_fn(void *room, enum err err);
void move_look(struct vault *vault, move_looked_fn *done, void *room);

/* The case goes to another desk, whoever holds it; waits while it is being written. `what` is a literal for its
 * history, `who` "" for the vault; all but `what` is copied. `done` fires once, never before the call returned:
 * ERR_NOT_FOUND (no such case, or no such desk in the manifest), ERR_CRYPTO, ERR_CANCELLED, errors of change.h. */
struct move_ask {
    const char *to, *who, *reason, *what;
};
void move_case(struct vault *vault, const uint8_t case_id[static 16], const struct move_ask *ask, change_done_fn *done,
               void *room);

/* case.move {"case","desk","reason"} (docs/vault-protocol.md). */
void ops_case_move(struct request *request);

#endif
