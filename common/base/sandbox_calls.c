/* sandbox_calls.c -- one table: a system call, which kinds of process keep it, and what its arguments must be.
 *
 * At most 45 a kind but the masters' and what the cleaner starts (a test counts); which, was measured
 * (docs/least-power.md), and a test sees that a running system is never refused one (tests/flow/60_*). A call that is
 * missing here fails with EPERM and does not kill: a library that tries something new then takes its error path, and
 * the reporter's request is not lost with the process. */
#include "common/base/sandbox_calls.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <seccomp.h>
#include <stdint.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>

enum {
    I = 1 << SANDBOX_CALLS_INTAKE,
    S = 1 << SANDBOX_CALLS_SMS,
    O = 1 << SANDBOX_CALLS_SENDER, /* out */
    C = 1 << SANDBOX_CALLS_CONSOLE,
    V = 1 << SANDBOX_CALLS_VAULT,
    Q = 1 << SANDBOX_CALLS_SEQUENCER,
    K = 1 << SANDBOX_CALLS_KEYS,
    M = 1 << SANDBOX_CALLS_MASTER, /* and all that its children keep, for filters are inherited */
    L = 1 << SANDBOX_CALLS_CLEANER,
    T = 1 << SANDBOX_CALLS_STARTER,
    J = 1 << SANDBOX_CALLS_JOB,
    JOBS = T | J,
    SPOOL = I | S | M,
    HEARS = I | S | C | V | K | L | M,
    LIBPQ = I | S | O | V | Q | M,
    OUT = LIBPQ | C,
    THREADS = O | V | M,
    ALL = OUT | K | L,
    EVERY = ALL | JOBS,
};

/* No process in a user, network, file or process space of its own: there it would be root. */
#define NEW_SPACES                                                                                                     \
    (CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET)

/* (argument & mask) == value; mask 0: any. */
struct call_row {
    const char *name;
    unsigned kinds;
    unsigned argument;
    uint64_t mask, value;
};

static const struct call_row call_rows[] = {
    /* memory; nothing of it ever becomes executable */
    {"brk", EVERY, 0, 0, 0},
    {"mmap", ALL, 2, PROT_EXEC, 0},
    {"mprotect", ALL, 2, PROT_EXEC, 0},
    {"munmap", EVERY, 0, 0, 0},
    {"mremap", EVERY, 0, 0, 0},
    {"madvise", EVERY, 0, 0, 0},
    /* the process itself; gettid and tgkill are abort() */
    {"futex", EVERY, 0, 0, 0},
    {"getpid", EVERY, 0, 0, 0},
    {"gettid", EVERY, 0, 0, 0},
    {"tgkill", ALL, 0, 0, 0},
    {"rt_sigaction", EVERY, 0, 0, 0},
    {"rt_sigprocmask", EVERY, 0, 0, 0},
    {"rt_sigreturn", EVERY, 0, 0, 0},
    {"exit_group", EVERY, 0, 0, 0},
    {"clock_gettime", EVERY, 0, 0, 0},
    {"getrandom", EVERY, 0, 0, 0},
    /* what is open, and the loop; libevent asks how much there is to read */
    {"read", EVERY, 0, 0, 0},
    {"readv", EVERY, 0, 0, 0},
    {"write", EVERY, 0, 0, 0},
    {"writev", EVERY, 0, 0, 0},
    {"close", EVERY, 0, 0, 0},
    {"ioctl", EVERY, 1, UINT32_MAX, FIONREAD},
    {"epoll_wait", EVERY, 0, 0, 0},
    {"epoll_ctl", EVERY, 0, 0, 0},
    /* who comes in; no bind() and no listen(): the doors are open already */
    {"accept4", HEARS, 0, 0, 0},
    {"getsockopt", ALL, 0, 0, 0},
    {"setsockopt", OUT, 0, 0, 0},
    {"shutdown", I | S | C | M, 0, 0, 0},
    /* connections out: the console's lead to vaults and, by Landlock, to its neighbours' health ports alone */
    {"socket", OUT, 0, UINT32_MAX, AF_UNIX},
    {"socket", LIBPQ | C, 0, UINT32_MAX, AF_INET},
    {"socket", LIBPQ, 0, UINT32_MAX, AF_INET6},
    {"connect", OUT, 0, 0, 0},
    {"getsockname", LIBPQ, 0, 0, 0},
    {"fcntl", LIBPQ | L | JOBS, 0, 0, 0},
    {"poll", LIBPQ | JOBS, 0, 0, 0},
    {"recvfrom", LIBPQ, 0, 0, 0},
    {"sendto", LIBPQ, 0, 0, 0},
    /* files, within what Landlock left open: certificates, manifest and passwords are read again */
    {"openat", OUT | L | JOBS, 0, 0, 0},
    {"newfstatat", OUT | L | JOBS, 0, 0, 0},
    {"lseek", OUT | JOBS, 0, 0, 0},
    /* the spool, the gateway's keys of the day, the checkpoint; a vault writes over the older of its snapshots */
    {"fsync", SPOOL | Q | JOBS, 0, 0, 0},
    {"fdatasync", SPOOL | V | JOBS, 0, 0, 0},
    {"ftruncate", SPOOL | V | JOBS, 0, 0, 0},
    {"getdents64", SPOOL | L | JOBS, 0, 0, 0},
    {"unlink", SPOOL | Q | L | JOBS, 0, 0, 0},
    {"rename", SPOOL | Q | JOBS, 0, 0, 0},
    {"fchmod", S | Q | M | JOBS, 0, 0, 0},
    /* threads (Argon2, the look-up of names), but no processes: clone3 hides its flags, answers ENOSYS and the C
     * library falls back to clone */
    {"clone", O | V, 0, CLONE_THREAD, CLONE_THREAD},
    {"exit", THREADS | JOBS, 0, 0, 0},
    {"set_robust_list", THREADS | JOBS, 0, 0, 0},
    {"rseq", THREADS | JOBS, 0, 0, 0},
    /* libcurl's look-up of names: a pair to wake the loop, whom it reached, two questions at once, the domain we are in
     */
    {"socketpair", O | M, 0, 0, 0},
    {"getpeername", O | M, 0, 0, 0},
    {"sendmmsg", O | M, 0, 0, 0},
    {"uname", O | M | JOBS, 0, 0, 0},
    /* the vault sees its sequencer end */
    {"wait4", V | M | JOBS, 0, 0, 0},
    /* to start a worker again, as far as its own filter: no program can be executed, no port bound, no user become */
    {"clone", M, 0, 0, 0},
    {"kill", M | T, 0, 0, 0},
    {"getppid", M | JOBS, 0, 0, 0},
    {"getuid", M | JOBS, 0, 0, 0},
    {"geteuid", M | JOBS, 0, 0, 0},
    {"getgid", M | JOBS, 0, 0, 0},
    {"getegid", M | JOBS, 0, 0, 0},
    {"epoll_create1", M | JOBS, 0, 0, 0},
    {"pipe2", M | JOBS, 0, 0, 0},
    {"prctl", M | JOBS, 0, 0, 0},
    {"sysinfo", M | JOBS, 0, 0, 0},
    {"capget", M, 0, 0, 0},
    {"landlock_create_ruleset", M | T, 0, 0, 0},
    {"landlock_add_rule", M | T, 0, 0, 0},
    {"landlock_restrict_self", M | T, 0, 0, 0},
    {"seccomp", M | T, 0, 0, 0},
    /* the cleaner's own files: a folder for each job, a part of a result */
    {"pread64", L | JOBS, 0, 0, 0},
    {"mkdir", L | JOBS, 0, 0, 0},
    {"unlinkat", L | JOBS, 0, 0, 0},
    /* what cleans a file is a program of Debian's with its interpreter: programs, libraries, threads and files (which:
     * Landlock), but no socket, no name space, no trace of another process and no signal */
    {"mmap", JOBS, 0, 0, 0},
    {"mprotect", JOBS, 0, 0, 0},
    {"ioctl", JOBS, 1, UINT32_MAX, FIOCLEX},
    {"ioctl", JOBS, 1, UINT32_MAX, FIONCLEX},
    {"ioctl", JOBS, 1, UINT32_MAX, TCGETS},
    {"clone", JOBS, 0, NEW_SPACES, 0},
    {"setpgid", T, 0, 0, 0},
    {"waitid", JOBS, 0, 0, 0},
    {"vfork", JOBS, 0, 0, 0},
    {"execve", JOBS, 0, 0, 0},
    {"set_tid_address", JOBS, 0, 0, 0},
    {"arch_prctl", JOBS, 0, 0, 0},
    {"prlimit64", JOBS, 0, 0, 0},
    {"getrlimit", JOBS, 0, 0, 0},
    {"setrlimit", JOBS, 0, 0, 0},
    {"getrusage", JOBS, 0, 0, 0},
    {"times", JOBS, 0, 0, 0},
    {"time", JOBS, 0, 0, 0},
    {"gettimeofday", JOBS, 0, 0, 0},
    {"clock_getres", JOBS, 0, 0, 0},
    {"nanosleep", JOBS, 0, 0, 0},
    {"clock_nanosleep", JOBS, 0, 0, 0},
    {"sched_yield", JOBS, 0, 0, 0},
    {"sched_getaffinity", JOBS, 0, 0, 0},
    {"sched_getscheduler", JOBS, 0, 0, 0},
    {"sched_getparam", JOBS, 0, 0, 0},
    {"getcpu", JOBS, 0, 0, 0},
    {"membarrier", JOBS, 0, 0, 0},
    {"sigaltstack", JOBS, 0, 0, 0},
    {"rt_sigpending", JOBS, 0, 0, 0},
    {"rt_sigsuspend", JOBS, 0, 0, 0},
    {"rt_sigtimedwait", JOBS, 0, 0, 0},
    {"restart_syscall", JOBS, 0, 0, 0},
    {"getpgrp", JOBS, 0, 0, 0},
    {"getpgid", JOBS, 0, 0, 0},
    {"getsid", JOBS, 0, 0, 0},
    {"getresuid", JOBS, 0, 0, 0},
    {"getresgid", JOBS, 0, 0, 0},
    {"getgroups", JOBS, 0, 0, 0},
    {"getpriority", JOBS, 0, 0, 0},
    {"getcwd", JOBS, 0, 0, 0},
    {"chdir", JOBS, 0, 0, 0},
    {"fchdir", JOBS, 0, 0, 0},
    {"umask", JOBS, 0, 0, 0},
    {"open", JOBS, 0, 0, 0},
    {"creat", JOBS, 0, 0, 0},
    {"openat2", JOBS, 0, 0, 0},
    {"access", JOBS, 0, 0, 0},
    {"faccessat", JOBS, 0, 0, 0},
    {"faccessat2", JOBS, 0, 0, 0},
    {"stat", JOBS, 0, 0, 0},
    {"lstat", JOBS, 0, 0, 0},
    {"fstat", JOBS, 0, 0, 0},
    {"statx", JOBS, 0, 0, 0},
    {"statfs", JOBS, 0, 0, 0},
    {"fstatfs", JOBS, 0, 0, 0},
    {"readlink", JOBS, 0, 0, 0},
    {"readlinkat", JOBS, 0, 0, 0},
    {"pwrite64", JOBS, 0, 0, 0},
    {"preadv", JOBS, 0, 0, 0},
    {"pwritev", JOBS, 0, 0, 0},
    {"dup", JOBS, 0, 0, 0},
    {"dup2", JOBS, 0, 0, 0},
    {"dup3", JOBS, 0, 0, 0},
    {"pipe", JOBS, 0, 0, 0},
    {"eventfd2", JOBS, 0, 0, 0},
    {"ppoll", JOBS, 0, 0, 0},
    {"select", JOBS, 0, 0, 0},
    {"pselect6", JOBS, 0, 0, 0},
    {"epoll_create", JOBS, 0, 0, 0},
    {"epoll_pwait", JOBS, 0, 0, 0},
    {"sendfile", JOBS, 0, 0, 0},
    {"copy_file_range", JOBS, 0, 0, 0},
    {"fadvise64", JOBS, 0, 0, 0},
    {"fallocate", JOBS, 0, 0, 0},
    {"truncate", JOBS, 0, 0, 0},
    {"flock", JOBS, 0, 0, 0},
    {"link", JOBS, 0, 0, 0},
    {"linkat", JOBS, 0, 0, 0},
    {"symlink", JOBS, 0, 0, 0},
    {"symlinkat", JOBS, 0, 0, 0},
    {"renameat", JOBS, 0, 0, 0},
    {"renameat2", JOBS, 0, 0, 0},
    {"rmdir", JOBS, 0, 0, 0},
    {"mkdirat", JOBS, 0, 0, 0},
    {"chmod", JOBS, 0, 0, 0},
    {"fchmodat", JOBS, 0, 0, 0},
    {"utimensat", JOBS, 0, 0, 0},
    {"close_range", JOBS, 0, 0, 0},
    {"mlock", JOBS, 0, 0, 0},
    {"munlock", JOBS, 0, 0, 0},
    {"mincore", JOBS, 0, 0, 0},
    {"msync", JOBS, 0, 0, 0},
    {"get_mempolicy", JOBS, 0, 0, 0},
    {"timer_create", JOBS, 0, 0, 0},
    {"timer_settime", JOBS, 0, 0, 0},
    {"timer_delete", JOBS, 0, 0, 0},
    {"setitimer", JOBS, 0, 0, 0},
#if !defined(__x86_64__)
    /* where the calls of above exist only in their newer form */
    {"epoll_pwait", ALL, 0, 0, 0},
    {"ppoll", LIBPQ, 0, 0, 0},
    {"renameat", SPOOL | Q, 0, 0, 0},
    {"unlinkat", SPOOL | Q, 0, 0, 0},
#endif
};

enum { CALL_ROWS = sizeof call_rows / sizeof *call_rows };

const char *const *sandbox_call_names(enum sandbox_calls calls)
{
    static const char *lists[SANDBOX_CALLS_KINDS][CALL_ROWS + 1];
    const char **names = lists[calls];
    unsigned count = 0;
    for (unsigned i = 0; i < CALL_ROWS; i++)
        if (call_rows[i].kinds & 1u << calls && (!count || strcmp(names[count - 1], call_rows[i].name) != 0))
            names[count++] = call_rows[i].name;
    names[count] = NULL;
    return names;
}

static int call_allow(scmp_filter_ctx filter, const struct call_row *row)
{
    int number = seccomp_syscall_resolve_name(row->name);
    if (number == __NR_SCMP_ERROR)
        return 0; /* this machine's kernel has no such call */
    struct scmp_arg_cmp condition = SCMP_CMP64(row->argument, SCMP_CMP_MASKED_EQ, row->mask, row->value);
    return seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, number, row->mask ? 1 : 0, &condition);
}

enum err sandbox_calls_enter(enum sandbox_calls calls)
{
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
    if (!filter)
        return ERR_SYSTEM;
    int bad = seccomp_attr_set(filter, SCMP_FLTATR_CTL_TSYNC, 1);
    for (unsigned i = 0; i < CALL_ROWS && !bad; i++)
        if (call_rows[i].kinds & 1u << calls)
            bad = call_allow(filter, &call_rows[i]);
    if (!bad)
        bad = seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0);
    if (!bad)
        bad = seccomp_load(filter);
    seccomp_release(filter);
    return bad ? ERR_SYSTEM : ERR_OK;
}
