/* counter.h -- numbers for the rows of one worker, so that a row taken away later leaves a hole that shows.
 *
 * A row's number is bound into its seal before the store has answered. A number whose row is known not to be stored is
 * given to a later row; the signed count of each minute speaks only for the numbers below the first one that is not yet
 * stored. When it cannot be known whether a row was stored, a new incarnation begins, whose numbers start at 1 again.
 */
#ifndef INTAKE_COUNTER_H
#define INTAKE_COUNTER_H

#include <stdint.h>

#include "common/base/err.h"

enum { COUNTER_WINDOW = 8192 }; /* numbers that may be open at a time; the store queues at most half as many */

enum counter_fate { COUNTER_STORED, COUNTER_NOT_STORED, COUNTER_UNKNOWN };

struct counter {
    uint64_t incarnation; /* random, never 0, fits in a signed 64-bit number */
    uint64_t next;        /* never given out yet */
    uint64_t all_stored;  /* every number up to this one is stored */
    uint64_t freed[COUNTER_WINDOW];
    unsigned freed_count;
    uint8_t stored[COUNTER_WINDOW / 8]; /* bit n modulo the window, for numbers above all_stored */
};

struct counter_number {
    uint64_t incarnation, n;
};

void counter_start(struct counter *counter);
/* ERR_BUSY when too many numbers are open. */
MUST_CHECK enum err counter_take(struct counter *counter, struct counter_number *out);
/* What became of the row with this number. Numbers of an earlier incarnation are ignored. */
void counter_end(struct counter *counter, const struct counter_number *number, enum counter_fate fate);

#endif
