/* backup_file.c -- see backup_file.h. */
#include "operator/backup_file.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/base/mem.h"

/* ---- the unfinished file ---- */

/* What is there when this process ends is no backup: taken away at exit and at the signals that end us. */
static char part_path[PATH_MAX];

static void remove_part(void)
{
    if (part_path[0])
        unlink(part_path);
    part_path[0] = '\0';
}

static void end_by_signal(int number)
{
    if (part_path[0])
        unlink(part_path);
    _exit(128 + number);
}

static void watch_part(const char *part)
{
    static const int SIGNALS[] = {SIGINT, SIGTERM, SIGHUP, SIGPIPE};
    static int is_watched;
    snprintf(part_path, sizeof part_path, "%s", part);
    if (is_watched)
        return;
    is_watched = 1;
    atexit(remove_part);
    for (size_t i = 0; i < sizeof SIGNALS / sizeof *SIGNALS; i++)
        signal(SIGNALS[i], end_by_signal);
}

/* ---- writing ---- */

struct backup_out {
    int fd;
    char path[PATH_MAX - 8];
    struct stream stream;
    uint64_t size;
    size_t held; /* the last piece is known as such only at the end */
    uint8_t text[STREAM_PIECE], sealed[STREAM_SEALED];
};

static enum err write_all(int fd, const uint8_t *bytes, size_t len)
{
    while (len) {
        ssize_t put = write(fd, bytes, len);
        if (put < 0 && errno == EINTR)
            continue;
        if (put <= 0)
            return ERR_SYSTEM;
        bytes += put;
        len -= (size_t)put;
    }
    return ERR_OK;
}

/* By another process: it holds a lock on it for as long as it writes. */
static int is_being_written(const char *part)
{
    int fd = open(part, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    int is_so = fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK;
    if (fd >= 0)
        close(fd);
    return is_so;
}

/* What stands under that name is what we have written. */
static int is_ours(const char *part, int fd)
{
    struct stat there, ours;
    return lstat(part, &there) == 0 && fstat(fd, &ours) == 0 && there.st_ino == ours.st_ino &&
           there.st_dev == ours.st_dev;
}

enum err backup_out_begin(const char *path, const struct buf *head, const uint8_t key[static STREAM_KEY],
                          struct backup_out **out)
{
    struct backup_out *o;
    char part[PATH_MAX];
    *out = NULL;
    if (strlen(path) >= sizeof o->path)
        return ERR_TOO_BIG;
    if (access(path, F_OK) == 0)
        return ERR_CONFLICT;
    snprintf(part, sizeof part, "%s.part", path);
    if (is_being_written(part))
        return ERR_BUSY;
    unlink(part); /* of one that was killed */
    int fd = open(part, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0)
        return ERR_SYSTEM;
    (void)flock(fd, LOCK_EX | LOCK_NB); /* some file systems have none: then the name is looked at when it ends */
    watch_part(part);
    o = mem_new(sizeof *o);
    o->fd = fd;
    snprintf(o->path, sizeof o->path, "%s", path);
    stream_begin(&o->stream, key);
    *out = o;
    return write_all(fd, head->bytes, head->len);
}

static enum err put_piece(struct backup_out *o, int is_last)
{
    stream_seal(&o->stream, o->text, o->held, is_last, o->sealed);
    enum err err = write_all(o->fd, o->sealed, o->held + STREAM_TAG);
    o->held = 0;
    return err;
}

enum err backup_out_add(struct backup_out *o, const void *bytes, size_t len)
{
    const uint8_t *at = bytes;
    o->size += len;
    while (len) {
        if (o->held == STREAM_PIECE) {
            enum err err = put_piece(o, 0);
            if (err != ERR_OK)
                return err;
        }
        size_t fits = STREAM_PIECE - o->held < len ? STREAM_PIECE - o->held : len;
        memcpy(o->text + o->held, at, fits);
        o->held += fits;
        at += fits;
        len -= fits;
    }
    return ERR_OK;
}

static enum err sync_folder_of(const char *path)
{
    char copy[PATH_MAX];
    snprintf(copy, sizeof copy, "%s", path);
    int fd = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    enum err err = fd >= 0 && fsync(fd) == 0 ? ERR_OK : ERR_SYSTEM;
    if (fd >= 0)
        close(fd);
    return err;
}

/* Not over one that came meanwhile. Some file systems (FAT on a stick) know no way to say so in one step. */
static enum err rename_new(const char *from, const char *to)
{
    if (renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) == 0)
        return ERR_OK;
    if (errno == EEXIST || access(to, F_OK) == 0)
        return ERR_CONFLICT;
    return (errno == EINVAL || errno == ENOSYS || errno == ENOENT) && rename(from, to) == 0 ? ERR_OK : ERR_SYSTEM;
}

enum err backup_out_end(struct backup_out *o)
{
    enum err err = put_piece(o, 1);
    if (err == ERR_OK && fsync(o->fd) != 0)
        err = ERR_SYSTEM;
    if (!is_ours(part_path, o->fd)) {
        part_path[0] = '\0'; /* another one's */
        err = ERR_CONFLICT;
    }
    if (close(o->fd) != 0 && err == ERR_OK)
        err = ERR_SYSTEM;
    if (err == ERR_OK)
        err = rename_new(part_path, o->path);
    if (err == ERR_OK)
        part_path[0] = '\0';
    int why = errno;
    remove_part();
    if (err == ERR_OK)
        err = sync_folder_of(o->path);
    else
        errno = why;
    stream_wipe(&o->stream);
    mem_free(o);
    return err;
}

uint64_t backup_out_size(const struct backup_out *o)
{
    return o->size;
}

/* ---- reading ---- */

struct backup_in {
    int fd;
    uint8_t head[BACKUP_HEAD_MAX];
    size_t head_len;
    struct stream stream;
    size_t raw_len, text_len, text_at;
    uint8_t raw[STREAM_SEALED + 1]; /* one byte more tells whether a piece is the last */
    uint8_t text[STREAM_PIECE];
};

static enum err fill(int fd, uint8_t *bytes, size_t room, size_t *len)
{
    while (*len < room) {
        ssize_t got = read(fd, bytes + *len, room - *len);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return ERR_SYSTEM;
        if (got == 0)
            break;
        *len += (size_t)got;
    }
    return ERR_OK;
}

enum err backup_in_open(const char *path, struct backup_in **out, enum backup_form *form)
{
    size_t len = 0;
    *out = NULL;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return errno == ENOENT ? ERR_NOT_FOUND : ERR_SYSTEM;
    struct backup_in *in = mem_new(sizeof *in);
    in->fd = fd;
    enum err err = fill(fd, in->head, sizeof in->head, &len);
    if (err == ERR_OK)
        err = backup_head_read(in->head, len, &in->head_len, form);
    if (err == ERR_OK)
        *out = in;
    else
        backup_in_close(in);
    return err;
}

const void *backup_in_head(const struct backup_in *in, size_t *len)
{
    *len = in->head_len;
    return in->head;
}

enum err backup_in_begin(struct backup_in *in, const uint8_t key[static STREAM_KEY])
{
    stream_begin(&in->stream, key);
    in->raw_len = in->text_len = in->text_at = 0;
    return lseek(in->fd, (off_t)in->head_len, SEEK_SET) < 0 ? ERR_SYSTEM : ERR_OK;
}

static enum err next_piece(struct backup_in *in)
{
    if (in->stream.is_over)
        return ERR_NOT_FOUND;
    enum err err = fill(in->fd, in->raw, sizeof in->raw, &in->raw_len);
    if (err != ERR_OK)
        return err;
    int is_last = in->raw_len < sizeof in->raw;
    size_t len = is_last ? in->raw_len : STREAM_SEALED;
    in->text_at = in->text_len = 0;
    err = stream_open(&in->stream, in->raw, len, is_last, in->text);
    if (err != ERR_OK)
        return err == ERR_MALFORMED ? ERR_CRYPTO : err; /* cut off inside a tag: the same thing to everybody */
    in->text_len = len - STREAM_TAG;
    in->raw[0] = in->raw[STREAM_SEALED];
    in->raw_len = is_last ? 0 : 1;
    return ERR_OK;
}

enum err backup_in_read(struct backup_in *in, void *out, size_t len)
{
    uint8_t *to = out;
    while (len) {
        if (in->text_at == in->text_len) {
            enum err err = next_piece(in);
            if (err != ERR_OK)
                return err;
            continue;
        }
        size_t there = in->text_len - in->text_at, fits = there < len ? there : len;
        memcpy(to, in->text + in->text_at, fits);
        in->text_at += fits;
        to += fits;
        len -= fits;
    }
    return ERR_OK;
}

int backup_in_is_over(const struct backup_in *in)
{
    return in->stream.is_over && in->text_at == in->text_len;
}

void backup_in_close(struct backup_in *in)
{
    if (!in)
        return;
    close(in->fd);
    stream_wipe(&in->stream);
    mem_free(in);
}
