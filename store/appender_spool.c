/* appender_spool.c -- which units go to the spool, and when: with no connection after a moment, in any case well before
 * the person's browser gives up. All that are due in one tick share one write and one fsync.
 *
 * A unit that was sent and is spooled too may turn out to be stored: draining finds it there by its row id. */
#include <string.h>

#include "common/base/clock.h"
#include "common/base/log.h"
#include "store/appender_inside.h"
#include "store/spool.h"

enum {
    AWAY_MS = 400,      /* a restarted connection takes some 50 ms: no need to spool for that */
    AWAY_FOR_MS = 1000, /* away for longer than this: the next one waits for nothing */
    LATE_MS = 2500,     /* a database that holds its answer back */
};

struct gathered {
    struct waiting_unit *first, **last;
};

static void gather(struct gathered *g, struct waiting_unit *w)
{
    w->next = NULL;
    *g->last = w;
    g->last = &w->next;
}

static int unit_is_late(const struct appender *a, const struct waiting_unit *w, int64_t now)
{
    if (w->from_spool || w->answered)
        return 0;
    if (now - w->since >= LATE_MS)
        return 1;
    if (a->hangs)
        return now - w->since >= AWAY_MS;
    return a->down_since && (now - w->since >= AWAY_MS || now - a->down_since >= AWAY_FOR_MS);
}

static void must_break(void *arg)
{
    struct appender *a = arg;
    if (!a->closing)
        a->with.broken(a->with.room);
}

static enum err spool_units(struct appender *a, const struct append_unit *const *units, size_t count)
{
    enum err err = spool_put(a->with.spool, units, count);
    if (err == ERR_SYSTEM && !a->break_asked) {
        a->break_asked = 1;
        loop_later(a->loop, must_break, a);
    }
    a->with.changed(a->with.room);
    return err;
}

/* As many from `w` on as go into one frame; `*next` is the first that does not. `skip`: leave out those that need not
 * go, as units of a batch may. */
static size_t frame_fill(struct waiting_unit *w, int (*must)(const struct waiting_unit *w, void *room), void *room,
                         const struct append_unit *units[static SPOOL_UNITS_MAX],
                         struct waiting_unit *whose[static SPOOL_UNITS_MAX], struct waiting_unit **next)
{
    size_t count = 0, bytes = 0;
    for (; w && count < SPOOL_UNITS_MAX; w = w->next) {
        if (must && !must(w, room))
            continue;
        bytes += w->unit.body.len;
        if (count && bytes > SPOOL_BODIES_MAX)
            break;
        units[count] = &w->unit;
        whose[count++] = w;
    }
    *next = w;
    return count;
}

void appender_spool_these(struct appender *a, struct waiting_unit *first, enum err err)
{
    const struct append_unit *units[SPOOL_UNITS_MAX];
    struct waiting_unit *whose[SPOOL_UNITS_MAX], *next;
    struct gathered due = {.last = &due.first};
    for (struct waiting_unit *w = first; w; w = next) {
        next = w->next;
        if (!a->with.spool || w->answered || w->from_spool)
            appender_conclude(w, err, 0);
        else
            gather(&due, w);
    }
    for (struct waiting_unit *w = due.first; w; w = next) {
        size_t count = frame_fill(w, NULL, NULL, units, whose, &next);
        enum err put = spool_units(a, units, count);
        for (size_t i = 0; i < count; i++)
            appender_conclude(whose[i], put == ERR_OK ? ERR_OK : err, put == ERR_OK ? APPEND_SPOOLED : 0);
    }
}

/* Those that were never sent: from here on they are the spool's alone. */
static void spool_late_waiting(struct appender *a, int64_t now)
{
    struct gathered due = {.last = &due.first};
    struct waiting_unit *next;
    for (struct waiting_unit *w = appender_take_waiting(a); w; w = next) {
        next = w->next;
        if (unit_is_late(a, w, now))
            gather(&due, w);
        else
            appender_push(a, w);
    }
    appender_spool_these(a, due.first, ERR_DB_DOWN);
}

struct due {
    const struct appender *a;
    int64_t now;
};

static int sent_is_late(const struct waiting_unit *w, void *room)
{
    const struct due *due = room;
    return unit_is_late(due->a, w, due->now);
}

/* Those whose answer stays out: they stay with their batch, answered already. Where the spool does not take them their
 * own deadline decides. */
static void spool_late_batch(struct appender *a, struct batch *batch, int64_t now)
{
    const struct append_unit *units[SPOOL_UNITS_MAX];
    struct waiting_unit *whose[SPOOL_UNITS_MAX], *next;
    struct due due = {a, now};
    for (struct waiting_unit *w = batch->first; w && !a->closing; w = next) {
        size_t count = frame_fill(w, sent_is_late, &due, units, whose, &next);
        if (!count || spool_units(a, units, count) != ERR_OK)
            return;
        for (size_t i = 0; i < count && !a->closing; i++) {
            whose[i]->answered = 1;
            whose[i]->done(whose[i]->room, whose[i]->tag, ERR_OK, APPEND_SPOOLED);
        }
    }
}

void appender_spool_late(struct appender *a, int64_t now)
{
    if (!a->with.spool || a->closing)
        return;
    if (store_is_up(a->options.store))
        a->down_since = 0;
    else if (!a->down_since)
        a->down_since = now;
    a->hangs = 0;
    for (const struct batch *batch = a->batches; batch; batch = batch->next)
        a->hangs |= now - batch->sent_at >= LATE_MS;
    if (a->first)
        spool_late_waiting(a, now);
    for (struct batch *batch = a->batches; batch && !a->closing; batch = batch->next)
        spool_late_batch(a, batch, now);
}
