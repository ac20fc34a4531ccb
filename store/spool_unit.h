/* spool_unit.h -- one unit as bytes, for the spool: sealed rows and their wraps, nothing that can be read.
 *
 * Fixed order, big-endian, lengths in front; a form that has a byte too many or too few is refused. */
#ifndef STORE_SPOOL_UNIT_H
#define STORE_SPOOL_UNIT_H

#include "store/door_append.h"

/* A unit that was read back: its desk lives in it, so it must not be moved. */
struct spool_unit {
    struct append_unit unit;
    char desk[17];
};
void spool_unit_free(struct spool_unit *unit);

/* Append `unit` to `out`. ERR_TOO_BIG; `out` may then end in half a unit. */
MUST_CHECK enum err spool_unit_write(const struct append_unit *unit, struct buf *out);
/* Read one into `out` (zeroed by the caller), who ends it with spool_unit_free(). ERR_MALFORMED: nothing to free. */
MUST_CHECK enum err spool_unit_read(const void *bytes, size_t len, struct spool_unit *out);

#endif
