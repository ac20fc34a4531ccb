/* spools.h -- what waits on disk beside us while the database is away (docs/spool.md), asked of the neighbours
 * themselves.
 *
 * Staff must be told of it just when neither database nor vault can tell: so each worker asks the loopback health ports
 * of intake and gateway (settings.h, [health]) every 5 s. Four numbers are read and nothing else. A neighbour that does
 * not answer, or not in exactly the form it should, is unknown, never 0. */
#ifndef TRIAGE_CONSOLE_SPOOLS_H
#define TRIAGE_CONSOLE_SPOOLS_H

#include "common/base/loop.h"
#include "triage/console/settings.h"

struct spool_state {
    int known;
    uint64_t rows, bytes; /* that wait now */
    uint64_t age_s;       /* how long something has waited without a break */
    uint64_t faults;      /* damaged or refused stretches since its start */
};

struct spools;

/* Never NULL. Borrows `settings` for life. */
struct spools *spools_new(struct loop *loop, const struct settings *settings);
/* NULL is fine. */
void spools_free(struct spools *spools);
/* What was last heard; borrowed until the next turn. Never NULL. */
const struct spool_state *spools_state(const struct spools *spools, enum neighbour neighbour);
/* 1 if [health] names that neighbour. */
int spools_is_asked(const struct spools *spools, enum neighbour neighbour);

/* The four numbers of `neighbour` in a whole HTTP answer to GET /metrics. ERR_MALFORMED: it is no 200, or one of them
 * is missing, said twice, cut, or no whole number; ERR_TOO_BIG: beyond anything that could be. *out is zeroes then. */
MUST_CHECK enum err spools_read(const char *answer, size_t len, enum neighbour neighbour, struct spool_state *out);

#endif
