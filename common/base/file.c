/* file.c -- see file.h. A secret file appears whole or not at all: written aside, synced, renamed. */
#include "common/base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/base/code.h"
#include "common/base/mem.h"

enum err file_read(const char *path, struct buf *out)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return errno == ENOENT ? ERR_NOT_FOUND : ERR_SYSTEM;
    size_t before = out->len;
    enum err err = ERR_OK;
    uint8_t piece[4096];
    for (;;) {
        ssize_t got = read(fd, piece, sizeof piece);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            err = ERR_SYSTEM;
        if (got <= 0)
            break;
        err = buf_add(out, piece, (size_t)got);
        if (err != ERR_OK)
            break;
    }
    mem_wipe(piece, sizeof piece);
    close(fd);
    if (err != ERR_OK)
        buf_cut(out, before);
    return err;
}

enum err file_read_hex(const char *path, uint8_t *out, size_t len)
{
    struct buf text = BUF_INIT(2 * len + 2);
    enum err err = file_is_open_to_others(path) ? ERR_DENIED : file_read(path, &text);
    if (err == ERR_TOO_BIG)
        err = ERR_MALFORMED;
    while (err == ERR_OK && text.len && (text.bytes[text.len - 1] == '\n' || text.bytes[text.len - 1] == '\r'))
        buf_cut(&text, text.len - 1);
    if (err == ERR_OK)
        err = code_unhex(buf_text(&text), text.len, out, len);
    buf_free(&text);
    return err;
}

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

static enum err sync_folder_of(const char *path)
{
    char copy[PATH_MAX];
    snprintf(copy, sizeof copy, "%s", path);
    int fd = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return ERR_SYSTEM;
    enum err err = fsync(fd) == 0 ? ERR_OK : ERR_SYSTEM;
    close(fd);
    return err;
}

static enum err file_write(const char *path, const void *bytes, size_t len, mode_t mode)
{
    char aside[PATH_MAX];
    if ((size_t)snprintf(aside, sizeof aside, "%s.new", path) >= sizeof aside)
        return ERR_TOO_BIG;
    /* A leftover may be open elsewhere or belong to another: never write a secret into it. */
    unlink(aside);
    int fd = open(aside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode);
    if (fd < 0)
        return ERR_SYSTEM;
    enum err err = fchmod(fd, mode) == 0 ? write_all(fd, bytes, len) : ERR_SYSTEM;
    if (err == ERR_OK && fsync(fd) != 0)
        err = ERR_SYSTEM;
    if (close(fd) != 0)
        err = ERR_SYSTEM;
    if (err == ERR_OK && rename(aside, path) != 0)
        err = ERR_SYSTEM;
    if (err != ERR_OK) {
        unlink(aside);
        return err;
    }
    return sync_folder_of(path);
}

enum err file_write_secret(const char *path, const void *bytes, size_t len)
{
    return file_write(path, bytes, len, 0600);
}

enum err file_write_public(const char *path, const void *bytes, size_t len)
{
    return file_write(path, bytes, len, 0644);
}

int file_is_open_to_others(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 && (st.st_mode & (S_IRWXG | S_IRWXO)) != 0;
}
