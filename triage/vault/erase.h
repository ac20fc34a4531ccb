/* erase.h -- a case is destroyed: rows, keys, state and head in the database, words, numbers and place in memory.
 *
 * The person asked for it, it waited (acts.h), and somebody of staff agreed; or the time for which it is kept is over.
 * What stays is a leaf of the log: who did it, when, of which case id, and the day after which no backup can be opened
 * that has it. Neighbours: ops_decide.c and retention.c, which check that it may be done; docs/case-life.md, which says
 * what cannot be erased. */
#ifndef TRIAGE_VAULT_ERASE_H
#define TRIAGE_VAULT_ERASE_H

#include "triage/vault/book.h"
#include "triage/vault/request.h"

/* Fires once, never before erase_begin() returned. ERR_DENIED: a message waits to be opened; others as change.h. */
typedef void erase_done_fn(void *room, enum err err);
/* Nobody is writing `file`, and no text of it is on its way; it is gone when `done` says ERR_OK. `who` ("": nobody, by
 * time) and `what` stand in the leaf. */
void erase_begin(struct vault *vault, struct case_file *file, const char *who, const char *what, erase_done_fn *done,
                 void *room);
/* Answers the request, in any case: {"state":"erased","copies_until":day}. Nobody is writing `file`. */
void erase_case(struct request *request, struct case_file *file);

#endif
