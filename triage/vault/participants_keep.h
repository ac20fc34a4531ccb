/* participants_keep.h -- cases with several participants (participants.h), kept even: who is named in one of them is
 * hidden from all, what the affected person ended is ended, they are told that somebody speaks for them, and where one
 * goes to another desk the others follow.
 *
 * A state says for itself that it takes part; which are together is found in memory (groups.h, vault->circles). Where
 * one of them changed, what follows for the others is done behind it, one change each; a tick tries again what the
 * database refused. */
#ifndef TRIAGE_VAULT_PARTICIPANTS_KEEP_H
#define TRIAGE_VAULT_PARTICIPANTS_KEEP_H

#include "triage/vault/case_change.h"
#include "triage/vault/groups.h"
#include "triage/vault/participants.h"

/* Those beside `file` that are here, as `state` (its draft, or what is kept) says where it takes part. */
struct participants_others participants_others(const struct vault *vault, const struct case_file *file,
                                               const json_t *state);
/* Whether what this one says decides. */
enum participant_say participants_say(const struct vault *vault, const struct case_file *file, const json_t *state);
/* 1 if somebody else than `who` holds another of the same case: one case, one officer. */
int participants_are_held(const struct vault *vault, const struct case_file *file, const char *who);
/* Another of them that nobody holds and that is being written: somebody may be about to hold it. NULL: none is. */
struct case_file *participants_in_the_making(const struct vault *vault, const struct case_file *file);
/* Ids of those beside `file` that exist for `who` (NULL: all), from mem_new_array; `count` of them. */
uint8_t (*participants_beside(const struct vault *vault, const char *who, const struct case_file *file,
                              size_t *count))[16];
/* For staff: the part of this one, and of each other that exists for `who`. New reference. */
json_t *participants_view(const struct vault *vault, const char *who, const struct case_file *file,
                          const json_t *state);
/* The names for which the case does not exist: its own, and those of the others. New reference. */
json_t *participants_named(const struct vault *vault, const struct case_file *file, const json_t *state);

/* The representative's part ends (participant_end()), and what has not gone out to them yet is taken back. */
void participants_end(struct case_change *cc, const char *who, const char *reason);

/* A state was kept, or read at the rebuild, and stands in its lists. `left`: what it took part in before, or NULL. */
void participants_placed(struct vault *vault, struct case_file *file, struct group *left);
/* Do what follows from what changed. Also on a tick. */
void participants_go_on(struct vault *vault);
/* It goes to another desk: so do the others. Called while it is still here. */
void participants_follow(struct vault *vault, const struct case_file *file, const char *to);

#endif
