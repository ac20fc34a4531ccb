/* retries.h -- texts that could not go out and wait for their next try. Their sealed rows stay in the database, and are
 * taken from there again: what became of one meanwhile (taken back, sealed anew) is then seen. */
#ifndef SMS_GATEWAY_RETRIES_H
#define SMS_GATEWAY_RETRIES_H

#include <stddef.h>
#include <stdint.h>

enum { RETRIES_MAX = 4096 };

struct retry {
    uint8_t id[16];
    unsigned tries;
    size_t sent; /* bytes of the text that have gone out */
    int64_t next_ms;
};

struct retries {
    struct retry list[RETRIES_MAX];
    size_t count;
};

/* Of more than RETRIES_MAX the last are not remembered: they are tried again soon, as if for the first time. */
void retries_add(struct retries *retries, const struct retry *retry);
/* What is known of that text, which is then no longer here; zeroes of one that never waited. */
struct retry retries_take(struct retries *retries, const uint8_t id[static 16]);
/* 1: the time of one has come. */
int retries_are_due(const struct retries *retries, int64_t now_ms);
/* The ids of those that still wait, at most `most`; returns how many. Forgets those whose row has not been there for an
 * hour since their time came. */
size_t retries_waiting(struct retries *retries, int64_t now_ms, uint8_t (*ids)[16], size_t most);

#endif
