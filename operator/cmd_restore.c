/* cmd_restore.c -- recourse restore: a backup of rows and one of keys become an installation again (docs/operating.md).
 *
 * All of both is read and checked before anything is made. Then a child makes folders, keys, rows, and its parent takes
 * everything away again however the child ended. recourse.ini is the last to get its name: what was broken off is no
 * installation that somebody could start with half of it. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/base/clock.h"
#include "common/base/file.h"
#include "common/base/mem.h"
#include "common/base/num.h"
#include "operator/args.h"
#include "operator/backup_marker.h"
#include "operator/backup_take.h"
#include "operator/cluster.h"
#include "operator/commands.h"
#include "operator/crew.h"
#include "operator/database.h"
#include "operator/init.h"
#include "operator/process.h"
#include "operator/program.h"
#include "operator/restore_count.h"
#include "operator/restore_fill.h"
#include "operator/restore_keys.h"
#include "operator/say.h"
#include "operator/schema.h"
#include "operator/visit.h"
#include "store/copy.h"
#include "store/migrate.h"

enum { INI_MAX = 64 * 1024, EXIT_NOT_WHOLE = 2 };

struct restore {
    struct house *house;
    const char *path, *key, *keys, *port, *database;
    struct args_list checkpoints;
    unsigned migration;
    int made_folder;
    struct restore_read rows, secrets;
    struct restore_filled filled;
    struct visit visit;
};

/* ---- before anything is made ---- */

static void need_empty(struct restore *r)
{
    const struct dirent *entry;
    DIR *folder = opendir(r->house->dir);
    if (r->house->exists)
        err_die("There is an installation in %s already. A copy is put into an empty folder: --data NEWDIR.",
                r->house->dir);
    house_must_not_be_half(r->house);
    r->made_folder = folder == NULL;
    if (!folder && errno != ENOENT)
        err_die("%s cannot be looked into: %s.", r->house->dir, strerror(errno));
    while (folder && (entry = readdir(folder)))
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            err_die("%s is not empty.", r->house->dir);
    if (folder)
        closedir(folder);
}

/* The nearest folder that is there must have room for the rows, once more for their indexes, and for what is written
 * meanwhile. */
static void need_room(const struct restore *r)
{
    char inside[HOUSE_PATH], above[PATH_MAX];
    snprintf(inside, sizeof inside, "%s/x", r->house->dir);
    house_above(inside, above);
    backup_take_room(above, 2 * r->rows.bytes);
}

static void read_all(struct restore *r)
{
    char whose[40] = "-", which[40] = "?", day[16] = "?";
    for (size_t i = 0; i < r->checkpoints.count; i++)
        if (access(r->checkpoints.items[i], R_OK) != 0)
            err_die("%s cannot be read: %s.", r->checkpoints.items[i], strerror(errno));
    restore_read_begin(&r->rows, BACKUP_ROWS, r->path, r->key);
    if (!r->rows.ini.len)
        err_die("%s holds no recourse.ini.", r->path);
    r->migration = restore_migrations(&r->rows);
    if (!r->keys)
        return;
    restore_read_begin(&r->secrets, BACKUP_KEYS, r->keys, NULL);
    if (r->rows.root.len != r->secrets.root.len ||
        memcmp(buf_text(&r->rows.root), buf_text(&r->secrets.root), r->rows.root.len) != 0)
        err_die("%s and %s are not of the same installation.", r->path, r->keys);
    (void)backup_fact(buf_text(&r->rows.facts), "keys", whose, sizeof whose);
    (void)backup_fact(buf_text(&r->secrets.facts), "keys", which, sizeof which);
    (void)backup_fact(buf_text(&r->secrets.facts), "made", day, sizeof day);
    if (strcmp(whose, which) != 0)
        say("The keys in %s were saved on %s, and were not the last ones saved when the rows were; they are compared "
            "below.",
            r->keys, day);
}

/* ---- recourse.ini ---- */

static void put_port(const struct restore *r, struct buf *text)
{
    struct buf changed = BUF_INIT(INI_MAX);
    uint64_t port;
    const char *line = strstr(buf_text(text), "\nport = ");
    if (!r->port)
        return;
    if (num_parse(r->port, strlen(r->port), 1024, 65000, &port) != ERR_OK)
        err_die("--port wants a number from 1024 to 65000.");
    if (!line)
        err_die("recourse.ini in the backup names no port that could be changed.");
    size_t before = (size_t)(line - buf_text(text)), rest = before + 1 + strcspn(line + 1, "\n");
    need(buf_add(&changed, text->bytes, before) == ERR_OK &&
         buf_addf(&changed, "\nport = %" PRIu64 "%s", port, buf_text(text) + rest) == ERR_OK);
    buf_free(text);
    *text = changed;
}

/* Where the secrets of channels and webhooks lie is named by whole paths, of the folder that was: they are in this one
 * now, and a gateway that misses them does not come up. */
static void put_paths(const struct restore *r, struct buf *text)
{
    static const char BELOW[] = "/secrets/sms/";
    struct buf changed = BUF_INIT(2 * INI_MAX);
    enum err err = ERR_OK;
    for (const char *line = buf_text(text); *line && err == ERR_OK;) {
        size_t len = strcspn(line, "\n"), key = strcspn(line, "=\n");
        const char *below = memmem(line, len, BELOW, sizeof BELOW - 1);
        len += line[len] == '\n';
        if (below && line[0] != ';' && line + key < below) {
            err = buf_addf(&changed, "%.*s= %s", (int)key, line, r->house->dir);
            len -= (size_t)(below - line);
            line = below;
        }
        if (err == ERR_OK)
            err = buf_add(&changed, line, len);
        line += len;
    }
    if (err != ERR_OK)
        err_die("recourse.ini in the backup is too long for the folder %s.", r->house->dir);
    buf_free(text);
    *text = changed;
}

static void put_ini(struct restore *r)
{
    char path[HOUSE_PATH];
    struct buf text = BUF_INIT(INI_MAX);
    need(buf_add(&text, r->rows.ini.bytes, r->rows.ini.len) == ERR_OK);
    put_port(r, &text);
    put_paths(r, &text);
    house_path(r->house, path, "%s", HOUSE_RESTORING);
    if (file_write_public(path, text.bytes, text.len) != ERR_OK)
        err_die("%s cannot be written: %s.", path, strerror(errno));
    buf_free(&text);
    house_read(r->house, HOUSE_RESTORING);
    if (r->house->own_database && r->database)
        err_die("The installation had a database of its own; leave out --database.");
    if (!r->house->own_database && !r->database)
        err_die("The installation had its database on a server of somebody else. Name an empty one with --database "
                "URL.");
}

static void finish_ini(const struct restore *r)
{
    char from[HOUSE_PATH], to[HOUSE_PATH];
    house_path(r->house, from, "%s", HOUSE_RESTORING);
    house_path(r->house, to, "recourse.ini");
    int fd = open(r->house->dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0 || rename(from, to) != 0 || fsync(fd) != 0)
        err_die("%s cannot be given its name: %s.", from, strerror(errno));
    close(fd);
}

/* ---- making it ---- */

/* At the first row. */
static void make_database(void *room)
{
    struct restore *r = room;
    char conninfo[DATABASE_URL_MAX], folder[HOUSE_PATH], says[MIGRATE_SAYS];
    unsigned applied;
    if (r->house->own_database)
        cluster_make(r->house);
    visit_begin(&r->visit, r->house);
    database_operator(r->house, conninfo);
    program_shared(folder, "migrations");
    enum err err = migrate_run_to(conninfo, NULL, folder, r->migration, &applied, says);
    mem_wipe(conninfo, sizeof conninfo);
    if (err != ERR_OK)
        err_die("The database cannot be brought to where the backup was: %s.", says);
}

static void make_house(struct restore *r)
{
    char part[HOUSE_PATH];
    snprintf(part, sizeof part, "%s", r->house->dir);
    for (char *slash = part; (slash = strchr(slash + 1, '/'));) {
        *slash = '\0';
        if (access(part, F_OK) != 0)
            crew_folder(r->house, part, NULL, 0755);
        *slash = '/';
    }
    crew_folder(r->house, r->house->dir, NULL, 0700);
    put_ini(r);
    crew_make_users(r->house);
    init_folders(r->house);
    if (r->database)
        database_keep_url(r->house, r->database);
    if (r->keys)
        restore_keys_put(r->house, &r->secrets, &r->filled);
    restore_fill_rows(r->house, &r->rows, make_database, r, &r->filled);
}

/* 1: nothing is missing. */
static int compare_keys(const struct restore *r)
{
    struct backup_epochs epochs = {0};
    struct audit_findings found = {0};
    uint64_t bytes;
    if (!r->keys) {
        say("Its keys are not here. Before it is started: recourse --data %s keys restore FILE", r->house->dir);
        return 1;
    }
    backup_take_look(r->house, &epochs, &bytes);
    backup_check_keys(r->house, &epochs, &found);
    for (size_t i = 0; i < found.kept; i++)
        say("WRONG: %s", found.sentences[i]);
    if (!found.count)
        say("Keys: all that the rows name are here%s.",
            r->house->locked ? ", as far as can be seen without the desks' passphrase" : "");
    int is_whole = found.count == 0;
    audit_findings_free(&found);
    backup_epochs_free(&epochs);
    return is_whole;
}

static int work(struct restore *r)
{
    unsigned applied;
    char day[16] = "?";
    make_house(r);
    if (schema_migrate(r->house, &applied) != ERR_OK)
        return 1;
    (void)backup_fact(buf_text(&r->rows.facts), "made", day, sizeof day);
    say("%" PRIu64 " rows and %" PRIu64 " files of the backup of %s are back in %s.", r->filled.rows, r->filled.files,
        day, r->house->dir);
    if (applied)
        say("%u newer migrations were applied.", applied);
    int is_whole = restore_count(r->house, &r->checkpoints);
    is_whole &= compare_keys(r);
    visit_end(&r->visit);
    finish_ini(r);
    return is_whole ? 0 : EXIT_NOT_WHOLE;
}

/* ---- and leaving nothing behind ---- */

static volatile sig_atomic_t worker;

static void hand_on(int number)
{
    if (worker > 0)
        kill(worker, number == SIGINT ? SIGTERM : number);
}

static void take_back(const struct restore *r)
{
    const char *argv[] = {"/usr/bin/find", r->house->dir, "-mindepth", "1", "-delete", NULL};
    struct process_plan plan = {.argv = argv, .end_signal = SIGKILL, .output = -1};
    if (process_run(r->house, &plan) != 0 || (r->made_folder && rmdir(r->house->dir) != 0))
        say_wrong("What was made in %s is no installation: remove it.", r->house->dir);
    else
        say_wrong("Nothing was restored, and nothing is left in %s.", r->house->dir);
}

static const int SIGNALS[] = {SIGINT, SIGTERM, SIGHUP};
enum { SIGNAL_COUNT = sizeof SIGNALS / sizeof *SIGNALS };

static void catch_signals(void (*handler)(int))
{
    for (size_t i = 0; i < SIGNAL_COUNT; i++)
        signal(SIGNALS[i], handler);
}

static pid_t start_worker(struct restore *r)
{
    sigset_t ours, before;
    pid_t parent = getpid();
    sigemptyset(&ours);
    for (size_t i = 0; i < SIGNAL_COUNT; i++)
        sigaddset(&ours, SIGNALS[i]);
    /* None gets lost between the fork and knowing whom to hand it to. */
    sigprocmask(SIG_BLOCK, &ours, &before);
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        sigprocmask(SIG_SETMASK, &before, NULL);
        prctl(PR_SET_PDEATHSIG, SIGTERM);
        if (getppid() != parent)
            _exit(1);
        exit(work(r));
    }
    if (child < 0)
        err_die("A process cannot be made: %s.", strerror(errno));
    worker = child;
    catch_signals(hand_on);
    sigprocmask(SIG_SETMASK, &before, NULL);
    return child;
}

static int guard(struct restore *r)
{
    int status = 1, one;
    /* The cluster that the child started ends with it and then becomes ours: it must be gone before its files are. */
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    pid_t child = start_worker(r);
    for (pid_t ended; (ended = waitpid(-1, &one, 0)) > 0 || errno == EINTR;)
        if (ended == child) {
            status = WIFEXITED(one) ? WEXITSTATUS(one) : 1;
            worker = 0;
        }
    if (status != 0 && status != EXIT_NOT_WHOLE)
        take_back(r);
    return status;
}

static void say_end(const struct restore *r, int status)
{
    if (status == 0)
        say("Nothing is missing or wrong, as far as anything signed tells. Checkpoints that were kept elsewhere tell "
            "more: --checkpoints FILE.");
    if (status == EXIT_NOT_WHOLE)
        say("The copy is restored, and what is named above is missing or wrong in it.");
    if (status == 0 || status == EXIT_NOT_WHOLE)
        say("Start it with: recourse --data %s up", r->house->dir);
}

int command_restore(struct house *house, int argc, char *const *argv, const char *usage)
{
    struct restore r = {.house = house};
    const struct args_row rows[] = {{"FILE", ARGS_PLACE, &r.path, 1},
                                    {"--key", ARGS_TEXT, &r.key, 1},
                                    {"--keys", ARGS_TEXT, &r.keys, 0},
                                    {"--checkpoints", ARGS_LIST, &r.checkpoints, 0},
                                    {"--port", ARGS_TEXT, &r.port, 0},
                                    {"--database", ARGS_TEXT, &r.database, 0},
                                    {0}};
    args_read(rows, argc, argv, usage);
    need_empty(&r);
    read_all(&r);
    need_room(&r);
    int status = guard(&r);
    restore_read_end(&r.rows);
    if (r.keys)
        restore_read_end(&r.secrets);
    say_end(&r, status);
    return status;
}
