/* starter.h -- the process that starts jobs, and how the cleaner speaks to it.
 *
 * The cleaner hears the vault and can start nothing; its child, the starter, hears the cleaner alone (fixed messages
 * over a pair of sockets), starts a runner for each job, watches clock and folder, and kills what is over its limit. */
#ifndef TRIAGE_CLEANER_STARTER_H
#define TRIAGE_CLEANER_STARTER_H

#include "common/base/loop.h"
#include "triage/cleaner/runner.h"

enum { STARTER_JOBS_MAX = 2, STARTER_PATH = 512 };

enum starter_end { STARTER_ENDED, STARTER_LIMITS, STARTER_FAILED, STARTER_STOPPED };

/* Fork it, before the loop is made and anything is read: `work` (absolute, shorter than STARTER_PATH) has the jobs'
 * folders, named by number. As root it becomes `user` (NULL: stays). Returns the cleaner's end of the pair. */
int starter_fork(const char *work, const struct runner_limits *limits, const char *user);

struct starter;
/* On the cleaner's side. `ended` once for each job that was started; `lost` when the starter is no more. */
typedef void starter_ended_fn(void *room, uint32_t job, enum starter_end end);
typedef void starter_lost_fn(void *room);
struct starter *starter_new(struct loop *loop, int fd, starter_ended_fn *ended, starter_lost_fn *lost, void *room);
/* The starter is told, kills its jobs and ends. Blocks until it has: who starts us again at once finds none of it. */
void starter_free(struct starter *starter);
/* At most STARTER_JOBS_MAX at a time. */
void starter_run(struct starter *starter, uint32_t number, const struct runner_job *job);
/* It is told as ended, then or already. */
void starter_stop(struct starter *starter, uint32_t number);

#endif
