/* main.c -- recourse: what an operator types. One table of commands; everything else stands beside it.
 *
 * It reads no case: whatever concerns content is asked of a vault, which checks and records it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "common/base/log.h"
#include "common/base/mem.h"
#include "common/seal/hpke.h"
#include "operator/commands.h"

static const struct command {
    const char *name, *sub; /* sub NULL: a command of one word */
    command_fn *run;
    int makes_house; /* 1: there need not be an installation yet */
    const char *usage, *help;
} COMMANDS[] = {
    {"init", NULL, command_init, 1, "init [--port N] [--database URL] [--locked] [--no-budgets] [--name OFFICE]",
     "make an installation: keys, certificate, settings, a PostgreSQL cluster"},
    {"up", NULL, command_up, 1, "up [--port N] [--database URL] [--locked] [--no-budgets] [--demo]",
     "start everything, stay, stop everything on Ctrl-C"},
    {"unlock", NULL, command_unlock, 0, "unlock [--desk DESK]", "give the vaults the passphrase of their keys"},
    {"reload", NULL, command_reload, 0, "reload",
     "read certificate, list of keys and settings again, while everything runs"},
    {"migrate", NULL, command_migrate, 0, "migrate", "bring the database up to this version"},
    {"doctor", NULL, command_doctor, 0, "doctor",
     "what is unsafe, what ends soon, what an upgrade would do; each with its cure"},
    {"desk", "add", command_desk_add, 0, "desk add CODE --title TITLE", "one desk more, with keys of its own"},
    {"staff", "add", command_staff_add, 0, "staff add --name NAME --role ROLE [--desk DESK]",
     "admit a person; prints the password once"},
    {"staff", "token", command_staff_token, 0, "staff token NAME [--scope read|work|admin] [--days N] [--desk DESK]",
     "a token for the staff API, on the last line, once"},
    {"staff", "list", command_staff_list, 0, "staff list [--desk DESK]", "who is admitted"},
    {"staff", "end", command_staff_end, 0, "staff end NAME [--desk DESK]", "end a person's access"},
    {"partner", "add", command_partner_add, 0, "partner add NAME --scopes consultation",
     "admit an organisation; prints its bearer token once"},
    {"partner", "list", command_partner_list, 0, "partner list", "which organisations are admitted"},
    {"partner", "end", command_partner_end, 0, "partner end NAME", "its token lets nobody in any more"},
    {"round", "add", command_round_add, 0,
     "round add --code CODE --title TITLE --question Q [--question Q ...] --opens TIME --closes TIME [--desk DESK]",
     "open a consultation round, or change the one of that code"},
    {"round", "list", command_round_list, 0, "round list", "which rounds there are, and from when to when"},
    {"channel", "add", command_channel_add, 0,
     "channel add NAME --kind kannel|twilio|smtp [--number NUMBER] [--desk DESK] [--language CODE] ...",
     "a telephone number to send and receive texts with (docs/sms.md)"},
    {"webhook", "add", command_webhook_add, 0,
     "webhook add NAME --url URL [--desk DESK ...] [--event case.arrived|case.state_changed ...]",
     "a system of the office that is told what happens, without content (docs/webhooks.md)"},
    {"office", "check", command_office_check, 1, "office check [FILE]",
     "what is wrong in office.yaml, with its line, and which languages lack something (docs/office.md)"},
    {"keys", "show", command_keys_show, 0, "keys show", "the public keys, their last days, the manifest's fingerprint"},
    {"keys", "renew", command_keys_renew, 0, "keys renew [--desk DESK] [--root FILE]",
     "a new key for each desk, for the next quarter, signed by the office's root"},
    {"keys", "backup", command_keys_backup, 0, "keys backup FILE",
     "all keys into one file under a passphrase; after each change of keys"},
    {"keys", "restore", command_keys_restore, 0, "keys restore FILE",
     "put back what is missing of the keys, out of such a file"},
    {"backup", "key", command_backup_key, 0, "backup key FILE [--new]",
     "make the key that opens backups; FILE is then kept away from this machine"},
    {"backup", "verify", command_backup_verify, 1, "backup verify FILE [--key KEYFILE]",
     "read a backup of rows, or without --key one of keys, to its end; changes nothing"},
    {"backup", NULL, command_backup, 0, "backup FILE [--without-keys-check]",
     "all rows of one moment into one file, locked to the backup key, while everything runs (docs/operating.md)"},
    {"restore", NULL, command_restore, 1,
     "restore FILE --key KEYFILE [--keys FILE] [--checkpoints FILE ...] [--port N] [--database URL]",
     "make an installation in an empty folder out of a backup, and count what is in it"},
    {"audit", "verify", command_audit_verify, 0, "audit verify [--checkpoints FILE ...]",
     "check log, states and rows against signatures and checkpoints, without opening anything"},
    {"demo", NULL, command_demo, 0, "demo [--port N]",
     "fill a running installation with invented reports, through its public doors; a second time adds nothing"},
    {"prepare", NULL, command_prepare, 1, "prepare --database URL [--port N] [--locked] [--name OFFICE]",
     "all that `up` does before it starts anything, for containers (docs/containers.md)"},
    {"units", NULL, command_units, 0, "units FOLDER",
     "write the units with which systemd runs this installation (docs/units.md)"},
};
enum { COMMAND_COUNT = sizeof COMMANDS / sizeof *COMMANDS };

static void print_help(void)
{
    puts("Usage: recourse [--data DIR] COMMAND\n\n"
         "DIR is the installation: by default RECOURSE_DATA, else var/ in the current folder.\n");
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        printf("  %s\n      %s\n", COMMANDS[i].usage, COMMANDS[i].help);
}

static const struct command *find_command(int argc, char *const *argv)
{
    for (size_t i = 0; argc && i < COMMAND_COUNT; i++) {
        const struct command *c = &COMMANDS[i];
        if (strcmp(c->name, argv[0]) == 0 && (!c->sub || (argc > 1 && strcmp(c->sub, argv[1]) == 0)))
            return c;
    }
    return NULL;
}

static int run(const struct command *command, const char *data, int argc, char *const *argv)
{
    struct house house;
    int words = command->sub ? 2 : 1;
    house_open(&house, data);
    house_must_be_ours(&house);
    if (!command->makes_house)
        house_must_exist(&house);
    int code = command->run(&house, argc - words, argv + words, command->usage);
    house_close(&house);
    return code;
}

int main(int argc, char **argv)
{
    mem_wipe_libraries();
    log_open("operator", LOG_WARN);
    hpke_start();
    umask(022);
    const char *data = getenv("RECOURSE_DATA");
    int at = 1;
    if (at + 1 < argc && strcmp(argv[at], "--data") == 0) {
        data = argv[at + 1];
        at += 2;
    }
    if (at < argc && strcmp(argv[at], "--version") == 0) {
        puts("recourse " RECOURSE_VERSION);
        return 0;
    }
    if (at >= argc || strcmp(argv[at], "--help") == 0 || strcmp(argv[at], "help") == 0) {
        print_help();
        return at >= argc;
    }
    const struct command *command = find_command(argc - at, argv + at);
    if (!command)
        err_die("There is no such command. Try: recourse --help");
    return run(command, data && *data ? data : "var", argc - at, argv + at);
}
