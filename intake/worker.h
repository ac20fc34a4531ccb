/* worker.h -- one worker of the public door, from reading its keys to its last answer. */
#ifndef INTAKE_WORKER_H
#define INTAKE_WORKER_H

struct intake;

enum { WORKER_PUBLIC, WORKER_PLAIN, WORKER_LISTENS };

/* For prefork: `settings` is a struct settings; `fds` has the listeners of the enum, -1 where off. Returns the exit
 * code. */
int worker_run(void *settings, unsigned index, const int *fds);
/* Take no more connections, answer what is under way for at most `grace_ms`, then return from worker_run(). */
void worker_stop(struct intake *intake, int grace_ms);

#endif
