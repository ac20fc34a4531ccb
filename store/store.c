/* store.c -- see store.h. Units wait in one queue, go to the connection with the fewest under way, and come back to the
 * front of the queue when their connection is lost. Sending is gathered: what is submitted in one turn leaves in one
 * write. */
#include "store/store.h"

#include <libpq-fe.h>
#include <string.h>

#include "common/base/clock.h"
#include "common/base/mem.h"
#include "store/pg_listen.h"
#include "store/pg_pipe.h"

enum { CONNECTIONS_MAX = 8 };

struct unit_list {
    struct store_unit *first, **last;
    unsigned count;
};

struct store {
    struct loop *loop;
    char *conninfo, *password_path;
    struct pg_pipe pipes[CONNECTIONS_MAX];
    unsigned pipe_count;
    struct pg_listen listen;
    int listens;
    struct unit_list waiting; /* to be sent */
    struct unit_list refused; /* answered by loop_later: the queue was full, or the store is going */
    int pump_asked, refuse_asked, closing;
    void (*on_up)(void *room);
    void *room;
};

static void list_init(struct unit_list *list)
{
    *list = (struct unit_list){.last = &list->first};
}

static void list_push(struct unit_list *list, struct store_unit *unit)
{
    unit->next = NULL;
    *list->last = unit;
    list->last = &unit->next;
    list->count++;
}

static struct store_unit *list_pop(struct unit_list *list)
{
    struct store_unit *unit = list->first;
    if (!unit)
        return NULL;
    list->first = unit->next;
    if (!list->first)
        list->last = &list->first;
    list->count--;
    unit->next = NULL;
    return unit;
}

/* Those that were sent before come first, in the order in which they were handed back. */
static void list_push_resent(struct unit_list *list, struct store_unit *unit)
{
    struct store_unit **at = &list->first;
    while (*at && (*at)->was_sent)
        at = &(*at)->next;
    unit->next = *at;
    *at = unit;
    if (!unit->next)
        list->last = &unit->next;
    list->count++;
}

static void store_conclude(struct store_unit *unit, enum err err)
{
    store_unit_answer(unit, err);
    store_unit_free(unit);
}

static void store_answer_refused(void *arg)
{
    struct store *store = arg;
    store->refuse_asked = 0;
    struct store_unit *unit;
    while ((unit = list_pop(&store->refused)) != NULL)
        store_conclude(unit, store->closing ? ERR_CANCELLED : ERR_BUSY);
}

static void store_refuse(struct store *store, struct store_unit *unit)
{
    list_push(&store->refused, unit);
    if (!store->refuse_asked)
        loop_later(store->loop, store_answer_refused, store);
    store->refuse_asked = 1;
}

/* The connection with the fewest units under way, or NULL. */
static struct pg_pipe *store_free_pipe(struct store *store)
{
    struct pg_pipe *best = NULL;
    for (unsigned i = 0; i < store->pipe_count; i++)
        if (pg_pipe_has_room(&store->pipes[i]) && (!best || store->pipes[i].in_flight < best->in_flight))
            best = &store->pipes[i];
    return best;
}

static void store_pump(void *arg)
{
    struct store *store = arg;
    store->pump_asked = 0;
    struct pg_pipe *pipe;
    while (!store->closing && store->waiting.first && (pipe = store_free_pipe(store)) != NULL)
        pg_pipe_send(pipe, list_pop(&store->waiting));
    for (unsigned i = 0; i < store->pipe_count && !store->closing; i++)
        pg_pipe_flush(&store->pipes[i]);
}

static void store_ask_pump(struct store *store)
{
    if (store->pump_asked || store->closing)
        return;
    store->pump_asked = 1;
    loop_later(store->loop, store_pump, store);
}

/* --- what the connections say --- */

static void store_pipe_up(void *owner)
{
    struct store *store = owner;
    if (store->closing)
        return;
    store_ask_pump(store);
    if (store->on_up)
        store->on_up(store->room);
}

static void store_finished(void *owner, struct store_unit *unit, enum err err)
{
    struct store *store = owner;
    if (store->closing) {
        store_refuse(store, unit);
        return;
    }
    store_conclude(unit, err);
    if (store->waiting.first)
        store_ask_pump(store);
}

static void store_unfinished(void *owner, struct store_unit *unit)
{
    struct store *store = owner;
    if (store->closing) {
        store_refuse(store, unit);
    } else if (!unit->again || unit->answered || clock_ms() > unit->deadline) {
        store_conclude(unit, ERR_DB_UNKNOWN);
    } else {
        store_unit_forget_results(unit);
        list_push_resent(&store->waiting, unit);
        store_ask_pump(store);
    }
}

static const struct pg_pipe_owner store_as_owner = {store_pipe_up, store_finished, store_unfinished};

static void store_expire_waiting(struct store *store, int64_t now)
{
    struct unit_list expired;
    list_init(&expired);
    unsigned left = store->waiting.count;
    while (left--) {
        struct store_unit *unit = list_pop(&store->waiting);
        need(unit != NULL);
        list_push(now > unit->deadline ? &expired : &store->waiting, unit);
    }
    struct store_unit *unit;
    while ((unit = list_pop(&expired)) != NULL) {
        if (store->closing)
            store_refuse(store, unit);
        else
            store_conclude(unit, unit->was_sent ? ERR_DB_UNKNOWN : ERR_DB_DOWN);
    }
}

static void store_tick(void *room, int64_t now)
{
    struct store *store = room;
    if (store->listens)
        pg_conn_tick(&store->listen.conn, now);
    for (unsigned i = 0; i < store->pipe_count && !store->closing; i++)
        pg_pipe_tick(&store->pipes[i], now);
    if (!store->closing)
        store_expire_waiting(store, now);
}

/* --- public --- */

struct store *store_new(struct loop *loop, const struct store_options *options)
{
    need(options->connections >= 1 && options->connections <= CONNECTIONS_MAX);
    struct store *store = mem_new(sizeof *store);
    store->loop = loop;
    store->conninfo = mem_copy_text(options->conninfo);
    store->password_path = options->password_path ? mem_copy_text(options->password_path) : NULL;
    store->on_up = options->on_up;
    store->room = options->room;
    list_init(&store->waiting);
    list_init(&store->refused);
    store->pipe_count = options->connections;
    for (unsigned i = 0; i < store->pipe_count; i++)
        pg_pipe_init(&store->pipes[i], loop, store->conninfo, store->password_path, options->session_sql,
                     &store_as_owner, store);
    if (options->listen) {
        store->listens = 1;
        pg_listen_init(&store->listen, loop, store->conninfo, store->password_path, options->listen, options->on_notify,
                       options->room);
    }
    loop_on_tick(loop, store_tick, store);
    return store;
}

static void store_bury(void *arg)
{
    struct store *store = arg;
    for (unsigned i = 0; i < store->pipe_count; i++)
        pg_pipe_close(&store->pipes[i]);
    if (store->listens)
        pg_listen_close(&store->listen);
    mem_free(store->conninfo);
    mem_free(store->password_path);
    mem_free(store);
}

static void store_refuse_one(void *owner, struct store_unit *unit)
{
    store_refuse(owner, unit);
}

void store_free(struct store *store)
{
    if (!store)
        return;
    store->closing = 1;
    store->listen.quiet = 1;
    loop_off_tick(store->loop, store_tick, store);
    for (unsigned i = 0; i < store->pipe_count; i++)
        pg_pipe_empty(&store->pipes[i], store_refuse_one);
    struct store_unit *unit;
    while ((unit = list_pop(&store->waiting)) != NULL)
        store_refuse(store, unit);
    loop_bury(store->loop, store, store_bury);
}

int store_is_up(const struct store *store)
{
    for (unsigned i = 0; i < store->pipe_count; i++)
        if (store->pipes[i].is_up)
            return 1;
    return 0;
}

void store_submit(struct store *store, struct store_unit *unit, int64_t deadline_ms, store_done_fn *done, void *room,
                  uint64_t tag)
{
    need(unit->count > 0 && done);
    unit->deadline = clock_ms() + deadline_ms;
    unit->done = done;
    unit->room = room;
    unit->tag = tag;
    if (store->closing || store->waiting.count >= STORE_WAITING_MAX) {
        store_refuse(store, unit);
        return;
    }
    list_push(&store->waiting, unit);
    store_ask_pump(store);
}
