/* cmd_backup.c -- recourse backup and recourse keys backup: make copies that outlive this machine (docs/backup.md).
 *
 * Rows and keys are never in one file: who has one of the two reads nothing. */
#include <fcntl.h>
#include <inttypes.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/base/clock.h"
#include "common/base/file.h"
#include "common/base/mem.h"
#include "common/seal/hpke.h"
#include "operator/args.h"
#include "operator/backup_marker.h"
#include "operator/backup_take.h"
#include "operator/ceremony.h"
#include "operator/commands.h"
#include "operator/crew.h"
#include "operator/house_public.h"
#include "operator/progress.h"
#include "operator/say.h"
#include "operator/visit.h"

/* ---- the backup key ---- */

static void write_from(const struct house *house, const uint8_t key[static 32])
{
    char path[HOUSE_PATH];
    house_path(house, path, "secrets/operator");
    crew_folder(house, path, NULL, 0700);
    house_path(house, path, "secrets/operator/backup.key");
    crew_secret_hex(house, path, NULL, key, 32);
}

int command_backup_key(struct house *house, int argc, char *const *argv, const char *usage)
{
    const char *path = NULL;
    int again = 0;
    const struct args_row rows[] = {{"FILE", ARGS_PLACE, &path, 1}, {"--new", ARGS_FLAG, &again, 0}, {0}};
    struct backup_key key;
    struct buf text = BUF_INIT(BACKUP_KEY_TEXT_MAX);
    uint8_t open_public[32], from_private[32];
    args_read(rows, argc, argv, usage);
    if (house_has(house, "keys/backup.public") && !again)
        err_die("There is a backup key already. --new makes another one; what was saved with the old one still needs "
                "the old one.");
    if (access(path, F_OK) == 0)
        err_die("There is a file %s already.", path);
    hpke_key_new(key.open, open_public);
    hpke_key_new(from_private, key.from);
    backup_key_write(&key, &text);
    /* The kept half first: a backup that nobody can open must never be possible. */
    if (file_write_secret(path, text.bytes, text.len) != ERR_OK)
        err_die("%s cannot be written.", path);
    write_from(house, from_private);
    house_public_write(house, "keys/backup.public", open_public);
    mem_wipe(&key, sizeof key);
    mem_wipe(from_private, sizeof from_private);
    buf_free(&text);
    say("The backup key is in %s. Move it away from this machine now, twice, to where no backup lies: it alone opens "
        "backups, and this machine needs it only for restoring.",
        path);
    say("Then save the keys: recourse --data %s keys backup FILE", house->dir);
    return 0;
}

/* ---- rows ---- */

static void tell(const struct audit_findings *found)
{
    for (size_t i = 0; i < found->kept; i++)
        say_wrong("%s", found->sentences[i]);
}

static void check_marker(const struct house *house, const struct backup_marker *marker, struct audit_findings *found)
{
    char day[11];
    clock_day(marker->made, day);
    if (!marker->id[0])
        audit_found(found, "The keys of this installation were never saved: recourse --data %s keys backup FILE",
                    house->dir);
    else if (marker->newer)
        audit_found(found,
                    "%s/%s is newer than the last backup of keys, which was made on %s: recourse --data %s keys backup "
                    "FILE",
                    house->dir, marker->first, day, house->dir);
}

/* What would be needed to restore must be there, and saved too. */
static void check(const struct house *house, const struct backup_epochs *epochs, const struct backup_marker *marker,
                  int is_forced)
{
    struct audit_findings found = {0};
    backup_check_keys(house, epochs, &found);
    check_marker(house, marker, &found);
    tell(&found);
    if (found.count && !is_forced)
        err_die(
            "The backup is not made: what it holds could not be read after a restore. --without-keys-check makes it "
            "all the same.");
    if (found.count)
        say_wrong("The backup is made all the same. Without those keys nothing in it can be read.");
    audit_findings_free(&found);
}

int command_backup(struct house *house, int argc, char *const *argv, const char *usage)
{
    const char *path = NULL;
    int is_forced = 0;
    const struct args_row rows[] = {
        {"FILE", ARGS_PLACE, &path, 1}, {"--without-keys-check", ARGS_FLAG, &is_forced, 0}, {0}};
    struct backup_epochs epochs = {0};
    struct backup_marker marker;
    struct backup_taken taken;
    struct visit visit;
    uint8_t open_public[32], from_private[32];
    uint64_t about = 0;
    char size[PROGRESS_SIZE], folder[PATH_MAX];
    args_read(rows, argc, argv, usage);
    if (access(path, F_OK) == 0)
        err_die("There is a file %s already: backups are never written over one another.", path);
    backup_take_keys(house, open_public, from_private);
    mem_wipe(from_private, sizeof from_private);
    ceremony_keep_still(house);
    backup_marker_compare(house, &marker);
    visit_begin(&visit, house);
    backup_take_look(house, &epochs, &about);
    check(house, &epochs, &marker, is_forced);
    snprintf(folder, sizeof folder, "%s", path);
    backup_take_room(dirname(folder), about);
    backup_take_rows(house, path, marker.id, about, &taken);
    visit_end(&visit);
    backup_made_write(house, clock_wall());
    progress_size(taken.bytes, size);
    say("%s holds %" PRIu64 " rows of one moment and %" PRIu64 " files, %s, locked to the backup key.", path,
        taken.rows, taken.files, size);
    say("Take it away from this machine, and not to where the keys are.");
    backup_epochs_free(&epochs);
    return 0;
}

/* ---- keys ---- */

static void say_what_is_not_here(const struct house *house)
{
    if (!house_has(house, "offline/root.seed"))
        say("offline/root.seed is not on this machine, as it should be, and so not in it: without your copy no key can "
            "be "
            "renewed.");
    if (!house_has(house, "offline/auditor.key"))
        say("offline/auditor.key is not on this machine, as it should be, and so not in it: the auditors keep theirs.");
    if (house->locked)
        say("The desks' keys in it stay under their own passphrase besides.");
}

int command_keys_backup(struct house *house, int argc, char *const *argv, const char *usage)
{
    const char *path = NULL;
    const struct args_row rows[] = {{"FILE", ARGS_PLACE, &path, 1}, {0}};
    struct buf passphrase = BUF_INIT(SAY_PASSPHRASE_MAX);
    struct audit_findings found = {0};
    struct backup_taken taken;
    args_read(rows, argc, argv, usage);
    if (access(path, F_OK) == 0)
        err_die("There is a file %s already: backups are never written over one another.", path);
    ceremony_keep_still(house);
    backup_check_keys(house, NULL, &found);
    tell(&found);
    if (found.count)
        err_die("The keys are not saved: put in order first what is named above.");
    enum err err = say_passphrase("New passphrase of this backup of keys", 1, &passphrase);
    if (err == ERR_CONFLICT)
        err_die("The two differ. Nothing was made.");
    if (err == ERR_MALFORMED)
        err_die("A passphrase needs at least %d bytes. Nothing was made.", SAY_PASSPHRASE_LEAST);
    if (err != ERR_OK)
        err_die("No passphrase was given. Nothing was made.");
    backup_take_secrets(house, path, &passphrase, &taken);
    buf_free(&passphrase);
    say("%s holds %" PRIu64 " files of keys under that passphrase.", path, taken.files);
    say_what_is_not_here(house);
    say("Keep it away from this machine and from the backups of rows, and the passphrase away from both.");
    audit_findings_free(&found);
    return 0;
}
