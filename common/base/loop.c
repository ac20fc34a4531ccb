/* loop.c -- see loop.h. Turns are event_base_loop(EVLOOP_ONCE); between two turns the later-list runs, then the graves.
 */
#include "common/base/loop.h"

#include <event2/event.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "common/base/clock.h"
#include "common/base/mem.h"

enum { TICKS_MAX = 32, SIGNALS_MAX = 8, TICK_MS = 250 };

struct later {
    struct later *next;
    loop_fn *fn;
    void *arg;
    const char *where;
};

struct loop_signal {
    struct loop *loop;
    struct event *event;
    loop_signal_fn *fn;
    void *room;
};

struct loop {
    struct event_base *base;
    struct event *tick;
    int stopping, ticked;
    struct {
        loop_tick_fn *fn;
        void *room;
    } ticks[TICKS_MAX];
    struct loop_signal signals[SIGNALS_MAX];
    unsigned signal_count;
    struct later *later_first, **later_last;
    struct later *next_first, **next_last; /* of the next turn */
    struct later *graves;
};

static void loop_ticked(evutil_socket_t fd, short what, void *arg)
{
    (void)fd;
    (void)what;
    struct loop *loop = arg;
    int64_t now = clock_ms();
    loop->ticked = 1;
    for (unsigned i = 0; i < TICKS_MAX; i++)
        if (loop->ticks[i].fn)
            loop->ticks[i].fn(loop->ticks[i].room, now);
}

struct loop *loop_new(void)
{
    struct loop *loop = mem_new(sizeof *loop);
    struct event_config *config = event_config_new();
    need(config != NULL);
    event_config_set_flag(config, EVENT_BASE_FLAG_NOLOCK);
    loop->base = event_base_new_with_config(config);
    event_config_free(config);
    need(loop->base != NULL);
    signal(SIGPIPE, SIG_IGN);
    loop->later_last = &loop->later_first;
    loop->next_last = &loop->next_first;
    loop->tick = event_new(loop->base, -1, EV_PERSIST, loop_ticked, loop);
    need(loop->tick != NULL);
    struct timeval every = {0, TICK_MS * 1000};
    need(event_add(loop->tick, &every) == 0);
    return loop;
}

static void loop_run_later(struct loop *loop)
{
    while (loop->later_first) {
        struct later *now = loop->later_first;
        loop->later_first = NULL;
        loop->later_last = &loop->later_first;
        while (now) {
            struct later *next = now->next;
            now->fn(now->arg);
            mem_free(now);
            now = next;
        }
    }
}

static void loop_run_graves(struct loop *loop)
{
    while (loop->graves) {
        struct later *grave = loop->graves;
        loop->graves = grave->next;
        grave->fn(grave->arg);
        mem_free(grave);
    }
}

/* What was put off until now joins what is to be done between two turns. */
static void loop_next_is_now(struct loop *loop)
{
    if (!loop->next_first)
        return;
    *loop->later_last = loop->next_first;
    loop->later_last = loop->next_last;
    loop->next_first = NULL;
    loop->next_last = &loop->next_first;
}

/* A dying object may ask for something later, and what runs later may bury. */
static void loop_drain(struct loop *loop)
{
    while (loop->later_first || loop->next_first || loop->graves) {
        loop_next_is_now(loop);
        loop_run_later(loop);
        loop_run_graves(loop);
    }
}

void loop_free(struct loop *loop)
{
    if (!loop)
        return;
    loop_drain(loop);
    for (unsigned i = 0; i < loop->signal_count; i++)
        event_free(loop->signals[i].event);
    event_free(loop->tick);
    event_base_free(loop->base);
    mem_free(loop);
}

struct event_base *loop_base(struct loop *loop)
{
    return loop->base;
}

void loop_run(struct loop *loop)
{
    while (!loop->stopping) {
        loop_next_is_now(loop);
        /* Work handed to loop_later() before the first turn must not wait for an event. */
        loop_run_later(loop);
        loop_run_graves(loop);
        if (loop->stopping)
            break;
        /* What was read lies on the stack until something else does; once in a tick costs no request anything. */
        if (loop->ticked)
            mem_wipe_stack();
        loop->ticked = 0;
        int flags = EVLOOP_ONCE | (loop->later_first || loop->next_first ? EVLOOP_NONBLOCK : 0);
        if (event_base_loop(loop->base, flags) < 0)
            err_need_failed("event_base_loop", __FILE__, __LINE__);
    }
    loop_drain(loop);
    loop->stopping = 0;
}

void loop_stop(struct loop *loop)
{
    loop->stopping = 1;
    event_base_loopbreak(loop->base);
}

int64_t loop_now(const struct loop *loop)
{
    (void)loop;
    return clock_ms();
}

void loop_on_tick(struct loop *loop, loop_tick_fn *fn, void *room)
{
    unsigned at = 0;
    while (at < TICKS_MAX && loop->ticks[at].fn)
        at++;
    need(at < TICKS_MAX);
    loop->ticks[at].fn = fn;
    loop->ticks[at].room = room;
}

void loop_off_tick(struct loop *loop, loop_tick_fn *fn, void *room)
{
    for (unsigned i = 0; i < TICKS_MAX; i++)
        if (loop->ticks[i].fn == fn && loop->ticks[i].room == room)
            loop->ticks[i].fn = NULL;
}

static void loop_signalled(evutil_socket_t fd, short what, void *arg)
{
    (void)what;
    struct loop_signal *s = arg;
    s->fn(s->room, (int)fd);
}

void loop_on_signal(struct loop *loop, int signal_number, loop_signal_fn *fn, void *room)
{
    need(loop->signal_count < SIGNALS_MAX);
    struct loop_signal *s = &loop->signals[loop->signal_count++];
    *s = (struct loop_signal){.loop = loop, .fn = fn, .room = room};
    s->event = evsignal_new(loop->base, signal_number, loop_signalled, s);
    need(s->event && event_add(s->event, NULL) == 0);
}

static void put(struct later ***last, loop_fn *fn, void *arg)
{
    struct later *l = mem_new(sizeof *l);
    *l = (struct later){.fn = fn, .arg = arg};
    **last = l;
    *last = &l->next;
}

void loop_later(struct loop *loop, loop_fn *fn, void *arg)
{
    put(&loop->later_last, fn, arg);
}

void loop_next_turn(struct loop *loop, loop_fn *fn, void *arg)
{
    put(&loop->next_last, fn, arg);
}

void loop_bury_at(struct loop *loop, void *object, loop_fn *fn, const char *where)
{
    for (struct later *g = loop->graves; g; g = g->next)
        if (g->arg == object) {
            fprintf(stderr, "level=fatal what=buried_twice at=%s first=%s\n", where, g->where);
            abort();
        }
    struct later *grave = mem_new(sizeof *grave);
    *grave = (struct later){.next = loop->graves, .fn = fn, .arg = object, .where = where};
    loop->graves = grave;
}
