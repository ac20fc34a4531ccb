/* test_cleaner_shut.c -- what a tool that a file has taken over could still do: each attempt from inside a job, in a
 * child of its own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/base/log.h"
#include "common/base/sandbox.h"
#include "triage/cleaner/runner.h"
#include "triage/cleaner/work.h"

static char work[] = "/tmp/recourse-shut-XXXXXX";
static char mine[64], others[96];

static int make_work(void **state)
{
    (void)state;
    log_open("test", LOG_ERROR);
    if (!mkdtemp(work))
        return -1;
    close(work_job_new(work, 1, RUNNER_IN));
    int fd = work_job_new(work, 2, RUNNER_IN);
    snprintf(mine, sizeof mine, "%s/1", work);
    snprintf(others, sizeof others, "%s/2/" RUNNER_IN, work);
    return fd >= 0 && write(fd, "x", 1) == 1 && close(fd) == 0 ? 0 : -1;
}

static int remove_work(void **state)
{
    (void)state;
    work_job_remove(work, 1);
    work_job_remove(work, 2);
    return rmdir(work);
}

/* In the child: the first thing that is not so becomes the exit status. */
#define must(truth)                                                                                                    \
    do {                                                                                                               \
        if (!(truth)) {                                                                                                \
            dprintf(STDERR_FILENO, "%d: not so: %s (%d)\n", __LINE__, #truth, errno);                                  \
            _exit(1);                                                                                                  \
        }                                                                                                              \
    } while (0)

static int is_refused(long result)
{
    return result == -1 && (errno == EPERM || errno == EACCES);
}

/* As the starter's child, which has its own filter already. */
static void from_inside(void (*story)(void))
{
    const struct runner_job job = {.want = ASK_CLEAN, .bytes = 1 << 20};
    const struct runner_limits limits = {.memory = 1 << 30, .seconds = 5};
    int status;
    work_job_remove(work, 1);
    assert_true(work_job_new(work, 1, RUNNER_IN) >= 0);
    pid_t child = fork();
    if (child == 0) {
        sandbox_begin();
        runner_shut_in(mine, &job, &limits);
        story();
        _exit(0);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
}

static void no_socket(void)
{
    static const int families[] = {AF_UNIX, AF_INET, AF_INET6, AF_NETLINK, AF_PACKET};
    int pair[2];
    for (size_t i = 0; i < sizeof families / sizeof *families; i++)
        must(is_refused(socket(families[i], SOCK_STREAM, 0)));
    must(is_refused(socketpair(AF_UNIX, SOCK_STREAM, 0, pair)));
}

static void no_socket_can_be_made(void **state)
{
    (void)state;
    from_inside(no_socket);
}

static void files(void)
{
    struct stat st;
    must(is_refused(open(others, O_RDONLY)));
    must(is_refused(open("../2/" RUNNER_IN, O_RDONLY)));
    must(is_refused(open("..", O_RDONLY | O_DIRECTORY)));
    must(link(others, "stolen") == -1 && errno == EXDEV); /* Landlock, between two folders */
    must(rename(others, "stolen") == -1);
    must(is_refused(unlink(others)));
    must(is_refused(open("/etc/passwd", O_RDONLY)));
    must(is_refused(open("/proc/1/environ", O_RDONLY)));
    must(is_refused(open("/usr/new", O_WRONLY | O_CREAT, 0600)));
    must(is_refused(mkdir("/tmp/new", 0700)));
    must(stat(RUNNER_IN, &st) == 0);
    int fd = open("own", O_RDWR | O_CREAT, 0600);
    must(fd >= 0 && write(fd, "x", 1) == 1 && close(fd) == 0 && rename("own", "other") == 0 && unlink("other") == 0);
}

static void only_its_own_files_are_open(void **state)
{
    (void)state;
    from_inside(files);
}

static void calls(void)
{
    must(is_refused(ptrace(PTRACE_ATTACH, getppid(), NULL, NULL)));
    must(is_refused(kill(getppid(), 0)));
    must(is_refused(syscall(SYS_tgkill, getppid(), getppid(), 0)));
    must(is_refused(unshare(CLONE_NEWUSER)));
    must(is_refused(syscall(SYS_clone, CLONE_NEWUSER | SIGCHLD, NULL, NULL, NULL, 0)));
    must(is_refused(mount("none", ".", "tmpfs", 0, NULL)));
    must(is_refused(setsid()));
    must(is_refused(setpgid(0, 0)));
    must(is_refused(syscall(SYS_keyctl, 0, 0, 0, 0, 0)));
    must(is_refused(syscall(SYS_bpf, 0, NULL, 0)));
    must(is_refused(syscall(SYS_userfaultfd, 0)));
    must(is_refused(syscall(SYS_io_uring_setup, 1, NULL)));
    must(is_refused(syscall(SYS_process_vm_readv, getppid(), NULL, 0, NULL, 0, 0)));
    must(is_refused(syscall(SYS_pidfd_open, getppid(), 0)));
    must(is_refused(syscall(SYS_memfd_create, "x", 0)));
    must(is_refused(setuid(65534)));
}

static void nothing_that_reaches_others_is_left(void **state)
{
    (void)state;
    from_inside(calls);
}

static void limits(void)
{
    struct rlimit size, cpu;
    must(getrlimit(RLIMIT_FSIZE, &size) == 0 && size.rlim_max == 1 << 20);
    must(getrlimit(RLIMIT_CPU, &cpu) == 0 && cpu.rlim_cur == 5);
    signal(SIGXFSZ, SIG_IGN);
    int fd = open("own", O_RDWR | O_CREAT, 0600);
    must(fd >= 0 && ftruncate(fd, (1 << 20) + 1) == -1 && errno == EFBIG);
}

static void a_file_grows_no_larger_than_its_limit(void **state)
{
    (void)state;
    from_inside(limits);
}

/* Even what it could start is what Debian installed, and not what it brought along. */
static void programs(void)
{
    char *const words[] = {"own", NULL};
    int fd = open("own", O_WRONLY | O_CREAT, 0700);
    must(fd >= 0 && write(fd, "#!/bin/sh\n", 10) == 10 && close(fd) == 0);
    must(is_refused(execv("./own", words)));
    execv("/usr/bin/true", words);
    must(0);
}

static void programs_of_its_own_cannot_be_started(void **state)
{
    (void)state;
    from_inside(programs);
}

static void the_folder_is_counted_and_emptied(void **state)
{
    (void)state;
    char path[128];
    int fd = work_job_new(work, 3, RUNNER_IN);
    uint64_t size;
    assert_true(fd >= 0);
    for (int i = 0; i < 16; i++)
        assert_int_equal(write(fd, work, 16), 16);
    close(fd);
    snprintf(path, sizeof path, "%s/3/deep", work);
    assert_int_equal(mkdir(path, 0700), 0);
    snprintf(path, sizeof path, "%s/3/deep/link", work);
    assert_int_equal(symlink(others, path), 0);
    snprintf(path, sizeof path, "%s/3", work);
    assert_true(work_bytes(path, 1 << 20) >= 256);
    assert_true(work_bytes(path, 1) > 1);
    assert_int_equal(work_open(work, 3, "deep/link", &size), -1);
    assert_int_equal(work_open(work, 3, "deep", &size), -1);
    fd = work_open(work, 3, RUNNER_IN, &size);
    assert_true(fd >= 0);
    assert_int_equal(size, 256);
    close(fd);
    work_job_remove(work, 3);
    assert_int_equal(access(path, F_OK), -1);
    assert_int_equal(access(others, F_OK), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_socket_can_be_made),
        cmocka_unit_test(only_its_own_files_are_open),
        cmocka_unit_test(nothing_that_reaches_others_is_left),
        cmocka_unit_test(a_file_grows_no_larger_than_its_limit),
        cmocka_unit_test(programs_of_its_own_cannot_be_started),
        cmocka_unit_test(the_folder_is_counted_and_emptied),
    };
    return cmocka_run_group_tests(tests, make_work, remove_work);
}
