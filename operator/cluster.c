/* cluster.c -- see cluster.h. */
#include "operator/cluster.h"

#include <errno.h>
#include <glob.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/base/file.h"
#include "common/base/num.h"
#include "operator/crew.h"
#include "operator/process.h"
#include "operator/program.h"
#include "operator/say.h"

enum { LEAST_VERSION = 15, CONF_MAX = 64 * 1024 };

/* ---- which PostgreSQL ---- */

/* DIR/pg/PG_VERSION; 0: there is no cluster yet. */
static uint64_t version_of_cluster(const struct house *house)
{
    char path[HOUSE_PATH];
    struct buf text = BUF_INIT(16);
    uint64_t version = 0;
    house_path(house, path, "pg/PG_VERSION");
    if (file_read(path, &text) == ERR_OK &&
        num_parse(buf_text(&text), strcspn(buf_text(&text), "\n"), 1, 999, &version) != ERR_OK)
        err_die("%s is not a version.", path);
    buf_free(&text);
    return version;
}

/* Debian keeps versions side by side: the cluster's own, else the newest. 0: it is not there, which was said. */
static int look_for_programs(const struct house *house, char out[static HOUSE_PATH])
{
    static const char PATTERN[] = "/usr/lib/postgresql/*/bin/postgres";
    uint64_t wanted = version_of_cluster(house), best = 0;
    glob_t found = {0};
    (void)glob(PATTERN, 0, NULL, &found);
    for (size_t i = 0; i < found.gl_pathc; i++) {
        const char *number = found.gl_pathv[i] + strcspn(PATTERN, "*");
        uint64_t version;
        if (num_parse(number, strcspn(number, "/"), LEAST_VERSION, 999, &version) == ERR_OK && version > best &&
            (!wanted || version == wanted))
            best = version;
    }
    globfree(&found);
    if (!best && wanted)
        say_wrong("PostgreSQL %d, which made %s/pg, is not installed: apt-get install postgresql-%d.", (int)wanted,
                  house->dir, (int)wanted);
    else if (!best)
        say_wrong("PostgreSQL %d or newer is not installed (package postgresql).", LEAST_VERSION);
    snprintf(out, HOUSE_PATH, "/usr/lib/postgresql/%d/bin", (int)best);
    return best != 0;
}

static void find_programs(const struct house *house, char out[static HOUSE_PATH])
{
    if (!look_for_programs(house, out))
        exit(1);
}

/* ---- making it ---- */

static void run_or_die(const struct house *house, const char *const *argv, const char *input, const char *what)
{
    struct process_plan plan = {.argv = argv, .user = CREW_DATABASE_USER, .end_signal = SIGKILL, .input = input};
    plan.output = process_log(house, "postgresql");
    if (process_run(house, &plan) != 0)
        err_die("%s failed: %s/log/postgresql.log says why.", what, house->dir);
    close(plan.output);
}

static void write_for_cluster(const struct house *house, const char *path, const char *text, size_t len)
{
    crew_secret(house, path, CREW_DATABASE_USER, text, len);
}

/* Who comes in how. The kernel says who is at the other end: the cluster's user is its superuser, and we are the
 * operator, whichever user we are. */
static void write_access(const struct house *house)
{
    static const char HBA[] = "local all recourse-db peer map=house\n"
                              "local all recourse_operator peer map=house\n"
                              "local all all scram-sha-256\n";
    char path[HOUSE_PATH], map[512];
    const struct passwd *us = getpwuid(geteuid());
    const char *name = us ? us->pw_name : "root";
    house_path(house, path, "pg.new/pg_hba.conf");
    write_for_cluster(house, path, HBA, strlen(HBA));
    /* Whoever starts the cluster could read its files anyway. */
    snprintf(map, sizeof map,
             "house recourse-db recourse-db\nhouse \"%.64s\" recourse-db\nhouse \"%.64s\" recourse_operator\n", name,
             name);
    house_path(house, path, "pg.new/pg_ident.conf");
    write_for_cluster(house, path, map, strlen(map));
}

void cluster_make(const struct house *house)
{
    char bin[HOUSE_PATH], initdb[HOUSE_PATH * 2], postgres[HOUSE_PATH * 2], fresh[HOUSE_PATH], path[HOUSE_PATH];
    if (house_has(house, "pg/PG_VERSION"))
        return;
    find_programs(house, bin);
    snprintf(initdb, sizeof initdb, "%s/initdb", bin);
    snprintf(postgres, sizeof postgres, "%s/postgres", bin);
    house_path(house, fresh, "pg.new");
    if (house_has(house, "pg.new")) {
        const char *argv[] = {"/bin/rm", "-rf", fresh, NULL};
        struct process_plan plan = {.argv = argv, .end_signal = SIGKILL, .output = -1};
        (void)process_run(house, &plan);
    }
    crew_folder(house, fresh, CREW_DATABASE_USER, 0700);
    const char *make[] = {initdb,
                          "-D",
                          fresh,
                          "-U",
                          "recourse-db",
                          "--auth=peer",
                          "--data-checksums",
                          "--encoding=UTF8",
                          "--locale=C.UTF-8",
                          "--no-instructions",
                          NULL};
    run_or_die(house, make, NULL, "initdb");
    const char *single[] = {postgres, "--single", "-D", fresh, "-c", "log_statement=none", "postgres", NULL};
    run_or_die(house, single,
               "CREATE ROLE recourse_operator LOGIN CREATEROLE\n"
               "CREATE DATABASE recourse OWNER recourse_operator TEMPLATE template0 ENCODING 'UTF8'\n",
               "Making the database");
    write_access(house);
    /* Under its name only when it is whole. */
    house_path(house, path, "pg");
    if (rename(fresh, path) != 0)
        err_die("%s cannot be renamed: %s.", fresh, strerror(errno));
}

/* ---- running it ---- */

void cluster_settings(const struct house *house)
{
    char path[HOUSE_PATH], sample[HOUSE_PATH];
    struct buf text = BUF_INIT(CONF_MAX);
    program_shared(sample, "migrations/postgresql.conf.sample");
    if (file_read(sample, &text) != ERR_OK) {
        say_wrong("%s cannot be read; PostgreSQL starts with the settings that it has.", sample);
        buf_free(&text);
        return;
    }
    need(buf_addf(&text,
                  "\n# Written by recourse at every start.\n"
                  "listen_addresses = ''\n"
                  "unix_socket_directories = '%s/run/pg'\n"
                  "unix_socket_permissions = 0777\n"
                  "max_connections = 120\n"
                  "log_destination = 'stderr'\n"
                  "logging_collector = off\n",
                  house->dir) == ERR_OK);
    house_path(house, path, "pg/postgresql.conf");
    /* A full or failing disk must not end the launcher: the server starts with what is there, or is tried again. */
    if (file_write_secret(path, buf_text(&text), text.len) == ERR_OK)
        crew_give(house, path, CREW_DATABASE_USER);
    else
        say_wrong("%s cannot be written: %s.", path, strerror(errno));
    buf_free(&text);
}

void cluster_program(const struct house *house, char out[static HOUSE_PATH])
{
    char bin[HOUSE_PATH];
    find_programs(house, bin);
    if (snprintf(out, HOUSE_PATH, "%s/postgres", bin) >= HOUSE_PATH)
        err_die("%s is too long.", bin);
}

pid_t cluster_start(const struct house *house)
{
    char bin[HOUSE_PATH], postgres[HOUSE_PATH * 2], data[HOUSE_PATH];
    /* An upgrade of packages may take it away while we run: reports are spooled meanwhile, and it is tried again. */
    if (!look_for_programs(house, bin))
        return -1;
    snprintf(postgres, sizeof postgres, "%s/postgres", bin);
    house_path(house, data, "pg");
    cluster_settings(house);
    const char *argv[] = {postgres, "-D", data, NULL};
    /* SIGINT is the fast shutdown: sessions are ended, everything is written. */
    struct process_plan plan = {.argv = argv, .user = CREW_DATABASE_USER, .end_signal = SIGINT};
    plan.output = process_log(house, "postgresql");
    pid_t postmaster = process_start(house, &plan);
    close(plan.output);
    return postmaster;
}

/* As pg_ctl does: the first line of postmaster.pid is the pid, the eighth the state. */
int cluster_is_ready(const struct house *house, pid_t postmaster)
{
    char path[HOUSE_PATH];
    struct buf text = BUF_INIT(4096);
    int ready = 0, line = 1;
    uint64_t pid = 0;
    house_path(house, path, "pg/postmaster.pid");
    if (file_read(path, &text) == ERR_OK) {
        const char *at = buf_text(&text);
        (void)(num_parse(at, strcspn(at, "\n"), 1, INT32_MAX, &pid) == ERR_OK);
        for (; at && line < 8; line++)
            at = strchr(at, '\n') ? strchr(at, '\n') + 1 : NULL;
        ready = pid == (uint64_t)postmaster && at && strncmp(at, "ready", 5) == 0;
    }
    buf_free(&text);
    return ready;
}
