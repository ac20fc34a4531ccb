/* work.c -- see work.h. Everything goes by descriptors of folders (openat, O_NOFOLLOW). */
#include "triage/cleaner/work.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "common/base/log.h"

enum { DEPTH_MAX = 32, ENTRIES_MAX = 20000, PATH_SIZE = 560, MAGIC_TMPFS = 0x01021994 };

/* What is done with each entry; the walk goes into folders before. Not 0: stop. */
typedef int entry_fn(void *room, int folder, const char *name, const struct stat *st);

/* NOLINTNEXTLINE(misc-no-recursion): no deeper than DEPTH_MAX */
static int walk(int fd, unsigned depth, entry_fn *each, void *room)
{
    DIR *folder = fdopendir(fd);
    int stopped = folder ? 0 : 1;
    if (!folder)
        close(fd);
    for (struct dirent *entry; !stopped && (entry = readdir(folder));) {
        struct stat st;
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0 ||
            fstatat(dirfd(folder), entry->d_name, &st, AT_SYMLINK_NOFOLLOW) != 0)
            continue;
        if (S_ISDIR(st.st_mode)) {
            int below = openat(dirfd(folder), entry->d_name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
            if (below >= 0 && depth == DEPTH_MAX) {
                close(below);
                stopped = 1;
            } else if (below >= 0) {
                stopped = walk(below, depth + 1, each, room);
            }
        }
        if (!stopped)
            stopped = each(room, dirfd(folder), entry->d_name, &st);
    }
    if (folder)
        closedir(folder);
    return stopped;
}

static int walk_path(const char *path, entry_fn *each, void *room)
{
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    return fd < 0 ? 0 : walk(fd, 0, each, room);
}

/* ---- counting ---- */

struct count {
    uint64_t bytes, max;
    unsigned entries;
};

static int count_one(void *room, int folder, const char *name, const struct stat *st)
{
    (void)folder;
    (void)name;
    struct count *count = room;
    /* What it takes: a file with holes is smaller than it says. */
    count->bytes += (uint64_t)st->st_blocks * 512;
    return ++count->entries > ENTRIES_MAX || count->bytes > count->max;
}

uint64_t work_bytes(const char *path, uint64_t max)
{
    struct count count = {.max = max};
    return walk_path(path, count_one, &count) ? max + 1 : count.bytes;
}

/* ---- removing ---- */

static int remove_one(void *room, int folder, const char *name, const struct stat *st)
{
    (void)room;
    (void)unlinkat(folder, name, S_ISDIR(st->st_mode) ? AT_REMOVEDIR : 0);
    return 0;
}

static void job_path(char out[static PATH_SIZE], const char *folder, uint32_t number, const char *name)
{
    int len = snprintf(out, PATH_SIZE, "%s/%u%s%s", folder, number, name ? "/" : "", name ? name : "");
    need(len > 0 && len < PATH_SIZE);
}

void work_job_remove(const char *folder, uint32_t number)
{
    char path[PATH_SIZE];
    job_path(path, folder, number, NULL);
    (void)walk_path(path, remove_one, NULL);
    if (unlinkat(AT_FDCWD, path, AT_REMOVEDIR) != 0 && errno != ENOENT)
        log_error("clean_folder_stays");
}

/* ---- the folder and its jobs ---- */

void work_begin(const char *folder)
{
    struct stat st;
    if (mkdir(folder, 0700) != 0 && errno != EEXIST)
        err_die("The folder for work cannot be made: %s.", strerror(errno));
    if (lstat(folder, &st) != 0 || !S_ISDIR(st.st_mode) || st.st_uid != geteuid())
        err_die("The folder for work is not a folder of ours.");
    if (chmod(folder, 0700) != 0)
        err_die("The folder for work cannot be shut to others.");
    if (walk_path(folder, remove_one, NULL) != 0)
        err_die("The folder for work cannot be emptied.");
}

int work_is_in_memory(const char *folder)
{
    struct statfs st;
    return statfs(folder, &st) == 0 && st.f_type == MAGIC_TMPFS;
}

int work_job_new(const char *folder, uint32_t number, const char *name)
{
    char path[PATH_SIZE];
    job_path(path, folder, number, NULL);
    if (mkdir(path, 0700) != 0)
        return -1;
    job_path(path, folder, number, name);
    return open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
}

int work_open(const char *folder, uint32_t number, const char *name, uint64_t *size)
{
    char path[PATH_SIZE];
    struct stat st;
    job_path(path, folder, number, name);
    /* Without waiting: it may be a pipe that a tool put there. */
    int fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0)
        return -1;
    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode) || st.st_nlink != 1) {
        close(fd);
        return -1;
    }
    *size = (uint64_t)st.st_size;
    return fd;
}
