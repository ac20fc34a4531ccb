/* retention.h -- a case that has ended is kept for so many months, and then destroyed (docs/case-life.md, "Kept for").
 *
 * The office says how long (`retention_months`), and the page about how this works tells people. What decides is the
 * signed state alone: that the case has ended (or is input to a consultation, which has no end of its own), that nothing
 * waits in it for anybody, and when something last happened. Neighbour: erase.h destroys it. The first function is
 * pure. */
#ifndef TRIAGE_VAULT_RETENTION_H
#define TRIAGE_VAULT_RETENTION_H

#include <jansson.h>
#include <stdint.h>

struct vault;

/* How long: whole months after that in which something last happened; or, above 0, so many seconds in their place. */
struct retention {
    int64_t months, seconds;
};

/* 1 if the time is over at `now` (wall seconds), and nobody and nothing waits for anything of it. */
int retention_is_over(const json_t *state, const struct retention *retention, int64_t now);

/* Some of the cases are looked at, at each tick; what is over is destroyed, with a leaf of the log. */
void retention_tick(struct vault *vault, int64_t now);

#endif
