/* spool.c -- see spool.h. */
#include "store/spool.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/base/clock.h"
#include "common/base/file.h"
#include "common/base/log.h"
#include "common/base/mem.h"
#include "common/base/rng.h"
#include "common/base/rw.h"
#include "store/spool_folder.h"
#include "store/spool_frame.h"

enum {
    FILE_FULL = 8 * 1024 * 1024, /* then a new one: a file is read whole */
    FILE_MAX = FILE_FULL + SPOOL_PAYLOAD_MAX + 2 * SPOOL_FRAME_HEAD,
};

struct spool {
    char folder[SPOOL_PATH - 64];
    unsigned worker;
    uint64_t bytes_max, next_number;
    struct spool_file *old; /* oldest first; no longer written */
    /* being written; fd -1: none */
    struct spool_file now;
    int now_fd;
    uint8_t now_name[SPOOL_NAME];
    uint64_t now_frames;
    /* being drained: the first of `old` */
    int reading, reading_fd, keep;
    struct buf bytes;
    struct spool_frames frames;
    int has_frame;
    uint64_t frame_rows;

    int broken;
    int64_t since; /* clock_ms() of the oldest; 0: nothing waits */
    struct spool_stats stats;
};

/* --- opening and closing --- */

/* How many rows wait in a file: so that people are told a number they understand. */
static void file_count(const struct spool *spool, struct spool_file *file)
{
    char path[SPOOL_PATH];
    struct buf bytes = BUF_INIT(FILE_MAX);
    spool_path(spool->folder, file->worker, file->number, "spool", path);
    if (file_read(path, &bytes) == ERR_OK) {
        struct spool_frames frames = {.bytes = bytes.bytes, .len = bytes.len};
        while (spool_frames_next(&frames)) {
            struct rd r = rd_from(frames.payload, frames.payload_len);
            file->rows += rd_u32(&r);
        }
    }
    buf_free(&bytes);
}

static void stats_wait(struct spool *spool, int64_t bytes, int64_t rows)
{
    spool->stats.bytes += (uint64_t)bytes;
    spool->stats.rows += (uint64_t)rows;
    if (spool->stats.bytes == 0)
        spool->since = 0;
    else if (spool->since == 0)
        spool->since = clock_ms();
}

enum err spool_open(const struct spool_options *options, struct spool **out)
{
    int64_t oldest;
    struct spool *spool = mem_new(sizeof *spool);
    *out = NULL;
    *spool = (struct spool){.worker = options->worker, .bytes_max = options->bytes_max, .now_fd = -1, .reading_fd = -1};
    need(strlen(options->folder) < sizeof spool->folder);
    memcpy(spool->folder, options->folder, strlen(options->folder) + 1);
    buf_init(&spool->bytes, FILE_MAX);
    enum err err =
        spool_folder_list(spool->folder, options->worker, options->workers, &spool->old, &spool->next_number, &oldest);
    if (err != ERR_OK) {
        spool_close(spool);
        return err;
    }
    for (struct spool_file *file = spool->old; file; file = file->next) {
        file_count(spool, file);
        stats_wait(spool, (int64_t)file->bytes, (int64_t)file->rows);
    }
    int64_t age = clock_wall() - oldest;
    if (spool->since && age > 0)
        spool->since -= age * 1000;
    if (spool->old)
        log_info("spool_found", LOG_NUM("rows", spool->stats.rows));
    *out = spool;
    return ERR_OK;
}

void spool_close(struct spool *spool)
{
    if (!spool)
        return;
    while (spool->old) {
        struct spool_file *file = spool->old;
        spool->old = file->next;
        mem_free(file);
    }
    if (spool->now_fd >= 0)
        close(spool->now_fd);
    if (spool->reading_fd >= 0)
        close(spool->reading_fd);
    buf_free(&spool->bytes);
    mem_free(spool);
}

/* --- putting --- */

static enum err spool_break(struct spool *spool, const char *cause)
{
    spool->broken = 1;
    spool->stats.faults++;
    log_error("spool_broken", LOG_NAME("cause", cause));
    return ERR_SYSTEM;
}

/* The file's name must be as durable as what is in it. */
static enum err now_begin(struct spool *spool)
{
    char path[SPOOL_PATH];
    uint8_t head[SPOOL_HEAD];
    spool_path(spool->folder, spool->worker, spool->next_number, "spool", path);
    int fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0) {
        /* Nothing was written: nothing is uncertain. */
        if (errno != ENOSPC && errno != EDQUOT)
            log_error("spool_not_writable");
        return ERR_BUSY;
    }
    rng_bytes(spool->now_name, sizeof spool->now_name);
    spool_head_write(spool->now_name, head);
    enum err err = spool_lock(fd);
    if (err == ERR_OK)
        err = spool_write_all(fd, head, sizeof head);
    if (err == ERR_OK && (fdatasync(fd) != 0 || spool_folder_sync(spool->folder) != ERR_OK))
        err = ERR_SYSTEM;
    if (err != ERR_OK) {
        (void)unlink(path);
        close(fd);
        return err == ERR_BUSY ? ERR_BUSY : spool_break(spool, "begin");
    }
    spool->now_fd = fd;
    spool->now = (struct spool_file){.worker = spool->worker, .number = spool->next_number++, .bytes = sizeof head};
    spool->now_frames = 0;
    stats_wait(spool, sizeof head, 0);
    return ERR_OK;
}

/* What is written from here on goes to another file; this one is drained in its turn. */
static void now_end(struct spool *spool)
{
    if (spool->now_fd < 0)
        return;
    close(spool->now_fd);
    spool->now_fd = -1;
    struct spool_file **at = &spool->old;
    while (*at)
        at = &(*at)->next;
    *at = mem_new(sizeof **at);
    **at = spool->now;
    (*at)->next = NULL;
}

static enum err frame_write(struct spool *spool, const struct append_unit *const *units, size_t count, struct buf *out)
{
    size_t at;
    struct buf one = BUF_INIT(SPOOL_PAYLOAD_MAX);
    enum err err = spool_frame_begin(out, &at);
    if (err == ERR_OK)
        err = wr_u32(out, (uint32_t)count);
    for (size_t i = 0; i < count && err == ERR_OK; i++) {
        buf_cut(&one, 0);
        err = spool_unit_write(units[i], &one);
        if (err == ERR_OK)
            err = wr_bytes(out, one.bytes, one.len);
    }
    if (err == ERR_OK && out->len - at - SPOOL_FRAME_HEAD > SPOOL_PAYLOAD_MAX)
        err = ERR_TOO_BIG;
    if (err == ERR_OK)
        spool_frame_end(out, at, spool->now_name, spool->now_frames + 1);
    buf_free(&one);
    return err;
}

/* A frame that did not fit is taken back, so that the next one does not stand behind half of it. */
static enum err frame_store(struct spool *spool, const struct buf *frame)
{
    enum err err = spool_write_all(spool->now_fd, frame->bytes, frame->len);
    if (err == ERR_BUSY)
        return ftruncate(spool->now_fd, (off_t)spool->now.bytes) == 0 ? ERR_BUSY : spool_break(spool, "take_back");
    if (err != ERR_OK)
        return spool_break(spool, "write");
    return fdatasync(spool->now_fd) == 0 ? ERR_OK : spool_break(spool, "sync");
}

static enum err put_frame(struct spool *spool, const struct append_unit *const *units, size_t count)
{
    struct buf frame = BUF_INIT(SPOOL_PAYLOAD_MAX + SPOOL_FRAME_HEAD + 64);
    if (spool->now_fd >= 0 && spool->now.bytes >= FILE_FULL)
        now_end(spool);
    enum err err = spool->now_fd < 0 ? now_begin(spool) : ERR_OK;
    if (err == ERR_OK)
        err = frame_write(spool, units, count, &frame);
    if (err == ERR_OK && spool->stats.bytes + frame.len > spool->bytes_max)
        err = ERR_BUSY;
    if (err == ERR_OK)
        err = frame_store(spool, &frame);
    if (err == ERR_OK) {
        spool->now_frames++;
        spool->now.bytes += frame.len;
        spool->now.rows += count;
        stats_wait(spool, (int64_t)frame.len, (int64_t)count);
    }
    buf_free(&frame);
    return err;
}

enum err spool_put(struct spool *spool, const struct append_unit *const *units, size_t count)
{
    need(count > 0 && count <= SPOOL_UNITS_MAX);
    enum err err = spool->broken ? ERR_SYSTEM : put_frame(spool, units, count);
    spool->stats.put += err == ERR_OK ? count : 0;
    spool->stats.full += err == ERR_BUSY ? count : 0;
    return err;
}

int spool_is_broken(const struct spool *spool)
{
    return spool->broken;
}

/* --- draining --- */

static enum err reading_begin(struct spool *spool)
{
    char path[SPOOL_PATH];
    const struct spool_file *file = spool->old;
    spool_path(spool->folder, file->worker, file->number, "spool", path);
    int fd = open(path, O_RDWR | O_CLOEXEC);
    enum err err = fd < 0 ? ERR_SYSTEM : spool_lock(fd);
    buf_clear(&spool->bytes);
    if (err == ERR_OK)
        err = file_read(path, &spool->bytes);
    if (err != ERR_OK) {
        if (fd >= 0)
            close(fd);
        return err == ERR_AGAIN ? err : ERR_SYSTEM;
    }
    spool->reading = 1;
    spool->reading_fd = fd;
    spool->keep = 0;
    spool->has_frame = 0;
    spool->frames = (struct spool_frames){.bytes = spool->bytes.bytes, .len = spool->bytes.len};
    return ERR_OK;
}

static void old_drop_first(struct spool *spool)
{
    struct spool_file *file = spool->old;
    stats_wait(spool, -(int64_t)file->bytes, -(int64_t)file->rows);
    spool->old = file->next;
    mem_free(file);
}

/* One bad file does not hold up those behind it. */
static void file_pass(struct spool *spool)
{
    spool->stats.faults++;
    log_error("spool_file_unreadable");
    old_drop_first(spool);
}

/* Gone for good, name included: what a person had erased must not come back with it. */
static void reading_end(struct spool *spool)
{
    char path[SPOOL_PATH], kept[SPOOL_PATH];
    const struct spool_file *file = spool->old;
    spool_path(spool->folder, file->worker, file->number, "spool", path);
    spool_path(spool->folder, file->worker, file->number, "kept", kept);
    spool->stats.faults += spool->frames.damaged;
    int keep = spool->keep || spool->frames.damaged;
    if (keep)
        log_error("spool_kept_aside", LOG_NUM("damaged", spool->frames.damaged), LOG_NUM("refused", spool->keep));
    if ((keep ? rename(path, kept) : unlink(path)) != 0 || spool_folder_sync(spool->folder) != ERR_OK)
        log_error("spool_file_stays");
    close(spool->reading_fd);
    spool->reading_fd = -1;
    spool->reading = 0;
    buf_free(&spool->bytes);
    old_drop_first(spool);
}

static void frame_read(struct spool *spool, struct spool_batch *out)
{
    struct rd r = rd_from(spool->frames.payload, spool->frames.payload_len);
    uint32_t count = rd_u32(&r);
    if (count > SPOOL_UNITS_MAX)
        count = SPOOL_UNITS_MAX;
    out->units = mem_new_array(count ? count : 1, sizeof *out->units);
    out->count = 0;
    spool->frame_rows = count;
    for (uint32_t i = 0; i < count; i++) {
        size_t len;
        const uint8_t *bytes = rd_bytes(&r, SPOOL_PAYLOAD_MAX, &len);
        if (bytes && spool_unit_read(bytes, len, &out->units[out->count]) == ERR_OK)
            out->count++;
        else
            spool->keep++;
    }
}

enum err spool_next(struct spool *spool, struct spool_batch *out)
{
    *out = (struct spool_batch){0};
    for (;;) {
        if (!spool->old)
            now_end(spool);
        if (!spool->old)
            return ERR_NOT_FOUND;
        enum err err = spool->reading ? ERR_OK : reading_begin(spool);
        if (err == ERR_AGAIN)
            return err;
        if (err != ERR_OK) {
            file_pass(spool);
        } else if (spool->has_frame || spool_frames_next(&spool->frames)) {
            spool->has_frame = 1;
            frame_read(spool, out);
            return ERR_OK;
        } else {
            reading_end(spool);
        }
    }
}

void spool_batch_free(struct spool_batch *batch)
{
    for (size_t i = 0; i < batch->count; i++)
        spool_unit_free(&batch->units[i]);
    mem_free(batch->units);
    *batch = (struct spool_batch){0};
}

void spool_done(struct spool *spool, int keep)
{
    need(spool->has_frame);
    spool->has_frame = 0;
    spool->keep += keep;
    spool->stats.faults += keep ? 1 : 0;
    /* The rows are through, the file is not: its bytes go when it does. */
    uint64_t through = spool->frame_rows < spool->old->rows ? spool->frame_rows : spool->old->rows;
    spool->old->rows -= through;
    spool->stats.rows -= through;
}

void spool_stats(const struct spool *spool, struct spool_stats *out)
{
    *out = spool->stats;
    out->age_ms = spool->since ? clock_ms() - spool->since : 0;
}
