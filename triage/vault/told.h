/* told.h -- who was told of an alarm, and what became of the messages to them: in memory alone.
 *
 * Kept until other people are set on call, so that who was told before the shift changed can still answer. Neighbours:
 * pager.h (tells them), roster.h (who they are). */
#ifndef TRIAGE_VAULT_TOLD_H
#define TRIAGE_VAULT_TOLD_H

#include <stddef.h>
#include <stdint.h>

#include "triage/vault/roster.h"

enum { TOLD_MAX = 2 * ROSTER_MOST };

struct told_person {
    char to[ROSTER_TO_MAX + 1], name[ROSTER_NAME_MAX + 1];
    uint8_t row[16]; /* of the message to them that is under way */
    int is_email, is_told, is_under_way, is_undelivered;
    int is_passed; /* they could not be reached in this alarm, and the next was told instead */
};

/* Zeroed: nobody. */
struct told {
    struct told_person people[TOLD_MAX];
    size_t count;
};

/* 1 if they were told of this alarm; if the last message to them could not be delivered. */
int told_is(const struct told *told, const struct roster_person *person);
int told_is_undelivered(const struct told *told, const struct roster_person *person);
/* Whose telephone it is; NULL. Borrowed. */
const char *told_name(const struct told *told, const char *number);
/* A message to them is being written: its row in `row`. While the gateway has not said what became of the one before,
 * it takes its place. The first that was told gives way where there are many. */
void told_write(struct told *told, const struct roster_person *person, uint8_t row[static 16]);
/* It was kept. */
void told_kept(struct told *told, const uint8_t row[static 16]);
/* The gateway has said what became of it; 0: it is none of these. *is_news: in this alarm it is the first to them that
 * could not be delivered. */
int told_ended(struct told *told, const uint8_t row[static 16], int is_sent, int *is_news);
/* Another alarm begins, with the first again. What the gateway says of the last messages is still heard. */
void told_anew(struct told *told);

#endif
