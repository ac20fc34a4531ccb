/* sandbox.c -- see sandbox.h. One function a step; each says what=sandbox_without when it could not be taken.
 *
 * Capabilities and Landlock go by raw system calls: libcap is one library more, and Debian 12's headers end at the
 * second Landlock version while kernels have the seventh. Neighbour: sandbox_calls.c, the tables of system calls. */
#include "common/base/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <linux/landlock.h>
#include <pwd.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "common/base/log.h"
#include "common/base/sandbox_calls.h"

#if defined(__SANITIZE_ADDRESS__)
#define SANDBOX_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANDBOX_SANITIZED 1
#endif
#endif
#ifndef SANDBOX_SANITIZED
#define SANDBOX_SANITIZED 0
#endif

#define sandbox_without(plan, step, cause)                                                                             \
    log_warn("sandbox_without", LOG_NAME("of", (plan)->room), LOG_WORD("step", step), LOG_WORD("cause", cause))

/* ---- at the beginning ---- */

/* The leak checker attaches to its own process at the end, which a process that is not dumpable refuses. */
static void sandbox_hide_memory(void)
{
    need(SANDBOX_SANITIZED || prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0);
}

void sandbox_begin(void)
{
    const struct rlimit none = {0, 0};
    need(setrlimit(RLIMIT_CORE, &none) == 0);
    sandbox_hide_memory();
    need(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0);
    umask(077);
}

/* ---- privileges ---- */

static struct __user_cap_header_struct cap_header(void)
{
    return (struct __user_cap_header_struct){.version = _LINUX_CAPABILITY_VERSION_3};
}

static int sandbox_may_lock(void)
{
    struct __user_cap_header_struct header = cap_header();
    struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = {0};
    return syscall(SYS_capget, &header, data) == 0 && (data[0].effective & (1u << CAP_IPC_LOCK)) != 0;
}

/* Of all capabilities keep CAP_IPC_LOCK, or none. */
static void sandbox_keep_only_lock(int lock_memory)
{
    struct __user_cap_header_struct header = cap_header();
    struct __user_cap_data_struct had[_LINUX_CAPABILITY_U32S_3] = {0}, keep[_LINUX_CAPABILITY_U32S_3] = {0};
    need(syscall(SYS_capget, &header, had) == 0);
    if (lock_memory)
        keep[0].permitted = keep[0].effective = had[0].permitted & (1u << CAP_IPC_LOCK);
    need(syscall(SYS_capset, &header, keep) == 0);
}

static void sandbox_drop_to(const char *user, int lock_memory)
{
    int signal_at_end = 0;
    const struct passwd *who = getpwnam(user);
    if (!who || who->pw_uid == 0)
        err_die("There is no unprivileged user %s to run as.", user);
    uid_t uid = who->pw_uid;
    gid_t gid = who->pw_gid;
    need(prctl(PR_GET_PDEATHSIG, &signal_at_end, 0, 0, 0) == 0);
    need(prctl(PR_SET_KEEPCAPS, lock_memory ? 1 : 0, 0, 0, 0) == 0);
    if (initgroups(user, gid) != 0 || setresgid(gid, gid, gid) != 0 || setresuid(uid, uid, uid) != 0)
        err_die("Cannot change to the user %s: %s.", user, strerror(errno));
    sandbox_keep_only_lock(lock_memory);
    need(setuid(0) != 0 && geteuid() == uid);
    /* The kernel decides anew about dumps when the uid changes, and forgets with whom the process wished to die. */
    sandbox_hide_memory();
    need(prctl(PR_SET_PDEATHSIG, signal_at_end, 0, 0, 0) == 0);
}

/* ---- memory ---- */

static int sandbox_has_swap(void)
{
    FILE *swaps = fopen("/proc/swaps", "re");
    char line[256];
    int lines = 0;
    if (!swaps)
        return 0;
    while (fgets(line, sizeof line, swaps))
        lines++;
    fclose(swaps);
    return lines > 1; /* the first is a heading */
}

static void sandbox_lock_memory(const struct sandbox *plan)
{
    if (SANDBOX_SANITIZED) {
        sandbox_without(plan, "lock_memory", "sanitizer");
        return;
    }
    struct rlimit limit;
    need(getrlimit(RLIMIT_MEMLOCK, &limit) == 0);
    limit.rlim_cur = limit.rlim_max;
    /* Under a limit, mlockall would succeed now and malloc fail later. */
    int may = sandbox_may_lock() || (limit.rlim_max == RLIM_INFINITY && setrlimit(RLIMIT_MEMLOCK, &limit) == 0);
    if (may && mlockall(MCL_CURRENT | MCL_FUTURE) == 0)
        return;
    if (sandbox_has_swap())
        err_die("This process holds keys, may not lock its memory and runs beside swap: "
                "give it CAP_IPC_LOCK or turn the swap off.");
    sandbox_without(plan, "lock_memory", "not_allowed");
}

/* ---- Landlock ---- */

/* Newer than Debian 12's linux/landlock.h. The kernel takes a longer structure when what it does not know is zero. */
struct landlock_rules {
    uint64_t access_fs, access_net, scoped;
};
enum {
    LANDLOCK_TRUNCATE = 1 << 14,      /* from 3 */
    LANDLOCK_IOCTL_DEV = 1 << 15,     /* from 5 */
    LANDLOCK_BIND_TCP = 1 << 0,       /* from 4 */
    LANDLOCK_CONNECT_TCP = 1 << 1,    /* from 4 */
    LANDLOCK_NET_PORT = 2,            /* a kind of rule */
    LANDLOCK_SCOPE_ABSTRACT = 1 << 0, /* from 6: no connecting to abstract unix sockets outside */
    LANDLOCK_SCOPE_SIGNAL = 1 << 1,   /* from 6: no signal to a process outside */
};

#define LANDLOCK_READ (LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR)
#define LANDLOCK_WRITE                                                                                                 \
    (LANDLOCK_READ | LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_REMOVE_DIR | LANDLOCK_ACCESS_FS_REMOVE_FILE |  \
     LANDLOCK_ACCESS_FS_MAKE_DIR | LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_MAKE_SOCK |                        \
     LANDLOCK_ACCESS_FS_REFER | LANDLOCK_TRUNCATE)
#define LANDLOCK_PROGRAM (LANDLOCK_READ | LANDLOCK_ACCESS_FS_EXECUTE)
/* What makes sense for a single file; the kernel refuses the rest on one. */
#define LANDLOCK_FILE                                                                                                  \
    (LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_TRUNCATE |   \
     LANDLOCK_IOCTL_DEV)

static uint64_t landlock_handled(int abi)
{
    /* Bits 0 to 12 are the first version's. */
    uint64_t handled = (1u << 13) - 1;
    if (abi >= 2)
        handled |= LANDLOCK_ACCESS_FS_REFER;
    if (abi >= 3)
        handled |= LANDLOCK_TRUNCATE;
    if (abi >= 5)
        handled |= LANDLOCK_IOCTL_DEV;
    return handled;
}

static void landlock_allow(const struct sandbox *plan, int rules, const char *path, uint64_t access)
{
    struct stat st;
    int fd = open(path, O_PATH | O_CLOEXEC);
    if (fd < 0 || fstat(fd, &st) != 0) {
        sandbox_without(plan, "landlock_path", "not_there");
    } else {
        struct landlock_path_beneath_attr beneath = {
            .allowed_access = S_ISDIR(st.st_mode) ? access : access & LANDLOCK_FILE, .parent_fd = fd};
        if (syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &beneath, 0) != 0)
            sandbox_without(plan, "landlock_path", "refused");
    }
    if (fd >= 0)
        close(fd);
}

static void landlock_allow_all(const struct sandbox *plan, int rules, const char *const *paths, uint64_t access)
{
    for (; paths && *paths; paths++)
        landlock_allow(plan, rules, *paths, access);
}

static void landlock_allow_ports(const struct sandbox *plan, int rules)
{
    for (const uint16_t *port = plan->connect_ports; port && *port; port++) {
        const struct {
            uint64_t allowed_access, port;
        } rule = {LANDLOCK_CONNECT_TCP, *port};
        if (syscall(SYS_landlock_add_rule, rules, LANDLOCK_NET_PORT, &rule, 0) != 0)
            sandbox_without(plan, "landlock_port", "refused");
    }
}

static uint64_t landlock_handled_net(const struct sandbox *plan, long abi)
{
    if (abi < 4)
        return 0;
    return LANDLOCK_BIND_TCP | (plan->connect_ports ? LANDLOCK_CONNECT_TCP : 0);
}

static uint64_t landlock_scopes(const struct sandbox *plan, long abi)
{
    if (abi < 6)
        return 0;
    return LANDLOCK_SCOPE_ABSTRACT | (plan->exec_paths ? LANDLOCK_SCOPE_SIGNAL : 0);
}

static void sandbox_close_files(const struct sandbox *plan)
{
    long abi = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
    if (abi < 1) {
        sandbox_without(plan, "landlock", "kernel");
        return;
    }
    uint64_t handled = landlock_handled((int)abi);
    struct landlock_rules wanted = {
        .access_fs = handled, .access_net = landlock_handled_net(plan, abi), .scoped = landlock_scopes(plan, abi)};
    int rules = (int)syscall(SYS_landlock_create_ruleset, &wanted, sizeof wanted, 0);
    if (rules < 0) {
        sandbox_without(plan, "landlock", "refused");
        return;
    }
    landlock_allow_all(plan, rules, plan->read_paths, LANDLOCK_READ & handled);
    landlock_allow_all(plan, rules, plan->write_paths, LANDLOCK_WRITE & handled);
    landlock_allow_all(plan, rules, plan->exec_paths, LANDLOCK_PROGRAM & handled);
    if (wanted.access_net & LANDLOCK_CONNECT_TCP)
        landlock_allow_ports(plan, rules);
    if (SANDBOX_SANITIZED) /* its reports read the process's own maps */
        landlock_allow(plan, rules, "/proc", LANDLOCK_READ);
    if (syscall(SYS_landlock_restrict_self, rules, 0) != 0)
        sandbox_without(plan, "landlock", "refused");
    close(rules);
}

/* ---- all of it ---- */

static void sandbox_close_calls(const struct sandbox *plan)
{
    /* What may start programs keeps enough for a sanitizer too. */
    if (SANDBOX_SANITIZED && !plan->exec_paths)
        sandbox_without(plan, "seccomp", "sanitizer");
    else if (sandbox_calls_enter(plan->calls) != ERR_OK)
        sandbox_without(plan, "seccomp", "refused");
}

void sandbox_enter(const struct sandbox *plan, const char *user)
{
    /* Landlock and seccomp need it; a process that forgot sandbox_begin() is helped here. */
    need(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0);
    if (user && geteuid() == 0)
        sandbox_drop_to(user, plan->lock_memory);
    if (plan->lock_memory)
        sandbox_lock_memory(plan);
    sandbox_close_files(plan);
    sandbox_close_calls(plan);
}

void sandbox_enter_master(const char *room, const char *const *write_paths)
{
    static const char *const all[] = {"/", NULL};
    const struct sandbox plan = {
        .calls = SANDBOX_CALLS_MASTER, .read_paths = all, .write_paths = write_paths, .room = room};
    if (geteuid() == 0)
        sandbox_without(&plan, "seccomp", "root");
    else
        sandbox_enter(&plan, NULL);
}
