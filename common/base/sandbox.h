/* sandbox.h -- give up what a process will not need again, and say what could not be given up.
 *
 * Two calls: sandbox_begin() first thing in main, sandbox_enter() last before serving. In between a process forks its
 * workers, opens its listeners, reads its keys and makes its loop; afterwards it can do none of these. */
#ifndef COMMON_BASE_SANDBOX_H
#define COMMON_BASE_SANDBOX_H

#include <stddef.h>
#include <stdint.h>

enum sandbox_calls {
    SANDBOX_CALLS_INTAKE,    /* sockets in and out, epoll, and files (which ones: Landlock) for the spool */
    SANDBOX_CALLS_SMS,       /* the same, and a file's mode for the keys of the day */
    SANDBOX_CALLS_SENDER,    /* sockets out, and threads: libcurl looks names up in one. No file is written */
    SANDBOX_CALLS_CONSOLE,   /* sockets in, unix sockets out. No file is written */
    SANDBOX_CALLS_VAULT,     /* sockets in and out, threads (Argon2). No file is written but those open before */
    SANDBOX_CALLS_SEQUENCER, /* sockets out, the files of the checkpoints */
    SANDBOX_CALLS_KEYS,      /* accepting on one unix socket, memory, nothing else: no file can be opened any more */
    SANDBOX_CALLS_CLEANER,   /* accepting on one unix socket; files in its work folder. No program is started by it */
    SANDBOX_CALLS_STARTER,   /* starts the cleaner's jobs: hears the cleaner alone, keeps what they keep */
    SANDBOX_CALLS_JOB,       /* tools that clean a file: programs and files as they need them; no socket, no signal */
    SANDBOX_CALLS_MASTER, /* forks workers: all that these keep, and what they need to start and to shut themselves in
                           */
    SANDBOX_CALLS_KINDS
};

struct sandbox {
    enum sandbox_calls calls;
    int lock_memory; /* mlockall: keys must never reach a swap device */
    /* Landlock: files and folders (with all below), NULL-ended or NULL; everything else on the file system is closed.
     * One that is not there is logged and left out. A file that is replaced by a rename must be named by its folder. */
    const char *const *read_paths;
    const char *const *write_paths; /* read, write, make and remove files and sockets */
    /* Read and start programs. NULL: none can be started. With it memory may become executable, as programs need, and
     * signals reach nobody outside (Landlock 6). */
    const char *const *exec_paths;
    const uint16_t
        *connect_ports; /* 0-ended: TCP leads to these alone (Landlock 4); NULL: not restricted. No port is bound */
    const char *room;   /* an identifier for the log lines */
};

/* Early in main, before anything secret is read: no core dumps (RLIMIT_CORE 0, not dumpable), no new privileges,
 * umask 077. */
void sandbox_begin(void);
/* Last before serving, while the process has one thread and has forked all it will fork: drop to `user` when started as
 * root (NULL: stay), lock memory, Landlock, seccomp. A forbidden call then fails with EPERM; memory never becomes
 * executable. Each step that the kernel or a sanitizer build does not allow is logged once as what=sandbox_without.
 * Stops with a sentence when `user` does not exist, and when memory must be locked, cannot be, and the machine has
 * swap. */
void sandbox_enter(const struct sandbox *plan, const char *user);

/* The same for the master of workers, after its first forks; `write_paths` as its workers'. It may read what its user
 * may, starts no program, opens no port. Started as root (its workers change the user) it keeps its calls and says
 * so. */
void sandbox_enter_master(const char *room, const char *const *write_paths);

/* The system calls a kind of process is left with, for tests: the names, NULL-ended. */
const char *const *sandbox_call_names(enum sandbox_calls calls);

#endif
