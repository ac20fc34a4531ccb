/* backup_take.c -- see backup_take.h. */
#include "operator/backup_take.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "common/base/clock.h"
#include "common/base/code.h"
#include "common/base/file.h"
#include "common/base/mem.h"
#include "common/base/rng.h"
#include "operator/backup_marker.h"
#include "operator/backup_pack.h"
#include "operator/backup_places.h"
#include "operator/database.h"
#include "operator/house_public.h"
#include "operator/progress.h"
#include "store/copy.h"

enum { FACTS_MAX = 64 * 1024, SPARE = 32 * 1024 * 1024 };

struct taking {
    const struct house *house;
    enum backup_form form;
    const char *path;
    struct backup_out *out;
    struct copy *copy;
    struct progress progress;
    const char *now; /* what is being written */
    struct buf ending;
    struct backup_taken *taken;
};

/* ---- keys and room ---- */

void backup_take_keys(const struct house *house, uint8_t open_public[static 32], uint8_t from_private[static 32])
{
    char path[HOUSE_PATH];
    struct buf text = BUF_INIT(128);
    house_path(house, path, "keys/backup.public");
    enum err err = file_read(path, &text);
    if (err == ERR_NOT_FOUND)
        err_die(
            "There is no backup key yet. Make one and keep it away from this machine: recourse --data %s backup key "
            "FILE",
            house->dir);
    if (err != ERR_OK ||
        code_unbase64_exact(buf_text(&text), strcspn(buf_text(&text), "\n"), open_public, 32) != ERR_OK)
        err_die("%s is not a public key.", path);
    buf_free(&text);
    house_path(house, path, "secrets/operator/backup.key");
    err = file_read_hex(path, from_private, 32);
    if (err != ERR_OK)
        err_die("%s, with which this machine signs its backups, %s. Put it back, or make a new backup key: recourse "
                "--data %s backup key FILE --new",
                path, err_says(err), house->dir);
}

void backup_take_room(const char *folder, uint64_t bytes)
{
    char wanted[PROGRESS_SIZE], there[PROGRESS_SIZE];
    struct statvfs fs;
    if (statvfs(folder, &fs) != 0)
        err_die("The folder %s cannot be used: %s.", folder, strerror(errno));
    uint64_t free_bytes = (uint64_t)fs.f_bavail * fs.f_frsize;
    if (free_bytes >= bytes + bytes / 20 + SPARE)
        return;
    progress_size(bytes + bytes / 20 + SPARE, wanted);
    progress_size(free_bytes, there);
    err_die("There is not enough room in %s: about %s are needed, and %s are free.", folder, wanted, there);
}

static void need_database(enum err err, const char *says)
{
    if (err != ERR_OK)
        err_die("The database cannot be read: %s.", *says ? says : err_says(err));
}

static struct copy *open_moment(const struct house *house)
{
    char conninfo[DATABASE_URL_MAX], says[COPY_SAYS] = "";
    struct copy *copy;
    database_operator(house, conninfo);
    enum err err = copy_open(conninfo, &copy, says);
    mem_wipe(conninfo, sizeof conninfo);
    need_database(err, says);
    return copy;
}

static enum err take_epoch(void *room, const char *desk, int64_t epoch)
{
    backup_epochs_add(room, desk, epoch);
    return ERR_OK;
}

void backup_take_look(const struct house *house, struct backup_epochs *epochs, uint64_t *bytes)
{
    char says[COPY_SAYS] = "";
    struct copy *copy = open_moment(house);
    need_database(copy_size(copy, bytes, says), says);
    need_database(copy_epochs(copy, take_epoch, epochs, says), says);
    copy_close(copy);
}

/* ---- writing ---- */

static void need_written(const struct taking *t, enum err err)
{
    int why = errno;
    if (err == ERR_BUSY)
        err_die("Another backup is being written to %s just now. Wait for it, or choose another name.", t->path);
    if (err == ERR_CONFLICT)
        err_die("There is a file %s already: backups are never written over one another.", t->path);
    if (err != ERR_OK)
        err_die("%s cannot be written: %s. Nothing is left of it.", t->path,
                err == ERR_SYSTEM ? strerror(why) : err_says(err));
}

static enum err add(void *room, const void *bytes, size_t len)
{
    struct taking *t = room;
    need_written(t, backup_pack_add(t->out, bytes, len));
    progress_tell(&t->progress, backup_out_size(t->out), t->now);
    return ERR_OK;
}

static enum err add_file(void *room, const struct backup_place *place)
{
    struct taking *t = room;
    char path[HOUSE_PATH];
    uint8_t piece[4096];
    ssize_t got;
    house_path(t->house, path, "%s", place->path);
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    /* Spooled rows that reached the database since the folder was read. */
    if (fd < 0 && errno == ENOENT && t->form == BACKUP_ROWS)
        return ERR_OK;
    if (fd < 0)
        err_die("%s cannot be read: %s. The backup is not made.", path, strerror(errno));
    t->now = place->path;
    need_written(t, backup_pack_begin(t->out, BACKUP_FILE, place->path));
    while ((got = read(fd, piece, sizeof piece)) > 0)
        (void)add(t, piece, (size_t)got);
    if (got < 0)
        err_die("%s cannot be read: %s. The backup is not made.", path, strerror(errno));
    mem_wipe(piece, sizeof piece);
    need_written(t, backup_pack_end(t->out));
    close(fd);
    t->taken->files++;
    return ERR_OK;
}

static void add_files(struct taking *t)
{
    if (backup_places(t->house, t->form, add_file, t) != ERR_OK)
        err_die("The files of %s cannot be listed: %s. The backup is not made.", t->house->dir, strerror(errno));
}

static enum err add_table(void *room, const struct copy_table *table)
{
    struct taking *t = room;
    char name[BACKUP_NAME], says[COPY_SAYS] = "";
    uint64_t rows = 0;
    t->now = table->name;
    snprintf(name, sizeof name, "%s %s", table->name, table->columns);
    need_written(t, backup_pack_begin(t->out, BACKUP_TABLE, name));
    need_database(copy_out(t->copy, table, add, t, &rows, says), says);
    need_written(t, backup_pack_end(t->out));
    t->taken->rows += rows;
    return buf_addf(&t->ending, "table-%s %" PRIu64 "\n", table->name, rows);
}

static enum err add_counter(void *room, const char *table, int64_t number)
{
    struct taking *t = room;
    char text[24];
    int len = snprintf(text, sizeof text, "%" PRId64, number);
    need_written(t, backup_pack(t->out, BACKUP_COUNTER, table, text, (size_t)len));
    return ERR_OK;
}

static enum err note_migration(void *room, const char *sha256, int64_t number)
{
    struct taking *t = room;
    return buf_addf(&t->ending, "migration-%" PRId64 " %.64s\n", number, sha256);
}

static void begin(struct taking *t, const struct buf *head, uint8_t key[static STREAM_KEY], const char *facts)
{
    enum err err = backup_out_begin(t->path, head, key, &t->out);
    mem_wipe(key, STREAM_KEY);
    need_written(t, err);
    need_written(t, backup_pack(t->out, BACKUP_FACTS, "", facts, strlen(facts)));
}

static void finish(struct taking *t)
{
    need_written(t, backup_pack(t->out, BACKUP_END, "", t->ending.bytes, t->ending.len));
    t->taken->bytes = backup_out_size(t->out);
    need_written(t, backup_out_end(t->out));
    progress_end(&t->progress);
    buf_free(&t->ending);
}

/* `id`: of these keys, or of those that were saved last. */
static void write_facts(const struct house *house, const char *id, char out[static 512])
{
    struct manifest *manifest = mem_new(sizeof *manifest);
    char day[11];
    house_public_manifest(house, manifest);
    clock_day(clock_wall(), day);
    snprintf(out, 512, "made %s\nbuild %s\noffice %u\nmanifest %u\nkeys %.32s\n", day, RECOURSE_VERSION,
             manifest->office, manifest->version, *id ? id : "-");
    mem_free(manifest);
}

void backup_take_rows(const struct house *house, const char *path, const char *keys_id, uint64_t about,
                      struct backup_taken *taken)
{
    struct taking t = {
        .house = house, .form = BACKUP_ROWS, .path = path, .ending = BUF_INIT(FACTS_MAX), .taken = taken};
    uint8_t open_public[32], from_private[32], key[STREAM_KEY];
    char facts[512], says[COPY_SAYS] = "";
    struct buf head = BUF_INIT(BACKUP_HEAD_MAX);
    *taken = (struct backup_taken){0};
    backup_take_keys(house, open_public, from_private);
    if (backup_lock_rows(open_public, from_private, &head, key) != ERR_OK)
        err_die("%s/keys/backup.public is not a public key.", house->dir);
    mem_wipe(from_private, sizeof from_private);
    write_facts(house, keys_id, facts);
    progress_begin(&t.progress, "Saved", about);
    begin(&t, &head, key, facts);
    add_files(&t);
    t.copy = open_moment(house);
    need_database(copy_migrations(t.copy, note_migration, &t, says), says);
    need_database(copy_tables(t.copy, add_table, &t, says), says);
    need_database(copy_counters(t.copy, add_counter, &t, says), says);
    copy_close(t.copy);
    finish(&t);
    buf_free(&head);
}

void backup_take_secrets(const struct house *house, const char *path, const struct buf *passphrase,
                         struct backup_taken *taken)
{
    struct taking t = {
        .house = house, .form = BACKUP_KEYS, .path = path, .ending = BUF_INIT(FACTS_MAX), .taken = taken};
    uint8_t random[16], key[STREAM_KEY];
    char id[BACKUP_MARKER_ID], facts[512];
    struct buf head = BUF_INIT(BACKUP_HEAD_MAX), marker = BUF_INIT(BACKUP_MARKER_MAX);
    *taken = (struct backup_taken){0};
    rng_bytes(random, sizeof random);
    code_hex(random, sizeof random, id);
    backup_marker_take(house, id, clock_wall(), &marker);
    if (backup_lock_keys(buf_text(passphrase), passphrase->len, &head, key) != ERR_OK)
        err_die("The passphrase is too long.");
    write_facts(house, id, facts);
    progress_begin(&t.progress, "Saved", 0);
    begin(&t, &head, key, facts);
    add_files(&t);
    finish(&t);
    backup_marker_keep(house, &marker);
    buf_free(&head);
    buf_free(&marker);
}
