/* aside.h -- what intake marked as part of a flood is set aside for a person to look at, and cannot rot there
 * (docs/abuse.md, "Set aside").
 *
 * State "aside": {"why", "at", "until", "ended": {"how", "by", "at", "reason"}}; while it lasts the lane is "aside",
 * which nobody takes from and whose cases are in no figures and late for nothing. It ends by a person (`taken`,
 * `closed`), by words that the rules take for danger (`danger`), or by time (`time`). Neighbours: ops_aside.c (who
 * decides), case_place.c (what it means in memory). The first functions are pure. */
#ifndef TRIAGE_VAULT_ASIDE_H
#define TRIAGE_VAULT_ASIDE_H

#include <jansson.h>
#include <stdint.h>

struct vault;

/* A first state of a case that came with the mark. Danger is never set aside; that it came so is noted all the same. */
void aside_begin(json_t *state, const char *why, int64_t hours);
/* It stands there now. */
int aside_is(const json_t *state);
/* It was closed as part of a flood, and nobody has opened it again: in no figures. */
int aside_is_flood(const json_t *state);
/* When it goes into the queue by itself (wall seconds); 0: it is not set aside. */
int64_t aside_until(const json_t *state);
/* It ends, if it is set aside: the case waits for a first look from now on. `how` as above. */
void aside_end(json_t *state, const char *how, const char *who, const char *reason);
/* A further message, after its proposal was added: danger ends it. */
void aside_heard(json_t *state);

/* What nobody has looked at in time goes into the queue, some at each tick. */
void aside_tick(struct vault *vault, int64_t now);

#endif
