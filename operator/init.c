/* init.c -- see init.h. */
#include "operator/init.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/base/file.h"
#include "common/base/mem.h"
#include "common/base/num.h"
#include "operator/args.h"
#include "operator/ceremony.h"
#include "operator/certificate.h"
#include "operator/cluster.h"
#include "operator/commands.h"
#include "operator/crew.h"
#include "operator/database.h"
#include "operator/office_file.h"
#include "operator/say.h"

enum { SECRET_BYTES = 32, PEPPER_EPOCH = 1, PEM_MAX = 16 * 1024 };

/* The desks every installation begins with; the first one's vault keeps the audit log in order. */
static const struct {
    const char *code, *title;
} DESKS[] = {
    {"usual", "Usual desk"},
    {"safeguarding", "Safeguarding desk"},
    {"oversight", "Oversight desk"},
};

/* Folders that are there whatever the desks are. `user` NULL: ours. */
static const struct {
    const char *path, *user;
    mode_t mode;
} FOLDERS[] = {
    {"etc", NULL, 0755},
    {"keys", NULL, 0711},
    {"offline", NULL, 0700},
    {"secrets", NULL, 0711},
    {"secrets/intake", "recourse-intake", 0700},
    {"secrets/sms", "recourse-sms", 0700},
    {"secrets/sms/seen", "recourse-sms", 0700},
    {"secrets/console", "recourse-triage", 0700},
    {"tls", NULL, 0755},
    {"run", NULL, 0711},
    {"spool", NULL, 0711},
    {"spool/intake", "recourse-intake", 0700},
    {"spool/sms", "recourse-sms", 0700},
    {"drafts", "recourse-intake", 0700},
    {"run/pg", CREW_DATABASE_USER, 0755},
    {"audit", "recourse-vault-usual", 0755},
    {"snapshot", NULL, 0711},
    {"log", NULL, 0750},
};

static void make_root_folder(const struct house *house)
{
    char part[HOUSE_PATH];
    snprintf(part, sizeof part, "%s", house->dir);
    for (char *slash = part; (slash = strchr(slash + 1, '/'));) {
        *slash = '\0';
        if (access(part, F_OK) != 0)
            crew_folder(house, part, NULL, 0755);
        *slash = '/';
    }
    crew_folder(house, part, NULL, house->separate ? 0711 : 0700);
}

static void make_folders(const struct house *house)
{
    char path[HOUSE_PATH];
    for (size_t i = 0; i < sizeof FOLDERS / sizeof *FOLDERS; i++) {
        if (FOLDERS[i].user && strcmp(FOLDERS[i].user, CREW_DATABASE_USER) == 0 && !house->own_database)
            continue;
        house_path(house, path, "%s", FOLDERS[i].path);
        crew_folder(house, path, FOLDERS[i].user, FOLDERS[i].mode);
    }
}

void init_folders(const struct house *house)
{
    make_root_folder(house);
    make_folders(house);
}

/* ---- secrets ---- */

/* One pepper for every door that looks receipts up, given to each as a file of its own. */
static void make_pepper(const struct house *house, const char *process, const char *user)
{
    char first[HOUSE_PATH], path[HOUSE_PATH], hex[HOUSE_PATH];
    struct buf text = BUF_INIT(1024);
    house_path(house, first, "secrets/intake/pepper");
    house_path(house, path, "secrets/%s/pepper", process);
    if (access(path, F_OK) == 0)
        return;
    enum err err = file_read(first, &text);
    /* Another one would make every receipt that people hold worthless, and nobody would notice. */
    if (err != ERR_OK && house_has(house, "keys/manifest"))
        err_die("%s is missing, and people's receipts hang on it. Put it back: recourse --data %s keys restore FILE",
                first, house->dir);
    if (err != ERR_OK) {
        house_path(house, hex, "secrets/intake/pepper.new-hex");
        crew_random_secret(house, hex, NULL, SECRET_BYTES);
        need(buf_addf(&text, "%d ", PEPPER_EPOCH) == ERR_OK && file_read(hex, &text) == ERR_OK);
        unlink(hex);
    }
    crew_secret(house, path, user, text.bytes, text.len);
    buf_free(&text);
}

static void make_passwords(const struct house *house)
{
    struct database_login logins[DATABASE_LOGINS_MAX];
    size_t count = database_logins(house, logins);
    for (size_t i = 0; i < count; i++)
        crew_random_secret(house, logins[i].path, logins[i].user, SECRET_BYTES);
}

static void make_desk(const struct house *house, const char *desk)
{
    char path[HOUSE_PATH], process[CREW_NAME], user[CREW_NAME];
    static const char *const KINDS[] = {"vault", "keys"};
    for (size_t i = 0; i < 2; i++) {
        snprintf(process, sizeof process, "%s-%s", KINDS[i], desk);
        snprintf(user, sizeof user, "recourse-%s-%s", KINDS[i], desk);
        house_path(house, path, "secrets/%s", process);
        crew_folder(house, path, user, 0700);
        house_path(house, path, "run/%s", process);
        crew_folder(house, path, user, 0711);
    }
    snprintf(process, sizeof process, "clean-%s", desk);
    snprintf(user, sizeof user, "recourse-clean-%s", desk);
    house_path(house, path, "run/%s", process);
    crew_folder(house, path, user, 0711);
    house_path(house, path, "run/%s/work", process);
    crew_folder(house, path, user, 0700);
    snprintf(process, sizeof process, "vault-%s", desk);
    snprintf(user, sizeof user, "recourse-vault-%s", desk);
    house_path(house, path, "snapshot/%s", process);
    crew_folder(house, path, user, 0700);
    make_pepper(house, process, user);
}

static void make_secrets(const struct house *house)
{
    char path[HOUSE_PATH];
    static const struct {
        const char *process, *user;
    } DOORS[] = {{"intake", "recourse-intake"}, {"sms", "recourse-sms"}};
    for (size_t i = 0; i < 2; i++) {
        house_path(house, path, "secrets/%s/once", DOORS[i].process);
        crew_random_secret(house, path, DOORS[i].user, SECRET_BYTES);
    }
    make_pepper(house, "intake", "recourse-intake");
    for (size_t i = 0; i < house->desk_count; i++)
        make_desk(house, house->desks[i].name);
    make_passwords(house);
}

static void make_certificate(const struct house *house)
{
    static const struct {
        const char *process, *user;
    } SERVERS[] = {{"intake", "recourse-intake"}, {"sms", "recourse-sms"}, {"console", "recourse-triage"}};
    char path[HOUSE_PATH];
    struct buf certificate = BUF_INIT(PEM_MAX), key = BUF_INIT(PEM_MAX);
    if (house_has(house, "tls/cert.pem"))
        return;
    certificate_make(&certificate, &key);
    for (size_t i = 0; i < sizeof SERVERS / sizeof *SERVERS; i++) {
        house_path(house, path, "secrets/%s/tls.key", SERVERS[i].process);
        crew_secret(house, path, SERVERS[i].user, key.bytes, key.len);
    }
    house_path(house, path, "tls/cert.pem");
    if (file_write_public(path, certificate.bytes, certificate.len) != ERR_OK)
        err_die("%s cannot be written.", path);
    buf_free(&certificate);
    buf_free(&key);
}

/* ---- the whole ---- */

static void ask_new_passphrase(struct buf *out)
{
    say("The desks' private keys will lie under a passphrase. Without it nobody can open a report; keep it well.");
    enum err err = say_passphrase("New passphrase", 1, out);
    if (err == ERR_CONFLICT)
        err_die("The two differ. Nothing was made.");
    if (err == ERR_MALFORMED)
        err_die("A passphrase needs at least %d bytes. Nothing was made.", SAY_PASSPHRASE_LEAST);
    if (err != ERR_OK)
        err_die("No passphrase was given. Nothing was made.");
}

static void write_recourse_ini(struct house *house, const struct init_options *options)
{
    static char office_name[] = "";
    uint64_t port = 8443;
    struct buf sections = BUF_INIT(2048);
    if (options->port && num_parse(options->port, strlen(options->port), 1024, 65000, &port) != ERR_OK)
        err_die("--port wants a number from 1024 to 65000.");
    if (options->name && (!house_is_line(options->name) || strlen(options->name) > 100))
        err_die("--name wants one line of at most 100 bytes.");
    house->office = 1;
    house->retention_months = 84;
    house->drift_days = 30;
    house->graphic_day = 12;
    house->open_hour = 60;
    house->open_day = 300;
    house->snapshot_s = 3600;
    house->route = 1;
    house->port = (int64_t)port;
    house->own_database = options->database == NULL;
    house->locked = options->locked;
    house->budgets = !options->no_budgets;
    house->name = mem_copy_text(options->name ? options->name : office_name);
    if (options->database)
        database_keep_url(house, options->database);
    for (size_t i = 0; i < sizeof DESKS / sizeof *DESKS; i++)
        need(buf_addf(&sections, "\n[desk %s]\ntitle = %s\n", DESKS[i].code, DESKS[i].title) == ERR_OK);
    house_write_new(house, buf_text(&sections));
    office_file_write_new(house, options->demo);
    buf_free(&sections);
    mem_free(house->name);
    house->name = NULL;
}

void init_house(struct house *house, const struct init_options *options)
{
    struct buf passphrase = BUF_INIT(SAY_PASSPHRASE_MAX);
    char path[HOUSE_PATH];
    int fresh = !house->exists;
    house_must_not_be_half(house);
    if (fresh && options->locked)
        ask_new_passphrase(&passphrase);
    make_root_folder(house);
    if (fresh) {
        house_path(house, path, "secrets");
        crew_folder(house, path, NULL, 0711);
        write_recourse_ini(house, options);
        house_reload(house);
    }
    if (!fresh && house->locked && !house_has(house, "keys/manifest"))
        ask_new_passphrase(&passphrase);
    crew_make_users(house);
    make_folders(house);
    /* Before the manifest, so that one whose pepper is missing has lost it. */
    make_secrets(house);
    ceremony_first(house, house->locked ? &passphrase : NULL);
    make_certificate(house);
    if (house->own_database)
        cluster_make(house);
    buf_free(&passphrase);
}

int command_init(struct house *house, int argc, char *const *argv, const char *usage)
{
    struct init_options options = {0};
    const struct args_row rows[] = {
        {"--port", ARGS_TEXT, &options.port, 0},
        {"--database", ARGS_TEXT, &options.database, 0},
        {"--name", ARGS_TEXT, &options.name, 0},
        {"--locked", ARGS_FLAG, &options.locked, 0},
        {"--no-budgets", ARGS_FLAG, &options.no_budgets, 0},
        {0},
    };
    args_read(rows, argc, argv, usage);
    if (house->exists && (options.port || options.database || options.name || options.locked || options.no_budgets))
        err_die("There is an installation in %s already: change its recourse.ini.", house->dir);
    init_house(house, &options);
    say("The installation in %s is made. Start it with: recourse --data %s up", house->dir, house->dir);
    say("Move %s/offline/root.seed to a safe place away from this machine: it signs the list of keys.", house->dir);
    say("What is still to be done: recourse --data %s doctor", house->dir);
    return 0;
}
