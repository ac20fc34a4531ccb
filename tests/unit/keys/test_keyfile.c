/* test_keyfile.c -- a desk's keys go into a file and come back, and nobody opens a locked one without its passphrase.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "common/base/mem.h"
#include "triage/keys/keyfile.h"

static char folder[] = "/tmp/recourse-keyfile-XXXXXX";
static char path[64];

static int make_folder(void **state)
{
    (void)state;
    if (!mkdtemp(folder))
        return -1;
    snprintf(path, sizeof path, "%s/desk.key", folder);
    return 0;
}

static int remove_folder(void **state)
{
    (void)state;
    unlink(path);
    return rmdir(folder);
}

static struct keyfile some_keys(void)
{
    struct keyfile keys = {.office = 7, .desk = "usual", .epoch_count = 2, .has_checkpoint = 1};
    keys.epochs[0].epoch = 2;
    keys.epochs[1].epoch = 1;
    memset(keys.epochs[0].private_key, 0x22, 32);
    memset(keys.epochs[1].private_key, 0x11, 32);
    memset(keys.state_seed, 0x33, 32);
    memset(keys.record_key, 0x44, 32);
    memset(keys.register_key, 0x55, 32);
    memset(keys.checkpoint_seed, 0x66, 32);
    return keys;
}

static struct buf written(const char *passphrase)
{
    struct keyfile keys = some_keys();
    assert_int_equal(keyfile_write(path, &keys, passphrase, passphrase ? strlen(passphrase) : 0), ERR_OK);
    struct buf file = BUF_INIT(KEYFILE_BYTES_MAX);
    assert_int_equal(keyfile_read(path, &file), ERR_OK);
    return file;
}

static void a_clear_file_gives_its_keys_back(void **state)
{
    (void)state;
    struct buf file = written(NULL);
    struct keyfile keys, same = some_keys();
    assert_false(keyfile_is_locked(file.bytes, file.len));
    assert_int_equal(keyfile_open(file.bytes, file.len, NULL, 0, &keys), ERR_OK);
    assert_memory_equal(&keys, &same, sizeof keys);
    assert_memory_equal(keyfile_epoch(&keys, 1), same.epochs[1].private_key, 32);
    assert_null(keyfile_epoch(&keys, 3));
    buf_free(&file);
}

static void a_locked_file_opens_with_its_passphrase_alone(void **state)
{
    (void)state;
    struct buf file = written("correct horse");
    struct keyfile keys, same = some_keys();
    assert_true(keyfile_is_locked(file.bytes, file.len));
    assert_null(memmem(file.bytes, file.len, same.epochs[0].private_key, 32));
    assert_int_equal(keyfile_open(file.bytes, file.len, NULL, 0, &keys), ERR_LOCKED);
    assert_int_equal(keyfile_open(file.bytes, file.len, "wrong horse", 11, &keys), ERR_DENIED);
    assert_int_equal(keys.epoch_count, 0);
    assert_int_equal(keyfile_open(file.bytes, file.len, "correct horse", 13, &keys), ERR_OK);
    assert_memory_equal(&keys, &same, sizeof keys);
    buf_free(&file);
}

static void a_changed_file_is_refused(void **state)
{
    (void)state;
    struct buf file = written("correct horse");
    struct keyfile keys;
    file.bytes[file.len - 1] ^= 1;
    assert_int_equal(keyfile_open(file.bytes, file.len, "correct horse", 13, &keys), ERR_DENIED);
    file.bytes[0] ^= 1;
    assert_int_equal(keyfile_open(file.bytes, file.len, "correct horse", 13, &keys), ERR_MALFORMED);
    buf_free(&file);
}

static void a_cut_file_is_refused_at_every_length(void **state)
{
    (void)state;
    struct buf file = written(NULL);
    struct keyfile keys;
    for (size_t len = 0; len < file.len; len++)
        assert_int_equal(keyfile_open(file.bytes, len, NULL, 0, &keys), ERR_MALFORMED);
    buf_free(&file);
}

static void a_file_that_asks_for_all_memory_is_refused(void **state)
{
    (void)state;
    struct buf file = written("x");
    struct keyfile keys;
    memset(file.bytes + 18, 0xff, 4);
    assert_int_equal(keyfile_open(file.bytes, file.len, "x", 1, &keys), ERR_MALFORMED);
    buf_free(&file);
}

static void a_file_open_to_others_is_not_read(void **state)
{
    (void)state;
    struct buf file = written(NULL);
    buf_clear(&file);
    assert_int_equal(chmod(path, 0640), 0);
    assert_int_equal(keyfile_read(path, &file), ERR_DENIED);
    assert_int_equal(file.len, 0);
    buf_free(&file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_clear_file_gives_its_keys_back),
        cmocka_unit_test(a_locked_file_opens_with_its_passphrase_alone),
        cmocka_unit_test(a_changed_file_is_refused),
        cmocka_unit_test(a_cut_file_is_refused_at_every_length),
        cmocka_unit_test(a_file_that_asks_for_all_memory_is_refused),
        cmocka_unit_test(a_file_open_to_others_is_not_read),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
