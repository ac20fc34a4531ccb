/* drain.c -- see drain.h. */
#include "store/drain.h"

#include <string.h>

#include "common/base/clock.h"
#include "common/base/log.h"
#include "common/base/mem.h"
#include "store/appender_inside.h"
#include "store/spool.h"

enum { UNIT_DEADLINE_MS = 10000, AGAIN_MS = 1000 };

struct drain {
    struct loop *loop;
    struct appender *appender;
    struct append_spool with;
    struct drain_desks desks;
    struct spool_batch batch; /* the frame in hand; units NULL: none */
    uint8_t *met;             /* for each unit: its fate is known */
    size_t open;              /* under way */
    int failed, keep, closing, asked;
    int64_t not_before;
};

static void drain_go(void *arg);

static void drain_ask(struct drain *drain)
{
    if (!drain->asked && !drain->closing)
        loop_later(drain->loop, drain_go, drain);
    drain->asked = 1;
}

static void frame_forget(struct drain *drain)
{
    spool_batch_free(&drain->batch);
    mem_free(drain->met);
    drain->met = NULL;
}

/* Every unit has come back: on to the next frame, or the rest of this one again in a second. */
static void frame_ended(struct drain *drain)
{
    if (drain->failed) {
        drain->failed = 0;
        drain->not_before = clock_ms() + AGAIN_MS;
        return;
    }
    spool_done(drain->with.spool, drain->keep);
    frame_forget(drain);
    drain->with.changed(drain->with.room);
    drain_ask(drain);
}

static int comes_again(enum err err)
{
    return err == ERR_DB_DOWN || err == ERR_DB_UNKNOWN || err == ERR_TIMEOUT || err == ERR_BUSY || err == ERR_CANCELLED;
}

static void unit_met(struct drain *drain, uint64_t at, enum err err, enum append_outcome outcome)
{
    drain->met[at] = 1;
    drain->keep += err != ERR_OK;
    if (err != ERR_OK || outcome == APPEND_NO_CASE)
        log_warn("spool_row_refused", LOG_ERR(err));
    if (!drain->closing)
        drain->with.drained(drain->with.room, &drain->batch.units[at].unit.place, err, outcome);
}

static void unit_ended(void *room, uint64_t tag, enum err err, enum append_outcome outcome)
{
    struct drain *drain = room;
    struct append_unit *unit = &drain->batch.units[tag].unit;
    drain->open--;
    if (err == ERR_OK && outcome == APPEND_OTHER_BODY) {
        unit->once = 0;
        drain->failed = 1;
    } else if (comes_again(err)) {
        drain->failed = 1;
    } else {
        unit_met(drain, tag, err, outcome);
    }
    if (!drain->open && !drain->closing)
        frame_ended(drain);
}

/* A copy, because it may have to be sent again. `to`: of a letter, the desk that it is for. */
static void unit_append(struct drain *drain, size_t at, const struct append_letter_desk *to)
{
    struct append_unit copy = drain->batch.units[at].unit;
    buf_init(&copy.body, copy.body.len);
    const struct buf *body = &drain->batch.units[at].unit.body;
    need(buf_add(&copy.body, body->bytes, body->len) == ERR_OK);
    copy.letter = NULL;
    if (to) {
        copy.desk = to->code;
        memcpy(copy.wraps, to->wraps, sizeof to->wraps);
        copy.wrap_count = 2;
    }
    appender_add_spooled(drain->appender, &copy, UNIT_DEADLINE_MS, unit_ended, drain, at);
}

static void desk_known(void *room, uint64_t tag, enum err err, const char *desk)
{
    struct drain *drain = room;
    const struct append_letter *letter = drain->batch.units[tag].unit.letter;
    for (size_t i = 0; err == ERR_OK && i < letter->desk_count; i++)
        if (strcmp(letter->desks[i].code, desk) == 0) {
            unit_append(drain, tag, &letter->desks[i]);
            return;
        }
    /* No such receipt: nobody was promised anything that can be kept. A desk it was not sealed to: a person must look.
     */
    if (err == ERR_NOT_FOUND)
        unit_ended(drain, tag, ERR_OK, APPEND_NO_CASE);
    else
        unit_ended(drain, tag, err == ERR_OK ? ERR_CONFLICT : err, 0);
}

static void unit_send(struct drain *drain, size_t at)
{
    const struct append_letter *letter = drain->batch.units[at].unit.letter;
    drain->open++;
    if (letter && drain->desks.ask)
        drain->desks.ask(drain->desks.door, letter, desk_known, drain, at);
    else
        unit_append(drain, at, NULL);
}

static int frame_take(struct drain *drain)
{
    if (drain->batch.units)
        return 1;
    enum err err = spool_next(drain->with.spool, &drain->batch);
    if (err != ERR_OK) {
        drain->not_before = clock_ms() + AGAIN_MS;
        return 0;
    }
    drain->met = mem_new(drain->batch.count + 1);
    drain->keep = 0;
    return 1;
}

static void drain_go(void *arg)
{
    struct drain *drain = arg;
    drain->asked = 0;
    if (drain->closing || drain->open || clock_ms() < drain->not_before ||
        !store_is_up(drain->appender->options.store) || !frame_take(drain))
        return;
    for (size_t i = 0; i < drain->batch.count; i++)
        if (!drain->met[i])
            unit_send(drain, i);
    if (!drain->open)
        frame_ended(drain);
}

static void drain_tick(void *room, int64_t now)
{
    (void)now;
    drain_go(room);
}

struct drain *drain_new(struct loop *loop, struct appender *appender, const struct append_spool *with,
                        const struct drain_desks *desks)
{
    struct drain *drain = mem_new(sizeof *drain);
    *drain = (struct drain){.loop = loop, .appender = appender, .with = *with};
    if (desks)
        drain->desks = *desks;
    loop_on_tick(loop, drain_tick, drain);
    return drain;
}

static void drain_bury(void *arg)
{
    struct drain *drain = arg;
    frame_forget(drain);
    mem_free(drain);
}

void drain_free(struct drain *drain)
{
    if (!drain)
        return;
    drain->closing = 1;
    loop_off_tick(drain->loop, drain_tick, drain);
    loop_bury(drain->loop, drain, drain_bury);
}
