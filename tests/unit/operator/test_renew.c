/* test_renew.c -- a desk gets a new epoch and keeps the old ones, and a ceremony that breaks off anywhere can be held
 * again. */
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "common/base/clock.h"
#include "common/base/code.h"
#include "common/base/file.h"
#include "common/base/mem.h"
#include "common/seal/hpke.h"
#include "operator/ceremony.h"
#include "operator/commands.h"
#include "operator/crew.h"
#include "operator/house_public.h"
#include "operator/launcher.h"
#include "triage/keys/keyfile.h"

enum { DAY = 24 * 3600 };
static const char PASSPHRASE[] = "seven geese";
static struct house house;
static struct buf passphrase;

static void make_house(const struct buf *locked_with)
{
    char path[HOUSE_PATH];
    static const char *const FOLDERS[] = {"keys", "offline", "secrets", "run"};
    memset(&house, 0, sizeof house);
    snprintf(house.dir, sizeof house.dir, "/tmp/recourse-renew-XXXXXX");
    assert_non_null(mkdtemp(house.dir));
    house.office = 7;
    house.desk_count = 2;
    snprintf(house.desks[0].name, HOUSE_NAME, "usual");
    snprintf(house.desks[1].name, HOUSE_NAME, "oversight");
    for (size_t i = 0; i < sizeof FOLDERS / sizeof *FOLDERS; i++) {
        house_path(&house, path, "%s", FOLDERS[i]);
        crew_folder(&house, path, NULL, 0755);
    }
    ceremony_first(&house, locked_with);
}

static int clear_house(void **state)
{
    (void)state;
    make_house(NULL);
    return 0;
}

static int locked_house(void **state)
{
    (void)state;
    buf_init(&passphrase, 64);
    assert_int_equal(buf_add_text(&passphrase, PASSPHRASE), ERR_OK);
    make_house(&passphrase);
    return 0;
}

static int remove_house(void **state)
{
    (void)state;
    char command[HOUSE_PATH];
    buf_free(&passphrase);
    snprintf(command, sizeof command, "rm -rf %s", house.dir);
    return system(command);
}

static struct buf file_of(const char *below)
{
    char path[HOUSE_PATH];
    struct buf file = BUF_INIT(MANIFEST_BYTES_MAX);
    house_path(&house, path, "%s", below);
    assert_int_equal(file_read(path, &file), ERR_OK);
    return file;
}

static struct keyfile keys_of(const char *desk, const char *opened_with)
{
    char below[HOUSE_PATH];
    struct keyfile keys;
    snprintf(below, sizeof below, "secrets/keys-%s/desk.key", desk);
    struct buf file = file_of(below);
    assert_int_equal(keyfile_is_locked(file.bytes, file.len), opened_with != NULL);
    assert_int_equal(keyfile_open(file.bytes, file.len, opened_with, opened_with ? strlen(opened_with) : 0, &keys),
                     ERR_OK);
    buf_free(&file);
    return keys;
}

static void renew(const char *only, const struct buf *with)
{
    struct ceremony_renewal renewal;
    ceremony_renew_keys(&house, only, NULL, with, &renewal);
    ceremony_renew_manifest(&house, &renewal);
}

/* What a child's attempt ends with; a ceremony that cannot be held ends its process. `halfway`: it is killed between
 * the key files and the manifest. */
static int code_of_child(const char *root_path, const struct buf *with, int halfway)
{
    int status = -1;
    pid_t child = fork();
    if (child == 0) {
        struct ceremony_renewal renewal;
        close(STDERR_FILENO);
        ceremony_renew_keys(&house, NULL, root_path, with, &renewal);
        if (halfway)
            _exit(42);
        ceremony_renew_manifest(&house, &renewal);
        _exit(0);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* A manifest of the same office as the root would have signed it on another day. */
static void sign_again(struct manifest *manifest)
{
    char path[HOUSE_PATH];
    uint8_t seed[32];
    struct sign_key *root;
    struct buf hex = file_of("offline/root.seed"), text = BUF_INIT(MANIFEST_BYTES_MAX);
    assert_int_equal(code_unhex(buf_text(&hex), 64, seed, 32), ERR_OK);
    assert_int_equal(sign_key_new(seed, &root), ERR_OK);
    assert_int_equal(manifest_write(manifest, root, &text), ERR_OK);
    house_path(&house, path, "keys/manifest");
    assert_int_equal(file_write_public(path, text.bytes, text.len), ERR_OK);
    sign_key_free(root);
    buf_free(&hex);
    buf_free(&text);
}

static void what_is_sealed_from_now_on_goes_to_the_new_epoch_and_the_old_one_still_opens(void **state)
{
    (void)state;
    struct manifest before, after;
    const struct envelope_desk *offered;
    uint8_t public_key[32];
    struct keyfile old = keys_of("usual", NULL), untouched = keys_of("oversight", NULL);
    house_public_manifest(&house, &before);
    renew("usual", NULL);
    house_public_manifest(&house, &after);
    struct keyfile keys = keys_of("usual", NULL), other = keys_of("oversight", NULL);
    assert_int_equal(after.version, before.version + 1);
    assert_int_equal(manifest_desk_today(&after, "usual", clock_wall(), &offered), ERR_OK);
    assert_int_equal(offered->epoch, 2);
    assert_int_equal(hpke_key_public(keyfile_epoch(&keys, 2), public_key), ERR_OK);
    assert_memory_equal(offered->key, public_key, 32);
    assert_int_equal(keys.epochs[0].epoch, 2);
    assert_memory_equal(keyfile_epoch(&keys, 1), old.epochs[0].private_key, 32);
    assert_memory_equal(keys.state_seed, old.state_seed, 32);
    assert_memory_equal(keys.checkpoint_seed, old.checkpoint_seed, 32);
    assert_memory_equal(&other, &untouched, sizeof other);
    assert_int_equal(manifest_desk_today(&after, "usual", clock_wall() + 91 * DAY, &offered), ERR_OK);
    assert_int_equal(manifest_desk_today(&after, "usual", clock_wall() + 94 * DAY, &offered), ERR_LOCKED);
    assert_int_equal(after.key_count, before.key_count);
}

static void the_file_is_as_closed_as_before(void **state)
{
    (void)state;
    char path[HOUSE_PATH];
    struct stat before, after;
    house_path(&house, path, "secrets/keys-usual/desk.key");
    /* Given to somebody where we may: to whom it belongs is kept. */
    assert_true(geteuid() != 0 || chown(path, 12345, 12346) == 0);
    assert_int_equal(stat(path, &before), 0);
    renew(NULL, NULL);
    assert_int_equal(stat(path, &after), 0);
    assert_int_equal(after.st_mode & 07777, 0600);
    assert_int_equal(after.st_uid, before.st_uid);
    assert_int_equal(after.st_gid, before.st_gid);
    assert_int_not_equal(after.st_ino, before.st_ino);
    assert_false(house_has(&house, "secrets/keys-usual/desk.key.renewed"));
}

static void broken_off_before_the_manifest_it_takes_up_the_same_epoch(void **state)
{
    (void)state;
    struct manifest between, after;
    assert_int_equal(code_of_child(NULL, NULL, 1), 42);
    house_public_manifest(&house, &between);
    struct keyfile made = keys_of("oversight", NULL);
    assert_int_equal(between.version, 1);
    assert_int_equal(made.epoch_count, 2);
    renew(NULL, NULL);
    house_public_manifest(&house, &after);
    struct keyfile keys = keys_of("oversight", NULL);
    assert_int_equal(after.version, 2);
    assert_memory_equal(&keys, &made, sizeof keys);
}

static void without_the_roots_seed_nothing_changes(void **state)
{
    (void)state;
    char here[HOUSE_PATH], away[HOUSE_PATH], other[HOUSE_PATH];
    struct manifest manifest;
    struct keyfile before = keys_of("usual", NULL);
    house_path(&house, here, "offline/root.seed");
    house_path(&house, away, "away.seed");
    house_path(&house, other, "offline/auditor.key");
    assert_int_equal(rename(here, away), 0);
    assert_int_equal(code_of_child(NULL, NULL, 0), 1);
    assert_int_equal(code_of_child(other, NULL, 0), 1); /* a key, but not the root's */
    struct keyfile after = keys_of("usual", NULL);
    assert_memory_equal(&after, &before, sizeof after);
    assert_int_equal(code_of_child(away, NULL, 0), 0);
    house_public_manifest(&house, &manifest);
    assert_int_equal(manifest.version, 2);
}

static void a_file_under_a_passphrase_stays_under_it(void **state)
{
    (void)state;
    struct buf wrong = BUF_INIT(64);
    assert_int_equal(buf_add_text(&wrong, "six geese"), ERR_OK);
    assert_int_equal(code_of_child(NULL, &wrong, 0), 1);
    assert_int_equal(code_of_child(NULL, NULL, 0), 1);
    assert_int_equal(keys_of("usual", PASSPHRASE).epoch_count, 1);
    renew("usual", &passphrase);
    assert_int_equal(keys_of("usual", PASSPHRASE).epoch_count, 2);
    buf_free(&wrong);
}

static void a_key_past_its_last_day_loses_its_line_and_stays_in_the_file(void **state)
{
    (void)state;
    struct manifest manifest;
    const struct envelope_desk *offered;
    house_public_manifest(&house, &manifest);
    manifest.desks[0].last_day = clock_wall() - 3 * DAY;
    sign_again(&manifest);
    assert_int_equal(manifest_desk_today(&manifest, "usual", clock_wall(), &offered), ERR_LOCKED);
    renew("usual", NULL);
    house_public_manifest(&house, &manifest);
    assert_int_equal(manifest_desk_today(&manifest, "usual", clock_wall(), &offered), ERR_OK);
    assert_int_equal(offered->epoch, 2);
    assert_int_equal(manifest.desk_count, 3);
    renew("usual", NULL);
    house_public_manifest(&house, &manifest);
    assert_int_equal(manifest.desk_count, 3);
    assert_int_equal(keys_of("usual", NULL).epoch_count, 3);
}

/* The lines of `recourse doctor` about the desks' keys. */
static int doctor_says(const char *words)
{
    char path[HOUSE_PATH];
    int status;
    house_path(&house, path, "doctor.out");
    pid_t child = fork();
    if (child == 0) {
        if (!freopen(path, "w", stdout) || dup2(STDOUT_FILENO, STDERR_FILENO) < 0)
            _exit(42);
        _exit(command_doctor(&house, 0, NULL, "doctor"));
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    struct buf said = file_of("doctor.out");
    assert_int_equal(buf_add(&said, "", 1), ERR_OK);
    assert_non_null(strstr(buf_text(&said), "reports can be sealed to desk usual: until "));
    /* It came as far as the database, which is not there. */
    assert_non_null(strstr(buf_text(&said), "database.url cannot be read"));
    int is_there = strstr(buf_text(&said), words) != NULL;
    buf_free(&said);
    return is_there;
}

static void the_doctor_names_the_command_two_weeks_before(void **state)
{
    (void)state;
    struct manifest manifest;
    static char host[] = "localhost", none[] = "";
    house.public_name = house.staff_name = host;
    house.alarm_channel = house.alarm_email_channel = none;
    house_public_manifest(&house, &manifest);
    manifest.desks[0].last_day = clock_wall() + 20 * DAY;
    sign_again(&manifest);
    assert_false(doctor_says("keys renew"));
    manifest.desks[0].last_day = clock_wall() + 10 * DAY;
    sign_again(&manifest);
    assert_true(doctor_says("keys renew --desk usual\n"));
    assert_false(doctor_says("keys renew --desk oversight"));
    renew("usual", NULL);
    assert_false(doctor_says("keys renew"));
}

static void an_older_copy_of_the_key_file_is_not_built_upon(void **state)
{
    (void)state;
    char path[HOUSE_PATH];
    struct buf old = file_of("secrets/keys-usual/desk.key");
    renew("usual", NULL);
    house_path(&house, path, "secrets/keys-usual/desk.key");
    assert_int_equal(file_write_secret(path, old.bytes, old.len), ERR_OK);
    assert_int_equal(code_of_child(NULL, NULL, 0), 1);
    buf_free(&old);
}

static void two_ceremonies_are_not_held_at_a_time(void **state)
{
    (void)state;
    struct ceremony_renewal renewal;
    ceremony_renew_keys(&house, NULL, NULL, NULL, &renewal);
    assert_int_equal(code_of_child(NULL, NULL, 0), 1);
    ceremony_renew_manifest(&house, &renewal);
    assert_int_equal(code_of_child(NULL, NULL, 0), 0);
}

/* Manifest and rows of a backup belong together. */
static void no_ceremony_is_held_while_a_backup_is_made(void **state)
{
    (void)state;
    int status;
    char byte;
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    pid_t backup = fork();
    if (backup == 0) {
        ceremony_keep_still(&house);
        (void)!write(ends[1], "x", 1);
        pause();
        _exit(0);
    }
    assert_int_equal(read(ends[0], &byte, 1), 1);
    assert_int_equal(code_of_child(NULL, NULL, 0), 1);
    kill(backup, SIGKILL);
    assert_int_equal(waitpid(backup, &status, 0), backup);
    assert_int_equal(code_of_child(NULL, NULL, 0), 0);
    close(ends[0]);
    close(ends[1]);
}

static void ten_years_of_epochs_fit_under_a_passphrase(void **state)
{
    (void)state;
    char path[HOUSE_PATH];
    struct keyfile keys = keys_of("usual", NULL);
    for (uint32_t i = 0; i < KEYFILE_EPOCHS_MAX; i++)
        keys.epochs[i] = (struct keyfile_epoch){.epoch = KEYFILE_EPOCHS_MAX - i};
    keys.epochs[KEYFILE_EPOCHS_MAX - 1] = keys_of("usual", NULL).epochs[0];
    keys.epoch_count = KEYFILE_EPOCHS_MAX;
    house_path(&house, path, "secrets/keys-usual/desk.key");
    assert_int_equal(keyfile_write(path, &keys, PASSPHRASE, strlen(PASSPHRASE)), ERR_OK);
    assert_int_equal(keys_of("usual", PASSPHRASE).epoch_count, KEYFILE_EPOCHS_MAX);
}

static void the_launcher_is_found_while_it_runs(void **state)
{
    (void)state;
    int ends[2];
    char byte;
    assert_int_equal(launcher_find(&house), 0);
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    if (child == 0) {
        launcher_hold(&house);
        (void)!write(ends[1], "x", 1);
        pause();
        _exit(0);
    }
    assert_int_equal(read(ends[0], &byte, 1), 1);
    assert_int_equal(launcher_find(&house), child);
    assert_int_equal(launcher_reload(&house), 1); /* this one dies of it */
    assert_int_equal(waitpid(child, NULL, 0), child);
    assert_int_equal(launcher_find(&house), 0);
    assert_int_equal(launcher_reload(&house), 0);
    close(ends[0]);
    close(ends[1]);
}

int main(void)
{
#define STORY(fn) cmocka_unit_test_setup_teardown(fn, clear_house, remove_house)
    const struct CMUnitTest tests[] = {
        STORY(what_is_sealed_from_now_on_goes_to_the_new_epoch_and_the_old_one_still_opens),
        STORY(the_file_is_as_closed_as_before),
        STORY(broken_off_before_the_manifest_it_takes_up_the_same_epoch),
        STORY(without_the_roots_seed_nothing_changes),
        cmocka_unit_test_setup_teardown(a_file_under_a_passphrase_stays_under_it, locked_house, remove_house),
        STORY(a_key_past_its_last_day_loses_its_line_and_stays_in_the_file),
        STORY(the_doctor_names_the_command_two_weeks_before),
        STORY(an_older_copy_of_the_key_file_is_not_built_upon),
        STORY(two_ceremonies_are_not_held_at_a_time),
        STORY(no_ceremony_is_held_while_a_backup_is_made),
        STORY(ten_years_of_epochs_fit_under_a_passphrase),
        STORY(the_launcher_is_found_while_it_runs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
