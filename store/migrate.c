/* migrate.c -- see migrate.h. */
#include "store/migrate.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/code.h"
#include "common/base/file.h"
#include "common/base/mem.h"
#include "common/base/num.h"
#include "common/seal/sign.h"
#include "store/pg_block.h"

enum { FILES_MAX = 999, FILE_MAX = 1024 * 1024 };

struct migration {
    uint64_t number;
    char name[NAME_MAX + 1];
    struct buf sql;
    char sha256[CODE_HEX_SIZE(32)];
};

struct migrations {
    struct migration *all;
    size_t count;
    const char *folder;
    char *says;
};

static enum err migration_read(struct migrations *m, const char *name)
{
    struct migration *one = &m->all[m->count];
    *one = (struct migration){.sql = BUF_INIT(FILE_MAX)};
    snprintf(one->name, sizeof one->name, "%s", name);
    if (num_parse(name, 3, 1, FILES_MAX, &one->number) != ERR_OK)
        return ERR_OK; /* not one of ours */
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/%s", m->folder, name);
    enum err err = file_read(path, &one->sql);
    if (err != ERR_OK) {
        snprintf(m->says, MIGRATE_SAYS, "%.64s cannot be read", name);
        buf_free(&one->sql);
        return err;
    }
    uint8_t hash[32];
    sign_sha256(buf_text(&one->sql), one->sql.len, hash);
    code_hex(hash, sizeof hash, one->sha256);
    m->count++;
    return ERR_OK;
}

static int looks_like_migration(const struct dirent *entry)
{
    size_t len = strlen(entry->d_name);
    return len > 8 && entry->d_name[3] == '_' && strcmp(entry->d_name + len - 4, ".sql") == 0;
}

static enum err migrations_read(struct migrations *m)
{
    struct dirent **names = NULL;
    int count = scandir(m->folder, &names, looks_like_migration, alphasort);
    if (count < 1 || count > FILES_MAX) {
        snprintf(m->says, MIGRATE_SAYS, "the folder of migrations cannot be read or has none");
        free(names);
        return ERR_NOT_FOUND;
    }
    m->all = mem_new_array((size_t)count, sizeof *m->all);
    enum err err = ERR_OK;
    for (int i = 0; i < count; i++) {
        if (err == ERR_OK)
            err = migration_read(m, names[i]->d_name);
        free(names[i]);
    }
    free(names);
    for (size_t i = 0; i < m->count && err == ERR_OK; i++)
        if (m->all[i].number != i + 1) {
            snprintf(m->says, MIGRATE_SAYS, "migration %03zu is missing or there twice", i + 1);
            err = ERR_CONFLICT;
        }
    return err;
}

static void migrations_free(struct migrations *m)
{
    for (size_t i = 0; i < m->count; i++)
        buf_free(&m->all[i].sql);
    mem_free(m->all);
}

/* How many are there already; each must be the file that was applied. */
static enum err migrations_compare(PGconn *pg, const struct migrations *m, size_t *done)
{
    PGresult *result = PQexec(pg, "SELECT number, sha256 FROM recourse.migration ORDER BY number");
    enum err err = PQresultStatus(result) == PGRES_TUPLES_OK ? ERR_OK : ERR_DB_REFUSED;
    *done = err == ERR_OK ? (size_t)PQntuples(result) : 0;
    if (err != ERR_OK)
        snprintf(m->says, MIGRATE_SAYS, "the table of migrations cannot be read");
    if (*done > m->count) {
        snprintf(m->says, MIGRATE_SAYS, "the database is newer than this version: it has migration %03zu", *done);
        err = ERR_CONFLICT;
    }
    for (size_t i = 0; i < *done && err == ERR_OK; i++)
        if (strcmp(PQgetvalue(result, (int)i, 1), m->all[i].sha256) != 0) {
            snprintf(m->says, MIGRATE_SAYS, "%.64s was edited after it was applied", m->all[i].name);
            err = ERR_CONFLICT;
        }
    PQclear(result);
    return err;
}

static unsigned line_of(const char *text, const char *position)
{
    unsigned line = 1;
    unsigned long at = position ? strtoul(position, NULL, 10) : 0;
    for (unsigned long i = 1; i < at && text[i - 1]; i++)
        line += text[i - 1] == '\n';
    return line;
}

static enum err migration_apply(PGconn *pg, const struct migration *one, char *says)
{
    enum err err = pg_block_run(pg, "BEGIN");
    if (err != ERR_OK)
        return err;
    PGresult *result = PQexec(pg, buf_text(&one->sql));
    ExecStatusType status = PQresultStatus(result);
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) {
        const char *sqlstate = PQresultErrorField(result, PG_DIAG_SQLSTATE);
        snprintf(says, MIGRATE_SAYS, "%.64s, near line %u: the database refused it (SQLSTATE %.5s)", one->name,
                 line_of(buf_text(&one->sql), PQresultErrorField(result, PG_DIAG_STATEMENT_POSITION)),
                 sqlstate ? sqlstate : "-");
        err = ERR_DB_REFUSED;
    }
    PQclear(result);
    if (err != ERR_OK)
        return err; /* closing the connection rolls back */
    err = pg_block_run(pg, "RESET ROLE");
    char number[8];
    snprintf(number, sizeof number, "%u", (unsigned)one->number);
    const char *values[] = {number, one->name, one->sha256};
    result = PQexecParams(pg, "INSERT INTO recourse.migration VALUES ($1, $2, $3)", 3, NULL, values, NULL, NULL, 0);
    if (err == ERR_OK)
        err = PQresultStatus(result) == PGRES_COMMAND_OK ? pg_block_run(pg, "COMMIT") : ERR_DB_REFUSED;
    PQclear(result);
    if (err != ERR_OK)
        snprintf(says, MIGRATE_SAYS, "%.64s could not be committed", one->name);
    return err;
}

static enum err migrations_begin(PGconn *pg, char *says)
{
    static const char table[] = "CREATE TABLE IF NOT EXISTS recourse.migration ("
                                "number int PRIMARY KEY, name text NOT NULL, sha256 text NOT NULL)";
    static const char *const first[] = {
        "SET lock_timeout = '60s'",
        "SELECT pg_advisory_lock(1919247215)",
        "CREATE SCHEMA IF NOT EXISTS recourse",
        table,
    };
    for (size_t i = 0; i < sizeof first / sizeof *first; i++) {
        enum err err = pg_block_run(pg, first[i]);
        if (err != ERR_OK) {
            snprintf(says, MIGRATE_SAYS,
                     "the migration lock or table cannot be had; is this role the owner of the "
                     "database, and no other migration running?");
            return err;
        }
    }
    return ERR_OK;
}

enum err migrate_run_to(const char *conninfo, const char *password_path, const char *folder, unsigned last,
                        unsigned *applied, char says[static MIGRATE_SAYS])
{
    struct migrations m = {.folder = folder, .says = says};
    PGconn *pg = NULL;
    size_t done = 0;
    *applied = 0;
    says[0] = 0;
    enum err err = migrations_read(&m);
    if (err == ERR_OK)
        err = pg_block_open(conninfo, password_path, &pg, says);
    if (err == ERR_OK)
        err = migrations_begin(pg, says);
    if (err == ERR_OK)
        err = migrations_compare(pg, &m, &done);
    for (size_t i = done; i < m.count && i < last && err == ERR_OK; i++) {
        err = migration_apply(pg, &m.all[i], says);
        *applied += err == ERR_OK;
    }
    if (pg)
        PQfinish(pg);
    migrations_free(&m);
    return err;
}

enum err migrate_run(const char *conninfo, const char *password_path, const char *folder, unsigned *applied,
                     char says[static MIGRATE_SAYS])
{
    return migrate_run_to(conninfo, password_path, folder, FILES_MAX, applied, says);
}

enum err migrate_files(const char *folder, migrate_file_fn *each, void *room, char says[static MIGRATE_SAYS])
{
    struct migrations m = {.folder = folder, .says = says};
    says[0] = 0;
    enum err err = migrations_read(&m);
    for (size_t i = 0; i < m.count && err == ERR_OK; i++)
        each(room, (unsigned)m.all[i].number, m.all[i].name, m.all[i].sha256);
    migrations_free(&m);
    return err;
}
