/* loop.h -- the event loop of a process: one base, one tick, signals, and a place where objects die.
 *
 * Objects die between callbacks, never inside one: loop_bury() frees after the current turn. Deadlines are numbers
 * checked by the tick (each 250 ms), so that a timer can never fail to be added. With each tick the stack below the
 * loop is wiped: what a callback left there is gone a moment later. */
#ifndef COMMON_BASE_LOOP_H
#define COMMON_BASE_LOOP_H

#include <stdint.h>

#include "common/base/err.h"

struct event_base;
struct loop;

/* Create after the last fork. Never NULL. SIGPIPE is ignored. */
struct loop *loop_new(void);
void loop_free(struct loop *loop);
struct event_base *loop_base(struct loop *loop);

/* Runs until loop_stop(), which may also have been called before. */
void loop_run(struct loop *loop);
void loop_stop(struct loop *loop);

/* Monotonic milliseconds, exact at the call: one of a turn's start would be older than the wait for its events. */
int64_t loop_now(const struct loop *loop);

/* Call `fn` every tick (about 250 ms) until loop_off_tick(). At most 32 of them at a time. */
typedef void loop_tick_fn(void *room, int64_t now_ms);
void loop_on_tick(struct loop *loop, loop_tick_fn *fn, void *room);
/* End what loop_on_tick() began with the same two; also from within a tick. Unknown ones are ignored. */
void loop_off_tick(struct loop *loop, loop_tick_fn *fn, void *room);

/* Call `fn` when the signal comes (SIGTERM, SIGINT, SIGHUP, SIGUSR1). At most 8 of them. */
typedef void loop_signal_fn(void *room, int signal_number);
void loop_on_signal(struct loop *loop, int signal_number, loop_signal_fn *fn, void *room);

/* Call `fn(arg)` once, after the current callback has returned. The promise "never before the call that asked for it
 * returns" is kept with this. */
typedef void loop_fn(void *arg);
void loop_later(struct loop *loop, loop_fn *fn, void *arg);
/* The same, but events that have come are looked at first: for work that is done a little at a time. In the order they
 * asked. What dies meanwhile must not be buried before it ran: put the burial off in the same way. */
void loop_next_turn(struct loop *loop, loop_fn *fn, void *arg);
/* Free `object` with `fn` at the end of the turn. Burying twice stops the process and names the first burial. */
#define loop_bury(loop, object, fn) loop_bury_at((loop), (object), (fn), __FILE__ ":" LOOP_TEXT(__LINE__))
#define LOOP_TEXT(x)                LOOP_TEXT2(x)
#define LOOP_TEXT2(x)               #x
void loop_bury_at(struct loop *loop, void *object, loop_fn *fn, const char *where);

#endif
