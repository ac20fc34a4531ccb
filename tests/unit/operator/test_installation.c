/* test_installation.c -- what `recourse init` writes can be read by those it is for: keys, manifest, certificate,
 * settings. Without a database and without other users. */
#include <setjmp.h>
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
#include "common/base/file.h"
#include "common/base/mem.h"
#include "common/office/office.h"
#include "common/seal/hpke.h"
#include "operator/ceremony.h"
#include "operator/certificate.h"
#include "operator/cluster.h"
#include "operator/crew.h"
#include "operator/database.h"
#include "operator/house_public.h"
#include "operator/office_file.h"
#include "operator/process.h"
#include "operator/settings.h"
#include "operator/times.h"
#include "triage/keys/keyfile.h"

static struct house house;
static char name[] = "An office", host[] = "localhost", profiles[] = "default ess10", rest[] = "saturday sunday";

static int make_house(void **state)
{
    (void)state;
    char path[HOUSE_PATH];
    static const char *const FOLDERS[] = {"keys", "offline", "secrets", "etc", "tls"};
    memset(&house, 0, sizeof house);
    snprintf(house.dir, sizeof house.dir, "/tmp/recourse-house-XXXXXX");
    if (!mkdtemp(house.dir))
        return -1;
    house.office = 7;
    house.retention_months = 84;
    house.drift_days = 30;
    house.graphic_day = 12;
    house.open_hour = 60;
    house.open_day = 300;
    house.snapshot_s = 3600;
    house.route = house.budgets = 1;
    house.abuse_times = 5;
    house.abuse_wait_s = 20;
    house.abuse_hours = 72;
    house.port = 8443;
    house.own_database = 1;
    house.name = name;
    house.profiles = profiles;
    house.rest_days = rest;
    house.public_name = house.staff_name = host;
    house.desk_count = 2;
    snprintf(house.desks[0].name, HOUSE_NAME, "usual");
    snprintf(house.desks[1].name, HOUSE_NAME, "oversight");
    for (size_t i = 0; i < sizeof FOLDERS / sizeof *FOLDERS; i++) {
        house_path(&house, path, "%s", FOLDERS[i]);
        crew_folder(&house, path, NULL, 0755);
    }
    house_write_new(&house, "\n[desk usual]\ntitle = Usual desk\n\n[desk oversight]\ntitle = Oversight\n");
    return 0;
}

static int remove_house(void **state)
{
    (void)state;
    char command[HOUSE_PATH];
    snprintf(command, sizeof command, "rm -rf %s", house.dir);
    return system(command);
}

static void open_desk(const char *code, const char *passphrase, struct keyfile *keys)
{
    char path[HOUSE_PATH];
    struct buf file = BUF_INIT(KEYFILE_BYTES_MAX);
    house_path(&house, path, "secrets/keys-%s/desk.key", code);
    assert_int_equal(keyfile_read(path, &file), ERR_OK);
    assert_int_equal(keyfile_is_locked(file.bytes, file.len), passphrase != NULL);
    assert_int_equal(keyfile_open(file.bytes, file.len, passphrase, passphrase ? strlen(passphrase) : 0, keys), ERR_OK);
    buf_free(&file);
}

static void the_manifest_tells_the_public_halves_of_what_lies_in_the_key_files(void **state)
{
    (void)state;
    struct manifest manifest;
    struct keyfile usual, oversight;
    const struct envelope_desk *desk;
    uint8_t public_key[32];
    const uint8_t *state_key;
    ceremony_first(&house, NULL);
    house_public_manifest(&house, &manifest);
    open_desk("usual", NULL, &usual);
    open_desk("oversight", NULL, &oversight);
    assert_int_equal(manifest_desk_today(&manifest, "usual", clock_wall(), &desk), ERR_OK);
    assert_int_equal(hpke_key_public(usual.epochs[0].private_key, public_key), ERR_OK);
    assert_memory_equal(desk->key, public_key, 32);
    assert_int_equal(desk->office, 7);
    assert_int_equal(manifest_key(&manifest, "state", "oversight", &state_key), ERR_OK);
    struct sign_key *signer;
    assert_int_equal(sign_key_new(oversight.state_seed, &signer), ERR_OK);
    sign_key_public(signer, public_key);
    sign_key_free(signer);
    assert_memory_equal(state_key, public_key, 32);
    /* One register for the office; everything else is each desk's own. */
    assert_memory_equal(usual.register_key, oversight.register_key, 32);
    assert_memory_not_equal(usual.record_key, oversight.record_key, 32);
    assert_int_equal(usual.has_checkpoint, 1);
    assert_int_equal(oversight.has_checkpoint, 0);
    /* Past its last day nothing may be sealed to it. */
    assert_int_equal(manifest_desk_today(&manifest, "usual", clock_wall() + 94 * 24 * 3600, &desk), ERR_LOCKED);
}

static void a_ceremony_is_held_once_and_a_desk_can_be_added(void **state)
{
    (void)state;
    struct manifest before, after;
    struct keyfile usual, review;
    struct buf passphrase = BUF_INIT(64);
    assert_int_equal(buf_add_text(&passphrase, "seven geese"), ERR_OK);
    ceremony_first(&house, &passphrase);
    house_public_manifest(&house, &before);
    ceremony_first(&house, &passphrase);
    ceremony_add_desk(&house, "review", &passphrase);
    ceremony_add_desk(&house, "review", &passphrase);
    house_public_manifest(&house, &after);
    assert_int_equal(before.version, 1);
    assert_int_equal(after.version, 2);
    assert_int_equal(after.desk_count, before.desk_count + 1);
    assert_memory_equal(after.desks[0].desk.key, before.desks[0].desk.key, 32);
    open_desk("usual", "seven geese", &usual);
    open_desk("review", "seven geese", &review);
    assert_memory_equal(usual.register_key, review.register_key, 32);
    buf_free(&passphrase);
}

static void a_certificate_is_self_signed_and_lasts_a_year(void **state)
{
    (void)state;
    char path[HOUSE_PATH];
    int64_t end;
    int own = 0;
    struct buf certificate = BUF_INIT(8192), key = BUF_INIT(8192);
    certificate_make(&certificate, &key);
    house_path(&house, path, "tls/cert.pem");
    assert_int_equal(certificate_ends(path, &end), ERR_NOT_FOUND);
    assert_int_equal(file_write_public(path, key.bytes, key.len), ERR_OK);
    assert_int_equal(certificate_ends(path, &end), ERR_MALFORMED);
    assert_int_equal(file_write_public(path, certificate.bytes, certificate.len), ERR_OK);
    assert_int_equal(certificate_ends(path, &end), ERR_OK);
    assert_in_range(end - clock_wall(), 396 * 24 * 3600, 398 * 24 * 3600);
    assert_int_equal(certificate_is_own(path, &own), ERR_OK);
    assert_int_equal(own, 1);
    assert_null(memmem(certificate.bytes, certificate.len, "PRIVATE", 7));
    buf_free(&certificate);
    buf_free(&key);
}

static void recourse_ini_is_read_back_as_it_was_meant(void **state)
{
    (void)state;
    struct house again = {0};
    memcpy(again.dir, house.dir, sizeof again.dir);
    house_add_section(&house, "channel", "town", "kind = kannel\nnumber = 12345\n");
    house_reload(&again);
    assert_true(again.exists);
    assert_int_equal(again.office, 7);
    assert_string_equal(again.name, "An office");
    assert_int_equal(again.desk_count, 2);
    assert_string_equal(again.desks[1].name, "oversight");
    assert_int_equal(again.channel_count, 1);
    house_close(&again);
}

/* Only what every complaint is kept within is told: what danger is given is no promise to somebody who waits for it. */
static void people_are_told_the_earliest_time_of_the_profiles_that_count(void **state)
{
    (void)state;
    static const struct {
        const char *profiles, *rest, *look, *acknowledge, *outcome;
    } rows[] = {
        {"default", "saturday sunday", "7d", "7d", "3m after acknowledge"},
        {"lksg", "saturday sunday", "", "7d", ""},
        {"psea", "saturday sunday", "", "", ""}, /* it says nothing of a complaint like any other */
        {"ess10", "saturday sunday", "", "5w", "15w"},
        {"default ess10", "saturday sunday", "7d", "7d", "15w"}, /* five working days end later than the week */
        {"default, ess10", "", "7d", "5w", "15w"},               /* and earlier where nobody rests */
        {"no_such_profile", "", "", "", ""},
    };
    struct times times;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char named[64], days[64];
        snprintf(named, sizeof named, "%s", rows[i].profiles);
        snprintf(days, sizeof days, "%s", rows[i].rest);
        struct house other = {.profiles = named, .rest_days = days};
        times_read(&other, SOURCE_ROOT "/triage/deadlines", &times);
        assert_string_equal(times.look, rows[i].look);
        assert_string_equal(times.acknowledge, rows[i].acknowledge);
        assert_string_equal(times.outcome, rows[i].outcome);
    }
}

/* Both are taken as they are, and what is shown in comments is not said; a demonstration says that it is one. */
static void a_new_office_file_is_as_it_should_be(void **state)
{
    (void)state;
    char path[HOUSE_PATH];
    house_path(&house, path, "office.yaml");
    for (int is_demo = 0; is_demo < 2; is_demo++) {
        struct office *office;
        char says[SAYS_SIZE];
        office_file_write_new(&house, is_demo);
        assert_int_equal(office_file_check(path), 1);
        assert_int_equal(office_open(path, &office, says), ERR_OK);
        assert_int_equal(office->way_count, is_demo ? 3 : 0);
        const char *hours = office_says(&office->texts[OFFICE_HOURS], "en", NULL);
        assert_int_equal(strstr(hours, "demonstration") != NULL, is_demo);
        office_close(office);
    }
}

static void settings_hold_paths_and_no_secret(void **state)
{
    (void)state;
    char path[HOUSE_PATH], seed_path[HOUSE_PATH];
    struct program program = {.bin = "/b", .share = "/s"};
    struct buf text = BUF_INIT(65536), seed = BUF_INIT(256);
    ceremony_first(&house, NULL);
    settings_write(&house, &program, 9000);
    house_path(&house, path, "etc/intake.ini");
    assert_int_equal(file_read(path, &text), ERR_OK);
    assert_non_null(strstr(buf_text(&text), "port = 9000\n"));
    assert_non_null(strstr(buf_text(&text), "pages = /s/intake/pages\n"));
    assert_non_null(strstr(buf_text(&text), "/etc/office.yaml\n"));
    assert_non_null(strstr(buf_text(&text), "[times]\nlook = 7d\nacknowledge = 7d\noutcome = 15w\n"));
    house_path(&house, seed_path, "secrets/intake/door.seed");
    assert_int_equal(file_read(seed_path, &seed), ERR_OK);
    assert_null(strstr(buf_text(&text), buf_text(&seed)));
    house_path(&house, path, "etc/vault-oversight.ini");
    buf_clear(&text);
    assert_int_equal(file_read(path, &text), ERR_OK);
    assert_non_null(strstr(buf_text(&text), "user=recourse_vault_oversight\n"));
    assert_non_null(strstr(buf_text(&text), "sequencer = no\n"));
    assert_null(strstr(buf_text(&text), "danger_desk")); /* there is no safeguarding desk here */
    assert_non_null(strstr(buf_text(&text), "\nroute = yes\n"));
    house_path(&house, path, "etc/console.ini");
    buf_clear(&text);
    assert_int_equal(file_read(path, &text), ERR_OK);
    assert_non_null(strstr(buf_text(&text), "/etc/office.yaml\n"));
    assert_non_null(strstr(buf_text(&text), "[health]\nintake = 127.0.0.1:9010\nsms = 127.0.0.1:9012\n"));
    buf_free(&text);
    buf_free(&seed);
}

/* Each text would be answered 503, and a provider that does not repeat would lose it. */
static void a_channel_to_a_desk_that_is_not_there_is_refused_at_the_start(void **state)
{
    (void)state;
    char told[512] = "";
    int fds[2], status;
    struct program program = {.bin = "/b", .share = "/s"};
    ceremony_first(&house, NULL);
    house_add_section(&house, "channel", "one", "kind = kannel\ndesk = usual\n");
    settings_write(&house, &program, 9000);
    house_add_section(&house, "channel", "two", "kind = kannel\ndesk = usul\n");
    assert_int_equal(pipe(fds), 0);
    pid_t child = fork();
    if (child == 0) {
        dup2(fds[1], STDERR_FILENO);
        settings_write(&house, &program, 9000);
        _exit(0);
    }
    close(fds[1]);
    assert_true(read(fds[0], told, sizeof told - 1) >= 0);
    close(fds[0]);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_non_null(strstr(told, "[channel two] desk names a desk that is not there"));
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 1);
}

static void a_server_of_ones_own_is_named_once_and_its_password_stays_in_one_file(void **state)
{
    (void)state;
    char conninfo[HOUSE_PATH], whole[DATABASE_URL_MAX], path[HOUSE_PATH];
    house.own_database = 0;
    database_keep_url(&house, "postgresql://recourse_operator:s3cret@db.example:5433/recourse?sslmode=require");
    database_conninfo(&house, "recourse_intake", conninfo);
    assert_string_equal(conninfo, "postgresql://recourse_intake@db.example:5433/recourse?sslmode=require");
    database_operator(&house, whole);
    assert_non_null(strstr(whole, "s3cret"));
    /* A primary and its standby: one number for each name, in their order, and nothing where a number stands already.
     */
    database_keep_url(&house, "postgresql://op:s3cret@localhost:5433,192.0.2.7:5434/recourse?target_session_attrs=rw");
    database_conninfo(&house, "recourse_intake", conninfo);
    const char *numbers = strstr(conninfo, "?target_session_attrs=rw&hostaddr=");
    assert_non_null(numbers);
    assert_true(numbers[strlen("?target_session_attrs=rw&hostaddr=")] != ',');
    assert_string_equal(conninfo + strlen(conninfo) - 1, ",");
    database_keep_url(&house, "postgresql://op:s3cret@192.0.2.7,192.0.2.8/recourse");
    database_conninfo(&house, "recourse_intake", conninfo);
    assert_string_equal(conninfo, "postgresql://recourse_intake@192.0.2.7,192.0.2.8/recourse");
    house_path(&house, path, "secrets/operator/database.url");
    assert_false(file_is_open_to_others(path));
}

static void an_address_that_somebody_spoilt_by_hand_is_said(void **state)
{
    (void)state;
    char conninfo[HOUSE_PATH], path[HOUSE_PATH], told[512] = "";
    int fds[2], status;
    house.own_database = 0;
    database_keep_url(&house, "postgresql://recourse_operator@127.0.0.1/recourse");
    house_path(&house, path, "secrets/operator/database.url");
    crew_secret(&house, path, NULL, "host=127.0.0.1", 14);
    assert_int_equal(pipe(fds), 0);
    pid_t child = fork();
    if (child == 0) {
        dup2(fds[1], STDERR_FILENO);
        database_conninfo(&house, "recourse_intake", conninfo);
        _exit(0);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 1);
    assert_true(read(fds[0], told, sizeof told - 1) > 0);
    assert_non_null(strstr(told, "give --database URL again"));
    assert_null(strstr(told, "127.0.0.1"));
    close(fds[0]);
    close(fds[1]);
}

/* Somebody made room on a full disk: a process that has to be started again must not end the launcher, and all with it.
 */
static void without_its_folder_of_logs_a_process_is_started_all_the_same(void **state)
{
    (void)state;
    char path[HOUSE_PATH], file[HOUSE_PATH];
    house_path(&house, path, "log");
    house_path(&house, file, "log/intake.log");
    (void)unlink(file);
    (void)rmdir(path);
    for (int is_in_the_way = 0; is_in_the_way < 2; is_in_the_way++) {
        int status;
        pid_t child = fork();
        if (child == 0) {
            int fd = process_log(&house, "intake");
            _exit(fd >= 0 && write(fd, "x", 1) == 1 && (access(file, F_OK) == 0) == !is_in_the_way ? 0 : 2);
        }
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_true(WIFEXITED(status));
        assert_int_equal(WEXITSTATUS(status), 0);
        (void)unlink(file);
        (void)rmdir(path);
        assert_int_equal(file_write_public(path, "", 0), ERR_OK);
    }
    unlink(path);
}

/* An upgrade of packages takes PostgreSQL away, and then it has to be started again: reports are spooled meanwhile. */
static void without_its_postgresql_the_launcher_goes_on(void **state)
{
    (void)state;
    char path[HOUSE_PATH];
    int status;
    house_path(&house, path, "pg");
    assert_int_equal(mkdir(path, 0700), 0);
    house_path(&house, path, "pg/PG_VERSION");
    assert_int_equal(file_write_public(path, "998\n", 4), ERR_OK);
    pid_t child = fork();
    if (child == 0)
        _exit(cluster_start(&house) == -1 ? 0 : 2);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
}

/* `./run` by a person and then once by sudo: what root would have taken for itself, nobody could start any more. */
static void what_another_user_made_is_not_touched(void **state)
{
    (void)state;
    enum { NOBODY = 65534 };
    char path[HOUSE_PATH], told[1024] = "";
    int fds[2], status;
    if (geteuid() != 0)
        skip();
    house.exists = house.separate = 1;
    house_must_be_ours(&house);
    house_path(&house, path, "secrets");
    assert_int_equal(chown(path, NOBODY, NOBODY), 0);
    assert_int_equal(pipe(fds), 0);
    pid_t child = fork();
    if (child == 0) {
        dup2(fds[1], STDERR_FILENO);
        house_must_be_ours(&house);
        _exit(0);
    }
    close(fds[1]);
    assert_true(read(fds[0], told, sizeof told - 1) >= 0);
    close(fds[0]);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 1);
    assert_non_null(strstr(told, "belongs to the user nobody: start this as that user"));
    assert_int_equal(chown(path, 0, 0), 0);
}

static void names_that_would_break_a_file_are_known(void **state)
{
    (void)state;
    static const char *const BAD[] = {"", "Usual", "1st", "a b", "a]", "a\n", "seventeen-letters", "a-"};
    static const char *const BAD_LINES[] = {"", "two\nlines", "with ; comment", " blank", "tab\there"};
    assert_true(house_is_name("usual"));
    for (size_t i = 0; i < sizeof BAD / sizeof *BAD; i++)
        assert_false(house_is_name(BAD[i]));
    assert_true(house_is_line("مكتب الشكاوى"));
    for (size_t i = 0; i < sizeof BAD_LINES / sizeof *BAD_LINES; i++)
        assert_false(house_is_line(BAD_LINES[i]));
}

static void what_lies_in_a_closed_folder_cannot_be_reached(void **state)
{
    (void)state;
    char path[HOUSE_PATH];
    house_path(&house, path, "keys");
    assert_int_equal(chmod(house.dir, 0700), 0);
    assert_false(house_is_reachable(path));
    assert_int_equal(chmod(house.dir, 0711), 0);
    assert_true(house_is_reachable(path));
}

/* Where a restore asks for room: the folder that it will make may have to be made from the root on. */
static void the_nearest_folder_above_is_one_that_is_there(void **state)
{
    (void)state;
    static const struct {
        const char *below, *above; /* NULL: the house itself */
    } ROWS[] = {{"/x", NULL}, {"/keys/x", "/keys"}, {"/not/made/yet/x", NULL}};
    char path[HOUSE_PATH], expected[HOUSE_PATH], above[PATH_MAX];
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
        snprintf(path, sizeof path, "%s%s", house.dir, ROWS[i].below);
        snprintf(expected, sizeof expected, "%s%s", house.dir, ROWS[i].above ? ROWS[i].above : "");
        house_above(path, above);
        assert_string_equal(above, expected);
    }
    static const char *const AT_THE_ROOT[] = {"/recourse-not-made", "/recourse-not-made/yet/x", "/tmp", "/"};
    for (size_t i = 0; i < sizeof AT_THE_ROOT / sizeof *AT_THE_ROOT; i++) {
        house_above(AT_THE_ROOT[i], above);
        assert_string_equal(above, "/");
    }
}

int main(void)
{
#define STORY(fn) cmocka_unit_test_setup_teardown(fn, make_house, remove_house)
    const struct CMUnitTest tests[] = {
        STORY(the_manifest_tells_the_public_halves_of_what_lies_in_the_key_files),
        STORY(a_ceremony_is_held_once_and_a_desk_can_be_added),
        STORY(a_certificate_is_self_signed_and_lasts_a_year),
        STORY(recourse_ini_is_read_back_as_it_was_meant),
        cmocka_unit_test(people_are_told_the_earliest_time_of_the_profiles_that_count),
        STORY(a_new_office_file_is_as_it_should_be),
        STORY(settings_hold_paths_and_no_secret),
        STORY(a_channel_to_a_desk_that_is_not_there_is_refused_at_the_start),
        STORY(a_server_of_ones_own_is_named_once_and_its_password_stays_in_one_file),
        STORY(an_address_that_somebody_spoilt_by_hand_is_said),
        STORY(without_its_postgresql_the_launcher_goes_on),
        STORY(what_another_user_made_is_not_touched),
        STORY(without_its_folder_of_logs_a_process_is_started_all_the_same),
        STORY(names_that_would_break_a_file_are_known),
        STORY(what_lies_in_a_closed_folder_cannot_be_reached),
        STORY(the_nearest_folder_above_is_one_that_is_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
