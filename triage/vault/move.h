/* move.h -- a case goes to another desk, and what was moved here is taken up.
 *
 * The source writes the last version of the state (docs/triage.md, "Moving a case"), seals every root that it has to
 * the target's key and forgets: words, keys, numbers, place in the queue. The target finds the state at its next look,
 * bearing the source's signature, and goes on from it. Neighbours: case_place.h, inbox.c (looks), texting.h (texts sent
 * on). */
#ifndef TRIAGE_VAULT_MOVE_H
#define TRIAGE_VAULT_MOVE_H

#include "triage/vault/request.h"

/* Take up what was moved here. Fires once, never before the call returned: ERR_OK, ERR_CANCELLED (the vault rebuilds),
 * errors of the store and of the keys. What cannot be opened is logged as a count and stays where it is. */
typedef void move_looked_fn(void *room, enum err err);
void move_look(struct vault *vault, move_looked_fn *done, void *room);

/* case.move {"case","desk","reason"} (docs/vault-protocol.md). */
void ops_case_move(struct request *request);

#endif
