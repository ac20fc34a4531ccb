/* letters.h -- the places for texts that are under way: who has one, and who may have the next. No channel gets more
 * than its share, and webhooks have a few together, so that a provider that is down holds up no other. */
#ifndef SMS_GATEWAY_LETTERS_H
#define SMS_GATEWAY_LETTERS_H

#include <stddef.h>
#include <stdint.h>

#include "common/base/buf.h"

enum { LETTERS_MAX = 64, LETTERS_OF_ONE_MAX = 20 };

enum letter_state { LETTER_FREE, LETTER_SENDING, LETTER_ENDING };

/* One text under way. The sealed row stays in the database until the end is written there. */
struct letter {
    enum letter_state state;
    uint8_t id[16], key_id[8];
    char channel[33];
    struct buf sealed;
    unsigned tries;
    int is_urgent;     /* said again soon by who wrote it: better never than late */
    size_t sent, next; /* bytes of the text that have gone out, and that will have with what is being sent */
    int is_last;       /* nothing is left behind that */
    int64_t next_ms;
    int16_t outcome;
};

struct letters {
    struct letter list[LETTERS_MAX];
};

/* Whether the channel is a webhook of the office's own systems, and no provider's. */
int letters_is_webhook(const char *channel);
/* The text with that id; NULL: it is not under way. */
struct letter *letters_find(struct letters *letters, const uint8_t id[static 16]);
/* A free place for a text of that channel, still LETTER_FREE; NULL: there is none for it now. */
struct letter *letters_place(struct letters *letters, const char *channel);
/* The ids of all that are under way into `ids`, which has room for LETTERS_MAX; returns how many. */
size_t letters_under_way(const struct letters *letters, uint8_t (*ids)[16]);
/* Its place is free again, and what it held wiped. */
void letters_free(struct letter *letter);

#endif
