/* runner.h -- one job, in a process of its own: shuts itself in, finds out what the file is, has it cleaned or drawn
 * (craft.h), and leaves a report.
 *
 * Everything that looks at a stranger's bytes runs behind runner_run(): libmagic in it, the tools below it. */
#ifndef TRIAGE_CLEANER_RUNNER_H
#define TRIAGE_CLEANER_RUNNER_H

#include "triage/cleaner/ask.h"

#define RUNNER_IN     "in"
#define RUNNER_REPORT "report"

/* What the tools are and what they read, NULL-ended: the starter and its jobs may start the first and read the second.
 * Not all of /usr: what recourse itself reads lies there too. */
extern const char *const RUNNER_PROGRAMS[], *const RUNNER_DATA[];

struct runner_limits {
    uint64_t memory;  /* address space of each program, bytes */
    uint32_t seconds; /* of the processor; and of the clock, which the starter watches */
    int own_user;     /* nobody else runs as this user: the count of processes can be limited */
};

struct runner_job {
    enum ask_want want;
    char extension[CLEANER_EXTENSION_MAX + 1];
    uint64_t bytes; /* what the job's folder may hold; no file grows beyond it */
};

/* Its first step, apart so that a test can look around from inside: goes into `folder` and gives up all but that
 * folder, programs and what they read, within the limits. */
void runner_shut_in(const char *folder, const struct runner_job *job, const struct runner_limits *limits);

/* In a child of the starter, which leads its own process group: in `folder` (absolute), with the file there as
 * RUNNER_IN. Leaves RUNNER_REPORT and, if there is one, CRAFT_RESULT; ends the process with status 0. Anything else is
 * a job that did not end by itself. */
_Noreturn void runner_run(const char *folder, const struct runner_job *job, const struct runner_limits *limits);

#endif
