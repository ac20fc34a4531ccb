/* Checkpoints as the sequencer writes them, and a file that keeps all of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "common/base/code.h"
#include "common/seal/note.h"
#include "operator/audit_note.h"

static const char origin[] = "recourse/office-1";
static uint8_t public_key[32], other_key[32];
static struct sign_key *key;

static int setup(void **state)
{
    uint8_t seed[32];
    (void)state;
    sign_seed_new(seed, other_key);
    sign_seed_new(seed, public_key);
    return sign_key_new(seed, &key) != ERR_OK;
}

static int teardown(void **state)
{
    (void)state;
    sign_key_free(key);
    return 0;
}

static void add_checkpoint(struct buf *out, const char *size, const char *more)
{
    uint8_t root[32];
    char text[512], encoded[CODE_BASE64_SIZE(32)];
    memset(root, size[0], sizeof root);
    code_base64(root, sizeof root, encoded);
    snprintf(text, sizeof text, "%s\n%s\n%s\n%s", origin, size, encoded, more);
    assert_int_equal(note_sign(origin, key, text, out), ERR_OK);
}

static void test_a_checkpoint_is_read(void **state)
{
    struct buf text = BUF_INIT(AUDIT_NOTE_MAX);
    struct audit_note note;
    (void)state;
    add_checkpoint(&text, "42", "");
    assert_int_equal(audit_note_read(buf_text(&text), text.len, public_key, &note), ERR_OK);
    assert_string_equal(note.origin, origin);
    assert_int_equal(note.size, 42);
    assert_int_equal(note.root[0], '4');
    assert_int_equal(note.root[31], '4');
    assert_string_equal(note.day, "");
    buf_free(&text);
}

static void test_it_tells_its_day(void **state)
{
    struct buf text = BUF_INIT(AUDIT_NOTE_MAX);
    struct audit_note note;
    (void)state;
    add_checkpoint(&text, "42", "time 2026-11-22T08:00:00Z\n");
    assert_int_equal(audit_note_read(buf_text(&text), text.len, public_key, &note), ERR_OK);
    assert_string_equal(note.day, "2026-11-22");
    buf_clear(&text);
    add_checkpoint(&text, "42", "time 2026\n");
    assert_int_equal(audit_note_read(buf_text(&text), text.len, public_key, &note), ERR_OK);
    assert_string_equal(note.day, "");
    buf_free(&text);
}

static void test_further_lines_are_passed_over(void **state)
{
    struct buf text = BUF_INIT(AUDIT_NOTE_MAX);
    struct audit_note note;
    (void)state;
    add_checkpoint(&text, "7", "time 1795334400\n");
    assert_int_equal(audit_note_read(buf_text(&text), text.len, public_key, &note), ERR_OK);
    assert_int_equal(note.size, 7);
    assert_string_equal(note.day, "");
    buf_free(&text);
}

static void test_another_key_has_not_signed_it(void **state)
{
    struct buf text = BUF_INIT(AUDIT_NOTE_MAX);
    struct audit_note note;
    (void)state;
    add_checkpoint(&text, "42", "");
    assert_int_equal(audit_note_read(buf_text(&text), text.len, other_key, &note), ERR_NOT_FOUND);
    buf_free(&text);
}

static void test_a_changed_size_shows(void **state)
{
    struct buf text = BUF_INIT(AUDIT_NOTE_MAX);
    struct audit_note note;
    (void)state;
    add_checkpoint(&text, "42", "");
    text.bytes[strlen(origin) + 1] = '3';
    assert_int_equal(audit_note_read(buf_text(&text), text.len, public_key, &note), ERR_CRYPTO);
    buf_free(&text);
}

static void test_other_texts_are_no_checkpoints(void **state)
{
    static const char *const texts[] = {
        "one line\n", "name\n-1\nAAAA\n", "name\n12x\nAAAA\n", "name\n12\nAAAA\n", "\n12\nAAAA\n", "name\n12\n",
    };
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct buf text = BUF_INIT(AUDIT_NOTE_MAX);
        struct audit_note note;
        assert_int_equal(note_sign("name", key, texts[i], &text), ERR_OK);
        assert_int_equal(audit_note_read(buf_text(&text), text.len, public_key, &note), ERR_MALFORMED);
        buf_free(&text);
    }
}

static void test_a_file_holds_one_behind_the_other(void **state)
{
    static const char *const sizes[] = {"1", "22", "333"};
    (void)state;
    for (int empty_lines = 0; empty_lines < 3; empty_lines++) {
        struct buf file = BUF_INIT(AUDIT_NOTE_MAX);
        const char *one;
        size_t at = 0, len;
        for (size_t i = 0; i < 3; i++) {
            add_checkpoint(&file, sizes[i], "");
            for (int k = 0; k < empty_lines; k++)
                assert_int_equal(buf_add_text(&file, "\n"), ERR_OK);
        }
        for (size_t i = 0; i < 3; i++) {
            struct audit_note note;
            assert_int_equal(audit_note_next(buf_text(&file), file.len, &at, &one, &len), ERR_OK);
            assert_int_equal(audit_note_read(one, len, public_key, &note), ERR_OK);
            assert_int_equal(note.root[0], sizes[i][0]);
        }
        assert_int_equal(audit_note_next(buf_text(&file), file.len, &at, &one, &len), ERR_NOT_FOUND);
        buf_free(&file);
    }
}

static void test_a_torn_end_of_a_file_is_told(void **state)
{
    struct buf file = BUF_INIT(AUDIT_NOTE_MAX);
    const char *one;
    size_t at = 0, len;
    (void)state;
    add_checkpoint(&file, "1", "");
    size_t whole = file.len;
    add_checkpoint(&file, "2", "");
    for (size_t cut = whole + 1; cut < file.len; cut++) {
        at = 0;
        assert_int_equal(audit_note_next(buf_text(&file), cut, &at, &one, &len), ERR_OK);
        assert_int_equal(len, whole);
        assert_int_equal(audit_note_next(buf_text(&file), cut, &at, &one, &len), ERR_MALFORMED);
    }
    buf_free(&file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_checkpoint_is_read),
        cmocka_unit_test(test_it_tells_its_day),
        cmocka_unit_test(test_further_lines_are_passed_over),
        cmocka_unit_test(test_another_key_has_not_signed_it),
        cmocka_unit_test(test_a_changed_size_shows),
        cmocka_unit_test(test_other_texts_are_no_checkpoints),
        cmocka_unit_test(test_a_file_holds_one_behind_the_other),
        cmocka_unit_test(test_a_torn_end_of_a_file_is_told),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
