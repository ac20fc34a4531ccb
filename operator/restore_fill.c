/* restore_fill.c -- see restore_fill.h. */
#include "operator/restore_fill.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/base/mem.h"
#include "common/base/num.h"
#include "operator/backup_places.h"
#include "operator/database.h"
#include "operator/progress.h"
#include "store/copy.h"

struct filling {
    const struct house *house;
    struct restore_read *read;
    struct restore_filled *filled;
    void (*prepare)(void *room);
    void *room;
    enum backup_kind kind;
    struct backup_place place; /* of the file that is being written */
    int fd;                    /* -1: this one is passed over */
    struct copy *copy;         /* NULL: not yet */
    struct copy_table table;
    char counter[COPY_NAME];
    struct buf number;
    struct progress progress;
    uint64_t bytes;
};

static void need_database(enum err err, const char *says)
{
    if (err != ERR_OK)
        err_die("The rows cannot be put back: %s.", *says ? says : err_says(err));
}

/* ---- files ---- */

static void begin_file(struct filling *f, const char *name)
{
    char path[HOUSE_PATH];
    f->fd = -1;
    /* recourse.ini comes last: what has one is an installation (cmd_restore.c). */
    if (strcmp(name, "recourse.ini") == 0)
        return;
    if (backup_place_of(f->house, f->read->form, name, &f->place) != ERR_OK) {
        f->filled->unknown++;
        return;
    }
    const char *user = f->place.user[0] ? f->place.user : NULL;
    house_path(f->house, path, "%s", f->place.folder);
    if (f->place.folder[0] && access(path, F_OK) != 0) {
        char above[HOUSE_PATH];
        snprintf(above, sizeof above, "%s", path);
        *strrchr(above, '/') = '\0';
        if (access(above, F_OK) != 0)
            crew_folder(f->house, above, NULL, 0711);
        crew_folder(f->house, path, user, f->place.folder_mode);
    }
    house_path(f->house, path, "%s", f->place.path);
    f->fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (f->fd >= 0)
        return;
    if (errno != EEXIST)
        err_die("%s cannot be written: %s.", path, strerror(errno));
    f->filled->left_alone++;
    f->filled->keys_left_alone += f->place.is_key != 0;
}

static void write_file(struct filling *f, const uint8_t *bytes, size_t len)
{
    while (f->fd >= 0 && len) {
        ssize_t put = write(f->fd, bytes, len);
        if (put < 0 && errno == EINTR)
            continue;
        if (put <= 0)
            err_die("%s/%s cannot be written: %s.", f->house->dir, f->place.path, strerror(errno));
        bytes += put;
        len -= (size_t)put;
    }
}

static void end_file(struct filling *f)
{
    char path[HOUSE_PATH];
    if (f->fd < 0)
        return;
    house_path(f->house, path, "%s", f->place.path);
    if (fchmod(f->fd, f->place.mode) != 0 || fsync(f->fd) != 0 || close(f->fd) != 0)
        err_die("%s cannot be written: %s.", path, strerror(errno));
    crew_give(f->house, path, f->place.user[0] ? f->place.user : NULL);
    f->filled->files++;
}

/* ---- rows ---- */

static void open_database(struct filling *f)
{
    char conninfo[DATABASE_URL_MAX], says[COPY_SAYS] = "";
    f->prepare(f->room);
    database_operator(f->house, conninfo);
    enum err err = copy_open_empty(conninfo, &f->copy, says);
    mem_wipe(conninfo, sizeof conninfo);
    need_database(err, says);
}

static void begin_table(struct filling *f, const char *name)
{
    char says[COPY_SAYS] = "";
    if (!f->copy)
        open_database(f);
    need_database(restore_table(name, &f->table), "");
    need_database(copy_in_begin(f->copy, &f->table, says), says);
}

static void end_table(struct filling *f)
{
    char says[COPY_SAYS] = "", key[COPY_NAME + 8], said[32] = "";
    uint64_t rows = 0, wanted = 0;
    need_database(copy_in_end(f->copy, &rows, says), says);
    snprintf(key, sizeof key, "table-%s", f->table.name);
    if (!backup_fact(buf_text(&f->read->ending), key, said, sizeof said) ||
        num_parse(said, strlen(said), 0, INT64_MAX, &wanted) != ERR_OK || wanted != rows)
        err_die("Of table %s %" PRIu64 " rows came back, and the backup says that it has %s. Nothing was kept.",
                f->table.name, rows, *said ? said : "none");
    f->filled->rows += rows;
}

static void end_counter(struct filling *f)
{
    char says[COPY_SAYS] = "";
    uint64_t number = 0;
    if (num_parse(buf_text(&f->number), f->number.len, 0, INT64_MAX, &number) != ERR_OK || !f->copy)
        err_die("The counter of %s in the backup is not a number.", f->counter);
    if (number)
        need_database(copy_counter_set(f->copy, f->counter, (int64_t)number, says), says);
    buf_clear(&f->number);
}

static void commit(struct filling *f)
{
    char says[COPY_SAYS] = "";
    if (f->read->form != BACKUP_ROWS)
        return;
    if (!f->copy)
        err_die("There are no rows in the backup.");
    need_database(copy_commit(f->copy, says), says);
    copy_close(f->copy);
    f->copy = NULL;
}

/* ---- parcels ---- */

static enum err begin(void *room, enum backup_kind kind, const char *name)
{
    struct filling *f = room;
    f->kind = kind;
    if (kind == BACKUP_FILE)
        begin_file(f, name);
    if (kind == BACKUP_TABLE)
        begin_table(f, name);
    if (kind == BACKUP_COUNTER)
        snprintf(f->counter, sizeof f->counter, "%.63s", name);
    return ERR_OK;
}

static enum err take_bytes(void *room, const void *bytes, size_t len)
{
    struct filling *f = room;
    char says[COPY_SAYS] = "";
    f->bytes += len;
    progress_tell(&f->progress, f->bytes, f->kind == BACKUP_TABLE ? f->table.name : "files");
    if (f->kind == BACKUP_FILE)
        write_file(f, bytes, len);
    if (f->kind == BACKUP_TABLE)
        need_database(copy_in_add(f->copy, bytes, len, says), says);
    return f->kind == BACKUP_COUNTER ? buf_add(&f->number, bytes, len) : ERR_OK;
}

static enum err end(void *room)
{
    struct filling *f = room;
    if (f->kind == BACKUP_FILE)
        end_file(f);
    if (f->kind == BACKUP_TABLE)
        end_table(f);
    if (f->kind == BACKUP_COUNTER)
        end_counter(f);
    return ERR_OK;
}

static void fill(struct filling *f)
{
    const struct backup_reader reader = {begin, take_bytes, end, f};
    *f->filled = (struct restore_filled){0};
    progress_begin(&f->progress, "Put back", f->read->bytes);
    enum err err = restore_read_again(f->read, &reader);
    if (err != ERR_OK)
        err_die("%s was changed while it was read: %s.", f->read->path, err_says(err));
    /* Only now is it known that the second reading was of the same, to its end. */
    commit(f);
    progress_end(&f->progress);
    buf_free(&f->number);
}

void restore_fill_keys(const struct house *house, struct restore_read *read, struct restore_filled *filled)
{
    struct filling f = {.house = house, .read = read, .filled = filled, .fd = -1, .number = BUF_INIT(32)};
    fill(&f);
}

void restore_fill_rows(const struct house *house, struct restore_read *read, void (*prepare)(void *room), void *room,
                       struct restore_filled *filled)
{
    struct filling f = {.house = house,
                        .read = read,
                        .filled = filled,
                        .prepare = prepare,
                        .room = room,
                        .fd = -1,
                        .number = BUF_INIT(32)};
    fill(&f);
}
