/* watch.c -- see watch.h. */
#include "operator/watch.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "common/base/clock.h"
#include "operator/cluster.h"
#include "operator/process.h"
#include "operator/say.h"

enum {
    DATABASE_MS = 60000,  /* recovery after a crash may take a while */
    AGAIN_LEAST_MS = 100, /* first pause before a process is started again; doubled each time */
    AGAIN_MOST_MS = 5000,
    DATABASE_AGAIN_MOST_MS = 1000, /* without it nobody can do anything: it is looked after more often */
    LASTED_MS = 10000,             /* one that ran so long counts as healthy */
    FAILURES_BEFORE = 4,           /* so often in a row before we have settled: it will not come up */
    STOP_MS = 13000,               /* a server's own grace is 10 s */
    ERRAND_MS = 2000,
    STOP_DATABASE_MS = 60000, /* the fast shutdown writes a checkpoint */
    OPENING_NICER = 5,
};

static sigset_t our_signals(void)
{
    static const int SIGNALS[] = {SIGTERM, SIGINT, SIGHUP, SIGCHLD};
    sigset_t set;
    sigemptyset(&set);
    for (size_t i = 0; i < sizeof SIGNALS / sizeof *SIGNALS; i++)
        sigaddset(&set, SIGNALS[i]);
    return set;
}

void watch_begin(struct watch *watch, const struct house *house, const struct program *program)
{
    struct crew_member members[CREW_MAX];
    sigset_t set = our_signals();
    sigprocmask(SIG_BLOCK, &set, NULL);
    *watch = (struct watch){.house = house, .program = program};
    watch->list[watch->count++] = (struct watched){.name = "postgresql"};
    size_t count = crew_list(house, members);
    for (size_t i = 0; i < count; i++) {
        struct watched *w = &watch->list[watch->count++];
        *w = (struct watched){.member = members[i]};
        w->name = w->member.name;
    }
}

/* ---- starting ---- */

static pid_t start_member(const struct watch *watch, const struct crew_member *member)
{
    char path[HOUSE_PATH * 2], config[HOUSE_PATH];
    snprintf(path, sizeof path, "%s/%s", watch->program->bin, member->kind->program);
    house_path(watch->house, config, "etc/%s.ini", member->name);
    const char *argv[] = {path, "--config", config, NULL};
    struct process_plan plan = {
        .argv = argv, .user = member->user, .holds_keys = member->kind->holds_keys, .end_signal = SIGTERM};
    /* Whoever reports is answered first; what waits sealed in the inbox is opened with the time that is left, and still
     * gets a third of what each of the others gets when all are busy. */
    plan.nicer = member->kind->holds_keys || member->kind->has_work ? OPENING_NICER : 0;
    char work[HOUSE_PATH];
    if (member->kind->has_work) {
        house_path(watch->house, work, "run/%s/work", member->name);
        plan.in_memory = work;
        plan.in_memory_mib = (int)watch->house->clean_bytes_mib + WORK_SPARE_MIB;
    }
    plan.output = process_log(watch->house, member->name);
    pid_t pid = process_start(watch->house, &plan);
    close(plan.output);
    return pid;
}

/* The file that `w` reads once, as it is now. They are replaced by rename, so that another one has another number. */
static void mark_read_once(const struct watch *watch, struct watched *w)
{
    char path[HOUSE_PATH];
    struct stat st;
    if (!w->member.kind || !w->member.kind->reads_once)
        return;
    house_path(watch->house, path, "secrets/%s/%s", w->name, w->member.kind->reads_once);
    if (stat(path, &st) != 0)
        return; /* the process itself says what it misses */
    w->read_once.inode = (uint64_t)st.st_ino;
    w->read_once.at_ns = (int64_t)st.st_mtim.tv_sec * 1000000000 + st.st_mtim.tv_nsec;
}

static int64_t most_pause(const struct watched *w)
{
    return w->member.kind ? AGAIN_MOST_MS : DATABASE_AGAIN_MOST_MS;
}

static void start_one(struct watch *watch, struct watched *w)
{
    /* Looked at before it is read: in doubt it is started once too often. */
    mark_read_once(watch, w);
    pid_t pid = w->member.kind ? start_member(watch, &w->member) : cluster_start(watch->house);
    w->wanted = 1;
    w->pid = pid > 0 ? pid : 0;
    w->started_ms = clock_ms();
    w->again_ms = w->started_ms + most_pause(w);
}

void watch_start(struct watch *watch, int after_unlock)
{
    for (size_t i = 1; i < watch->count; i++)
        if (!watch->list[i].wanted && watch->list[i].member.kind->after_unlock == after_unlock)
            start_one(watch, &watch->list[i]);
}

enum err watch_start_database(struct watch *watch)
{
    struct watched *database = &watch->list[0];
    int64_t until = clock_ms() + DATABASE_MS;
    char program[HOUSE_PATH];
    cluster_program(watch->house, program); /* where it is missing now, that is said and it ends; nothing runs yet */
    start_one(watch, database);
    while (!database->pid || !cluster_is_ready(watch->house, database->pid)) {
        if (clock_ms() > until) {
            say_wrong("PostgreSQL does not come up: %s/log/postgresql.log says why.", watch->house->dir);
            return ERR_SYSTEM;
        }
        enum err err = watch_turn(watch, 20, 0);
        if (err != ERR_OK)
            return err;
    }
    return ERR_OK;
}

/* ---- waiting ---- */

static void wait_for_signal(struct watch *watch, int64_t ms)
{
    sigset_t set = our_signals();
    struct timespec time = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000};
    for (int got; (got = sigtimedwait(&set, NULL, &time)) > 0 && got != SIGCHLD;) {
        watch->stop |= got == SIGTERM || got == SIGINT;
        watch->reload |= got == SIGHUP;
        time = (struct timespec){0};
    }
}

static int64_t pause_after(const struct watched *w)
{
    int64_t pause = AGAIN_LEAST_MS, most = most_pause(w);
    for (unsigned failures = w->failures; failures > 1 && pause < most; failures--)
        pause *= 2;
    return pause < most ? pause : most;
}

static void bury(struct watch *watch, struct watched *w, int status)
{
    /* What it forked and left behind; the group's number cannot be another's while one of them lives. */
    kill(-w->pid, SIGKILL);
    w->pid = 0;
    if (!w->wanted)
        return;
    if (w->is_ending) {
        w->is_ending = 0;
        w->again_ms = clock_ms();
        return;
    }
    w->failures = clock_ms() - w->started_ms > LASTED_MS ? 1 : w->failures + 1;
    w->again_ms = clock_ms() + pause_after(w);
    if (WIFSIGNALED(status))
        say_wrong("%s was ended by signal %d; it is started again.", w->name, WTERMSIG(status));
    else
        say_wrong("%s ended with status %d (%s/log/%s.log); it is started again.", w->name, WEXITSTATUS(status),
                  watch->house->dir, w->name);
}

static void bury_the_dead(struct watch *watch)
{
    int status;
    for (pid_t dead; (dead = waitpid(-1, &status, WNOHANG)) > 0;) {
        if (watch->errand == dead)
            watch->errand = 0;
        for (size_t i = 0; i < watch->count; i++)
            if (watch->list[i].pid == dead)
                bury(watch, &watch->list[i], status);
    }
}

/* `ms`, or less when one is to be started again before. */
static int64_t until_one_is_due(const struct watch *watch, int64_t ms)
{
    int64_t now = clock_ms();
    for (size_t i = 0; i < watch->count; i++) {
        const struct watched *w = &watch->list[i];
        int64_t wait = w->again_ms > now ? w->again_ms - now : 0;
        if (w->wanted && !w->pid && wait < ms)
            ms = wait;
    }
    return ms;
}

enum err watch_turn(struct watch *watch, int64_t ms, int settled)
{
    wait_for_signal(watch, until_one_is_due(watch, ms));
    bury_the_dead(watch);
    if (watch->stop)
        return ERR_CANCELLED;
    for (size_t i = 0; i < watch->count; i++) {
        struct watched *w = &watch->list[i];
        if (!settled && w->failures >= FAILURES_BEFORE) {
            say_wrong("%s does not stay up: %s/log/%s.log says why.", w->name, watch->house->dir, w->name);
            return ERR_SYSTEM;
        }
        if (w->wanted && !w->pid && clock_ms() >= w->again_ms)
            start_one(watch, w);
    }
    return ERR_OK;
}

static void hang_up(const struct watch *watch, struct watched *w)
{
    struct watched now = *w;
    if (!w->member.kind->reads_once) {
        kill(w->pid, SIGHUP);
        return;
    }
    mark_read_once(watch, &now);
    if (memcmp(&now.read_once, &w->read_once, sizeof now.read_once) == 0)
        return;
    w->is_ending = 1;
    kill(w->pid, SIGTERM);
}

void watch_hang_up(struct watch *watch)
{
    for (size_t i = 1; i < watch->count; i++)
        if (watch->list[i].pid)
            hang_up(watch, &watch->list[i]);
}

/* ---- stopping ---- */

/* Public doors and console; vaults; keys and cleaners; the database. */
static int stage_of(const struct watched *w)
{
    static const struct {
        const char *kind;
        int stage;
    } LATER[] = {{"vault", 1}, {"keys", 2}, {"clean", 2}};
    for (size_t i = 0; w->member.kind && i < sizeof LATER / sizeof *LATER; i++)
        if (strcmp(w->member.kind->name, LATER[i].kind) == 0)
            return LATER[i].stage;
    return w->member.kind ? 0 : 3;
}

static int signal_stage(struct watch *watch, int stage, int signal_number, int whole_group)
{
    int running = 0;
    for (size_t i = 0; i < watch->count; i++) {
        struct watched *w = &watch->list[i];
        w->wanted = 0;
        if (stage_of(w) != stage || !w->pid)
            continue;
        running++;
        if (signal_number)
            kill(whole_group ? -w->pid : w->pid, signal_number);
    }
    return running;
}

static void stop_stage(struct watch *watch, int stage, int signal_number, int64_t ms)
{
    int64_t until = clock_ms() + ms;
    (void)signal_stage(watch, stage, signal_number, 0);
    while (signal_stage(watch, stage, 0, 0) && clock_ms() < until) {
        wait_for_signal(watch, 50);
        bury_the_dead(watch);
    }
    if (signal_stage(watch, stage, stage == 3 ? SIGQUIT : SIGKILL, stage != 3))
        say_wrong("Not everything ended in time and was ended by force.");
    for (until = clock_ms() + STOP_MS; signal_stage(watch, stage, 0, 0) && clock_ms() < until;) {
        wait_for_signal(watch, 50);
        bury_the_dead(watch);
    }
}

void watch_errand(struct watch *watch, pid_t child)
{
    need(!watch->errand);
    watch->errand = child > 0 ? child : 0;
}

static void wait_for_errand(struct watch *watch, int64_t ms)
{
    for (int64_t until = clock_ms() + ms; watch->errand && clock_ms() < until;) {
        wait_for_signal(watch, 50);
        bury_the_dead(watch);
    }
}

void watch_errand_end(struct watch *watch)
{
    if (watch->errand)
        kill(watch->errand, SIGTERM);
    wait_for_errand(watch, ERRAND_MS);
    if (watch->errand)
        kill(watch->errand, SIGKILL);
    wait_for_errand(watch, STOP_MS);
}

void watch_stop(struct watch *watch)
{
    watch_errand_end(watch);
    for (int stage = 0; stage < 3; stage++)
        stop_stage(watch, stage, SIGTERM, STOP_MS);
    stop_stage(watch, 3, SIGINT, STOP_DATABASE_MS);
}
