/* budget.h -- how many reports come from one connection, from one network, and to the whole office (docs/abuse.md).
 *
 * A budget never refuses anybody. Over it a report has to be paid for, by a short computation or a short wait
 * (proof.h); far over it what is paid for is set aside, for a person to look at. All workers count in one piece of
 * memory that is made before they are, has a fixed size, and is never written anywhere. A network stands in it as some
 * bits of an HMAC under a random key that is thrown away after an hour, with all the counts: what is left says nothing
 * of anybody. */
#ifndef INTAKE_BUDGET_H
#define INTAKE_BUDGET_H

#include <stdint.h>

#include "common/http/http.h"

/* Reports in LIMIT_BUDGET_WINDOW_S; 0: not counted. */
struct budget_limits {
    int64_t connection, network, office;
    int64_t aside_times; /* over so many times the budget they are set aside */
};

enum { BUDGET_MOST = 100000, BUDGET_TIMES_MOST = 9 }; /* what the counts can hold */

struct budget;

/* Before forking, in memory that the workers share. Never NULL. */
struct budget *budget_new(const struct budget_limits *limits);
void budget_free(struct budget *budget);
/* The key of this run under which waits and proofs are signed; 32 bytes, the same for all workers. */
const uint8_t *budget_sign_key(const struct budget *budget);

struct budget_who {
    const uint8_t *network; /* HTTP_NETWORK bytes; NULL: nobody knows (an onion service, a proxy) */
    uint64_t *connection;   /* http_req_tally() */
};

enum budget_says { BUDGET_TAKES, BUDGET_ASKS, BUDGET_ASIDE };

/* A report is here, at `now` (seconds of a clock that all workers share and that never steps back). ASKS: it has to be
 * paid for, and was not counted. Else it was: it is taken as it is, or to be set aside. */
enum budget_says budget_take(struct budget *budget, const struct budget_who *who, int is_paid, int64_t now);

/* For what has a count and no price, as the room that drafts take: 1, and counted, if `count` more of it still are
 * within the budget of the network. 0: they are not, and nothing was counted. */
int budget_fits(struct budget *budget, const uint8_t *network, int64_t count, int64_t now);

#endif
