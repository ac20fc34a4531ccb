/* launcher.c -- see launcher.h. The lock says whether one runs; the number beside it is believed only while it is held.
 */
#include "operator/launcher.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "common/base/num.h"

enum { NUMBER_MAX = 24 };

static int open_lock(const struct house *house, int flags)
{
    char path[HOUSE_PATH];
    house_path(house, path, "run/lock");
    int fd = open(path, flags | O_CLOEXEC, 0600);
    if (fd < 0 && errno != ENOENT)
        err_die("%s cannot be opened: %s.", path, strerror(errno));
    return fd;
}

void launcher_hold(const struct house *house)
{
    char text[NUMBER_MAX];
    int fd = open_lock(house, O_RDWR | O_CREAT);
    if (fd < 0)
        err_die("%s/run is missing: run recourse init again.", house->dir);
    if (flock(fd, LOCK_EX | LOCK_NB) != 0)
        err_die("This installation runs already.");
    int len = snprintf(text, sizeof text, "%ld\n", (long)getpid());
    if (ftruncate(fd, 0) != 0 || pwrite(fd, text, (size_t)len, 0) != len)
        err_die("%s/run/lock cannot be written: %s.", house->dir, strerror(errno));
}

pid_t launcher_find(const struct house *house)
{
    char text[NUMBER_MAX];
    uint64_t pid = 0;
    int fd = open_lock(house, O_RDONLY);
    if (fd < 0)
        return 0;
    if (flock(fd, LOCK_SH | LOCK_NB) == 0) {
        close(fd);
        return 0;
    }
    ssize_t len = pread(fd, text, sizeof text, 0);
    close(fd);
    if (len < 2 || num_parse(text, (size_t)len - 1, 2, INT32_MAX, &pid) != ERR_OK)
        err_die("This installation runs, but not under a launcher of this version: stop it and start it again.");
    return (pid_t)pid;
}

int launcher_reload(const struct house *house)
{
    pid_t pid = launcher_find(house);
    if (pid && kill(pid, SIGHUP) != 0)
        err_die("The launcher (process %ld) cannot be signalled: %s.", (long)pid, strerror(errno));
    return pid != 0;
}
