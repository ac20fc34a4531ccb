/* test_file.c -- small files are written whole, private when secret, and read within a limit. */
#include "tests/unit/base/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/base/file.h"

static char folder[] = "/tmp/recourse-file-XXXXXX", path[64], aside[80];

static int make_folder(void **state)
{
    (void)state;
    if (!mkdtemp(folder))
        return -1;
    snprintf(path, sizeof path, "%s/key", folder);
    snprintf(aside, sizeof aside, "%s.new", path);
    return 0;
}

static int remove_folder(void **state)
{
    (void)state;
    unlink(path);
    unlink(aside);
    return rmdir(folder);
}

static mode_t mode_of(const char *file)
{
    struct stat st;
    return stat(file, &st) == 0 ? st.st_mode & 0777 : 0;
}

static void a_secret_is_for_its_owner_alone(void **state)
{
    (void)state;
    struct buf back = BUF_INIT(100);
    mode_t before = umask(0);
    assert_int_equal(file_write_secret(path, "s3cret", 6), ERR_OK);
    assert_int_equal(mode_of(path), 0600);
    assert_int_equal(file_is_open_to_others(path), 0);
    assert_int_equal(file_read(path, &back), ERR_OK);
    assert_string_equal(buf_text(&back), "s3cret");
    umask(077);
    assert_int_equal(file_write_public(path, "all", 3), ERR_OK);
    assert_int_equal(mode_of(path), 0644);
    assert_int_equal(file_is_open_to_others(path), 1);
    umask(before);
    buf_free(&back);
}

/* Somebody who holds the leftover open must not see the next secret pass through it. */
static void a_leftover_is_not_written_into(void **state)
{
    (void)state;
    FILE *spy = fopen(aside, "w+");
    assert_non_null(spy);
    assert_int_equal(file_write_secret(path, "s3cret", 6), ERR_OK);
    assert_int_equal(fgetc(spy), EOF);
    fclose(spy);
    assert_int_equal(access(aside, F_OK), -1);
}

static void reading_keeps_to_the_limit(void **state)
{
    (void)state;
    struct buf small = BUF_INIT(8);
    assert_int_equal(file_write_secret(path, "123456789", 9), ERR_OK);
    assert_int_equal(buf_add_text(&small, "x"), ERR_OK);
    assert_int_equal(file_read(path, &small), ERR_TOO_BIG);
    assert_string_equal(buf_text(&small), "x");
    assert_int_equal(file_read("/nowhere/at/all", &small), ERR_NOT_FOUND);
    assert_int_equal(file_read(folder, &small), ERR_SYSTEM);
    assert_int_equal(file_write_secret("/nowhere/at/all", "", 0), ERR_SYSTEM);
    buf_free(&small);
}

static void a_secret_in_hex_is_its_digits_and_nothing_else(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum err err;
    } files[] = {{"00ffA5", ERR_OK},           {"00ffa5\n", ERR_OK},
                 {"00ffa5\r\n", ERR_OK},       {"00ffa5\n\n\n", ERR_MALFORMED},
                 {"00ffa5 00", ERR_MALFORMED}, {"00ffa", ERR_MALFORMED},
                 {"00ffag\n", ERR_MALFORMED},  {"", ERR_MALFORMED}};
    static const uint8_t wanted[] = {0x00, 0xff, 0xa5};
    uint8_t bytes[3];
    for (size_t i = 0; i < unit_count(files); i++) {
        memset(bytes, 1, sizeof bytes);
        assert_int_equal(file_write_secret(path, files[i].text, strlen(files[i].text)), ERR_OK);
        assert_int_equal(file_read_hex(path, bytes, 3), files[i].err);
        if (files[i].err == ERR_OK)
            assert_memory_equal(bytes, wanted, 3);
    }
    assert_int_equal(file_write_secret(path, "00ffa5\0", 7), ERR_OK);
    assert_int_equal(file_read_hex(path, bytes, 3), ERR_MALFORMED);
    assert_int_equal(file_write_public(path, "00ffa5\n", 7), ERR_OK);
    assert_int_equal(file_read_hex(path, bytes, 3), ERR_DENIED);
    assert_int_equal(file_read_hex("/nowhere/at/all", bytes, 3), ERR_NOT_FOUND);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_secret_is_for_its_owner_alone),
        cmocka_unit_test(a_leftover_is_not_written_into),
        cmocka_unit_test(reading_keeps_to_the_limit),
        cmocka_unit_test(a_secret_in_hex_is_its_digits_and_nothing_else),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
