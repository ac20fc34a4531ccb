/* test_sandbox.c -- what a process gave up stays given up. Each story happens in a child of its own.
 *
 * Under the address sanitizer seccomp and the locking of memory are left out (and logged), so their stories are too. */
#include "tests/unit/base/unit.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/base/log.h"
#include "common/base/sandbox.h"

#if defined(__SANITIZE_ADDRESS__)
#define IS_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define IS_SANITIZED 1
#endif
#endif
#ifndef IS_SANITIZED
#define IS_SANITIZED 0
#endif

static char folder[] = "/tmp/recourse-sandbox-XXXXXX", inside[64], outside[64];

static int make_folder(void **state)
{
    (void)state;
    if (!mkdtemp(folder) || chmod(folder, 0777) != 0)
        return -1;
    snprintf(inside, sizeof inside, "%s/open", folder);
    snprintf(outside, sizeof outside, "%s/shut", folder);
    if (mkdir(inside, 0777) != 0 || chmod(inside, 0777) != 0)
        return -1;
    FILE *file = fopen(outside, "w");
    if (!file)
        return -1;
    int is_written = fputs("x", file) >= 0;
    return fclose(file) == 0 && is_written ? 0 : -1;
}

static int remove_folder(void **state)
{
    (void)state;
    unlink(outside);
    return rmdir(inside) | rmdir(folder);
}

/* In the child: the line of the first thing that is not so becomes the exit status. */
#define must(truth)                                                                                                    \
    do {                                                                                                               \
        if (!(truth)) {                                                                                                \
            char said[200];                                                                                            \
            int len = snprintf(said, sizeof said, "%s:%d: not so: %s\n", __FILE__, __LINE__, #truth);                  \
            _exit(write(STDERR_FILENO, said, (size_t)len) == len ? 1 : 2);                                             \
        }                                                                                                              \
    } while (0)

static int status_of(void (*story)(void))
{
    int status;
    pid_t child = fork();
    if (child == 0) {
        log_open("test", LOG_ERROR);
        story();
        _exit(0);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    return status;
}

static void in_a_child(void (*story)(void))
{
    assert_int_equal(status_of(story), 0);
}

static void beginning(void)
{
    struct rlimit core;
    umask(0);
    sandbox_begin();
    must(getrlimit(RLIMIT_CORE, &core) == 0 && core.rlim_cur == 0 && core.rlim_max == 0);
    must(prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1);
    must(IS_SANITIZED || prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) == 0);
    must(umask(0) == 077);
}

static void the_beginning_closes_core_files_and_privileges(void **state)
{
    (void)state;
    in_a_child(beginning);
}

static int refused(long result, int why)
{
    return result == -1 && errno == why;
}

static void files(void)
{
    const char *const write_paths[] = {"/nowhere/at/all", inside, NULL};
    struct sandbox plan = {.calls = SANDBOX_CALLS_INTAKE, .write_paths = write_paths, .room = "test"};
    char name[80];
    snprintf(name, sizeof name, "%s/spool", inside);
    sandbox_begin();
    sandbox_enter(&plan, NULL);
    must(refused(open(outside, O_RDONLY), EACCES));
    must(refused(open("/etc/passwd", O_RDONLY), EACCES));
    int fd = open(name, O_CREAT | O_RDWR | O_APPEND, 0600);
    must(fd >= 0 && write(fd, "row", 3) == 3 && ftruncate(fd, 1) == 0 && fsync(fd) == 0 && close(fd) == 0);
    must(unlink(name) == 0);
    must(refused(unlink(outside), EACCES));
}

static void files_outside_are_shut_and_a_missing_path_stops_nobody(void **state)
{
    (void)state;
    in_a_child(files);
}

static void reading(void)
{
    const char *const read_paths[] = {outside, NULL};
    struct sandbox plan = {.calls = SANDBOX_CALLS_INTAKE, .read_paths = read_paths, .room = "test"};
    char byte;
    sandbox_begin();
    sandbox_enter(&plan, NULL);
    int fd = open(outside, O_RDONLY);
    must(fd >= 0 && read(fd, &byte, 1) == 1 && byte == 'x');
    must(refused(open(outside, O_WRONLY), EACCES));
}

static void what_may_be_read_may_not_be_written(void **state)
{
    (void)state;
    in_a_child(reading);
}

static void dropping(void)
{
    const char *const read_paths[] = {"/proc", NULL};
    struct sandbox plan = {.calls = SANDBOX_CALLS_INTAKE, .lock_memory = 1, .read_paths = read_paths, .room = "test"};
    char line[256];
    int caps = 0, locked = 0;
    sandbox_begin();
    sandbox_enter(&plan, "nobody");
    FILE *status = fopen("/proc/self/status", "r");
    must(status != NULL);
    while (fgets(line, sizeof line, status)) {
        unsigned long uids[4];
        if (sscanf(line, "Uid: %lu %lu %lu %lu", &uids[0], &uids[1], &uids[2], &uids[3]) == 4)
            must(uids[0] && uids[0] == uids[1] && uids[1] == uids[2] && uids[2] == uids[3]);
        caps += strcmp(line, "CapEff:\t0000000000004000\n") == 0; /* CAP_IPC_LOCK alone */
        caps += strcmp(line, "CapPrm:\t0000000000004000\n") == 0;
        locked += strncmp(line, "VmLck:", 6) == 0 && strtoul(line + 6, NULL, 10) > 100;
    }
    must(caps == 2);
    must(IS_SANITIZED || locked == 1);
    /* With the capability, much more than the limit of a system user can be had. */
    void *large = malloc(64u << 20);
    must(large != NULL);
    free(large);
}

static void root_becomes_a_user_who_may_lock_memory_and_nothing_else(void **state)
{
    (void)state;
    if (geteuid() != 0)
        skip();
    in_a_child(dropping);
}

static void unknown_user(void)
{
    struct sandbox plan = {.calls = SANDBOX_CALLS_INTAKE, .room = "test"};
    sandbox_enter(&plan, "nobody-of-this-name");
}

static void root_itself(void)
{
    struct sandbox plan = {.calls = SANDBOX_CALLS_INTAKE, .room = "test"};
    sandbox_enter(&plan, "root");
}

static void a_user_who_is_not_there_or_is_root_stops_the_start(void **state)
{
    (void)state;
    if (geteuid() != 0)
        skip();
    assert_int_not_equal(status_of(unknown_user), 0);
    assert_int_not_equal(status_of(root_itself), 0);
}

/* ---- system calls ---- */

static void keys_calls(void)
{
    struct sandbox plan = {.calls = SANDBOX_CALLS_KEYS, .room = "test"};
    sandbox_begin();
    sandbox_enter(&plan, NULL);
    must(refused(socket(AF_UNIX, SOCK_STREAM, 0), EPERM));
    must(refused(open("/etc/passwd", O_RDONLY), EPERM));
    must(refused(fork(), EPERM));
    must(refused(execl("/bin/true", "true", (char *)NULL), EPERM));
    must(refused(chdir("/"), EPERM));
    /* cppcheck-suppress leakReturnValNotUsed ; there is none */
    must(mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED && errno == EPERM);
    void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    must(page != MAP_FAILED);
    must(refused(mprotect(page, 4096, PROT_READ | PROT_EXEC), EPERM));
}

static void keys_can_open_nothing_and_start_nothing(void **state)
{
    (void)state;
    if (IS_SANITIZED)
        skip();
    in_a_child(keys_calls);
}

static void *in_a_thread(void *arg)
{
    *(int *)arg = 7;
    return arg;
}

static void vault_calls(void)
{
    struct sandbox plan = {.calls = SANDBOX_CALLS_VAULT, .room = "test"};
    pthread_t thread;
    int told = 0;
    sandbox_begin();
    sandbox_enter(&plan, NULL);
    must(pthread_create(&thread, NULL, in_a_thread, &told) == 0);
    must(pthread_join(thread, NULL) == 0 && told == 7);
    must(refused(fork(), EPERM));
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    must(fd >= 0);
    must(refused(listen(fd, 1), EPERM));
    must(refused(socket(AF_NETLINK, SOCK_RAW, 0), EPERM));
}

static void the_vault_has_threads_and_no_children(void **state)
{
    (void)state;
    if (IS_SANITIZED)
        skip();
    in_a_child(vault_calls);
}

static void server_calls(void)
{
    struct sandbox plan = {.calls = SANDBOX_CALLS_INTAKE, .room = "test"};
    pthread_t thread;
    int told = 0;
    sandbox_begin();
    sandbox_enter(&plan, NULL);
    must(pthread_create(&thread, NULL, in_a_thread, &told) != 0);
    must(refused(fork(), EPERM));
    /* cppcheck-suppress leakReturnValNotUsed ; the child ends here */
    must(socket(AF_INET6, SOCK_STREAM, 0) >= 0);
}

static void a_server_has_neither(void **state)
{
    (void)state;
    if (IS_SANITIZED)
        skip();
    in_a_child(server_calls);
}

static void aborting(void)
{
    struct sandbox plan = {.calls = SANDBOX_CALLS_KEYS, .room = "test"};
    sandbox_begin();
    sandbox_enter(&plan, NULL);
    close(STDERR_FILENO);
    need(1 == 2);
}

static void need_still_stops_a_process_that_gave_up_everything(void **state)
{
    (void)state;
    int status = status_of(aborting);
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT && !WCOREDUMP(status));
}

static unsigned count_of(enum sandbox_calls kind)
{
    unsigned count = 0;
    for (const char *const *name = sandbox_call_names(kind); *name; name++)
        count++;
    return count;
}

/* Interpreters and decoders that clean files, and who starts them (docs/least-power.md). */
static int starts_programs(unsigned kind)
{
    return kind == SANDBOX_CALLS_STARTER || kind == SANDBOX_CALLS_JOB;
}

static void no_kind_keeps_more_than_45_calls(void **state)
{
    (void)state;
    for (unsigned kind = 0; kind < SANDBOX_CALLS_KINDS; kind++)
        if (kind != SANDBOX_CALLS_MASTER && !starts_programs(kind))
            assert_in_range(count_of((enum sandbox_calls)kind), 20, 45);
    assert_in_range(count_of(SANDBOX_CALLS_KEYS), 20, 26);
}

static int keeps(enum sandbox_calls kind, const char *call)
{
    for (const char *const *name = sandbox_call_names(kind); *name; name++)
        if (strcmp(*name, call) == 0)
            return 1;
    return 0;
}

/* What each kind may not, by name: a call that is given back must be struck out here. */
static void each_kind_is_without_what_only_another_needs(void **state)
{
    (void)state;
    static const struct {
        enum sandbox_calls kind;
        const char *without[16];
    } rows[] = {
        {SANDBOX_CALLS_INTAKE, {"clone", "fchmod", "wait4", "kill", "socketpair", "sendmmsg"}},
        {SANDBOX_CALLS_SMS, {"clone", "wait4", "kill", "socketpair", "sendmmsg"}},
        {SANDBOX_CALLS_SENDER, {"accept4", "fsync", "unlink", "rename", "ftruncate", "fchmod", "getdents64", "wait4"}},
        {SANDBOX_CALLS_CONSOLE, {"fsync", "unlink", "rename", "ftruncate", "fchmod", "getdents64", "clone", "sendto"}},
        {SANDBOX_CALLS_VAULT, {"fsync", "unlink", "rename", "fchmod", "getdents64", "kill"}},
        {SANDBOX_CALLS_SEQUENCER, {"accept4", "clone", "ftruncate", "getdents64", "wait4"}},
        {SANDBOX_CALLS_CLEANER, {"socket", "connect", "clone", "kill", "wait4", "rename", "link", "sendto", "fchmod"}},
        {SANDBOX_CALLS_STARTER, {"socket", "socketpair", "connect", "accept4", "setsid", "memfd_create"}},
        {SANDBOX_CALLS_JOB, {"kill", "tkill", "tgkill", "setpgid", "setsid", "seccomp", "landlock_restrict_self"}},
        {SANDBOX_CALLS_KEYS,
         {"socket", "connect", "openat", "newfstatat", "fcntl", "sendto", "recvfrom", "poll", "clone", "unlink"}},
    };
    static const char *const nobody[] = {"execveat", "fork",        "ptrace",           "bind",      "listen",
                                         "mount",    "unshare",     "setuid",           "capset",    "chroot",
                                         "bpf",      "keyctl",      "io_uring_setup",   "chown",     "mknod",
                                         "setns",    "userfaultfd", "process_vm_readv", "pidfd_open"};
    static const char *const no_server[] = {"execve", "vfork", "chmod", "link", "symlink"};
    for (size_t r = 0; r < unit_count(rows); r++)
        for (const char *const *call = rows[r].without; *call; call++)
            if (keeps(rows[r].kind, *call))
                fail_msg("kind %d keeps %s", rows[r].kind, *call);
    for (unsigned kind = 0; kind < SANDBOX_CALLS_KINDS; kind++)
        for (size_t n = 0; n < unit_count(nobody); n++)
            if (keeps((enum sandbox_calls)kind, nobody[n]))
                fail_msg("kind %u keeps %s", kind, nobody[n]);
    for (unsigned kind = 0; kind < SANDBOX_CALLS_KINDS; kind++)
        for (size_t n = 0; !starts_programs(kind) && n < unit_count(no_server); n++)
            if (keeps((enum sandbox_calls)kind, no_server[n]))
                fail_msg("kind %u keeps %s", kind, no_server[n]);
    for (const char *const *own = sandbox_call_names(SANDBOX_CALLS_JOB); *own; own++)
        if (!keeps(SANDBOX_CALLS_STARTER, *own))
            fail_msg("a starter is without %s", *own);
}

/* Filters are inherited: what a master lacks, the workers that it starts later lack as well. */
static void a_master_keeps_all_that_its_workers_do(void **state)
{
    (void)state;
    static const enum sandbox_calls children[] = {SANDBOX_CALLS_INTAKE, SANDBOX_CALLS_SMS, SANDBOX_CALLS_SENDER,
                                                  SANDBOX_CALLS_CONSOLE};
    for (size_t c = 0; c < unit_count(children); c++)
        for (const char *const *own = sandbox_call_names(children[c]); *own; own++)
            if (!keeps(SANDBOX_CALLS_MASTER, *own))
                fail_msg("a master is without %s", *own);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_beginning_closes_core_files_and_privileges),
        cmocka_unit_test(files_outside_are_shut_and_a_missing_path_stops_nobody),
        cmocka_unit_test(what_may_be_read_may_not_be_written),
        cmocka_unit_test(root_becomes_a_user_who_may_lock_memory_and_nothing_else),
        cmocka_unit_test(a_user_who_is_not_there_or_is_root_stops_the_start),
        cmocka_unit_test(keys_can_open_nothing_and_start_nothing),
        cmocka_unit_test(the_vault_has_threads_and_no_children),
        cmocka_unit_test(a_server_has_neither),
        cmocka_unit_test(need_still_stops_a_process_that_gave_up_everything),
        cmocka_unit_test(no_kind_keeps_more_than_45_calls),
        cmocka_unit_test(each_kind_is_without_what_only_another_needs),
        cmocka_unit_test(a_master_keeps_all_that_its_workers_do),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
