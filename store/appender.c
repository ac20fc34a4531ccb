/* appender.c -- see appender.h. */
#include "store/appender.h"

#include <string.h>

#include "common/base/clock.h"
#include "common/base/mem.h"
#include "store/append_batch.h"
#include "store/appender_inside.h"

enum {
    BATCH_BYTES_MAX = 4 * 1024 * 1024, /* of bodies: a batch is held twice in the server's memory */
    ALONE_TRIES = 2,                   /* a rival may have come between; then it is the unit's own fault */
    GATHER_MS = 4, /* while the last batch is younger, the next one gathers: few large ones cost less than many small */
};

void appender_conclude(struct waiting_unit *w, enum err err, enum append_outcome outcome)
{
    if (!w->answered)
        w->done(w->room, w->tag, err, outcome);
    buf_free(&w->unit.body);
    mem_free(w->unit.letter);
    mem_free(w);
}

static void appender_answer_refused(void *arg)
{
    struct appender *a = arg;
    a->refuse_asked = 0;
    while (a->refused) {
        struct waiting_unit *w = a->refused;
        a->refused = w->next;
        appender_conclude(w, a->closing ? ERR_CANCELLED : ERR_BUSY, 0);
    }
}

static void appender_refuse(struct appender *a, struct waiting_unit *w)
{
    w->next = a->refused;
    a->refused = w;
    if (!a->refuse_asked)
        loop_later(a->loop, appender_answer_refused, a);
    a->refuse_asked = 1;
}

void appender_push(struct appender *a, struct waiting_unit *w)
{
    w->next = NULL;
    *a->last = w;
    a->last = &w->next;
    a->waiting++;
}

static struct waiting_unit *appender_pop(struct appender *a)
{
    struct waiting_unit *w = a->first;
    a->first = w->next;
    if (!a->first)
        a->last = &a->first;
    a->waiting--;
    w->next = NULL;
    return w;
}

struct waiting_unit *appender_take_waiting(struct appender *a)
{
    struct waiting_unit *all = a->first;
    a->first = NULL;
    a->last = &a->first;
    a->waiting = 0;
    return all;
}

static void appender_push_front(struct appender *a, struct waiting_unit *w)
{
    w->next = a->first;
    a->first = w;
    if (!w->next)
        a->last = &w->next;
    a->waiting++;
}

/* --- batches --- */

static void appender_ask_pump(struct appender *a);

static struct batch *appender_take_batch(struct appender *a, uint64_t id)
{
    struct batch **at = &a->batches;
    while ((*at)->id != id)
        at = &(*at)->next;
    struct batch *batch = *at;
    *at = batch->next;
    a->under_way--;
    return batch;
}

/* The server refused the batch as a whole: whose fault it was shows when each goes alone. */
static void unit_was_refused(struct appender *a, struct waiting_unit *w, enum err err)
{
    int final = err != ERR_DB_REFUSED || w->alone >= ALONE_TRIES;
    if (w->answered || (w->must_be_alone && final)) {
        appender_conclude(w, err, 0);
        return;
    }
    w->must_be_alone = 1;
    appender_push_front(a, w);
}

static void unit_has_outcome(struct appender *a, struct waiting_unit *w, const struct store_result *result,
                             unsigned row)
{
    int64_t outcome = store_i64(result, 0, row, 0);
    if (outcome == APPEND_STORED)
        appender_must_ring(a, store_text(result, 0, row, 1));
    if (outcome == 0 && !w->answered) {
        w->must_be_alone = 1;
        appender_push_front(a, w);
        return;
    }
    appender_conclude(w, ERR_OK, (enum append_outcome)outcome);
}

static int splits(enum err err)
{
    return err == ERR_DB_REFUSED || err == ERR_DENIED || err == ERR_NOT_FOUND || err == ERR_CONFLICT;
}

/* Whether it was stored is not known, or certainly not, and not for anything about it: then the spool can have it. */
static int is_away(enum err err)
{
    return err == ERR_DB_UNKNOWN || err == ERR_DB_DOWN || err == ERR_TIMEOUT;
}

static void batch_done(void *room, uint64_t tag, enum err err, const struct store_result *result)
{
    struct appender *a = room;
    struct batch *batch = appender_take_batch(a, tag);
    need(err != ERR_OK || store_rows(result, 0) == batch->count);
    unsigned row = 0;
    struct waiting_unit *w = batch->first;
    if (is_away(err) && !a->closing) {
        appender_spool_these(a, w, err);
        w = NULL;
    }
    while (w) {
        struct waiting_unit *next = w->next;
        if (a->closing)
            appender_refuse(a, w);
        else if (err == ERR_OK)
            unit_has_outcome(a, w, result, row);
        else if (splits(err))
            unit_was_refused(a, w, err);
        else
            appender_conclude(w, err, 0);
        w = next;
        row++;
    }
    mem_free(batch);
    appender_ring(a);
    appender_ask_pump(a);
}

static void appender_send(struct appender *a)
{
    struct batch *batch = mem_new(sizeof *batch);
    struct append_batch *columns = append_batch_new();
    struct waiting_unit **last = &batch->first;
    size_t bytes = 0;
    int64_t deadline = 0;
    while (a->first && batch->count < APPEND_BATCH_MAX) {
        struct waiting_unit *w = a->first;
        bytes += w->unit.body.len;
        if (batch->count && (w->must_be_alone || bytes > BATCH_BYTES_MAX))
            break;
        *last = appender_pop(a);
        last = &w->next;
        batch->count++;
        w->was_sent = 1;
        w->alone += w->must_be_alone ? 1 : 0;
        deadline = w->deadline > deadline ? w->deadline : deadline;
        append_batch_add(columns, &w->unit);
        if (w->must_be_alone)
            break;
    }
    batch->id = ++a->last_id;
    batch->sent_at = clock_ms();
    batch->next = a->batches;
    a->batches = batch;
    a->under_way++;
    struct store_unit *unit = store_unit_new(1);
    append_batch_put(columns, unit, a->options.append);
    append_batch_free(columns);
    store_submit(a->options.store, unit, deadline - clock_ms(), batch_done, a, batch->id);
}

/* The other connections are for a batch that waits: for a lock, for a server far away, for a machine that is busy. */
static int appender_may_send(const struct appender *a)
{
    if (a->under_way == 0)
        return 1;
    return a->under_way < a->options.batches && clock_ms() - a->batches->sent_at >= GATHER_MS;
}

/* Nothing is handed to a store without a connection, so that what was never sent is known. */
static void appender_pump(void *arg)
{
    struct appender *a = arg;
    a->pump_asked = 0;
    while (!a->closing && a->first && appender_may_send(a) && store_is_up(a->options.store))
        appender_send(a);
}

static void appender_ask_pump(struct appender *a)
{
    if (a->pump_asked || a->closing || !a->first)
        return;
    a->pump_asked = 1;
    loop_later(a->loop, appender_pump, a);
}

void appender_up(struct appender *appender)
{
    appender_ask_pump(appender);
}

/* --- deadlines --- */

static void appender_expire_waiting(struct appender *a, int64_t now)
{
    unsigned left = a->waiting;
    while (left-- && !a->closing) {
        struct waiting_unit *w = appender_pop(a);
        if (now > w->deadline)
            appender_conclude(w, w->was_sent ? ERR_DB_UNKNOWN : ERR_DB_DOWN, 0);
        else
            appender_push(a, w);
    }
}

static void appender_tick(void *room, int64_t now)
{
    struct appender *a = room;
    appender_spool_late(a, now);
    appender_expire_waiting(a, now);
    for (struct batch *b = a->batches; b && !a->closing; b = b->next)
        for (struct waiting_unit *w = b->first; w && !a->closing; w = w->next)
            if (!w->answered && now > w->deadline) {
                w->answered = 1;
                w->done(w->room, w->tag, ERR_DB_UNKNOWN, 0);
            }
    if (a->closing)
        return;
    appender_ring(a);
    appender_ask_pump(a);
}

/* --- public --- */

struct appender *appender_new(struct loop *loop, const struct appender_options *options)
{
    struct appender *a = mem_new(sizeof *a);
    a->loop = loop;
    a->options = *options;
    a->last = &a->first;
    loop_on_tick(loop, appender_tick, a);
    return a;
}

void appender_free(struct appender *appender)
{
    appender->closing = 1;
    loop_off_tick(appender->loop, appender_tick, appender);
    while (appender->first)
        appender_refuse(appender, appender_pop(appender));
    /* Batches under way come back as ERR_CANCELLED from the store, behind this turn's callbacks, before the graves. */
    loop_bury(appender->loop, appender, mem_free);
}

static struct waiting_unit *unit_take(struct append_unit *unit, int from_spool, int64_t deadline_ms,
                                      append_done_fn *done, void *room, uint64_t tag)
{
    need(unit->wrap_count <= APPEND_WRAPS_MAX);
    struct waiting_unit *w = mem_new(sizeof *w);
    w->unit = *unit;
    unit->body = BUF_INIT(unit->body.max);
    unit->letter = NULL;
    if (unit->desk) {
        need(strlen(unit->desk) < sizeof w->desk);
        memcpy(w->desk, unit->desk, strlen(unit->desk) + 1);
        w->unit.desk = w->desk;
    }
    w->since = clock_ms();
    w->deadline = w->since + deadline_ms;
    w->from_spool = from_spool;
    w->done = done;
    w->room = room;
    w->tag = tag;
    return w;
}

static void appender_take(struct appender *a, struct waiting_unit *w)
{
    need(!w->unit.letter);
    if (a->closing || a->waiting >= APPEND_WAITING_MAX) {
        appender_refuse(a, w);
        return;
    }
    appender_push(a, w);
    appender_ask_pump(a);
}

void appender_add(struct appender *appender, struct append_unit *unit, int64_t deadline_ms, append_done_fn *done,
                  void *room, uint64_t tag)
{
    appender_take(appender, unit_take(unit, 0, deadline_ms, done, room, tag));
}

void appender_add_spooled(struct appender *a, struct append_unit *unit, int64_t deadline_ms, append_done_fn *done,
                          void *room, uint64_t tag)
{
    appender_take(a, unit_take(unit, 1, deadline_ms, done, room, tag));
}

static void letters_go(void *arg)
{
    struct appender *a = arg;
    struct waiting_unit *letters = a->letters;
    a->letters = NULL;
    if (!a->closing) {
        appender_spool_these(a, letters, ERR_DB_DOWN);
        return;
    }
    while (letters) {
        struct waiting_unit *next = letters->next;
        appender_refuse(a, letters);
        letters = next;
    }
}

void appender_letter(struct appender *appender, struct append_unit *unit, append_done_fn *done, void *room,
                     uint64_t tag)
{
    need(unit->letter);
    struct waiting_unit *w = unit_take(unit, 0, 0, done, room, tag);
    if (!appender->letters)
        loop_later(appender->loop, letters_go, appender);
    w->next = appender->letters;
    appender->letters = w;
}

void appender_with_spool(struct appender *appender, const struct append_spool *with)
{
    need(!appender->with.spool && with->spool);
    appender->with = *with;
}
