/* workers.h -- threads that do heavy work for a loop which must not wait: jobs in the order in which they were given,
 * each told on the loop when it was done.
 *
 * A job touches nothing but its own room while a thread has it; whoever gave it leaves that room alone until it is
 * called. That is all the threads of this project share. */
#ifndef COMMON_BASE_WORKERS_H
#define COMMON_BASE_WORKERS_H

#include "common/base/err.h"
#include "common/base/loop.h"

struct workers;

enum { WORKERS_MAX = 4 };

/* Before the sandbox: makes what the threads answer through. Never NULL. */
struct workers *workers_new(struct loop *loop);
/* After the sandbox: the threads, at most WORKERS_MAX. */
void workers_start(struct workers *workers, unsigned count);
/* Ends the threads, each behind the job that it has; whoever still waits is told ERR_CANCELLED. */
void workers_free(struct workers *workers);

/* In a thread. */
typedef void workers_run_fn(void *room);
/* On the loop, once, never before workers_give() returned: ERR_OK, it was run; ERR_CANCELLED, it was not, or the loop
 * ends. */
typedef void workers_done_fn(void *room, enum err err);
void workers_give(struct workers *workers, workers_run_fn *run, workers_done_fn *done, void *room);

#endif
