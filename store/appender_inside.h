/* appender_inside.h -- what appender.c, appender_spool.c and appender_bells.c share: the units that wait and the
 * batches under way. */
#ifndef STORE_APPENDER_INSIDE_H
#define STORE_APPENDER_INSIDE_H

#include "store/appender.h"

enum { RINGS_MAX = 16 };

struct waiting_unit {
    struct waiting_unit *next;
    struct append_unit unit;
    char desk[17];
    int64_t since, deadline;
    append_done_fn *done;
    void *room;
    uint64_t tag;
    int was_sent, answered;
    int from_spool; /* it has its place on the disk already */
    unsigned alone; /* times it was sent by itself */
    int must_be_alone;
};

struct batch {
    struct waiting_unit *first;
    unsigned count;
    struct batch *next;
    uint64_t id;
    int64_t sent_at;
};

struct appender {
    struct loop *loop;
    struct appender_options options;
    struct waiting_unit *first, **last; /* waiting */
    unsigned waiting;
    struct waiting_unit *refused; /* answered by loop_later */
    struct waiting_unit *letters; /* to the spool by loop_later */
    struct batch *batches;
    unsigned under_way;
    uint64_t last_id;
    int pump_asked, refuse_asked, closing;
    char rings[RINGS_MAX][17];
    unsigned ring_count;
    int64_t rung_at;
    struct append_spool with; /* with.spool NULL: none */
    int64_t down_since;       /* first tick that found no connection; 0: there is one */
    int hangs;                /* a batch's answer stays out: nobody behind it need wait as long to be spooled */
    int break_asked;
};

/* Answer (unless it was answered) and free. */
void appender_conclude(struct waiting_unit *w, enum err err, enum append_outcome outcome);
/* Those that wait, from the front: all of them taken off. */
struct waiting_unit *appender_take_waiting(struct appender *a);
/* To the end of those that wait. */
void appender_push(struct appender *a, struct waiting_unit *w);

/* The desk has something new: its bell is rung by the next appender_ring(). */
void appender_must_ring(struct appender *a, const char *desk);
/* Ring those, unless the last time is not long ago. */
void appender_ring(struct appender *a);

/* What has waited too long goes to the spool and is answered; called each tick. */
void appender_spool_late(struct appender *a, int64_t now);
/* These units, whose batch came to an unknown end, or answer `err` where that cannot be. Takes the list. */
void appender_spool_these(struct appender *a, struct waiting_unit *first, enum err err);
/* As appender_add(), for what stands in the spool already. */
void appender_add_spooled(struct appender *a, struct append_unit *unit, int64_t deadline_ms, append_done_fn *done,
                          void *room, uint64_t tag);

#endif
