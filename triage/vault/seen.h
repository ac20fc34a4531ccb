/* seen.h -- what somebody may know of the cases: all of this desk but those that they are in conflict with.
 *
 * A case does not exist for who is named in it, or stepped back from it (conflict.h), nor for anybody while a case that
 * was moved here waits to be looked through for names. Operations and what they show go by these functions alone, and
 * never by book, queue and sides: a check in tests/tools reads ops_*.c and the views. Counts leave out what lists leave
 * out. Almost nobody is in conflict with anything, so each costs next to nothing then. */
#ifndef TRIAGE_VAULT_SEEN_H
#define TRIAGE_VAULT_SEEN_H

#include "triage/vault/book.h"
#include "triage/vault/hidden.h"
#include "triage/vault/impacts.h"
#include "triage/vault/sides.h"

/* The one predicate: 1 if the case exists for `who`. */
int seen_by(const struct case_file *file, const char *who);

/* By its id as text, or its number; NULL where there is none with a state, or not for `who`. */
struct case_file *seen_find(const struct vault *vault, const char *who, const char *id_text);
struct case_file *seen_at(const struct vault *vault, const char *who, size_t number);
/* 1 if it is here and does not exist for `who`. `id` receives it. */
int seen_hides(const struct vault *vault, const char *who, const char *id_text, uint8_t id[static 16]);
/* Those that do not exist for `who`. The caller frees `numbers`. */
struct hidden seen_hidden(const struct vault *vault, const char *who);
/* How many there are. */
size_t seen_count(const struct vault *vault, const char *who);

/* How many of those that wait exist for no officer who works here: somebody has to move them, or to be let in. */
size_t seen_without_officer(const struct vault *vault, const char *who);

/* A lane: how many stand in it; where the one behind `after` others stands; the next from *index on, which is then
 * behind it (NULL: there is none). */
size_t seen_lane_count(const struct vault *vault, const char *who, enum queue_lane lane);
size_t seen_lane_begin(const struct vault *vault, const char *who, enum queue_lane lane, size_t after);
struct case_file *seen_lane_next(const struct vault *vault, const char *who, enum queue_lane lane, size_t *index);

/* The same of a list of sides.h, which is short: the next from *index on. */
size_t seen_side_count(const struct vault *vault, const char *who, enum sides_list list);
struct case_file *seen_side_next(const struct vault *vault, const char *who, enum sides_list list, size_t *index);

/* In how many of them a remedy that was promised is overdue. */
size_t seen_overdue(const struct vault *vault, const char *who, int64_t now);

/* How many confirmed cases the impact has. */
size_t seen_impact_count(const struct vault *vault, const char *who, const struct impact *impact);

#endif
