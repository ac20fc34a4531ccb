/* cmd_units.c -- recourse units FOLDER: write what systemd needs to run this installation in place of `recourse up`.
 *
 * One table of lines; each process gets those of its kind. They shut from outside what each process shuts from inside
 * (common/base/sandbox.c), and a test holds them against `systemd-analyze security` and against the system calls that
 * the processes were seen to make. Neighbours: crew.h (which processes there are), docs/units.md. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "common/base/file.h"
#include "operator/args.h"
#include "operator/cluster.h"
#include "operator/commands.h"
#include "operator/crew.h"
#include "operator/database.h"
#include "operator/program.h"
#include "operator/say.h"
#include "operator/settings.h"

enum { UNIT_MAX = 16 * 1024, VALUE_MAX = HOUSE_PATH };

enum {
    INTAKE = 1 << 0,
    SMS = 1 << 1,
    CONSOLE = 1 << 2,
    VAULT = 1 << 3,
    KEYS = 1 << 4,
    POSTGRES = 1 << 5,
    CLUSTER = 1 << 6,   /* lines where the database is the installation's own */
    ELSEWHERE = 1 << 7, /* lines where it is a server that --database named */
    MASTERS = INTAKE | SMS | CONSOLE,
    LOCKS = VAULT | KEYS,
    OURS = MASTERS | LOCKS,
    ALL = OURS | POSTGRES,
};

struct unit_line {
    unsigned kinds; /* who has it; with CLUSTER or ELSEWHERE only there */
    const char *text;
};

static const struct unit_line unit_lines[] = {
    {ALL, "# Written by `recourse units`: change recourse.ini, or add a drop-in (systemctl edit)."},
    {ALL, "[Unit]"},
    {ALL, "Description=recourse: {{name}}"},
    {ALL, "PartOf=recourse.target"},
    {INTAKE | SMS | CONSOLE, "Wants=network-online.target"},
    {INTAKE | SMS | CONSOLE, "After=network-online.target"},
    {INTAKE | SMS | VAULT | CLUSTER, "After=recourse-postgresql.service"},
    {INTAKE | SMS | VAULT | ELSEWHERE, "After=postgresql.service"},
    {VAULT, "Wants=recourse-keys-{{desk}}.service"},
    {VAULT, "After=recourse-keys-{{desk}}.service"},
    /* A door that has given up loses reports: it is tried again for as long as the machine runs. */
    {ALL, "StartLimitIntervalSec=0"},
    {ALL, ""},
    {ALL, "[Service]"},
    {OURS, "Type=exec"},
    {POSTGRES, "Type=notify"},
    {OURS, "ExecStart={{bin}}/{{program}} --config {{dir}}/etc/{{name}}.ini"},
    {POSTGRES, "ExecStart={{postgres}} -D {{dir}}/pg"},
    /* The keys read their file once: they are started again to read another. */
    {ALL & ~(unsigned)KEYS, "ExecReload=/bin/kill -HUP $MAINPID"},
    {ALL, "User={{user}}"},
    {ALL, "Group={{user}}"},
    {ALL, "Restart=always"},
    {ALL, "RestartSec=2"},
    {OURS, "KillMode=mixed"},
    {OURS, "TimeoutStopSec=25"},
    {POSTGRES, "KillMode=mixed"},
    {POSTGRES, "KillSignal=SIGINT"},
    {POSTGRES, "TimeoutStopSec=90"},
    {ALL, "Environment=LANG=C.UTF-8"},
    {ALL, "UMask=0077"},
    {ALL, "LimitCORE=0"},
    {MASTERS, "LimitNOFILE=16384"},
    {LOCKS, "LimitMEMLOCK=infinity"},
    {ALL, ""},
    {ALL, "# privileges"},
    {ALL, "NoNewPrivileges=yes"},
    {ALL & ~(unsigned)LOCKS, "CapabilityBoundingSet="},
    {LOCKS, "CapabilityBoundingSet=CAP_IPC_LOCK"},
    {LOCKS, "AmbientCapabilities=CAP_IPC_LOCK"},
    /* Vault and keys tell who asks by his user's number, which a user name space of their own would hide from them. */
    {MASTERS, "PrivateUsers=yes"},
    {ALL, "RestrictSUIDSGID=yes"},
    {ALL, "RestrictNamespaces=yes"},
    {ALL, "RestrictRealtime=yes"},
    {ALL, "LockPersonality=yes"},
    {ALL, "KeyringMode=private"},
    {ALL, "RemoveIPC=yes"},
    {ALL, ""},
    {ALL, "# files"},
    {ALL, "ProtectSystem=strict"},
    {ALL, "ProtectHome=yes"},
    {ALL, "PrivateTmp=yes"},
    {ALL, "PrivateDevices=yes"},
    {ALL, "InaccessiblePaths=-{{dir}}/offline -{{dir}}/secrets/operator"},
    {OURS, "InaccessiblePaths=-{{dir}}/pg"},
    {INTAKE, "ReadWritePaths=-{{dir}}/spool/intake -{{dir}}/drafts"},
    {SMS, "ReadWritePaths=-{{dir}}/spool/sms {{dir}}/secrets/sms/seen"},
    {VAULT, "ReadWritePaths={{dir}}/run/{{name}} -{{dir}}/snapshot/{{name}}{{audit}}"},
    {KEYS, "ReadWritePaths={{dir}}/run/{{name}}"},
    {POSTGRES, "ReadWritePaths={{dir}}/pg {{dir}}/run/pg"},
    {ALL, ""},
    {ALL, "# the kernel"},
    {ALL, "ProtectKernelTunables=yes"},
    {ALL, "ProtectKernelModules=yes"},
    {ALL, "ProtectKernelLogs=yes"},
    {ALL, "ProtectControlGroups=yes"},
    {ALL, "ProtectClock=yes"},
    {ALL, "ProtectHostname=yes"},
    {ALL, "ProtectProc=invisible"},
    /* Vault and keys look whether the machine has swap. */
    {MASTERS, "ProcSubset=pid"},
    {OURS, "MemoryDenyWriteExecute=yes"},
    {ALL, "SystemCallArchitectures=native"},
    {ALL, "SystemCallErrorNumber=EPERM"},
    {ALL, "SystemCallFilter=@system-service"},
    {OURS, "SystemCallFilter=seccomp landlock_create_ruleset landlock_add_rule landlock_restrict_self"},
    {ALL, "SystemCallFilter=~@privileged @resources @keyring"},
    {ALL, ""},
    {ALL, "# the network"},
    {INTAKE | SMS | CONSOLE, "RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6"},
    {KEYS, "RestrictAddressFamilies=AF_UNIX"},
    {KEYS, "PrivateNetwork=yes"},
    {KEYS, "IPAddressDeny=any"},
    {VAULT | CLUSTER, "RestrictAddressFamilies=AF_UNIX"},
    {VAULT | CLUSTER, "PrivateNetwork=yes"},
    {VAULT | CLUSTER, "IPAddressDeny=any"},
    {VAULT | ELSEWHERE, "RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6"},
    {POSTGRES, "RestrictAddressFamilies=AF_UNIX"},
    {POSTGRES, "PrivateNetwork=yes"},
    {POSTGRES, "IPAddressDeny=any"},
    {ALL, ""},
    {ALL, "[Install]"},
    {ALL, "WantedBy=recourse.target"},
};

static const char TARGET[] = "# Written by `recourse units`.\n"
                             "[Unit]\n"
                             "Description=recourse: every process of the installation in %s\n\n"
                             "[Install]\n"
                             "WantedBy=multi-user.target\n";

struct unit {
    const char *folder;
    unsigned kind, where;
    const char *name, *user, *program, *desk, *dir, *bin, *postgres, *audit;
};

static const char *value_of(const struct unit *unit, const char *name, size_t len)
{
    const struct {
        const char *name, *value;
    } values[] = {
        {"name", unit->name}, {"user", unit->user}, {"program", unit->program},   {"desk", unit->desk},
        {"dir", unit->dir},   {"bin", unit->bin},   {"postgres", unit->postgres}, {"audit", unit->audit},
    };
    for (size_t i = 0; i < sizeof values / sizeof *values; i++)
        if (strlen(values[i].name) == len && memcmp(values[i].name, name, len) == 0)
            return values[i].value;
    return NULL;
}

/* A line with its {{names}} filled. */
static void add_line(const struct unit *unit, const char *text, struct buf *out)
{
    enum err err = ERR_OK;
    for (const char *open; (open = strstr(text, "{{")); text = strstr(open, "}}") + 2) {
        const char *value = value_of(unit, open + 2, (size_t)(strstr(open, "}}") - open - 2));
        need(value != NULL);
        err |= buf_add(out, text, (size_t)(open - text));
        err |= buf_add_text(out, value);
    }
    err |= buf_addf(out, "%s\n", text);
    need(err == ERR_OK);
}

static void save(const char *folder, const char *name, const struct buf *text)
{
    char path[HOUSE_PATH * 2];
    if ((size_t)snprintf(path, sizeof path, "%s/%s", folder, name) >= sizeof path)
        err_die("%s is too long.", folder);
    if (file_write_public(path, text->bytes, text->len) != ERR_OK)
        err_die("%s cannot be written: %s.", path, strerror(errno));
}

static void write_unit(const struct unit *unit)
{
    struct buf text = BUF_INIT(UNIT_MAX);
    char file[64];
    for (size_t i = 0; i < sizeof unit_lines / sizeof *unit_lines; i++) {
        unsigned kinds = unit_lines[i].kinds, where = kinds & (CLUSTER | ELSEWHERE);
        if (kinds & unit->kind && (!where || where & unit->where))
            add_line(unit, unit_lines[i].text, &text);
    }
    snprintf(file, sizeof file, "recourse-%s.service", unit->name);
    save(unit->folder, file, &text);
    buf_free(&text);
}

static unsigned kind_of(const struct crew_kind *kind)
{
    static const struct {
        const char *name;
        unsigned kind;
    } kinds[] = {{"intake", INTAKE}, {"sms", SMS}, {"console", CONSOLE}, {"vault", VAULT}, {"keys", KEYS}};
    size_t i = 0;
    while (strcmp(kinds[i].name, kind->name) != 0)
        need(++i < sizeof kinds / sizeof *kinds);
    return kinds[i].kind;
}

static void write_target(const struct house *house, const char *folder)
{
    struct buf text = BUF_INIT(UNIT_MAX);
    need(buf_addf(&text, TARGET, house->dir) == ERR_OK);
    save(folder, "recourse.target", &text);
    buf_free(&text);
}

/* Services see neither people's homes nor /tmp. */
static void say_if_hidden(const char *path)
{
    static const char *const hidden[] = {"/home/", "/root/", "/tmp/", "/var/tmp/", "/run/user/"};
    for (size_t i = 0; i < sizeof hidden / sizeof *hidden; i++)
        if (strncmp(path, hidden[i], strlen(hidden[i])) == 0)
            say_wrong("%s lies where services may not look: put it elsewhere, /var/lib/recourse for one.", path);
}

/* `unit` says what all of them have in common. */
static void write_crew(const struct house *house, struct unit unit, const struct crew_member *members, size_t count)
{
    char audit[HOUSE_PATH];
    snprintf(audit, sizeof audit, " %s/audit", house->dir);
    for (size_t i = 0; i < count; i++) {
        const struct crew_member *member = &members[i];
        int orders_the_log = member->desk && strcmp(member->desk, house->desks[0].name) == 0;
        unit.kind = kind_of(member->kind);
        unit.name = member->name;
        unit.user = member->user;
        unit.program = member->kind->program;
        unit.desk = member->desk ? member->desk : "";
        unit.audit = orders_the_log ? audit : "";
        write_unit(&unit);
    }
}

static void write_database(const struct house *house, struct unit unit)
{
    char postgres[HOUSE_PATH];
    cluster_settings(house);
    cluster_program(house, postgres);
    unit.kind = POSTGRES;
    unit.name = "postgresql";
    unit.user = CREW_DATABASE_USER;
    unit.postgres = postgres;
    write_unit(&unit);
}

int command_units(struct house *house, int argc, char *const *argv, const char *usage)
{
    const char *folder = NULL;
    struct program program;
    struct crew_member members[CREW_MAX];
    const struct args_row rows[] = {{"FOLDER", ARGS_PLACE, &folder, 1}, {0}};
    args_read(rows, argc, argv, usage);
    if (!house->separate)
        err_die("Units are for an installation in which every process has a user of its own: start this as root.");
    program_find(house, &program);
    settings_write(house, &program, house->port);
    say_if_hidden(house->dir);
    say_if_hidden(program.bin);
    const struct unit unit = {
        .folder = folder, .where = house->own_database ? CLUSTER : ELSEWHERE, .dir = house->dir, .bin = program.bin};
    size_t count = crew_list(house, members);
    write_crew(house, unit, members, count);
    if (house->own_database)
        write_database(house, unit);
    write_target(house, folder);
    say("%zu units and recourse.target are in %s: docs/units.md says how to start them.",
        count + (house->own_database ? 1 : 0), folder);
    return 0;
}
