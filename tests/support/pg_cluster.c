/* pg_cluster.c -- see pg_cluster.h. */
#include "tests/support/pg_cluster.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/base/file.h"
#include "store/door_operator.h"
#include "store/migrate.h"

#define PG_BIN "/usr/lib/postgresql/15/bin"
enum { PATH_SIZE = 256, ROLES_MAX = 16 };

static const char *const login_roles[] = {"recourse_intake", "recourse_sms",         "recourse_triage",
                                          "recourse_audit",  "recourse_vault_usual", "recourse_vault_safeguarding"};

struct pg_cluster {
    char folder[PATH_SIZE / 4], data[PATH_SIZE / 2];
    pid_t server;
    uid_t uid; /* whom the server runs as */
    gid_t gid;
    struct {
        char role[64], conninfo[PATH_SIZE], password[PATH_SIZE];
    } roles[ROLES_MAX];
    unsigned role_count;
};

static _Noreturn void cluster_die(const char *what)
{
    fprintf(stderr, "pg_cluster: %s (%s)\n", what, strerror(errno));
    exit(99);
}

/* Run a program as the server's user and wait for it. Returns its exit status. */
static int cluster_exec(const struct pg_cluster *c, const char *const *arguments)
{
    pid_t child = fork();
    if (child < 0)
        cluster_die("fork");
    if (child == 0) {
        if (getuid() == 0 && (setgid(c->gid) != 0 || setuid(c->uid) != 0))
            _exit(98);
        if (chdir(c->folder) != 0 || !freopen("/dev/null", "w", stdout))
            _exit(97);
        execv(arguments[0], (char *const *)(uintptr_t)arguments);
        _exit(96);
    }
    int status = 0;
    while (waitpid(child, &status, 0) < 0)
        if (errno != EINTR)
            cluster_die("waitpid");
    return WIFEXITED(status) ? WEXITSTATUS(status) : 95;
}

static void cluster_write_settings(const struct pg_cluster *c)
{
    char path[PATH_SIZE];
    struct buf text = BUF_INIT(1 << 16);
    if (file_read(SOURCE_ROOT "/migrations/postgresql.conf.sample", &text) != ERR_OK ||
        buf_addf(
            &text,
            "\nlisten_addresses = ''\nunix_socket_directories = '%s'\nmax_connections = 60\nshared_buffers = 64MB\n",
            c->folder) != ERR_OK)
        cluster_die("settings");
    snprintf(path, sizeof path, "%s/postgresql.conf", c->data);
    FILE *to = fopen(path, "a");
    if (!to || fwrite(buf_text(&text), 1, text.len, to) != text.len || fclose(to) != 0)
        cluster_die("postgresql.conf");
    buf_free(&text);
    snprintf(path, sizeof path, "%s/pg_hba.conf", c->data);
    to = fopen(path, "w");
    if (!to || fputs("local all postgres trust\nlocal all all scram-sha-256\n", to) < 0 || fclose(to) != 0)
        cluster_die("pg_hba.conf");
}

/* The server is our own child and dies with us, so that a test that crashes leaves nothing running. */
void pg_cluster_start(struct pg_cluster *c)
{
    char log[PATH_SIZE], conninfo[PATH_SIZE];
    snprintf(log, sizeof log, "%s/log", c->folder);
    pid_t parent = getpid();
    c->server = fork();
    if (c->server < 0)
        cluster_die("fork");
    if (c->server == 0) {
        if (getuid() == 0 && (setgroups(0, NULL) != 0 || setgid(c->gid) != 0 || setuid(c->uid) != 0))
            _exit(98);
        if (prctl(PR_SET_PDEATHSIG, SIGQUIT) != 0 || getppid() != parent || chdir(c->folder) != 0 ||
            !freopen(log, "a", stderr))
            _exit(97);
        setsid();
        execl(PG_BIN "/postgres", PG_BIN "/postgres", "-D", c->data, (char *)NULL);
        _exit(96);
    }
    snprintf(conninfo, sizeof conninfo, "host=%s dbname=postgres user=postgres", c->folder);
    for (int i = 0; PQping(conninfo) != PQPING_OK; i++) {
        if (i > 1500 || waitpid(c->server, NULL, WNOHANG) != 0)
            cluster_die("the server does not start");
        usleep(20000);
    }
}

void pg_cluster_stop(struct pg_cluster *c, const char *mode)
{
    if (!c->server)
        return;
    kill(c->server, strcmp(mode, "immediate") == 0 ? SIGQUIT : SIGINT);
    while (waitpid(c->server, NULL, 0) < 0)
        if (errno != EINTR)
            cluster_die("waitpid");
    c->server = 0;
}

void pg_cluster_pause(struct pg_cluster *c, int paused)
{
    char command[PATH_SIZE];
    snprintf(command, sizeof command, "kill -%s %d $(cat /proc/%d/task/%d/children)", paused ? "STOP" : "CONT",
             (int)c->server, (int)c->server, (int)c->server);
    if (system(command) != 0)
        cluster_die("pause");
}

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wpragmas" /* clang does not know the next */
#pragma GCC diagnostic ignored "-Wunknown-warning-option"
#pragma GCC diagnostic ignored "-Wrestrict" /* gcc 12 takes two fields of *c for one */
/* One role more: its connection string and, but for the superuser, a file with its password. */
static void cluster_add_role(struct pg_cluster *c, const char *role)
{
    if (c->role_count == ROLES_MAX)
        cluster_die("too many roles");
    unsigned i = c->role_count++;
    char folder[sizeof c->folder]; /* a copy: the compiler fears that source and target overlap */
    memcpy(folder, c->folder, sizeof folder);
    snprintf(c->roles[i].role, sizeof c->roles[i].role, "%s", role);
    snprintf(c->roles[i].conninfo, sizeof c->roles[i].conninfo, "host=%s dbname=%s user=%s", folder,
             strcmp(role, "postgres") == 0 && c->role_count == 1 ? "postgres" : "recourse", role);
    if (strcmp(role, "postgres") == 0)
        return;
    snprintf(c->roles[i].password, sizeof c->roles[i].password, "%s/%s.password", folder, role);
    char password[128];
    snprintf(password, sizeof password, "secret-of-%s\n", role);
    if (file_write_secret(c->roles[i].password, password, strlen(password)) != ERR_OK)
        cluster_die("password file");
}
#pragma GCC diagnostic pop

static unsigned cluster_role(struct pg_cluster *c, const char *role)
{
    for (unsigned i = 0; i < c->role_count; i++)
        if (strcmp(c->roles[i].role, role) == 0)
            return i;
    cluster_add_role(c, role);
    return c->role_count - 1;
}

const char *pg_cluster_conninfo(struct pg_cluster *c, const char *role)
{
    return c->roles[cluster_role(c, role)].conninfo;
}

const char *pg_cluster_password(struct pg_cluster *c, const char *role)
{
    const char *path = c->roles[cluster_role(c, role)].password;
    return *path ? path : NULL;
}

const char *pg_cluster_folder(const struct pg_cluster *c)
{
    return c->folder;
}

static void cluster_check(enum err err, const char *says)
{
    if (err == ERR_OK)
        return;
    fprintf(stderr, "%s\n", says);
    cluster_die("setting up");
}

static void cluster_set_password(struct pg_cluster *c, struct door_operator *door, const char *role)
{
    char password[128], says[DOOR_OPERATOR_SAYS];
    pg_cluster_password(c, role);
    snprintf(password, sizeof password, "secret-of-%s", role);
    cluster_check(door_operator_set_password(door, role, password, says), says);
}

struct pg_cluster *pg_cluster_new(void)
{
    struct pg_cluster *c = calloc(1, sizeof *c);
    if (!c)
        cluster_die("memory");
    strcpy(c->folder, "/tmp/recourse-pg-XXXXXX");
    if (!mkdtemp(c->folder))
        cluster_die("folder");
    snprintf(c->data, sizeof c->data, "%s/data", c->folder);
    c->uid = getuid();
    c->gid = getgid();
    if (c->uid == 0) {
        struct passwd *user = getpwnam("postgres");
        if (!user)
            cluster_die("there is no user postgres to run the server as");
        c->uid = user->pw_uid;
        c->gid = user->pw_gid;
        if (chown(c->folder, c->uid, c->gid) != 0)
            cluster_die("chown");
    }
    /* NOLINTNEXTLINE(bugprone-suspicious-missing-comma): the folder and the name belong together */
    const char *const initdb[] = {PG_BIN "/initdb",   "-D",        c->data, "-U",   "postgres",   "-A", "trust",
                                  "--data-checksums", "--no-sync", "-E",    "UTF8", "--locale=C", NULL};
    if (cluster_exec(c, initdb) != 0)
        cluster_die("initdb");
    cluster_write_settings(c);
    pg_cluster_start(c);
    cluster_add_role(c, "postgres");
    pg_cluster_run(c, "CREATE ROLE recourse_operator LOGIN CREATEROLE NOINHERIT");
    pg_cluster_run(c, "CREATE DATABASE recourse OWNER recourse_operator");
    snprintf(c->roles[0].conninfo, sizeof c->roles[0].conninfo, "host=%s dbname=recourse user=postgres", c->folder);
    struct door_operator *door = NULL;
    char says[DOOR_OPERATOR_SAYS];
    cluster_check(door_operator_open(c->roles[0].conninfo, NULL, &door, says), says);
    cluster_set_password(c, door, "recourse_operator");
    door_operator_close(door);
    return c;
}

void pg_cluster_free(struct pg_cluster *c)
{
    pg_cluster_stop(c, "immediate");
    const char *const wipe[] = {"/bin/rm", "-rf", c->data, NULL};
    cluster_exec(c, wipe);
    char command[PATH_SIZE];
    snprintf(command, sizeof command, "rm -rf '%s'", c->folder);
    if (system(command) != 0)
        cluster_die("removing the folder");
    free(c);
}

void pg_cluster_migrate(struct pg_cluster *c)
{
    unsigned applied;
    char says[DOOR_OPERATOR_SAYS];
    const char *conninfo = pg_cluster_conninfo(c, "recourse_operator");
    const char *password = pg_cluster_password(c, "recourse_operator");
    struct door_operator *door = NULL;
    cluster_check(migrate_run(conninfo, password, SOURCE_ROOT "/migrations", &applied, says), says);
    cluster_check(door_operator_open(conninfo, password, &door, says), says);
    cluster_check(door_operator_desk_add(door, "usual", says), says);
    cluster_check(door_operator_desk_add(door, "safeguarding", says), says);
    for (unsigned i = 0; i < sizeof login_roles / sizeof *login_roles; i++)
        cluster_set_password(c, door, login_roles[i]);
    door_operator_close(door);
}

static void cluster_no_notice(void *arg, const PGresult *notice)
{
    (void)arg;
    (void)notice;
}

PGconn *pg_cluster_connect(struct pg_cluster *c, const char *role)
{
    char conninfo[2 * PATH_SIZE];
    snprintf(conninfo, sizeof conninfo, "%s password=secret-of-%s", pg_cluster_conninfo(c, role), role);
    PGconn *pg = PQconnectdb(conninfo);
    if (PQstatus(pg) != CONNECTION_OK) {
        fprintf(stderr, "%s", PQerrorMessage(pg));
        cluster_die(role);
    }
    PQsetNoticeReceiver(pg, cluster_no_notice, NULL);
    return pg;
}

void pg_cluster_run(struct pg_cluster *c, const char *sql)
{
    PGconn *pg = pg_cluster_connect(c, "postgres");
    PGresult *result = PQexec(pg, sql);
    if (PQresultStatus(result) != PGRES_COMMAND_OK && PQresultStatus(result) != PGRES_TUPLES_OK) {
        fprintf(stderr, "%s", PQerrorMessage(pg));
        cluster_die(sql);
    }
    PQclear(result);
    PQfinish(pg);
}

long pg_cluster_number(struct pg_cluster *c, const char *sql)
{
    PGconn *pg = pg_cluster_connect(c, "postgres");
    PGresult *result = PQexec(pg, sql);
    if (PQresultStatus(result) != PGRES_TUPLES_OK || PQntuples(result) != 1) {
        fprintf(stderr, "%s", PQerrorMessage(pg));
        cluster_die(sql);
    }
    long number = strtol(PQgetvalue(result, 0, 0), NULL, 10);
    PQclear(result);
    PQfinish(pg);
    return number;
}
