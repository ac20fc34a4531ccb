/* main.c -- recourse-vault: one desk's meaning, in memory that is locked and never on a disk.
 *
 * The order of main() is its security story: what needs a file, a fork or a listener comes before the sandbox; the
 * desk's secrets come after it, over a socket, when the keys are unlocked. Neighbours: boot.h (what follows), request.h
 * (what it is asked), docs/triage.md. */
#include <libgen.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/base/clock.h"
#include "common/base/code.h"
#include "common/base/log.h"
#include "common/base/mem.h"
#include "common/base/sandbox.h"
#include "common/base/workers.h"
#include "common/seal/hpke.h"
#include "triage/vault/boot.h"
#include "triage/vault/challenge.h"
#include "triage/vault/change.h"
#include "triage/vault/cleaning.h"
#include "triage/vault/export.h"
#include "triage/vault/graphic.h"
#include "triage/vault/hasher.h"
#include "triage/vault/hooks.h"
#include "triage/vault/impacts.h"
#include "triage/vault/inbox.h"
#include "triage/vault/keys_link.h"
#include "triage/vault/look_back.h"
#include "triage/vault/offers.h"
#include "triage/vault/outbox.h"
#include "triage/vault/pager.h"
#include "triage/vault/passkey.h"
#include "triage/vault/permit.h"
#include "triage/vault/request.h"
#include "triage/vault/sequencer.h"
#include "triage/vault/signin.h"
#include "triage/vault/snapshot.h"
#include "triage/vault/takings.h"
#include "triage/vault/trail.h"

enum { PATH_MAX_BYTES = 4096, CHECKERS = 2 };

static void read_settings(int argc, char **argv, struct settings *settings)
{
    char says[256];
    if (argc == 2 && strcmp(argv[1], "--version") == 0) {
        puts("recourse-vault " RECOURSE_VERSION);
        _exit(fflush(stdout) == 0 ? 0 : 1);
    }
    if (argc == 2 && strcmp(argv[1], "--print-config") == 0) {
        conf_print(settings_rows, stdout);
        _exit(fflush(stdout) == 0 ? 0 : 1);
    }
    if (argc == 2 && strcmp(argv[1], "--print-permits") == 0) {
        permit_print(stdout);
        _exit(fflush(stdout) == 0 ? 0 : 1);
    }
    if (argc != 3 || strcmp(argv[1], "--config") != 0)
        err_die("Usage: recourse-vault --config FILE | --print-config | --print-permits | --version");
    if (conf_load(settings_rows, argv[2], settings, says) != ERR_OK)
        err_die("%s", says);
}

static void read_hooks(const char *path, struct vault *vault)
{
    char says[256];
    if (hooks_load(path, vault->settings.desk, &vault->hooks, says) != ERR_OK)
        err_die("%s", says);
}

static enum err load_manifest(const struct settings *settings, uint32_t least, struct manifest *out)
{
    uint8_t root[32];
    if (code_unbase64_exact(settings->root, strlen(settings->root), root, sizeof root) != ERR_OK)
        err_die("[keys] root must be the root's public key in base64.");
    return manifest_load(settings->manifest, root, least, out);
}

/* What the rest of the program may then take for granted. */
static void check_manifest(const struct vault *vault)
{
    const uint8_t *key;
    if (vault->manifest.office != vault_office(vault))
        err_die("The manifest of keys belongs to another office.");
    if (manifest_key(&vault->manifest, "audit", "office", &key) != ERR_OK)
        err_die("The manifest of keys names no key for the auditors.");
    if (manifest_key(&vault->manifest, "state", vault_desk(vault), &key) != ERR_OK)
        err_die("The manifest of keys does not know this desk.");
}

static void load_files(struct vault *vault)
{
    char says[SAYS_SIZE];
    const struct settings *s = &vault->settings;
    enum err err = load_manifest(s, 0, &vault->manifest);
    if (err != ERR_OK)
        err_die("The manifest of keys cannot be used: it %s.", err_says(err));
    check_manifest(vault);
    if (*s->pepper && (err = peppers_load(s->pepper, &vault->peppers)) != ERR_OK)
        err_die("The file of receipt peppers %s.", err_says(err));
    if (rules_load(s->rules, &vault->rules, says) != ERR_OK)
        err_die("The rules cannot be used: %s.", says);
    if (*says)
        fprintf(stderr, "The newest rules are left aside: %s. Version %u is used.\n", says,
                rules_version(vault->rules));
    if (codes_load(s->codes, &vault->codes, says) != ERR_OK)
        err_die("The code lists cannot be used: %s.", says);
    if (stages_office_begin(&vault->office, s->deadlines, s->profiles, says) != ERR_OK ||
        stages_office_days(&vault->office, s->rest_days, s->holidays, s->ahead_minutes, says) != ERR_OK)
        err_die("The deadlines cannot be used: %s.", says);
    if (*s->languages && catalogue_load(s->languages, &vault->texts, says) != ERR_OK)
        err_die("The translations cannot be used: %s.", says);
}

static uid_t uid_of(const char *user)
{
    const struct passwd *who = *user ? getpwnam(user) : NULL;
    return who ? who->pw_uid : geteuid();
}

static void bell(void *room)
{
    struct vault *vault = room;
    if (vault->phase != PHASE_OPEN)
        return;
    offers_bell(vault->offers);
    inbox_bell(vault->inbox);
    impacts_refresh(vault);
    outbox_bell(vault->outbox);
}

static void stop(void *room, int signal_number)
{
    (void)signal_number;
    struct vault *vault = room;
    loop_stop(vault->loop);
}

/* A newer manifest: keys of a new epoch, another desk. An older or broken one changes nothing. */
static void reload(void *room, int signal_number)
{
    (void)signal_number;
    struct vault *vault = room;
    struct manifest *newer = mem_new(sizeof *newer);
    const uint8_t *key;
    enum err err = load_manifest(&vault->settings, vault->manifest.version, newer);
    if (err == ERR_OK)
        err = manifest_key(newer, "audit", "office", &key);
    if (err == ERR_OK)
        vault->manifest = *newer;
    log_info("manifest_reload", LOG_ERR(err), LOG_NUM("version", vault->manifest.version));
    mem_free(newer);
}

static void open_sockets(struct vault *vault)
{
    const struct settings *s = &vault->settings;
    struct listening console = {s->console, uid_of(s->console_user)};
    struct listening operator_socket = {s->operator_socket, uid_of(s->operator_user)};
    if (requests_open(vault, &console, &operator_socket) != ERR_OK)
        err_die("The sockets for console and operator cannot be made.");
    vault->keys = keys_link_new(vault->loop, s->keys, uid_of(s->keys_user));
    if (*s->cleaner)
        vault->cleaning = cleaning_new(vault->loop, s->cleaner, uid_of(s->cleaner_user));
    vault->door = door_vault_new(vault->loop, s->conninfo, *s->password ? s->password : NULL, bell, vault);
}

static void make_parts(struct vault *vault)
{
    const struct settings *s = &vault->settings;
    vault->trail = trail_new();
    vault->exports = exports_new();
    vault->takings = takings_new();
    vault->graphic = graphic_new();
    vault->challenges = challenges_new();
    passkey_start();
    vault->hasher = hasher_new(vault->loop);
    vault->checkers = workers_new(vault->loop);
    vault->sessions = sessions_new((unsigned)s->per_hour, (unsigned)s->per_day);
    vault->signin = signin_new(vault);
    vault->committer = committer_new(vault);
    vault->inbox = inbox_new(vault);
    vault->outbox = outbox_new(vault);
    hooks_start(vault);
    vault->pager = pager_new(vault);
    vault->offers = offers_new(vault);
    vault->look_back = look_back_new(vault);
    vault->snapshot = snapshot_new(vault);
    vault->boot = boot_new(vault);
}

static void shut_doors(const struct vault *vault)
{
    char manifest[PATH_MAX_BYTES], password[PATH_MAX_BYTES];
    const struct settings *s = &vault->settings;
    snprintf(manifest, sizeof manifest, "%s", s->manifest);
    snprintf(password, sizeof password, "%s", s->password);
    const char *reads[] = {dirname(manifest), *s->password ? dirname(password) : NULL, NULL};
    struct sandbox plan = {.calls = SANDBOX_CALLS_VAULT, .lock_memory = 1, .read_paths = reads, .room = "vault"};
    sandbox_enter(&plan, *s->user ? s->user : NULL);
}

/* First everything that may still be answered is, then its rooms go. */
static void end(struct vault *vault)
{
    vault->phase = PHASE_LOCKED;
    requests_close(vault);
    committer_cancel(vault->committer);
    takings_cancel(vault);
    cleaning_free(vault->cleaning);
    hasher_free(vault->hasher);
    workers_free(vault->checkers);
    keys_link_free(vault->keys);
    door_vault_free(vault->door);
    loop_stop(vault->loop);
    loop_run(vault->loop); /* only what was put off */

    hooks_free(vault);
    look_back_free(vault->look_back);
    offers_free(vault->offers);
    pager_free(vault->pager);
    outbox_free(vault->outbox);
    inbox_free(vault->inbox);
    signin_free(vault->signin);
    snapshot_free(vault->snapshot);
    boot_free(vault->boot);
    loop_free(vault->loop);
    committer_free(vault->committer);
    sessions_free(vault->sessions);
    exports_free(vault->exports);
    takings_free(vault->takings);
    trail_free(vault->trail);
    challenges_free(vault->challenges);
    sequencer_free(vault->sequencer);
    sign_key_free(vault->state_key);
    rules_free(vault->rules);
    codes_free(vault->codes);
    stages_office_end(&vault->office);
    catalogue_free(vault->texts);
    mem_free(vault->requests);
    conf_free(settings_rows, &vault->settings);
    mem_wipe(vault, sizeof *vault);
}

int main(int argc, char **argv)
{
    static struct vault vault;
    mem_wipe_libraries();
    sandbox_begin();
    log_open("vault", LOG_INFO);
    read_settings(argc, argv, &vault.settings);
    read_hooks(argv[2], &vault);
    load_files(&vault);
    if (vault.settings.sequencer && sequencer_fork(&vault.settings, &vault.sequencer) != ERR_OK)
        err_die("The process that orders the audit log cannot be made.");
    hpke_start();

    vault.loop = loop_new();
    open_sockets(&vault);
    make_parts(&vault);
    loop_on_signal(vault.loop, SIGTERM, stop, &vault);
    loop_on_signal(vault.loop, SIGINT, stop, &vault);
    loop_on_signal(vault.loop, SIGHUP, reload, &vault);
    shut_doors(&vault);
    hasher_start(vault.hasher);
    workers_start(vault.checkers, CHECKERS);

    log_info("vault_ready", LOG_NAME("desk", vault_desk(&vault)), LOG_NUM("rules", rules_version(vault.rules)));
    loop_run(vault.loop);
    end(&vault);
    return 0;
}
