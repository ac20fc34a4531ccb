/* spool_waiting.c -- see spool_waiting.h. */
#include "store/spool_waiting.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/base/mem.h"
#include "common/base/rw.h"
#include "store/spool_folder.h"
#include "store/spool_frame.h"
#include "store/spool_unit.h"

/* A file that was read as far as `at`. */
struct seen_file {
    struct seen_file *next;
    unsigned worker;
    uint64_t number, at;
    int is_there; /* in the listing of this question */
    uint8_t (*handles)[32];
    size_t count, room;
};

struct spool_waiting {
    char folder[SPOOL_PATH];
    struct seen_file *files;
};

struct spool_waiting *spool_waiting_new(const char *folder)
{
    struct spool_waiting *waiting = mem_new(sizeof *waiting);
    need((size_t)snprintf(waiting->folder, sizeof waiting->folder, "%s", folder) < sizeof waiting->folder);
    return waiting;
}

static void file_free(struct seen_file *file)
{
    mem_free(file->handles);
    mem_free(file);
}

void spool_waiting_free(struct spool_waiting *waiting)
{
    if (!waiting)
        return;
    while (waiting->files) {
        struct seen_file *file = waiting->files;
        waiting->files = file->next;
        file_free(file);
    }
    mem_free(waiting);
}

/* ---- what is in a file ---- */

static void note_handle(struct seen_file *file, const uint8_t handle[static 32])
{
    if (file->count == file->room) {
        file->room = file->room ? 2 * file->room : 64;
        file->handles = mem_grow(file->handles, file->room * sizeof *file->handles);
    }
    memcpy(file->handles[file->count++], handle, sizeof *file->handles);
}

/* Of a letter the receipt may be anybody's guess: it says nothing of what is there. */
static void note_unit(struct seen_file *file, const uint8_t *bytes, size_t len)
{
    struct spool_unit unit = {0};
    if (spool_unit_read(bytes, len, &unit) != ERR_OK)
        return;
    for (size_t i = 0; unit.unit.new_case && i < unit.unit.wrap_count; i++)
        if (unit.unit.wraps[i].recipient_kind == RECIPIENT_RECEIPT)
            note_handle(file, unit.unit.wraps[i].recipient_id);
    spool_unit_free(&unit);
}

static void note_frame(struct seen_file *file, const struct spool_frames *frames)
{
    struct rd r = rd_from(frames->payload, frames->payload_len);
    uint32_t units = rd_u32(&r);
    for (uint32_t i = 0; i < units && !r.bad; i++) {
        size_t len;
        const uint8_t *bytes = rd_bytes(&r, SPOOL_PAYLOAD_MAX, &len);
        if (bytes)
            note_unit(file, bytes, len);
    }
}

/* Append up to `most` bytes from `from` on. */
static enum err read_part(int fd, uint64_t from, size_t most, struct buf *out)
{
    uint8_t piece[64 * 1024];
    if (lseek(fd, (off_t)from, SEEK_SET) < 0)
        return ERR_SYSTEM;
    while (most) {
        ssize_t got = read(fd, piece, most < sizeof piece ? most : sizeof piece);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return ERR_SYSTEM;
        if (got == 0)
            return ERR_OK;
        enum err err = buf_add(out, piece, (size_t)got);
        if (err != ERR_OK)
            return err;
        most -= (size_t)got;
    }
    return ERR_OK;
}

/* What came behind `file->at`. A frame that is being written is read when it is whole; what is damaged is passed over
 * as the drain passes over it. */
static enum err read_on(const struct spool_waiting *waiting, struct seen_file *file, uint64_t bytes)
{
    char path[SPOOL_PATH];
    struct buf text = BUF_INIT(SPOOL_HEAD + SPOOL_WAITING_STEP);
    spool_path(waiting->folder, file->worker, file->number, "spool", path);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return errno == ENOENT ? ERR_OK : ERR_SYSTEM; /* it is in the database meanwhile */
    if (file->at < SPOOL_HEAD)
        file->at = SPOOL_HEAD;
    enum err err = read_part(fd, 0, SPOOL_HEAD, &text);
    if (err == ERR_OK && text.len == SPOOL_HEAD && bytes > file->at)
        err = read_part(fd, file->at, (size_t)(bytes - file->at), &text);
    close(fd);
    struct spool_frames frames = {.bytes = text.bytes, .len = text.len};
    size_t end = SPOOL_HEAD;
    for (; err == ERR_OK && text.len > SPOOL_HEAD && spool_frames_next(&frames); end = frames.at)
        note_frame(file, &frames);
    file->at += end - SPOOL_HEAD;
    buf_free(&text);
    return err;
}

/* ---- the folder ---- */

static struct seen_file *file_of(struct spool_waiting *waiting, const struct spool_file *listed)
{
    struct seen_file *file = waiting->files;
    while (file && (file->worker != listed->worker || file->number != listed->number))
        file = file->next;
    if (!file) {
        file = mem_new(sizeof *file);
        file->worker = listed->worker;
        file->number = listed->number;
        file->next = waiting->files;
        waiting->files = file;
    }
    file->is_there = 1;
    return file;
}

static void drop_gone(struct spool_waiting *waiting)
{
    for (struct seen_file **at = &waiting->files; *at;) {
        struct seen_file *file = *at;
        if (file->is_there) {
            file->is_there = 0;
            at = &file->next;
        } else {
            *at = file->next;
            file_free(file);
        }
    }
}

/* As much as one question may read. */
static enum err look_through(struct spool_waiting *waiting, const struct spool_file *listed)
{
    uint64_t left = SPOOL_WAITING_STEP;
    enum err err = ERR_OK;
    for (; listed; listed = listed->next) {
        struct seen_file *file = file_of(waiting, listed);
        uint64_t more = listed->bytes > file->at ? listed->bytes - file->at : 0;
        if (err != ERR_OK || more == 0)
            continue;
        if (more > left) {
            err = ERR_AGAIN;
            continue;
        }
        left -= more;
        err = read_on(waiting, file, listed->bytes);
    }
    drop_gone(waiting);
    return err;
}

static int has(const struct spool_waiting *waiting, const uint8_t (*handles)[32], size_t count)
{
    for (const struct seen_file *file = waiting->files; file; file = file->next)
        for (size_t i = 0; i < file->count; i++)
            for (size_t h = 0; h < count; h++)
                if (memcmp(file->handles[i], handles[h], sizeof handles[h]) == 0)
                    return 1;
    return 0;
}

enum err spool_waiting_has(struct spool_waiting *waiting, const uint8_t (*handles)[32], size_t count)
{
    struct spool_file *listed;
    uint64_t next;
    int64_t oldest;
    enum err err = spool_folder_list(waiting->folder, 0, 1, &listed, &next, &oldest);
    if (err != ERR_OK)
        return err;
    err = look_through(waiting, listed);
    while (listed) {
        struct spool_file *file = listed;
        listed = file->next;
        mem_free(file);
    }
    if (has(waiting, handles, count))
        return ERR_OK;
    return err == ERR_OK ? ERR_NOT_FOUND : err;
}
