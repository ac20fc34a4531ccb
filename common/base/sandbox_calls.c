/* sandbox_calls.c -- one table: a system call, which kinds of process keep it, and what its arguments must be.
 *
 * At most 45 a kind but the masters' (a test counts); which, was measured (docs/least-power.md), and a test sees that a
 * running system is never refused one (tests/flow/60_*). A call that is missing here fails with EPERM and does not
 * kill: a library that tries something new then takes its error path, and the reporter's request is not lost with the
 * process. */
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
    SPOOL = I | S | M,
    HEARS = I | S | C | V | K | M,
    LIBPQ = I | S | O | V | Q | M,
    OUT = LIBPQ | C,
    THREADS = O | V | M,
    ALL = OUT | K,
};

/* (argument & mask) == value; mask 0: any. */
struct call_row {
    const char *name;
    unsigned kinds;
    unsigned argument;
    uint64_t mask, value;
};

static const struct call_row call_rows[] = {
    /* memory; nothing of it ever becomes executable */
    {"brk", ALL, 0, 0, 0},
    {"mmap", ALL, 2, PROT_EXEC, 0},
    {"mprotect", ALL, 2, PROT_EXEC, 0},
    {"munmap", ALL, 0, 0, 0},
    {"mremap", ALL, 0, 0, 0},
    {"madvise", ALL, 0, 0, 0},
    /* the process itself; gettid and tgkill are abort() */
    {"futex", ALL, 0, 0, 0},
    {"getpid", ALL, 0, 0, 0},
    {"gettid", ALL, 0, 0, 0},
    {"tgkill", ALL, 0, 0, 0},
    {"rt_sigaction", ALL, 0, 0, 0},
    {"rt_sigprocmask", ALL, 0, 0, 0},
    {"rt_sigreturn", ALL, 0, 0, 0},
    {"exit_group", ALL, 0, 0, 0},
    {"clock_gettime", ALL, 0, 0, 0},
    {"getrandom", ALL, 0, 0, 0},
    /* what is open, and the loop; libevent asks how much there is to read */
    {"read", ALL, 0, 0, 0},
    {"readv", ALL, 0, 0, 0},
    {"write", ALL, 0, 0, 0},
    {"writev", ALL, 0, 0, 0},
    {"close", ALL, 0, 0, 0},
    {"ioctl", ALL, 1, UINT32_MAX, FIONREAD},
    {"epoll_wait", ALL, 0, 0, 0},
    {"epoll_ctl", ALL, 0, 0, 0},
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
    {"fcntl", LIBPQ, 0, 0, 0},
    {"poll", LIBPQ, 0, 0, 0},
    {"recvfrom", LIBPQ, 0, 0, 0},
    {"sendto", LIBPQ, 0, 0, 0},
    /* files, within what Landlock left open: certificates, manifest and passwords are read again */
    {"openat", OUT, 0, 0, 0},
    {"newfstatat", OUT, 0, 0, 0},
    {"lseek", OUT, 0, 0, 0},
    /* the spool, the gateway's keys of the day, the checkpoint; a vault writes over the older of its snapshots */
    {"fsync", SPOOL | Q, 0, 0, 0},
    {"fdatasync", SPOOL | V, 0, 0, 0},
    {"ftruncate", SPOOL | V, 0, 0, 0},
    {"getdents64", SPOOL, 0, 0, 0},
    {"unlink", SPOOL | Q, 0, 0, 0},
    {"rename", SPOOL | Q, 0, 0, 0},
    {"fchmod", S | Q | M, 0, 0, 0},
    /* threads (Argon2, the look-up of names), but no processes: clone3 hides its flags, answers ENOSYS and the C
     * library falls back to clone */
    {"clone", O | V, 0, CLONE_THREAD, CLONE_THREAD},
    {"exit", THREADS, 0, 0, 0},
    {"set_robust_list", THREADS, 0, 0, 0},
    {"rseq", THREADS, 0, 0, 0},
    /* libcurl's look-up of names: a pair to wake the loop, whom it reached, two questions at once, the domain we are in
     */
    {"socketpair", O | M, 0, 0, 0},
    {"getpeername", O | M, 0, 0, 0},
    {"sendmmsg", O | M, 0, 0, 0},
    {"uname", O | M, 0, 0, 0},
    /* the vault sees its sequencer end */
    {"wait4", V | M, 0, 0, 0},
    /* to start a worker again, as far as its own filter: no program can be executed, no port bound, no user become */
    {"clone", M, 0, 0, 0},
    {"kill", M, 0, 0, 0},
    {"getppid", M, 0, 0, 0},
    {"getuid", M, 0, 0, 0},
    {"geteuid", M, 0, 0, 0},
    {"getgid", M, 0, 0, 0},
    {"getegid", M, 0, 0, 0},
    {"epoll_create1", M, 0, 0, 0},
    {"pipe2", M, 0, 0, 0},
    {"prctl", M, 0, 0, 0},
    {"sysinfo", M, 0, 0, 0},
    {"capget", M, 0, 0, 0},
    {"landlock_create_ruleset", M, 0, 0, 0},
    {"landlock_add_rule", M, 0, 0, 0},
    {"landlock_restrict_self", M, 0, 0, 0},
    {"seccomp", M, 0, 0, 0},
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
