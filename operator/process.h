/* process.h -- start a program under a system user and tell how it ended. */
#ifndef OPERATOR_PROCESS_H
#define OPERATOR_PROCESS_H

#include <sys/types.h>

#include "operator/house.h"

struct process_plan {
    const char *const *argv; /* argv[0] is a path; NULL-ended */
    const char *user;        /* NULL: our own */
    int holds_keys;          /* keeps CAP_IPC_LOCK */
    int nicer;               /* added to our nice value: how far behind the others it stands */
    int end_signal;          /* sent by the kernel when the launcher ends */
    const char *in_memory;   /* this folder becomes memory that it alone sees, where that can be had; NULL: none */
    int in_memory_mib;       /* how much at most */
    int output;              /* descriptor for its output and errors; -1: ours */
    const char *input;       /* for process_run(): what it reads; NULL: nothing */
};

/* Returns the pid, or -1 (said on standard error). The child has a process group of its own, so that Ctrl-C reaches the
 * launcher alone, and of our environment only what it needs. */
pid_t process_start(const struct house *house, const struct process_plan *plan);
/* Start, feed, wait. Returns the exit status; -1 when it did not end by itself. */
int process_run(const struct house *house, const struct process_plan *plan);
/* Open DIR/log/NAME.log for appending; where that cannot be, says so and opens /dev/null: a launcher must not end for
 * want of a log. Closed at exec but where it becomes the output. */
int process_log(const struct house *house, const char *name);

#endif
