/* restore_read.c -- see restore_read.h. */
#include "operator/restore_read.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "common/base/file.h"
#include "common/base/mem.h"
#include "common/base/num.h"
#include "operator/backup_places.h"
#include "operator/program.h"
#include "operator/progress.h"
#include "operator/say.h"
#include "store/copy.h"
#include "store/migrate.h"

enum { TEXT_MAX = 64 * 1024 };

/* ---- what it is locked with ---- */

static void unlock_rows(struct restore_read *read, const char *key_path)
{
    struct backup_key with;
    struct buf text = BUF_INIT(BACKUP_KEY_TEXT_MAX);
    size_t len;
    const void *head = backup_in_head(read->in, &len);
    enum err err = file_read(key_path, &text);
    if (err == ERR_NOT_FOUND)
        err_die("There is no file %s.", key_path);
    if (err != ERR_OK || backup_key_read(buf_text(&text), text.len, &with) != ERR_OK)
        err_die("%s is not the file that `recourse backup key` made.", key_path);
    buf_free(&text);
    err = backup_unlock_rows(&with, head, len, read->key);
    mem_wipe(&with, sizeof with);
    if (err != ERR_OK)
        err_die("%s is locked to another backup key than that of %s.", read->path, key_path);
}

static void unlock_keys(struct restore_read *read)
{
    struct buf passphrase = BUF_INIT(SAY_PASSPHRASE_MAX);
    size_t len;
    const void *head = backup_in_head(read->in, &len);
    if (say_passphrase("Passphrase of the backup of keys", 0, &passphrase) != ERR_OK)
        err_die("No passphrase was given.");
    if (backup_unlock_keys(buf_text(&passphrase), passphrase.len, head, len, read->key) != ERR_OK)
        err_die("%s is not a backup of keys of this version, or the passphrase is too long.", read->path);
    buf_free(&passphrase);
}

/* ---- what is in it ---- */

struct reading {
    struct restore_read *read;
    struct buf *keeps; /* the content of this parcel; NULL: it is passed over */
    const char *wrong;
    struct progress progress;
    const char *now;
};

static enum err refuse(struct reading *r, const char *wrong)
{
    r->wrong = wrong;
    return ERR_MALFORMED;
}

static enum err begin_file(struct reading *r, const char *name)
{
    static const struct {
        const char *path;
        size_t at;
    } KEPT[] = {{"recourse.ini", offsetof(struct restore_read, ini)},
                {"keys/root.public", offsetof(struct restore_read, root)},
                {"audit/checkpoint", offsetof(struct restore_read, checkpoint)}};
    static const struct house nobody; /* which processes there are is not known yet */
    struct backup_place place;
    for (size_t i = 0; i < sizeof KEPT / sizeof *KEPT; i++) {
        if (strcmp(name, KEPT[i].path) != 0)
            continue;
        r->keeps = (struct buf *)(void *)((char *)r->read + KEPT[i].at);
        if (r->keeps->len)
            return refuse(r, "a file is in it twice");
    }
    r->read->files++;
    if (r->read->form == BACKUP_ROWS && backup_place_of(&nobody, BACKUP_ROWS, name, &place) != ERR_OK)
        return refuse(r, "a file is in it that does not belong there");
    return ERR_OK;
}

static enum err begin(void *room, enum backup_kind kind, const char *name)
{
    struct reading *r = room;
    struct copy_table table;
    r->keeps = NULL;
    if (kind == BACKUP_FACTS)
        r->keeps = &r->read->facts;
    if (kind == BACKUP_END)
        r->keeps = &r->read->ending;
    if (kind == BACKUP_FILE)
        return begin_file(r, name);
    if ((kind == BACKUP_TABLE || kind == BACKUP_COUNTER) && r->read->form != BACKUP_ROWS)
        return refuse(r, "rows are in it that do not belong there");
    if (kind == BACKUP_TABLE && restore_table(name, &table) != ERR_OK)
        return refuse(r, "a table in it has no such name");
    r->read->tables += kind == BACKUP_TABLE;
    return ERR_OK;
}

static enum err take_bytes(void *room, const void *bytes, size_t len)
{
    struct reading *r = room;
    r->read->bytes += len;
    progress_tell(&r->progress, r->read->bytes, "looking whether all of it is whole");
    if (!r->keeps)
        return ERR_OK;
    return buf_add(r->keeps, bytes, len) == ERR_OK ? ERR_OK : refuse(r, "a part of it is too long");
}

static enum err end(void *room)
{
    (void)room;
    return ERR_OK;
}

static uint64_t size_of(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 ? (uint64_t)st.st_size : 0;
}

static void need_whole(const struct reading *r, enum err err)
{
    const struct restore_read *read = r->read;
    char size[PROGRESS_SIZE];
    progress_size(read->bytes, size);
    if (err == ERR_OK)
        return;
    if (err == ERR_MALFORMED)
        err_die("%s is not a backup that this version can read: %s.", read->path,
                r->wrong ? r->wrong : "it is not in the form of one");
    if (err != ERR_CRYPTO)
        err_die("%s cannot be read to its end: %s.", read->path, err == ERR_SYSTEM ? strerror(errno) : err_says(err));
    if (read->bytes)
        err_die("%s was changed or cut off, behind its first %s. Nothing of it is used.", read->path, size);
    if (read->form == BACKUP_KEYS)
        err_die("%s does not open: that is not its passphrase, or it was changed or cut off.", read->path);
    err_die("%s does not open: it was changed or cut off, or was not written by the machine that the backup key is of.",
            read->path);
}

static void count_rows(struct restore_read *read)
{
    for (const char *at = buf_text(&read->ending); *at; at += strcspn(at, "\n"), at += *at == '\n') {
        uint64_t rows = 0;
        size_t len = strcspn(at, "\n"), name = strcspn(at, " \n");
        if (strncmp(at, "table-", 6) == 0 && name < len &&
            num_parse(at + name + 1, len - name - 1, 0, INT64_MAX, &rows) == ERR_OK)
            read->rows += rows;
    }
}

void restore_read_begin(struct restore_read *read, enum backup_form form, const char *path, const char *key_path)
{
    *read = (struct restore_read){.path = path};
    struct buf *const TEXTS[] = {&read->facts, &read->ending, &read->ini, &read->checkpoint, &read->root};
    struct reading reading = {.read = read};
    for (size_t i = 0; i < sizeof TEXTS / sizeof *TEXTS; i++)
        buf_init(TEXTS[i], TEXT_MAX);
    enum err err = backup_in_open(path, &read->in, &read->form);
    if (err == ERR_NOT_FOUND)
        err_die("There is no file %s.", path);
    if (err != ERR_OK)
        err_die("%s is not a backup of recourse, or of a later version: %s.", path,
                err == ERR_SYSTEM ? strerror(errno) : err_says(err));
    if (read->form != form)
        err_die("%s holds %s.", path,
                read->form == BACKUP_KEYS ? "keys (recourse keys restore)" : "rows (recourse restore)");
    if (form == BACKUP_ROWS)
        unlock_rows(read, key_path);
    else
        unlock_keys(read);
    progress_begin(&reading.progress, "Read", size_of(path));
    const struct backup_reader reader = {begin, take_bytes, end, &reading};
    need_whole(&reading, restore_read_again(read, &reader));
    progress_end(&reading.progress);
    count_rows(read);
}

enum err restore_read_again(struct restore_read *read, const struct backup_reader *reader)
{
    enum err err = backup_in_begin(read->in, read->key);
    return err == ERR_OK ? backup_unpack(read->in, reader) : err;
}

void restore_read_end(struct restore_read *read)
{
    backup_in_close(read->in);
    buf_free(&read->facts);
    buf_free(&read->ending);
    buf_free(&read->ini);
    buf_free(&read->checkpoint);
    buf_free(&read->root);
    mem_wipe(read->key, sizeof read->key);
}

/* ---- parts of it ---- */

static int is_made_of(const char *text, size_t len, const char *more)
{
    for (size_t i = 0; i < len; i++)
        if (!(text[i] >= 'a' && text[i] <= 'z') && !(text[i] >= '0' && text[i] <= '9') && !strchr(more, text[i]))
            return 0;
    return len != 0;
}

enum err restore_table(const char *name, struct copy_table *out)
{
    size_t len = strcspn(name, " ");
    const char *columns = name[len] ? name + len + 1 : "";
    if (len >= sizeof out->name || strlen(columns) >= sizeof out->columns || !is_made_of(name, len, "_") ||
        !is_made_of(columns, strlen(columns), "_,"))
        return ERR_MALFORMED;
    snprintf(out->name, sizeof out->name, "%.*s", (int)len, name);
    snprintf(out->columns, sizeof out->columns, "%s", columns);
    return ERR_OK;
}

struct comparing {
    const struct restore_read *read;
    unsigned last;
    char differs[64];
};

static void compare_migration(void *room, unsigned number, const char *name, const char *sha256)
{
    struct comparing *c = room;
    char key[32], was[80];
    snprintf(key, sizeof key, "migration-%u", number);
    if (!backup_fact(buf_text(&c->read->ending), key, was, sizeof was))
        return;
    c->last = number;
    if (strcmp(was, sha256) != 0 && !c->differs[0])
        snprintf(c->differs, sizeof c->differs, "%.63s", name);
}

unsigned restore_migrations(const struct restore_read *read)
{
    struct comparing c = {.read = read};
    char folder[HOUSE_PATH], says[MIGRATE_SAYS], build[32] = "?", newer[32], was[80];
    program_shared(folder, "migrations");
    if (migrate_files(folder, compare_migration, &c, says) != ERR_OK)
        err_die("The migrations cannot be read: %s.", says);
    (void)backup_fact(buf_text(&read->facts), "build", build, sizeof build);
    if (c.differs[0])
        err_die("The backup was made under another %s than that of this version: use version %s.", c.differs, build);
    snprintf(newer, sizeof newer, "migration-%u", c.last + 1);
    if (c.last == 0 || backup_fact(buf_text(&read->ending), newer, was, sizeof was))
        err_die("The backup was made by a newer version than this one: use version %s or later.", build);
    return c.last;
}
