/* doctor_processes.c -- what runs: under whose user, and whether it is what is installed now. */
#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "operator/crew.h"
#include "operator/doctor.h"
#include "operator/launcher.h"

enum { COMMAND_MAX = 2048 };

/* ---- /proc ---- */

void doctor_proc(const char *path, char *out, size_t room)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    size_t len = 0;
    ssize_t got;
    while (fd >= 0 && len < room - 1 && (got = read(fd, out + len, room - 1 - len)) > 0)
        len += (size_t)got;
    out[len] = '\0';
    if (fd >= 0)
        close(fd);
}

const char *doctor_proc_line(const char *text, const char *key)
{
    size_t len = strlen(key);
    for (const char *at = text; at; at = strchr(at, '\n') ? strchr(at, '\n') + 1 : NULL)
        if (strncmp(at, key, len) == 0)
            return at + len + strspn(at + len, " \t");
    return "";
}

static int runs_config(const char *pid, const char *config)
{
    char path[64], command[COMMAND_MAX];
    snprintf(path, sizeof path, "/proc/%.20s/cmdline", pid);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t len = fd < 0 ? 0 : read(fd, command, sizeof command - 1);
    if (fd >= 0)
        close(fd);
    command[len < 0 ? 0 : len] = '\0';
    for (ssize_t at = 0; at < len; at += (ssize_t)strlen(command + at) + 1)
        if (strcmp(command + at, config) == 0)
            return 1;
    return 0;
}

pid_t doctor_process_of(const struct doctor *d, const char *name, size_t *count)
{
    char config[HOUSE_PATH];
    const struct dirent *entry;
    long first = 0;
    DIR *all = opendir("/proc");
    house_path(d->house, config, "etc/%s.ini", name);
    *count = 0;
    while (all && (entry = readdir(all))) {
        if (strspn(entry->d_name, "0123456789") != strlen(entry->d_name) || !runs_config(entry->d_name, config))
            continue;
        long pid = strtol(entry->d_name, NULL, 10);
        first = !first || pid < first ? pid : first;
        ++*count;
    }
    if (all)
        closedir(all);
    return (pid_t)first;
}

/* ---- the checks ---- */

static void check_user(struct doctor *d, const struct crew_member *member, pid_t pid)
{
    char path[64], text[4096], cure[DOCTOR_CURE];
    uid_t uid;
    gid_t gid;
    crew_ids(d->house, member->user, &uid, &gid);
    snprintf(path, sizeof path, "/proc/%d/status", (int)pid);
    doctor_proc(path, text, sizeof text);
    const char *real = doctor_proc_line(text, "Uid:");
    if (!*real || strtoul(real, NULL, 10) == uid)
        return;
    doctor_cure(d, cure, "up");
    doctor_bad(d, cure, "%s does not run as %s", member->name, member->user);
}

/* The program that was started, and the one that would be started now. */
static void check_build(struct doctor *d, const struct crew_member *member, pid_t pid)
{
    char exe[64], now[PATH_MAX], copy[HOUSE_PATH], where[PATH_MAX];
    struct stat runs, there;
    snprintf(exe, sizeof exe, "/proc/%d/exe", (int)pid);
    ssize_t len = readlink("/proc/self/exe", now, sizeof now - 64);
    now[len > 0 ? len : 0] = '\0';
    char *name = strrchr(now, '/');
    if (!name || stat(exe, &runs) != 0)
        return;
    name++;
    snprintf(name, sizeof now - (size_t)(name - now), "%s", member->kind->program);
    /* A copy that other users can reach is made anew at each start (program.h): it is as old as what it was made of. */
    house_path(d->house, copy, "program/bin/%s", member->kind->program);
    ssize_t at = readlink(exe, where, sizeof where - 1);
    where[at > 0 ? at : 0] = '\0';
    int is_copy = strncmp(where, copy, strlen(copy)) == 0;
    if (stat(now, &there) != 0)
        return;
    if (is_copy ? runs.st_size == there.st_size && runs.st_mtim.tv_sec == there.st_mtim.tv_sec
                : runs.st_ino == there.st_ino && runs.st_dev == there.st_dev)
        return;
    doctor_bad(d, "stop it and start it again", "upgrade: %s runs another build than the one installed now",
               member->name);
}

void doctor_processes(struct doctor *d)
{
    struct crew_member members[CREW_MAX];
    size_t count = crew_list(d->house, members), running = 0, many;
    int before = d->bad;
    char cure[DOCTOR_CURE];
    doctor_cure(d, cure, "up");
    for (size_t i = 0; i < count; i++) {
        pid_t pid = doctor_process_of(d, members[i].name, &many);
        if (!pid)
            continue;
        running++;
        check_user(d, &members[i], pid);
        check_build(d, &members[i], pid);
    }
    if (running == 0 && !launcher_find(d->house))
        doctor_good(d, "nothing of it runs now");
    else if (running < count)
        doctor_bad(d, cure, "%zu of %zu processes run", running, count);
    else if (d->bad == before)
        doctor_good(d, "all %zu processes run, each as its user, and are what is installed now", count);
}
