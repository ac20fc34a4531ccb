/* groups.h -- group cases: people who complain of the same thing, worked on together. And cases with several
 * participants (participants.h), which are found the same way.
 *
 * A group case has no record of its own: it is what the states of its cases say, "group" {"id","title","renamed",
 * "by","at","reason"}. Nothing is merged. Each case keeps its receipt, conversation, state, deadlines and remedy, and
 * nobody outside learns that there are others: a planted look-alike that was put into a group has what it had before.
 * What the group adds is for staff: one list, one errand for all (together.h), and the scope of as many voices as it
 * has (docs/participants.md, "Group cases"). Neighbours: ops_group.c (who asks), alike.h (found by itself, before a
 * first look).
 */
#ifndef TRIAGE_VAULT_GROUPS_H
#define TRIAGE_VAULT_GROUPS_H

#include <jansson.h>

#include "triage/vault/book.h"

enum { GROUPS_TITLE_MAX = 200, GROUPS_CASES_MAX = 10000 };

struct group {
    uint8_t id[16];
    uint32_t number; /* from 0, in the order in which this run met them */
    uint32_t *cases; /* numbers of its cases */
    size_t case_count, case_room;
    char *title;        /* as the case says that knows of the last renaming; of several the one that was kept last */
    int64_t renamed;    /* how often it was, as far as any of them knows */
    unsigned under_way; /* errands for all of it; a second answer waits until the first has gone out */
    int is_changed;     /* of participants: what follows from a change is still to be done (participants_keep.h) */
};

struct groups;

/* Which member of a state says it: "group", or "participant". */
enum groups_kind { GROUPS_OF_CASES, GROUPS_OF_PARTICIPANTS };

struct groups *groups_new(enum groups_kind kind);
void groups_free(struct groups *groups);
/* By the id as text; NULL when no case names it (any more). */
struct group *groups_find(const struct groups *groups, const char *id_text);
/* In the order of their numbers; those that are empty now are among them. NULL behind the last. */
struct group *groups_at(const struct groups *groups, size_t number);
/* The group that the case is in, or NULL. */
struct group *groups_of(const struct groups *groups, const struct case_file *file);
/* A state was kept, or read at the rebuild. 1: a group has another number of cases now, the case's own or the one that
 * it left, which is *left (may be the same as before: NULL). */
int groups_know(struct groups *groups, const json_t *state, struct case_file *file, struct group **left);

#endif
