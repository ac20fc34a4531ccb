/* row_counter.h -- numbers for the rows of one worker of a public room, so that a row taken away later leaves a hole
 * that shows.
 *
 * A row's number is bound into its seal before the store has answered. A number whose row is known not to be stored is
 * given to a later row; the signed count of each minute speaks only for the numbers below the first one that is not yet
 * stored. When it cannot be known whether a row was stored, or too many numbers are open (rows wait in the spool), a
 * new incarnation begins, whose numbers start at 1 again.
 */
#ifndef STORE_ROW_COUNTER_H
#define STORE_ROW_COUNTER_H

#include <stdint.h>

#include "common/seal/sign.h"
#include "store/door_append.h"

enum { ROW_COUNTER_WINDOW = 8192 }; /* numbers of an incarnation that may be open at a time */

/* ROW_WAITS: spooled; its number stays open until it is drained. */
enum row_counter_fate { ROW_STORED, ROW_NOT_STORED, ROW_UNKNOWN, ROW_WAITS };

struct row_counter {
    uint64_t incarnation; /* random, never 0, fits in a signed 64-bit number */
    uint64_t next;        /* never given out yet */
    uint64_t all_stored;  /* every number up to this one is stored */
    uint64_t freed[ROW_COUNTER_WINDOW];
    unsigned freed_count;
    uint8_t stored[ROW_COUNTER_WINDOW / 8]; /* bit n modulo the window, for numbers above all_stored */
};

struct row_counter_number {
    uint64_t incarnation, n;
};

void row_counter_start(struct row_counter *counter);
void row_counter_take(struct row_counter *counter, struct row_counter_number *out);
/* What became of the row with this number. Numbers of an earlier incarnation are ignored. */
void row_counter_end(struct row_counter *counter, const struct row_counter_number *number, enum row_counter_fate fate);
/* The fate that an appended unit's answer means. ALREADY may also be this very row, sent twice over a connection that
 * died: its number cannot be given away. */
enum row_counter_fate row_counter_fate_of(enum err err, enum append_outcome outcome);

/* What is signed each minute: "recourse door count", the door, the incarnation, the rows 1 to n that are stored, and
 * the version of the manifest in use. */
enum { ROW_COUNT_SAID = 19 + 1 + 8 + 8 + 4 };
void row_counter_said(uint8_t door, uint64_t incarnation, uint64_t n, uint32_t manifest_version,
                      uint8_t out[static ROW_COUNT_SAID]);
MUST_CHECK enum err row_counter_sign(const struct row_counter *counter, uint8_t door, uint32_t manifest_version,
                                     const struct sign_key *key, uint8_t signature[static SIGN_SIZE]);

#endif
