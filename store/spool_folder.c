/* spool_folder.c -- see spool_folder.h. Only system calls that the rooms' filters leave (common/base/sandbox_calls.c):
 * names are whole paths, and nothing seeks. */
#include "store/spool_folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/base/mem.h"
#include "common/base/num.h"

void spool_path(const char *folder, unsigned worker, uint64_t number, const char *ending, char out[static SPOOL_PATH])
{
    int len = snprintf(out, SPOOL_PATH, "%s/%u-%" PRIu64 ".%s", folder, worker, number, ending);
    need(len > 0 && len < SPOOL_PATH);
}

/* "3-17.spool" */
static int name_read(const char *name, unsigned *worker, uint64_t *number)
{
    uint64_t w;
    const char *dash = strchr(name, '-');
    const char *dot = dash ? strchr(dash, '.') : NULL;
    if (!dot || strcmp(dot, ".spool") != 0 || num_parse(name, (size_t)(dash - name), 0, UINT16_MAX, &w) != ERR_OK ||
        num_parse(dash + 1, (size_t)(dot - dash - 1), 0, UINT64_MAX / 2, number) != ERR_OK)
        return 0;
    *worker = (unsigned)w;
    return 1;
}

static void list_add(struct spool_file **list, const struct spool_file *file)
{
    while (*list && ((*list)->number < file->number))
        list = &(*list)->next;
    struct spool_file *own = mem_new(sizeof *own);
    *own = *file;
    own->next = *list;
    *list = own;
}

enum err spool_folder_list(const char *folder, unsigned worker, unsigned workers, struct spool_file **out,
                           uint64_t *next_number, int64_t *oldest_wall)
{
    DIR *dir = opendir(folder);
    struct dirent *entry;
    *out = NULL;
    *next_number = 1;
    *oldest_wall = 0;
    if (!dir)
        return ERR_SYSTEM;
    while ((entry = readdir(dir)) != NULL) {
        struct spool_file file = {0};
        char path[SPOOL_PATH];
        struct stat st;
        if (!name_read(entry->d_name, &file.worker, &file.number))
            continue;
        if (file.number >= *next_number)
            *next_number = file.number + 1;
        spool_path(folder, file.worker, file.number, "spool", path);
        if (file.worker % workers != worker || stat(path, &st) != 0)
            continue;
        file.bytes = (uint64_t)st.st_size;
        list_add(out, &file);
        if (!*oldest_wall || st.st_mtime < *oldest_wall)
            *oldest_wall = st.st_mtime;
    }
    closedir(dir);
    return ERR_OK;
}

enum err spool_folder_sync(const char *folder)
{
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int bad = fd < 0 || fsync(fd) != 0;
    if (fd >= 0)
        close(fd);
    return bad ? ERR_SYSTEM : ERR_OK;
}

/* A lock of the open file, not of the process: a second opening of the same file is held off too. */
enum err spool_lock(int fd)
{
    struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    return fcntl(fd, F_OFD_SETLK, &whole) == 0 ? ERR_OK : ERR_AGAIN;
}

enum err spool_write_all(int fd, const void *bytes, size_t len)
{
    const uint8_t *at = bytes;
    while (len) {
        ssize_t put = write(fd, at, len);
        if (put < 0 && errno == EINTR)
            continue;
        if (put <= 0)
            return put == 0 || errno == ENOSPC || errno == EDQUOT || errno == EFBIG ? ERR_BUSY : ERR_SYSTEM;
        at += put;
        len -= (size_t)put;
    }
    return ERR_OK;
}
