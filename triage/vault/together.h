/* together.h -- the same done to many cases, one change each, as many at a time as go well into one COMMIT, behind the
 * answer to the one who asked. Each case keeps its own change, leaf and place: nothing is shared but the errand.
 *
 * A case that somebody is writing waits its turn; one that is gone, or that the errand leaves out, is passed over. When
 * the vault rebuilds or the database goes away what is left stays undone, and whoever looks sees so: a case that was
 * not reached stands as before. Neighbours: ops_look.c (a first look for all that say nearly the same), ops_group.c. */
#ifndef TRIAGE_VAULT_TOGETHER_H
#define TRIAGE_VAULT_TOGETHER_H

#include "triage/vault/case_change.h"

/* Begin a change of `file` (nobody is writing it) and submit it with `done` and `room`: 1. Or leave the case out: 0,
 * and `done` is not called. `errand` is the one that together_begin() took. */
typedef int together_one_fn(void *errand, struct vault *vault, struct case_file *file, change_done_fn *done,
                            void *room);
/* Nothing of it runs any more; frees the errand. */
typedef void together_end_fn(void *errand);

/* Takes `ids` (`count` of them, from mem_new_array) and `errand`. They are done from the last to the first; the first
 * begins after this returned. */
void together_begin(struct vault *vault, uint8_t (*ids)[16], size_t count, together_one_fn *one, together_end_fn *end,
                    void *errand);

#endif
