/* turns.h -- for the harnesses with a loop: run it without ever waiting. */
#ifndef TESTS_FUZZ_TURNS_H
#define TESTS_FUZZ_TURNS_H

#include <event2/event.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "common/base/loop.h"

/* Runs the loop and calls `fn` in every turn until loop_stop(): a descriptor that can always be read. */
static inline void turns_run(struct loop *loop, event_callback_fn fn)
{
    static int always = -1;
    if (always < 0)
        always = eventfd(1, EFD_CLOEXEC | EFD_NONBLOCK);
    struct event *turn = event_new(loop_base(loop), always, EV_READ | EV_PERSIST, fn, NULL);
    need(always >= 0 && turn && event_add(turn, NULL) == 0);
    loop_run(loop);
    event_free(turn);
}

/* What libevent frees in a turn of its own. */
static inline void turns_sweep(struct loop *loop)
{
    need(event_base_loop(loop_base(loop), EVLOOP_NONBLOCK) >= 0);
}

#endif
