/* sides.h -- what stands beside the queue: cases that wait for a second person, that somebody watches, that have
 * referrals, that will end because the person wished so; and who may not be given which case.
 *
 * Few cases have any of these, so a case file carries no more than a pointer. Read from the state each time it is
 * kept. */
#ifndef TRIAGE_VAULT_SIDES_H
#define TRIAGE_VAULT_SIDES_H

#include <jansson.h>

#include "triage/vault/order.h"

struct case_file;
struct vault;

enum { SIDES_SKIP_S = 4 * 3600 };

struct sides {
    struct order second, watched, wishes, referrals; /* by rank, by number, by time, by the oldest that is open */
};
enum sides_list { SIDES_SECOND, SIDES_WATCHED, SIDES_REFERRAL };

/* A state was kept, or read at the rebuild; the file's place is read. */
void sides_know(struct vault *vault, const json_t *state, struct case_file *file);
/* The file goes, with the lists that it stands in. */
void sides_free(struct case_file *file);

/* The n-th of a list; NULL behind the last. */
struct case_file *sides_at(const struct sides *sides, enum sides_list list, size_t index);
size_t sides_count(const struct sides *sides, enum sides_list list);
/* 1 if a second person is wanted: something is asked, or it is under review. */
int sides_wants_second(const struct case_file *file);
/* The version that `who`, who watches it, has seen; -1: they do not watch it. */
int64_t sides_seen(const struct case_file *file, const char *who);
/* 1 if the queue may give the case to `who` now: they did not skip it within four hours, and it is not a review of
 * their own decision. */
int sides_may_have(const struct case_file *file, const char *who, int64_t now);

/* End what persons wished and what is due. On a tick. */
void sides_tick(struct vault *vault, int64_t now);

#endif
