/* starter.c -- see starter.h. A job is a process group: what a tool leaves behind goes with it, and what has left even
 * that (it may not: no setsid, no setpgid) comes back to the starter as a subreaper. */
#include "triage/cleaner/starter.h"

#include <errno.h>
#include <event2/event.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "common/base/log.h"
#include "common/base/mem.h"
#include "common/base/sandbox.h"
#include "triage/cleaner/work.h"

enum { LOOK_MS = 100, SOON_MS = 5 };

enum wish_what { WISH_RUN, WISH_STOP, WISH_END };
struct wish {
    uint32_t number;
    enum wish_what what;
    struct runner_job job;
};
struct told {
    uint32_t number;
    enum starter_end end;
};

/* ---- the starter's side ---- */

struct running {
    pid_t pid; /* 0: free */
    uint32_t number;
    int64_t until;
    uint64_t bytes;
    enum starter_end end;
    int is_over; /* its runner has ended; what is left of its group is being killed */
};

static struct {
    int fd;
    char work[STARTER_PATH];
    struct runner_limits limits;
    struct running jobs[STARTER_JOBS_MAX];
} self;

static int64_t now_ms(void)
{
    struct timespec now;
    need(clock_gettime(CLOCK_MONOTONIC, &now) == 0);
    return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void job_folder(char out[static STARTER_PATH + 16], uint32_t number)
{
    snprintf(out, STARTER_PATH + 16, "%s/%u", self.work, number);
}

static void tell(uint32_t number, enum starter_end end)
{
    const struct told told = {.number = number, .end = end};
    /* The cleaner is gone when it does not take it, and then so are we. */
    if (write(self.fd, &told, sizeof told) != (ssize_t)sizeof told)
        _exit(0);
}

static void start(const struct wish *wish)
{
    char folder[STARTER_PATH + 16];
    struct running *free_one = NULL;
    for (size_t i = 0; i < STARTER_JOBS_MAX; i++)
        if (!self.jobs[i].pid)
            free_one = &self.jobs[i];
    need(free_one);
    job_folder(folder, wish->number);
    pid_t pid = fork();
    if (pid == 0) {
        close(self.fd);
        need(prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 && setpgid(0, 0) == 0);
        signal(SIGCHLD, SIG_DFL);
        runner_run(folder, &wish->job, &self.limits);
    }
    if (pid < 0) {
        tell(wish->number, STARTER_FAILED);
        return;
    }
    (void)setpgid(pid, pid);
    *free_one = (struct running){.pid = pid,
                                 .number = wish->number,
                                 .until = now_ms() + (int64_t)self.limits.seconds * 1000,
                                 .bytes = wish->job.bytes};
}

static void kill_job(struct running *job, enum starter_end end)
{
    if (job->end == STARTER_ENDED)
        job->end = end;
    kill(-job->pid, SIGKILL);
}

/* Nothing of a job outlives us, and who asked for the end sees it when we are gone. */
static _Noreturn void end(void)
{
    for (size_t i = 0; i < STARTER_JOBS_MAX; i++)
        if (self.jobs[i].pid)
            kill_job(&self.jobs[i], STARTER_STOPPED);
    while (waitpid(-1, NULL, 0) > 0 || errno == EINTR)
        ;
    _exit(0);
}

static void hear(void)
{
    struct wish wish;
    ssize_t got = read(self.fd, &wish, sizeof wish);
    if (got < 0 && (errno == EINTR || errno == EAGAIN))
        return;
    if (got != (ssize_t)sizeof wish || wish.what == WISH_END)
        end();
    if (wish.what == WISH_RUN) {
        start(&wish);
        return;
    }
    for (size_t i = 0; i < STARTER_JOBS_MAX; i++)
        if (self.jobs[i].pid && self.jobs[i].number == wish.number)
            kill_job(&self.jobs[i], STARTER_STOPPED);
}

/* What a runner that did not end by itself ran into is a limit: the kernel ends it for nothing else. */
static enum starter_end end_of(const struct running *job, int status)
{
    if (job->end != STARTER_ENDED)
        return job->end;
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
        return STARTER_ENDED;
    int signal_number = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
    return signal_number == SIGKILL || signal_number == SIGXCPU || signal_number == SIGXFSZ ? STARTER_LIMITS
                                                                                            : STARTER_FAILED;
}

static struct running *job_of(pid_t pid)
{
    for (size_t i = 0; i < STARTER_JOBS_MAX; i++)
        if (self.jobs[i].pid == pid)
            return &self.jobs[i];
    return NULL;
}

/* Runners, and what their tools left behind, which comes to us. */
static void reap(void)
{
    int status;
    for (pid_t pid; (pid = waitpid(-1, &status, WNOHANG)) > 0;) {
        struct running *job = job_of(pid);
        if (!job || job->is_over)
            continue;
        job->is_over = 1;
        job->end = end_of(job, status);
    }
}

/* A job has ended when nothing of it runs that could still write into its folder. Its number is nobody else's while its
 * group has anyone in it. */
static void watch(struct running *job)
{
    char folder[STARTER_PATH + 16];
    job_folder(folder, job->number);
    if (job->is_over) {
        if (kill(-job->pid, SIGKILL) == 0)
            return;
        tell(job->number, job->end);
        job->pid = 0;
    } else if (now_ms() > job->until || work_bytes(folder, job->bytes) > job->bytes) {
        kill_job(job, STARTER_LIMITS);
    }
}

static void serve(void)
{
    struct pollfd ready = {.fd = self.fd, .events = POLLIN};
    for (;;) {
        int wait_ms = -1;
        for (size_t i = 0; i < STARTER_JOBS_MAX; i++)
            if (self.jobs[i].pid)
                wait_ms = self.jobs[i].is_over || wait_ms == SOON_MS ? SOON_MS : LOOK_MS;
        if (poll(&ready, 1, wait_ms) > 0)
            hear();
        reap();
        for (size_t i = 0; i < STARTER_JOBS_MAX; i++)
            if (self.jobs[i].pid)
                watch(&self.jobs[i]);
    }
}

/* Only to end a poll() early. */
static void child_ended(int signal_number)
{
    (void)signal_number;
}

static _Noreturn void be_starter(const char *user)
{
    const char *const own[] = {self.work, "/dev/null", NULL};
    const struct sandbox plan = {.calls = SANDBOX_CALLS_STARTER,
                                 .read_paths = RUNNER_DATA,
                                 .write_paths = own,
                                 .exec_paths = RUNNER_PROGRAMS,
                                 .room = "clean-starter"};
    const struct sigaction child = {.sa_handler = child_ended};
    need(prctl(PR_SET_CHILD_SUBREAPER, 1) == 0);
    need(prctl(PR_SET_PDEATHSIG, SIGKILL) == 0);
    need(sigaction(SIGCHLD, &child, NULL) == 0);
    /* The cleaner is told to end and ends the pair of sockets; a signal to the whole group changes nothing. */
    signal(SIGINT, SIG_IGN);
    signal(SIGTERM, SIG_IGN);
    sandbox_enter(&plan, user);
    serve();
    _exit(0);
}

int starter_fork(const char *work, const struct runner_limits *limits, const char *user)
{
    int pair[2];
    size_t len = strlen(work);
    need(len < STARTER_PATH);
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) != 0)
        err_die("There is no pair of sockets to be had.");
    self.fd = pair[1];
    self.limits = *limits;
    memcpy(self.work, work, len + 1);
    pid_t pid = fork();
    if (pid < 0)
        err_die("The process that starts jobs cannot be made.");
    if (pid == 0) {
        close(pair[0]);
        be_starter(user);
    }
    close(pair[1]);
    return pair[0];
}

/* ---- the cleaner's side ---- */

struct starter {
    struct event *event;
    int fd;
    starter_ended_fn *ended;
    starter_lost_fn *lost;
    void *room;
};

static void heard(evutil_socket_t fd, short what, void *arg)
{
    (void)what;
    struct starter *starter = arg;
    struct told told;
    ssize_t got = read(fd, &told, sizeof told);
    if (got < 0 && (errno == EINTR || errno == EAGAIN))
        return;
    if (got == (ssize_t)sizeof told) {
        starter->ended(starter->room, told.number, told.end);
        return;
    }
    event_del(starter->event);
    starter->lost(starter->room);
}

struct starter *starter_new(struct loop *loop, int fd, starter_ended_fn *ended, starter_lost_fn *lost, void *room)
{
    struct starter *starter = mem_new(sizeof *starter);
    *starter = (struct starter){.fd = fd, .ended = ended, .lost = lost, .room = room};
    starter->event = event_new(loop_base(loop), fd, EV_READ | EV_PERSIST, heard, starter);
    need(starter->event && event_add(starter->event, NULL) == 0);
    return starter;
}

void starter_free(struct starter *starter)
{
    const struct wish wish = {.what = WISH_END};
    struct told told;
    ssize_t got;
    if (!starter)
        return;
    event_free(starter->event);
    if (write(starter->fd, &wish, sizeof wish) == (ssize_t)sizeof wish)
        do /* what it had to say, and then its end */
            got = read(starter->fd, &told, sizeof told);
        while (got > 0 || (got < 0 && errno == EINTR));
    close(starter->fd);
    mem_free(starter);
}

/* Two messages a job, ten jobs: the sockets' buffers hold more. */
static void send_wish(struct starter *starter, const struct wish *wish)
{
    if (write(starter->fd, wish, sizeof *wish) != (ssize_t)sizeof *wish)
        log_error("clean_starter_lost");
}

void starter_run(struct starter *starter, uint32_t number, const struct runner_job *job)
{
    const struct wish wish = {.number = number, .job = *job};
    send_wish(starter, &wish);
}

void starter_stop(struct starter *starter, uint32_t number)
{
    const struct wish wish = {.number = number, .what = WISH_STOP};
    send_wish(starter, &wish);
}
