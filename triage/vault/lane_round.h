/* lane_round.h -- some of a lane looked at with each tick, round and round: what time or somebody's leaving makes of
 * cases without anybody asking. Neighbours: aside.c, left_behind.c. */
#ifndef TRIAGE_VAULT_LANE_ROUND_H
#define TRIAGE_VAULT_LANE_ROUND_H

#include "triage/vault/vault.h"

/* 1: the case, which nobody is writing, is being changed by it. What could not be kept is found again in the next
 * round. */
typedef int lane_round_fn(struct vault *vault, struct case_file *file, int64_t now);
/* Go on at *upto, which is 0 at first. Nothing while the database is away. */
void lane_round(struct vault *vault, enum queue_lane lane, size_t *upto, lane_round_fn *tend, int64_t now);

#endif
