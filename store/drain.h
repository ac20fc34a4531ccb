/* drain.h -- brings what waits in a spool to the database, in order, once each.
 *
 * One frame after the other through the appender, whose row ids make a second time harmless: what was stored already
 * answers ALREADY. A frame leaves the spool when every unit in it has met its fate; while the database is away it stays
 * and is tried again each second. What the database refuses for good is kept aside on disk, never thrown away. An
 * Idempotency-Key that another body had used meanwhile loses its unit nothing: it was acknowledged, so it is stored
 * without the key. A letter is first asked its desk; one whose receipt leads nowhere is let go. */
#ifndef STORE_DRAIN_H
#define STORE_DRAIN_H

#include "store/appender.h"

struct drain;
/* Who knows at which desk a receipt's case is. `done`: ERR_OK with the desk's code (borrowed), ERR_NOT_FOUND, or why it
 * cannot be known now. */
typedef void drain_desk_fn(void *room, uint64_t tag, enum err err, const char *desk);
struct drain_desks {
    void (*ask)(void *door, const struct append_letter *letter, drain_desk_fn *done, void *room, uint64_t tag);
    void *door;
};
/* Borrows all of it for life; runs by the tick. `desks` NULL: a room without letters. Never NULL. */
struct drain *drain_new(struct loop *loop, struct appender *appender, const struct append_spool *with,
                        const struct drain_desks *desks);
/* After appender_free(); frees itself behind this turn's callbacks. NULL is fine. */
void drain_free(struct drain *drain);

#endif
