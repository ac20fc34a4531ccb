/* left_behind.h -- what somebody held who has left goes back to the others: nobody else could give it back, and it
 * would stand in no lane that anybody looks at (docs/case-life.md, "Holding"). */
#ifndef TRIAGE_VAULT_LEFT_BEHIND_H
#define TRIAGE_VAULT_LEFT_BEHIND_H

#include <stdint.h>

struct vault;

/* Some of those that are held are looked at, at each tick; each that goes back is a leaf of the log. Also after a
 * start: whoever ended the account did not wait for it. */
void left_behind_tick(struct vault *vault, int64_t now);

#endif
