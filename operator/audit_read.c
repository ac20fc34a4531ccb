/* audit_read.c -- see audit_read.h. */
#include "operator/audit_read.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/base/file.h"
#include "operator/schema.h"

/* Some 200 bytes a minute: eighteen months of checkpoints, and more than enough with one sent away each year. */
enum { FILE_MAX = 160 * 1024 * 1024 };

static void add_file(struct audit_reading *reading, const char *path)
{
    need(reading->file_count < AUDIT_FILES_MAX);
    if (snprintf(reading->files[reading->file_count++], HOUSE_PATH, "%s", path) >= HOUSE_PATH)
        err_die("%s is too long.", path);
}

void audit_read_open(struct audit_reading *reading, const struct house *house, const struct args_list *more)
{
    static const char *const OWN[] = {"audit/checkpoints.log", "audit/checkpoint"};
    char path[HOUSE_PATH];
    *reading = (struct audit_reading){.shows_progress = isatty(STDERR_FILENO)};
    for (size_t i = 0; i < sizeof OWN / sizeof *OWN; i++)
        if (house_has(house, "%s", OWN[i])) {
            house_path(house, path, "%s", OWN[i]);
            add_file(reading, path);
        }
    for (size_t i = 0; i < more->count; i++)
        add_file(reading, more->items[i]);
    reading->door = schema_open_or_die(house);
}

void audit_read_close(struct audit_reading *reading)
{
    door_operator_close(reading->door);
}

static void need_read(enum err err, const char *says)
{
    if (err != ERR_OK)
        err_die("The database cannot be read to the end: %s.", *says ? says : err_says(err));
}

/* ---- checkpoints ---- */

static enum err take_checkpoint(void *room, int64_t size, const char *note)
{
    audit_tree_checkpoint(room, note, strlen(note), size, "the database");
    return ERR_OK;
}

static void read_file(const char *path, struct audit_tree *tree)
{
    struct buf text = BUF_INIT(FILE_MAX);
    const char *note;
    size_t at = 0, len;
    enum err err = file_read(path, &text);
    if (err != ERR_OK)
        err_die("%s cannot be read: %s.", path, err_says(err));
    while ((err = audit_note_next(buf_text(&text), text.len, &at, &note, &len)) == ERR_OK)
        audit_tree_checkpoint(tree, note, len, -1, path);
    if (err != ERR_NOT_FOUND)
        audit_tree_checkpoint(tree, note, len, -1, path);
    buf_free(&text);
}

static void read_checkpoints(void *room, struct audit_tree *tree)
{
    struct audit_reading *reading = room;
    char says[DOOR_OPERATOR_SAYS] = "";
    for (size_t i = 0; i < reading->file_count; i++)
        read_file(reading->files[i], tree);
    need_read(door_operator_checkpoints(reading->door, take_checkpoint, tree, says), says);
}

/* ---- the rest ---- */

static void read_leaves(void *room, operator_leaf_fn *each, void *each_room)
{
    struct audit_reading *reading = room;
    char says[DOOR_OPERATOR_SAYS] = "";
    need_read(door_operator_leaves(reading->door, each, each_room, says), says);
}

static void read_cases(void *room, operator_case_fn *each, void *each_room)
{
    struct audit_reading *reading = room;
    char says[DOOR_OPERATOR_SAYS] = "";
    need_read(door_operator_cases(reading->door, each, each_room, says), says);
}

static void read_erased(void *room, operator_case_fn *each, void *each_room)
{
    struct audit_reading *reading = room;
    char says[DOOR_OPERATOR_SAYS] = "";
    need_read(door_operator_erased(reading->door, each, each_room, says), says);
}

static void read_items(void *room, enum audit_shelf shelf, operator_item_fn *each, void *each_room)
{
    struct audit_reading *reading = room;
    char says[DOOR_OPERATOR_SAYS] = "";
    need_read(door_operator_items(reading->door, (int)shelf, each, each_room, says), says);
}

static void read_counts(void *room, operator_count_fn *each, void *each_room)
{
    struct audit_reading *reading = room;
    char says[DOOR_OPERATOR_SAYS] = "";
    need_read(door_operator_counts(reading->door, each, each_room, says), says);
}

static void show_progress(void *room, const char *what, uint64_t count)
{
    const struct audit_reading *reading = room;
    if (reading->shows_progress)
        fprintf(stderr, "\r%-12" PRIu64 "%-24s\r", count, what);
}

struct audit_source audit_read_source(struct audit_reading *reading)
{
    return (struct audit_source){.checkpoints = read_checkpoints,
                                 .leaves = read_leaves,
                                 .cases = read_cases,
                                 .erased = read_erased,
                                 .items = read_items,
                                 .counts = read_counts,
                                 .progress = show_progress,
                                 .room = reading};
}
