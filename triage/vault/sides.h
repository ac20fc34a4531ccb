/* sides.h -- what stands beside the queue, each in a list of its own order, and who may not be given which case.
 *
 * Few cases stand in any of these, so a case file carries no more than a pointer. Read from the state each time it is
 * kept; one row of a table in sides.c says who stands in a list, and where. */
#ifndef TRIAGE_VAULT_SIDES_H
#define TRIAGE_VAULT_SIDES_H

#include <jansson.h>

#include "triage/vault/order.h"

struct case_file;
struct vault;

/* What is on its way to another desk is given to nobody, but not for longer than this: a gateway that is away may hold
 * it here. */
enum { SIDES_SKIP_S = 4 * 3600, SIDES_LEAVING_S = 300 };

enum sides_list {
    SIDES_SECOND,       /* a second person is wanted: the gravest first */
    SIDES_WATCHED,      /* somebody watches it: by number */
    SIDES_TIMED,        /* something happens by time: the person wished it to end, or is to be asked whether a remedy
                           helped: by time */
    SIDES_PROMISED,     /* a remedy is promised and not delivered: by its day */
    SIDES_CHECKINS,     /* the person is to be asked whether they are safe: by time */
    SIDES_TRANSLATIONS, /* something is to be translated: by number */
    SIDES_HIDDEN,       /* it does not exist for somebody: by number */
    SIDES_LEAVING,      /* it is on its way to another desk (route.h): by number */
    SIDES_ESCALATED,    /* a deadline was missed by long: the gravest first */
    SIDES_REFERRAL,     /* something was, or is to be, passed on: by the oldest that is open, then the others */
    SIDES_COUNT
};
struct sides {
    struct order lists[SIDES_COUNT];
};

/* A state was kept, or read at the rebuild; the file's place is read. */
void sides_know(struct vault *vault, const json_t *state, struct case_file *file);
/* The file goes, with the lists that it stands in. */
void sides_free(struct case_file *file);

/* The n-th of a list; NULL behind the last. */
struct case_file *sides_at(const struct sides *sides, enum sides_list list, size_t index);
size_t sides_count(const struct sides *sides, enum sides_list list);
/* 1 if it stands in that list. */
int sides_stands(const struct case_file *file, enum sides_list list);
/* 1 if a second person is wanted: something is asked, or it is under review. */
int sides_wants_second(const struct case_file *file);
/* The version that `who`, who watches it, has seen; -1: they do not watch it. */
int64_t sides_seen(const struct case_file *file, const char *who);
/* 1 if the case does not exist for `who` (seen.h asks, and nobody else). */
int sides_hides(const struct case_file *file, const char *who);
/* 1 if it is hidden from somebody, and from somebody who has an account here. */
int sides_is_hidden(const struct case_file *file);
int sides_hides_here(const struct vault *vault, const struct case_file *file);
/* 1 if the queue may give the case to `who` now: it exists for them and is not leaving, they did not skip it within
 * four hours, and it is not a review of their own decision. */
int sides_may_have(const struct case_file *file, const char *who, int64_t now);

/* By when the earliest remedy that is promised has to be there (wall seconds, REMEDY_SOME_DAY); 0: none is. */
int64_t sides_promised(const struct case_file *file);
/* In how many cases one of these is overdue. */
size_t sides_overdue(const struct sides *sides, int64_t now);

/* End what persons wished and what is due; ask what is to be asked by now. On a tick. */
void sides_tick(struct vault *vault, int64_t now);

#endif
