/* erase.h -- a case is destroyed: rows, keys, state and head in the database, words, numbers and place in memory.
 *
 * The person asked for it, it waited (acts.h), and somebody of staff agreed. What stays is a leaf of the log: who did
 * it, when, of which case id, and the day after which no backup can be opened that has it. Neighbours: ops_decide.c,
 * which checks that it may be done; docs/case-life.md, which says what cannot be erased. */
#ifndef TRIAGE_VAULT_ERASE_H
#define TRIAGE_VAULT_ERASE_H

#include "triage/vault/book.h"
#include "triage/vault/request.h"

/* Answers the request, in any case: {"state":"erased","copies_until":day}. Nobody is writing `file`. */
void erase_case(struct request *request, struct case_file *file);

#endif
