/* sandbox_calls.c -- one table: a system call, which kinds of process keep it, and what its arguments must be.
 *
 * At most 45 a kind (a test counts). A call that is missing here fails with EPERM and does not kill: a library that
 * tries something new then takes its error path, and the reporter's request is not lost with the process. */
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
    S = 1 << SANDBOX_CALLS_SERVER,
    V = 1 << SANDBOX_CALLS_VAULT,
    K = 1 << SANDBOX_CALLS_KEYS,
    G = 1 << SANDBOX_CALLS_GATEWAY,
    ALL = S | V | K | G,
    NET = S | V | G,
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
    /* the process itself */
    {"futex", ALL, 0, 0, 0},
    {"getpid", ALL, 0, 0, 0},
    {"gettid", ALL, 0, 0, 0}, /* abort(), with the next */
    {"tgkill", ALL, 0, 0, 0},
    {"rt_sigaction", ALL, 0, 0, 0},
    {"rt_sigprocmask", ALL, 0, 0, 0},
    {"rt_sigreturn", ALL, 0, 0, 0},
    {"exit_group", ALL, 0, 0, 0},
    {"clock_gettime", ALL, 0, 0, 0},
    {"getrandom", ALL, 0, 0, 0},
    /* what is open, and the loop */
    {"read", ALL, 0, 0, 0},
    {"readv", ALL, 0, 0, 0},
    {"write", ALL, 0, 0, 0},
    {"writev", ALL, 0, 0, 0},
    {"close", ALL, 0, 0, 0},
    {"fcntl", ALL, 0, 0, 0},
    {"ioctl", ALL, 1, UINT32_MAX, FIONREAD}, /* libevent asks how much there is to read */
    {"poll", ALL, 0, 0, 0},
    {"epoll_wait", ALL, 0, 0, 0},
    {"epoll_ctl", ALL, 0, 0, 0},
    {"accept4", ALL, 0, 0, 0},
    {"getsockopt", ALL, 0, 0, 0},
    {"recvfrom", ALL, 0, 0, 0},
    {"sendto", ALL, 0, 0, 0},
    /* connections out; no bind() and no listen(): the doors are open already */
    {"socket", NET, 0, UINT32_MAX, AF_UNIX},
    {"socket", NET, 0, UINT32_MAX, AF_INET},
    {"socket", NET, 0, UINT32_MAX, AF_INET6},
    {"connect", NET, 0, 0, 0},
    {"setsockopt", NET, 0, 0, 0},
    {"getsockname", NET, 0, 0, 0},
    {"shutdown", S, 0, 0, 0},
    /* files, within what Landlock left open */
    {"openat", NET, 0, 0, 0},
    {"newfstatat", NET, 0, 0, 0},
    {"fstat", NET, 0, 0, 0},
    {"fsync", S | V, 0, 0, 0},
    {"fdatasync", S, 0, 0, 0},
    {"ftruncate", S, 0, 0, 0},
    {"getdents64", S, 0, 0, 0},
    {"fchmod", S | V, 0, 0, 0},
    {"rename", S | V, 0, 0, 0},
    {"unlink", S | V, 0, 0, 0},
    /* threads, but no processes: clone3 hides its flags, answers ENOSYS and the C library falls back to clone */
    {"clone", V | G, 0, CLONE_THREAD, CLONE_THREAD},
    {"exit", V | G, 0, 0, 0},
    {"set_robust_list", V | G, 0, 0, 0},
    {"rseq", V | G, 0, 0, 0},
    /* libcurl's look-up of names: a pair to wake the loop, whom it reached, two questions at once, a
     * file's position */
    {"socketpair", G, 0, 0, 0},
    {"getpeername", G, 0, 0, 0},
    {"sendmmsg", G, 0, 0, 0},
    {"lseek", G, 0, 0, 0},
#if !defined(__x86_64__)
    /* where the calls of above exist only in their newer form */
    {"epoll_pwait", ALL, 0, 0, 0},
    {"ppoll", ALL, 0, 0, 0},
    {"renameat", S | V, 0, 0, 0},
    {"unlinkat", S | V, 0, 0, 0},
#endif
};

enum { CALL_ROWS = sizeof call_rows / sizeof *call_rows };

const char *const *sandbox_call_names(enum sandbox_calls calls)
{
    static const char *names[CALL_ROWS + 1];
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
