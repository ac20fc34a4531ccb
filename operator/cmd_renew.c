/* cmd_renew.c -- recourse keys renew: a new epoch of the desks' keys, before the old one's last day has passed.
 *
 * The order is what makes it safe to break off anywhere:
 *   1. the key files get the new epoch beside the old ones, each file whole or not at all. Nothing is sealed to it yet;
 *      a keys process that is started from now on simply holds one key more.
 *   2. the keys processes are started again (the launcher does it at SIGHUP), unlocked when their files lie under the
 *      passphrase, and asked, through their vaults, whether they hold it. Meanwhile reports are taken as before, and
 *      what vaults cannot open for a moment waits in their inboxes.
 *   3. only then the manifest offers the new epoch: whoever seals to it from now on seals to what can be opened.
 *   4. intake, gateway and vaults read the manifest (SIGHUP). Until one has, it seals to the old epoch, which opens
 * too. Broken off before 3, everything works under the old manifest, and the same command takes up the epoch of the key
 * files; broken off before 4, it is read at the next start. */
#include <unistd.h>

#include "common/base/clock.h"
#include "common/base/frame.h"
#include "common/base/mem.h"
#include "operator/args.h"
#include "operator/ask.h"
#include "operator/ceremony.h"
#include "operator/commands.h"
#include "operator/launcher.h"
#include "operator/say.h"

enum {
    TAKEN_MS = 60000,          /* a launcher starts it again at once; a loaded machine is slow */
    TAKEN_ELSEWHERE_MS = 3000, /* nobody may have started it again */
    QUIET_MS = 3000,           /* so long is nobody seen while both are started again */
    STATUS_MS = 5000,
    PAUSE_MS = 100
};

struct renew {
    const struct house *house;
    const struct buf *passphrase; /* NULL: the files are clear */
    int has_launcher;
};

/* ERR_OK: the keys process holds it; ERR_NOT_FOUND: no vault runs that could be asked; ERR_LOCKED, ERR_BUSY: not yet.
 */
static enum err keys_hold(const struct renew *renew, const char *desk, uint32_t epoch)
{
    json_t *answer;
    enum err err = ask_vault(renew->house, desk, json_pack("{s:s}", "op", "keys.status"), STATUS_MS, &answer);
    if (err != ERR_OK)
        return err;
    if (json_is_true(json_object_get(answer, "locked")))
        err = ERR_LOCKED;
    else if (json_integer_value(json_object_get(answer, "epoch")) < (json_int_t)epoch)
        err = ERR_BUSY;
    ask_done(answer);
    return err;
}

/* Neither the keys process nor the vault listens: a desk that was added and not started yet, or nothing runs. */
static int is_nobody_there(const struct renew *renew, const char *desk)
{
    static const uint8_t STATUS = 1; /* docs/vault-protocol.md; it answers its vault alone, but it is there */
    char path[HOUSE_PATH];
    struct buf answer = BUF_INIT(64);
    house_path(renew->house, path, "run/keys-%s/keys.sock", desk);
    enum err err = frame_ask_once(path, &STATUS, sizeof STATUS, STATUS_MS, &answer);
    buf_free(&answer);
    return err == ERR_NOT_FOUND;
}

static _Noreturn void not_taken(const struct renew *renew, const char *desk)
{
    err_die("It could not be seen that the keys process of desk %s holds its new key. The manifest is as it was, and "
            "everything works as before. See that the vault of that desk runs, start its recourse-keys again, then "
            "finish with: recourse --data %s keys renew",
            desk, renew->house->dir);
}

/* Returns when the new epoch can be opened, or nothing runs that could open anything. */
static void wait_for_keys(const struct renew *renew, const char *desk, uint32_t epoch)
{
    int64_t began = clock_ms();
    for (enum err err; (err = keys_hold(renew, desk, epoch)) != ERR_OK;) {
        int64_t waited = clock_ms() - began;
        if (err == ERR_NOT_FOUND && waited >= (renew->has_launcher ? QUIET_MS : 0) && is_nobody_there(renew, desk)) {
            say("Desk %s is not running; its keys process holds epoch %u when it starts.", desk, epoch);
            return;
        }
        /* It was started again, which locks it; the vault has kept what it read and goes on where it was. */
        if (err == ERR_LOCKED && renew->passphrase &&
            ask_unlock(renew->house, desk, buf_text(renew->passphrase), renew->passphrase->len) == ERR_OK) {
            say("The keys of desk %s are unlocked with the passphrase you gave.", desk);
            continue;
        }
        if (waited > (renew->has_launcher ? TAKEN_MS : TAKEN_ELSEWHERE_MS))
            not_taken(renew, desk);
        usleep(PAUSE_MS * 1000);
    }
    say("The keys process of desk %s holds epoch %u.", desk, epoch);
}

static void say_done(const struct renew *renew, const struct manifest *manifest)
{
    char day[11];
    clock_day(manifest->desks[manifest->desk_count - 1].last_day, day);
    say("The manifest has version %u and offers the new keys until %s.", manifest->version, day);
    if (!renew->has_launcher)
        say("It is read at the next start. Processes that run without a launcher read it at SIGHUP.");
}

int command_keys_renew(struct house *house, int argc, char *const *argv, const char *usage)
{
    const char *desk = NULL, *root = NULL;
    struct buf passphrase = BUF_INIT(SAY_PASSPHRASE_MAX);
    struct ceremony_renewal *renewal = mem_new(sizeof *renewal);
    struct renew renew = {.house = house, .passphrase = house->locked ? &passphrase : NULL};
    const struct args_row rows[] = {{"--desk", ARGS_TEXT, &desk, 0}, {"--root", ARGS_TEXT, &root, 0}, {0}};
    args_read(rows, argc, argv, usage);
    if (desk && !house_has_desk(house, desk))
        err_die("There is no such desk.");
    if (house->locked && say_passphrase("Passphrase of the desks' keys", 0, &passphrase) != ERR_OK)
        err_die("No passphrase was given.");
    ceremony_renew_keys(house, desk, root, renew.passphrase, renewal);
    renew.has_launcher = launcher_reload(house);
    for (size_t i = 0; i < renewal->desk_count; i++)
        wait_for_keys(&renew, renewal->desks[i].code, renewal->desks[i].epoch);
    ceremony_renew_manifest(house, renewal);
    (void)launcher_reload(house);
    say_done(&renew, &renewal->manifest);
    buf_free(&passphrase);
    mem_free(renewal);
    return 0;
}
