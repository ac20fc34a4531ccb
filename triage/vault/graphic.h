/* graphic.h -- what is hard to read: a warning before it, and no more of it in a day than one person can bear.
 *
 * A case is graphic where staff said so, or else where the rules found words of a class that mostly is. It changes
 * nothing about its place in the queue. Who took as many today as the office allows is given others; danger now is
 * given all the same, since somebody has to. Counts live in memory, for the day of the office, and begin anew with the
 * vault.
 */
#ifndef TRIAGE_VAULT_GRAPHIC_H
#define TRIAGE_VAULT_GRAPHIC_H

#include <jansson.h>

#include "triage/vault/book.h"

/* What the state says: state "graphic" (true, false), or else the rules that fired. */
int graphic_is(const json_t *state);

struct graphic;

struct graphic *graphic_new(void);
void graphic_free(struct graphic *graphic);
/* `who` took one at `now`. */
void graphic_took(struct graphic *graphic, const struct vault *vault, const char *who, int64_t now);
/* How many `who` took on the day of `now`. */
unsigned graphic_today(const struct graphic *graphic, const struct vault *vault, const char *who, int64_t now);
/* 1 if the queue may give it to `who` now. */
int graphic_may_take(const struct vault *vault, const struct case_file *file, const char *who, int64_t now);

#endif
