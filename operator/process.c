/* process.c -- see process.h. */
#include "operator/process.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <mntent.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "operator/crew.h"
#include "operator/say.h"

/* What a child may see of our environment: the sanitizers' settings, for tests. */
static const char *const PASSED[] = {"ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS", "TZ"};
enum { PASSED_COUNT = sizeof PASSED / sizeof *PASSED, VARIABLE_MAX = 1024, MOUNTS_MAX = 16 };

static void clean_environment(void)
{
    char kept[PASSED_COUNT][VARIABLE_MAX];
    for (size_t i = 0; i < PASSED_COUNT; i++) {
        const char *value = getenv(PASSED[i]);
        snprintf(kept[i], VARIABLE_MAX, "%s", value ? value : "");
    }
    clearenv();
    setenv("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", 1);
    setenv("LANG", "C.UTF-8", 1);
    for (size_t i = 0; i < PASSED_COUNT; i++)
        if (kept[i][0])
            setenv(PASSED[i], kept[i], 1);
}

static int is_below(const char *path, const char *folder)
{
    size_t len = strlen(folder);
    return strncmp(path, folder, len) == 0 && path[len] == '/';
}

/* What is mounted below the installation's folder (the database, a spool on a disk of its own) is let go in this name
 * space: else it would stay in use here, and nobody could unmount and mend it as long as this process lives. */
static void let_go_of_disks(const struct house *house, const char *keeps)
{
    char points[MOUNTS_MAX][PATH_MAX];
    size_t count = 0;
    FILE *list = setmntent("/proc/self/mounts", "r");
    for (struct mntent *each; list && (each = getmntent(list)) != NULL && count < MOUNTS_MAX;)
        if (is_below(each->mnt_dir, house->dir) && !is_below(keeps, each->mnt_dir))
            snprintf(points[count++], PATH_MAX, "%s", each->mnt_dir);
    if (list)
        endmntent(list);
    while (count)
        (void)umount2(points[--count], MNT_DETACH);
}

/* In a name space of files of its own, so that it goes with the process and nobody else sees it. Where we may not (no
 * root, a container) the folder stays what it is, and the process says so. */
static void put_in_memory(const struct house *house, const struct process_plan *plan)
{
    char options[128];
    uid_t uid;
    gid_t gid;
    crew_ids(house, plan->user, &uid, &gid);
    snprintf(options, sizeof options, "mode=0700,size=%dm,nr_inodes=50000,uid=%u,gid=%u", plan->in_memory_mib, uid,
             gid);
    if (unshare(CLONE_NEWNS) != 0 || mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0)
        return;
    let_go_of_disks(house, plan->in_memory);
    (void)mount("recourse", plan->in_memory, "tmpfs", MS_NOSUID | MS_NODEV | MS_NOEXEC, options);
}

static _Noreturn void become_child(const struct house *house, const struct process_plan *plan, int input, pid_t parent)
{
    sigset_t none;
    sigemptyset(&none);
    signal(SIGPIPE, SIG_DFL);
    setpgid(0, 0);
    if (dup2(input, STDIN_FILENO) < 0 || (plan->output >= 0 && dup2(plan->output, STDOUT_FILENO) < 0) ||
        (plan->output >= 0 && dup2(plan->output, STDERR_FILENO) < 0))
        _exit(127);
    if (plan->nicer)
        (void)setpriority(PRIO_PROCESS, 0, getpriority(PRIO_PROCESS, 0) + plan->nicer);
    if (plan->in_memory)
        put_in_memory(house, plan);
    crew_become(house, plan->user, plan->holds_keys, plan->end_signal, parent);
    clean_environment();
    /* Where we were started may be closed to this user. */
    if (chdir("/") != 0)
        _exit(127);
    sigprocmask(SIG_SETMASK, &none, NULL);
    execv(plan->argv[0], (char *const *)(uintptr_t)plan->argv);
    fprintf(stderr, "recourse: %s: %s\n", plan->argv[0], strerror(errno));
    _exit(127);
}

static pid_t start_reading(const struct house *house, const struct process_plan *plan, int input)
{
    pid_t parent = getpid();
    fflush(NULL);
    pid_t child = fork();
    if (child == 0)
        become_child(house, plan, input, parent);
    if (child < 0)
        say_wrong("%s cannot be started: %s.", plan->argv[0], strerror(errno));
    return child;
}

pid_t process_start(const struct house *house, const struct process_plan *plan)
{
    int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
    if (nothing < 0)
        err_die("/dev/null cannot be opened: %s.", strerror(errno));
    pid_t child = start_reading(house, plan, nothing);
    close(nothing);
    return child;
}

int process_run(const struct house *house, const struct process_plan *plan)
{
    int ends[2], status;
    const char *input = plan->input ? plan->input : "";
    if (pipe2(ends, O_CLOEXEC) != 0)
        err_die("A pipe cannot be made: %s.", strerror(errno));
    /* Short enough for the pipe itself: nobody has to read yet. */
    need(strlen(input) < 4096 && write(ends[1], input, strlen(input)) == (ssize_t)strlen(input));
    pid_t child = start_reading(house, plan, ends[0]);
    close(ends[0]);
    close(ends[1]);
    if (child < 0)
        return -1;
    while (waitpid(child, &status, 0) != child)
        if (errno != EINTR)
            return -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

int process_log(const struct house *house, const char *name)
{
    char folder[HOUSE_PATH], path[HOUSE_PATH];
    house_path(house, folder, "log");
    house_path(house, path, "log/%s.log", name);
    (void)mkdir(folder, 0750); /* somebody may have taken it away to make room */
    int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0640);
    if (fd >= 0)
        return fd;
    say_wrong("%s cannot be opened: %s. %s runs all the same, and what it says is lost.", path, strerror(errno), name);
    fd = open("/dev/null", O_WRONLY | O_CLOEXEC);
    if (fd < 0)
        err_die("/dev/null cannot be opened: %s.", strerror(errno));
    return fd;
}
