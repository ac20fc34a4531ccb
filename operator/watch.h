/* watch.h -- keep the processes of an installation running, and stop all of them in order.
 *
 * One thread that waits for signals: a child's end wakes it at once. Children end with the launcher (the kernel sends
 * them their signal), and each is a process group, so that nothing it forked is left behind. */
#ifndef OPERATOR_WATCH_H
#define OPERATOR_WATCH_H

#include <stdint.h>
#include <sys/types.h>

#include "operator/crew.h"
#include "operator/program.h"

struct watched {
    struct crew_member member; /* kind NULL: the database */
    const char *name;
    int wanted;         /* to be running */
    pid_t pid;          /* 0: not running */
    int64_t started_ms; /* clock_ms() of its start */
    int64_t again_ms;   /* not before then */
    unsigned failures;  /* ends in a row without having lasted */
    struct {
        uint64_t inode;
        int64_t at_ns;
    } read_once;   /* which file of that kind (crew.h) it found at its start */
    int is_ending; /* asked to, because of another such file */
};

struct watch {
    const struct house *house;
    const struct program *program;
    struct watched list[CREW_MAX + 1]; /* the database first */
    size_t count;
    pid_t errand;     /* 0: none (watch_errand()) */
    int stop, reload; /* asked for by a signal */
};

/* Block the signals and list what there is; nothing is started yet. */
void watch_begin(struct watch *watch, const struct house *house, const struct program *program);
/* One's own database, and wait until it takes connections. ERR_SYSTEM (said), ERR_CANCELLED: asked to stop meanwhile.
 */
MUST_CHECK enum err watch_start_database(struct watch *watch);
/* Start the processes that stand behind the unlocking, or the others. */
void watch_start(struct watch *watch, int after_unlock);
/* Wait at most `ms` for something to happen; bury and start again what ended. ERR_CANCELLED: asked to stop;
 * ERR_SYSTEM: one process ends again and again before `settled` (said). */
MUST_CHECK enum err watch_turn(struct watch *watch, int64_t ms, int settled);
/* Hand SIGHUP on to every process but the database. One that cannot read its files again is started again, if they have
 * changed, and else left alone: keys under a passphrase would be locked by it. */
void watch_hang_up(struct watch *watch);
/* A child that does something of the launcher's own, one at a time: it is buried with the others, and ends with them.
 */
void watch_errand(struct watch *watch, pid_t child);
/* End it now, by force after two seconds, and bury it. Nothing happens where it has ended. */
void watch_errand_end(struct watch *watch);
/* Stop everything: the launcher's own errand first; the public doors and the console finish what they began, then
 * vaults, keys, at last the database. */
void watch_stop(struct watch *watch);

#endif
