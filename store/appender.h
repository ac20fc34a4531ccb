/* appender.h -- gathers the units of concurrent requests into batches; the shared half of door_intake and door_sms.
 *
 * While a batch is under way what comes gathers for the next; another connection takes one when the last was sent some
 * milliseconds ago and has not come back. A batch that the server refuses is sent again unit by unit. After each COMMIT
 * the desks' bells are rung, ten times a second at most.
 */
#ifndef STORE_APPENDER_H
#define STORE_APPENDER_H

#include "store/door_append.h"

struct appender;

struct appender_options {
    struct store *store; /* borrowed; freed by the door before the appender */
    unsigned batches;    /* under way at a time: the store's connections */
    const struct store_statement *append, *ring;
};

struct appender *appender_new(struct loop *loop, const struct appender_options *options);
/* Units still waiting answer ERR_CANCELLED by loop_later. Call after store_free(). */
void appender_free(struct appender *appender);
/* As door_intake_append(): takes the unit's body. */
void appender_add(struct appender *appender, struct append_unit *unit, int64_t deadline_ms, append_done_fn *done,
                  void *room, uint64_t tag);
/* Once, before the first unit. Copied; what it points to must outlive the appender. */
void appender_with_spool(struct appender *appender, const struct append_spool *with);
/* Takes the unit, whose letter is set: into the spool at once, whatever the database does. ERR_OK with APPEND_SPOOLED,
 * or ERR_DB_DOWN where that cannot be. */
void appender_letter(struct appender *appender, struct append_unit *unit, append_done_fn *done, void *room,
                     uint64_t tag);
/* The store's on_up: what waited for a connection can go now. */
void appender_up(struct appender *appender);

/* Once a minute: what this incarnation has written; the slots before `oldest` are purged. Nobody waits for it: the next
 * one says it all again. */
struct appender_beat_of {
    uint64_t incarnation, n;
    const uint8_t *signature; /* 64 bytes */
    uint32_t manifest_version;
    int16_t oldest_slot, newest_slot;
};
void appender_beat(struct store *store, const struct store_statement *statement, const struct appender_beat_of *of);

/* The statement's parameter list, shared by both doors: 26 arrays. */
#define APPENDER_PARAMS 26
#define APPENDER_ARGUMENTS                                                                                             \
    "$1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,$17,$18,$19,$20,$21,$22,$23,$24,$25,$26"

#endif
