/* test_backup.c -- sealed files and what lies in them: whole or refused, for whom, and never half. Without a database.
 */
#include <errno.h>
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

#include "common/base/file.h"
#include "common/base/mem.h"
#include "common/seal/hpke.h"
#include "operator/backup_marker.h"
#include "operator/backup_pack.h"
#include "operator/backup_places.h"
#include "operator/ceremony.h"

static struct house house;
static char path[HOUSE_PATH];

static int make_folder(void **state)
{
    (void)state;
    static const char *const FOLDERS[] = {"keys", "offline", "secrets", "secrets/operator", "tls"};
    char at[HOUSE_PATH];
    memset(&house, 0, sizeof house);
    snprintf(house.dir, sizeof house.dir, "/tmp/recourse-backup-XXXXXX");
    if (!mkdtemp(house.dir))
        return -1;
    house.office = 7;
    house.desk_count = 1;
    snprintf(house.desks[0].name, HOUSE_NAME, "usual");
    for (size_t i = 0; i < sizeof FOLDERS / sizeof *FOLDERS; i++) {
        house_path(&house, at, "%s", FOLDERS[i]);
        crew_folder(&house, at, NULL, 0755);
    }
    house_path(&house, path, "backup");
    return 0;
}

static int remove_folder(void **state)
{
    (void)state;
    char command[HOUSE_PATH];
    snprintf(command, sizeof command, "rm -rf %s", house.dir);
    return system(command);
}

/* ---- who can open ---- */

struct pair {
    uint8_t private_key[32], public_key[32];
};

static struct pair pair_new(void)
{
    struct pair pair = {0};
    hpke_key_new(pair.private_key, pair.public_key);
    return pair;
}

static struct backup_key kept(const struct pair *open, const struct pair *from)
{
    struct backup_key key;
    memcpy(key.open, open->private_key, 32);
    memcpy(key.from, from->public_key, 32);
    return key;
}

static void rows_open_with_the_kept_key_and_only_from_this_machine(void **state)
{
    (void)state;
    struct pair open = pair_new(), from = pair_new(), other = pair_new();
    struct buf head = BUF_INIT(BACKUP_HEAD_MAX);
    uint8_t key[STREAM_KEY], again[STREAM_KEY];
    assert_int_equal(backup_lock_rows(open.public_key, from.private_key, &head, key), ERR_OK);
    struct backup_key right = kept(&open, &from), stranger = kept(&open, &other), wrong = kept(&other, &from);
    assert_int_equal(backup_unlock_rows(&right, head.bytes, head.len, again), ERR_OK);
    assert_memory_equal(key, again, sizeof key);
    /* Whoever knows the public half can lock, and it is not taken for ours. */
    assert_int_equal(backup_unlock_rows(&stranger, head.bytes, head.len, again), ERR_OK);
    assert_memory_not_equal(key, again, sizeof key);
    assert_int_equal(backup_unlock_rows(&wrong, head.bytes, head.len, again), ERR_DENIED);
    /* The machine's own half opens nothing. */
    struct backup_key own = kept(&from, &open);
    assert_int_equal(backup_unlock_rows(&own, head.bytes, head.len, again), ERR_DENIED);
    for (size_t i = 0; i < head.len; i++) {
        head.bytes[i] ^= 1;
        if (backup_unlock_rows(&right, head.bytes, head.len, again) == ERR_OK)
            assert_memory_not_equal(key, again, sizeof key);
        head.bytes[i] ^= 1;
    }
    for (size_t len = 0; len < head.len; len++)
        assert_int_equal(backup_unlock_rows(&right, head.bytes, len, again), ERR_MALFORMED);
    buf_free(&head);
}

static void keys_open_with_the_passphrase(void **state)
{
    (void)state;
    struct buf head = BUF_INIT(BACKUP_HEAD_MAX);
    uint8_t key[STREAM_KEY], again[STREAM_KEY];
    assert_int_equal(backup_lock_keys("seven geese on a pond", 21, &head, key), ERR_OK);
    assert_int_equal(backup_unlock_keys("seven geese on a pond", 21, head.bytes, head.len, again), ERR_OK);
    assert_memory_equal(key, again, sizeof key);
    assert_int_equal(backup_unlock_keys("seven geese on a bond", 21, head.bytes, head.len, again), ERR_OK);
    assert_memory_not_equal(key, again, sizeof key);
    head.bytes[18] = 0xff; /* four thousand GiB of memory */
    assert_int_equal(backup_unlock_keys("seven geese on a pond", 21, head.bytes, head.len, again), ERR_MALFORMED);
    buf_free(&head);
}

static void the_kept_keys_file_comes_back_and_a_mistyped_one_does_not(void **state)
{
    (void)state;
    struct pair open = pair_new(), from = pair_new();
    struct backup_key key = kept(&open, &from), again;
    struct buf text = BUF_INIT(BACKUP_KEY_TEXT_MAX);
    backup_key_write(&key, &text);
    assert_int_equal(backup_key_read(buf_text(&text), text.len, &again), ERR_OK);
    assert_memory_equal(&key, &again, sizeof key);
    assert_int_equal(backup_key_read(buf_text(&text), text.len - 1, &again), ERR_OK);
    for (size_t len = 0; len < text.len - 1; len++)
        assert_int_equal(backup_key_read(buf_text(&text), len, &again), ERR_MALFORMED);
    text.bytes[25] = ' ';
    text.bytes[40] = 'x';
    assert_int_equal(backup_key_read(buf_text(&text), text.len, &again), ERR_MALFORMED);
    buf_free(&text);
}

/* ---- files ---- */

static const uint8_t KEY[STREAM_KEY] = {3};

/* Made once: stretching a passphrase takes its time. */
static struct buf head_new(void)
{
    static struct buf made; /* reachable until the end */
    struct buf head = BUF_INIT(BACKUP_HEAD_MAX);
    uint8_t ignored[STREAM_KEY];
    if (!made.len) {
        made = head;
        assert_int_equal(backup_lock_keys("seven geese on a pond", 21, &made, ignored), ERR_OK);
    }
    assert_int_equal(buf_add(&head, made.bytes, made.len), ERR_OK);
    return head;
}

/* A file of three pieces and a little, with a parcel that goes over them. */
static void write_file(void)
{
    struct backup_out *out;
    struct buf head = head_new();
    static uint8_t rows[3 * STREAM_PIECE];
    memset(rows, 'r', sizeof rows);
    assert_int_equal(backup_out_begin(path, &head, KEY, &out), ERR_OK);
    assert_int_equal(backup_pack(out, BACKUP_FACTS, "", "made 2026-11-25\noffice 7\n", 25), ERR_OK);
    assert_int_equal(backup_pack(out, BACKUP_TABLE, "message row_id", rows, sizeof rows), ERR_OK);
    assert_int_equal(backup_pack(out, BACKUP_END, "", "table-message 1\n", 16), ERR_OK);
    assert_int_equal(access(path, F_OK), -1); /* not before it is whole */
    assert_int_equal(backup_out_end(out), ERR_OK);
    buf_free(&head);
}

struct told {
    char names[256];
    uint64_t bytes;
};

static enum err tell_begin(void *room, enum backup_kind kind, const char *name)
{
    struct told *told = room;
    size_t len = strlen(told->names);
    snprintf(told->names + len, sizeof told->names - len, "%d %s|", kind, name);
    return ERR_OK;
}
static enum err tell_bytes(void *room, const void *bytes, size_t len)
{
    (void)bytes;
    ((struct told *)room)->bytes += len;
    return ERR_OK;
}
static enum err tell_end(void *room)
{
    (void)room;
    return ERR_OK;
}

static enum err read_file(struct told *told)
{
    struct backup_in *in;
    enum backup_form form;
    *told = (struct told){0};
    const struct backup_reader reader = {tell_begin, tell_bytes, tell_end, told};
    enum err err = backup_in_open(path, &in, &form);
    if (err == ERR_OK)
        err = backup_in_begin(in, KEY);
    if (err == ERR_OK)
        err = backup_unpack(in, &reader);
    backup_in_close(in);
    return err;
}

static void a_file_is_read_to_its_end(void **state)
{
    (void)state;
    struct told told;
    struct stat st;
    write_file();
    assert_int_equal(read_file(&told), ERR_OK);
    assert_string_equal(told.names, "1 |3 message row_id|5 |");
    assert_int_equal(told.bytes, 25 + 3 * STREAM_PIECE + 16);
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
}

static void cut_anywhere_it_is_refused(void **state)
{
    (void)state;
    struct told told;
    struct stat st;
    write_file();
    assert_int_equal(stat(path, &st), 0);
    const off_t head = 42,
                ends[] = {head, head + STREAM_SEALED, head + 2 * STREAM_SEALED, head + 3 * STREAM_SEALED, st.st_size};
    for (size_t i = 5; i-- > 0;)
        for (off_t by = 0; by < 40; by++) {
            if (ends[i] - by == st.st_size || ends[i] - by < 0)
                continue;
            assert_int_equal(truncate(path, ends[i] - by), 0);
            assert_int_not_equal(read_file(&told), ERR_OK);
        }
    assert_int_equal(truncate(path, 0), 0);
    assert_int_equal(read_file(&told), ERR_MALFORMED);
}

static void a_whole_stream_of_another_form_is_refused(void **state)
{
    (void)state;
    struct told told;
    static const struct {
        const char *bytes;
        size_t len;
    } INSIDE[] = {
        {"", 0},
        {"\x01\0\0\0\0\0\0\0\0", 9},                           /* facts, and no end */
        {"\x05\0\0\0\0\0\0\0\0", 9},                           /* an end without facts */
        {"\x01\0\0\0\0\0\0\0\0\x01\0\0\0\0\0\0\0\0", 18},      /* facts twice */
        {"\x01\0\0\0\0\0\0\0\0\x07\0\0\0\0\0\0\0\0", 18},      /* no such kind */
        {"\x01\0\0\0\0\0\0\0\0\x02\xff\xff\xff\xff", 14},      /* an endless name */
        {"\x01\0\0\0\0\0\0\0\0\x02\0\0\0\x02k\0\0\0\0\0", 20}, /* a name with a NUL */
        {"\x01\0\0\0\0\xff\xff\xff\xff", 9},                   /* an endless chunk */
        {"\x01\0\0\0\0\0\0\0\x09kurz", 13},                    /* a chunk that ends early */
        {"\x01\0\0\0\0\0\0\0\0\x05\0\0\0\0\0\0\0\0x", 19},     /* something behind the end */
    };
    for (size_t i = 0; i < sizeof INSIDE / sizeof *INSIDE; i++) {
        struct backup_out *out;
        struct buf head = head_new();
        assert_int_equal(backup_out_begin(path, &head, KEY, &out), ERR_OK);
        assert_int_equal(backup_out_add(out, INSIDE[i].bytes, INSIDE[i].len), ERR_OK);
        assert_int_equal(backup_out_end(out), ERR_OK);
        assert_int_equal(read_file(&told), ERR_MALFORMED);
        unlink(path);
        buf_free(&head);
    }
}

static void what_is_broken_off_is_never_a_file(void **state)
{
    (void)state;
    struct buf head = head_new();
    struct backup_out *out;
    char part[HOUSE_PATH + 8];
    int status;
    snprintf(part, sizeof part, "%s.part", path);
    static const int SIGNALS[] = {0, SIGTERM, SIGINT, SIGHUP};
    for (size_t i = 0; i < sizeof SIGNALS / sizeof *SIGNALS; i++) {
        pid_t child = fork();
        if (child == 0) {
            if (backup_out_begin(path, &head, KEY, &out) != ERR_OK || access(part, F_OK) != 0)
                _exit(42);
            if (SIGNALS[i])
                raise(SIGNALS[i]);
            exit(1); /* as err_die() does */
        }
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_true(WIFEXITED(status));
        assert_int_equal(WEXITSTATUS(status), SIGNALS[i] ? 128 + SIGNALS[i] : 1);
        assert_int_equal(access(path, F_OK), -1);
        assert_int_equal(access(part, F_OK), -1);
    }
    /* One that was killed outright leaves a part, which the next one takes away. And none is written over. */
    assert_int_equal(file_write_public(part, "x", 1), ERR_OK);
    write_file();
    assert_int_equal(access(part, F_OK), -1);
    assert_int_equal(backup_out_begin(path, &head, KEY, &out), ERR_CONFLICT);
    buf_free(&head);
}

/* One by cron and one by hand, both to the file of today. */
static void two_at_once_do_not_write_into_one_another(void **state)
{
    (void)state;
    struct buf head = head_new();
    struct backup_out *out, *other;
    assert_int_equal(backup_out_begin(path, &head, KEY, &out), ERR_OK);
    assert_int_equal(backup_out_begin(path, &head, KEY, &other), ERR_BUSY);
    assert_null(other);
    assert_int_equal(backup_out_end(out), ERR_OK);
    assert_int_equal(access(path, F_OK), 0);
    unlink(path);
    /* Whoever takes ours away and begins another one under its name does not get it called whole by us. */
    char part[HOUSE_PATH + 8];
    snprintf(part, sizeof part, "%s.part", path);
    assert_int_equal(backup_out_begin(path, &head, KEY, &out), ERR_OK);
    unlink(part);
    assert_int_equal(file_write_public(part, "half", 4), ERR_OK);
    assert_int_equal(backup_out_end(out), ERR_CONFLICT);
    assert_int_equal(access(path, F_OK), -1);
    buf_free(&head);
}

/* ---- which files ---- */

static void only_what_belongs_into_a_backup_comes_out_of_one(void **state)
{
    (void)state;
    struct backup_place place;
    static const char *const ROWS[] = {"recourse.ini", "keys/manifest", "audit/checkpoints.log",
                                       "spool/intake/0001.row"};
    static const char *const KEYS[] = {"secrets/intake/pepper", "secrets/keys-usual/desk.key", "offline/root.seed",
                                       "tls/cert.pem", "secrets/operator/backup.key"};
    static const char *const NEVER[] = {"../etc/passwd",
                                        "spool/intake/../../secrets/intake/pepper",
                                        "spool/intake/a/b",
                                        "spool/intake/",
                                        "spool/intake/.hidden",
                                        "/etc/passwd",
                                        "etc/intake.ini",
                                        "pg/postgresql.conf",
                                        "secrets/stranger/key",
                                        "secrets/keys-usual/../intake/pepper",
                                        "secrets/operator/keys.saved",
                                        "secrets/keys-usual/desk.key.new",
                                        ""};
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
        assert_int_equal(backup_place_of(&house, BACKUP_ROWS, ROWS[i], &place), ERR_OK);
        assert_string_equal(place.path, ROWS[i]);
        assert_int_equal(backup_place_of(&house, BACKUP_KEYS, ROWS[i], &place), ERR_NOT_FOUND);
    }
    for (size_t i = 0; i < sizeof KEYS / sizeof *KEYS; i++) {
        assert_int_equal(backup_place_of(&house, BACKUP_KEYS, KEYS[i], &place), ERR_OK);
        assert_int_equal(backup_place_of(&house, BACKUP_ROWS, KEYS[i], &place), ERR_NOT_FOUND);
    }
    for (size_t i = 0; i < sizeof NEVER / sizeof *NEVER; i++) {
        assert_int_equal(backup_place_of(&house, BACKUP_ROWS, NEVER[i], &place), ERR_NOT_FOUND);
        assert_int_equal(backup_place_of(&house, BACKUP_KEYS, NEVER[i], &place), ERR_NOT_FOUND);
    }
    assert_int_equal(backup_place_of(&house, BACKUP_KEYS, "secrets/keys-usual/desk.key", &place), ERR_OK);
    assert_string_equal(place.user, "recourse-keys-usual");
    assert_int_equal(place.mode, 0600);
}

static void a_key_that_is_newer_than_the_last_backup_of_keys_is_named(void **state)
{
    (void)state;
    char at[HOUSE_PATH];
    struct backup_marker marker;
    struct buf taken = BUF_INIT(BACKUP_MARKER_MAX);
    ceremony_first(&house, NULL);
    backup_marker_compare(&house, &marker);
    assert_string_equal(marker.id, "");
    assert_int_not_equal(marker.newer, 0);
    backup_marker_take(&house, "0123456789abcdef0123456789abcdef", 1795305600, &taken);
    /* Written between the look and the end of the backup: it is not in it. */
    house_path(&house, at, "secrets/sms/door.seed");
    struct buf seed = BUF_INIT(256);
    assert_int_equal(file_read(at, &seed), ERR_OK);
    backup_marker_keep(&house, &taken);
    backup_marker_compare(&house, &marker);
    assert_string_equal(marker.id, "0123456789abcdef0123456789abcdef");
    assert_int_equal(marker.made, 1795305600);
    assert_int_equal(marker.newer, 0);
    assert_int_equal(file_write_secret(at, "x", 1), ERR_OK);
    backup_marker_compare(&house, &marker);
    assert_int_equal(marker.newer, 1);
    assert_string_equal(marker.first, "secrets/sms/door.seed");
    assert_int_equal(file_write_secret(at, seed.bytes, seed.len), ERR_OK);
    /* A password or certificate that is made anew needs no new backup of keys; what was moved away is no finding. */
    house_path(&house, at, "secrets/sms/db.password");
    assert_int_equal(file_write_secret(at, "x", 1), ERR_OK);
    house_path(&house, at, "offline/root.seed");
    assert_int_equal(unlink(at), 0);
    backup_marker_compare(&house, &marker);
    assert_int_equal(marker.newer, 0);
    /* It holds no key. */
    assert_null(strstr(buf_text(&taken), buf_text(&seed)));
    buf_free(&taken);
    buf_free(&seed);
}

int main(void)
{
#define STORY(fn) cmocka_unit_test_setup_teardown(fn, make_folder, remove_folder)
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_open_with_the_kept_key_and_only_from_this_machine),
        cmocka_unit_test(keys_open_with_the_passphrase),
        cmocka_unit_test(the_kept_keys_file_comes_back_and_a_mistyped_one_does_not),
        STORY(a_file_is_read_to_its_end),
        STORY(cut_anywhere_it_is_refused),
        STORY(a_whole_stream_of_another_form_is_refused),
        STORY(what_is_broken_off_is_never_a_file),
        STORY(two_at_once_do_not_write_into_one_another),
        STORY(only_what_belongs_into_a_backup_comes_out_of_one),
        STORY(a_key_that_is_newer_than_the_last_backup_of_keys_is_named),
    };
    hpke_start();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
