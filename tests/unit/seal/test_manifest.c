/* test_manifest.c -- signed notes, and the list of keys that is one. */
#include <stdio.h>
#include <unistd.h>

#include "common/base/clock.h"
#include "common/base/code.h"
#include "common/base/file.h"
#include "common/seal/hpke.h"
#include "common/seal/manifest.h"
#include "common/seal/note.h"
#include "tests/unit/seal/vectors.h"

/* The example of golang.org/x/mod/sumdb/note (BSD-3-Clause), whose form C2SP's signed-note specification is. */
static const char peters_note[] =
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
    "\n"
    "\xe2\x80\x94 PeterNeumann "
    "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBw"
    "JnAM=\n";
static const char peters_key[] = "ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"; /* type 1, then the public key */
static const char peters_seed[] =
    "AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"; /* type 1, then the seed, as published */

static struct sign_key *root;
static uint8_t root_public[32];

static int make_root(void **state)
{
    (void)state;
    uint8_t seed[32];
    sign_seed_new(seed, root_public);
    return sign_key_new(seed, &root) == ERR_OK ? 0 : -1;
}

static int free_root(void **state)
{
    (void)state;
    sign_key_free(root);
    return 0;
}

static void a_note_by_others_is_verified(void **state)
{
    (void)state;
    struct buf key = BUF_INIT(64);
    size_t text_len = 0;
    assert_int_equal(code_unbase64(peters_key, strlen(peters_key), &key), ERR_OK);
    const uint8_t *peter = key.bytes + 1;
    assert_int_equal(note_check(peters_note, strlen(peters_note), "PeterNeumann", peter, &text_len), ERR_OK);
    assert_int_equal(text_len, strstr(peters_note, "\n\n") + 1 - peters_note);
    assert_int_equal(note_check(peters_note, strlen(peters_note), "Peter", peter, &text_len), ERR_NOT_FOUND);
    assert_int_equal(note_check(peters_note, strlen(peters_note), "PeterNeumann", root_public, &text_len),
                     ERR_NOT_FOUND);
    char changed[sizeof peters_note];
    memcpy(changed, peters_note, sizeof changed);
    changed[3] = 'w';
    assert_int_equal(note_check(changed, strlen(changed), "PeterNeumann", peter, &text_len), ERR_CRYPTO);
    buf_free(&key);
}

static void our_note_is_theirs_byte_for_byte(void **state)
{
    (void)state;
    struct buf seed = BUF_INIT(64), text = BUF_INIT(4096), note = BUF_INIT(4096);
    struct sign_key *key;
    assert_int_equal(code_unbase64(peters_seed, strlen(peters_seed), &seed), ERR_OK);
    assert_int_equal(sign_key_new(seed.bytes + 1, &key), ERR_OK);
    assert_int_equal(buf_add(&text, peters_note, (size_t)(strstr(peters_note, "\n\n") + 1 - peters_note)), ERR_OK);
    assert_int_equal(note_sign("PeterNeumann", key, buf_text(&text), &note), ERR_OK);
    assert_string_equal(buf_text(&note), peters_note);
    sign_key_free(key);
    buf_free(&seed), buf_free(&text), buf_free(&note);
}

static void our_note_has_room_for_other_signers(void **state)
{
    (void)state;
    struct buf note = BUF_INIT(4096), both = BUF_INIT(4096);
    size_t text_len = 0;
    assert_int_equal(note_sign("recourse-root", root, "one\n\ntwo\n", &note), ERR_OK);
    assert_int_equal(note_check(buf_text(&note), note.len, "recourse-root", root_public, &text_len), ERR_OK);
    assert_int_equal(text_len, 9); /* an empty line inside the text is text */
    /* cppcheck-suppress invalidFunctionArg ; a char may be negative, and strrchr() takes it back to one */
    const char *line = strrchr(peters_note, '\xe2');
    assert_int_equal(buf_add(&both, note.bytes, note.len), ERR_OK);
    assert_int_equal(buf_add_text(&both, line), ERR_OK);
    assert_int_equal(note_check(buf_text(&both), both.len, "recourse-root", root_public, &text_len), ERR_OK);
    buf_clear(&both);
    assert_int_equal(buf_addf(&both, "one\n\ntwo\n\n%s%s", line, strstr(buf_text(&note), "\xe2")), ERR_OK);
    assert_int_equal(note_check(buf_text(&both), both.len, "recourse-root", root_public, &text_len), ERR_OK);
    buf_free(&note), buf_free(&both);
}

static void what_is_no_note_is_malformed(void **state)
{
    (void)state;
    const char *const notes[] = {"",
                                 "\n",
                                 "text\n",
                                 "text\n\n",
                                 "\n\n",
                                 "text\n\n- root AAAAAAAAAA==\n",
                                 "text\n\n\xe2\x80\x94 root\n",
                                 "text\n\n\xe2\x80\x94 root AAAA\n",
                                 "text\n\n\xe2\x80\x94 root !!!!!!!!\n",
                                 "text\n\n\xe2\x80\x94 root AAAAAAAA",
                                 "text\n\n\xe2\x80\x94 ro+ot AAAAAAAA\n",
                                 "text\n\n\xe2\x80\x94  AAAAAAAA\n"};
    size_t text_len;
    for (size_t i = 0; i < sizeof notes / sizeof notes[0]; i++)
        assert_int_equal(note_check(notes[i], strlen(notes[i]), "root", root_public, &text_len), ERR_MALFORMED);
}

static struct manifest example(void)
{
    struct manifest manifest = {
        .office = 1, .version = 3, .issued = clock_parse("2026-11-22"), .desk_count = 3, .key_count = 2};
    const struct {
        const char *code, *last_day;
        uint32_t epoch;
    } desks[] = {{"usual", "2026-12-31", 1}, {"usual", "2027-02-21", 2}, {"oversight", "2026-11-30", 1}};
    for (size_t i = 0; i < 3; i++) {
        struct envelope_desk *desk = &manifest.desks[i].desk;
        desk->office = 1, desk->epoch = desks[i].epoch;
        snprintf(desk->code, sizeof desk->code, "%s", desks[i].code);
        memset(desk->key, (int)(0x10 + i), 32);
        manifest.desks[i].last_day = clock_parse(desks[i].last_day) + 86399;
    }
    manifest.keys[0] = (struct manifest_key){.use = "state", .name = "usual", .key = {1}};
    manifest.keys[1] = (struct manifest_key){.use = "audit", .name = "office", .key = {2}, .seals = 1};
    return manifest;
}

static void a_manifest_reads_back_as_written(void **state)
{
    (void)state;
    struct manifest written = example(), read;
    struct buf text = BUF_INIT(MANIFEST_BYTES_MAX);
    const uint8_t *key;
    assert_int_equal(manifest_write(&written, root, &text), ERR_OK);
    assert_non_null(strstr(buf_text(&text), "\ndesk usual epoch 2 suite 1 key "
                                            "ERERERERERERERERERERERERERERERERERERERERERE= last-day 2027-02-21\n"));
    assert_int_equal(manifest_read(buf_text(&text), text.len, root_public, 3, &read), ERR_OK);
    assert_int_equal(strlen(read.fingerprint), 64);
    memcpy(written.fingerprint, read.fingerprint, sizeof read.fingerprint);
    assert_memory_equal(&read, &written, sizeof read);
    assert_int_equal(manifest_key(&read, "audit", "office", &key), ERR_OK);
    assert_int_equal(key[0], 2);
    assert_int_equal(manifest_key(&read, "audit", "usual", &key), ERR_NOT_FOUND);
    buf_free(&text);
}

static void any_changed_byte_and_any_older_version_is_refused(void **state)
{
    (void)state;
    struct manifest written = example(), read;
    struct buf text = BUF_INIT(MANIFEST_BYTES_MAX);
    uint8_t other_public[32], seed[32];
    assert_int_equal(manifest_write(&written, root, &text), ERR_OK);
    for (size_t i = 0; i < text.len; i++) {
        text.bytes[i] ^= 1;
        assert_int_not_equal(manifest_read(buf_text(&text), text.len, root_public, 1, &read), ERR_OK);
        assert_int_equal(read.desk_count, 0);
        text.bytes[i] ^= 1;
    }
    assert_int_equal(manifest_read(buf_text(&text), text.len, root_public, 4, &read), ERR_CONFLICT);
    sign_seed_new(seed, other_public);
    assert_int_equal(manifest_read(buf_text(&text), text.len, other_public, 1, &read), ERR_CRYPTO);
    assert_int_equal(manifest_read(buf_text(&text), text.len, root_public, 3, &read), ERR_OK);
    buf_free(&text);
}

static void the_newest_key_that_has_not_ended_is_used(void **state)
{
    (void)state;
    struct manifest manifest = example();
    const struct envelope_desk *desk;
    assert_int_equal(manifest_desk_today(&manifest, "usual", clock_parse("2026-11-22"), &desk), ERR_OK);
    assert_int_equal(desk->epoch, 2);
    assert_int_equal(manifest_desk_today(&manifest, "oversight", clock_parse("2026-11-30T23:59:59Z"), &desk), ERR_OK);
    assert_int_equal(manifest_desk_today(&manifest, "oversight", clock_parse("2026-12-01"), &desk), ERR_LOCKED);
    assert_null(desk);
    assert_int_equal(manifest_desk_today(&manifest, "usual", clock_parse("2027-02-22"), &desk), ERR_LOCKED);
    assert_int_equal(manifest_desk_today(&manifest, "safeguarding", clock_parse("2026-11-22"), &desk), ERR_NOT_FOUND);
}

#define HEAD "recourse-manifest 1\noffice 1\nversion 3\nissued 2026-11-22\n"
#define KEY  "ERERERERERERERERERERERERERERERERERERERERERE="

/* Signed by the right root, and still not taken: what one room would pass over, another might act on. */
static void a_signed_list_of_another_form_is_refused(void **state)
{
    (void)state;
    const char *const wrong[] = {
        "x\n",
        "recourse-manifest 2\noffice 1\nversion 3\nissued 2026-11-22\n",
        "office 1\nrecourse-manifest 1\nversion 3\nissued 2026-11-22\n",
        "recourse-manifest 1\noffice 1\nversion 3\n",
        "recourse-manifest 1\noffice 1\nversion 0\nissued 2026-11-22\n",
        "recourse-manifest 1\noffice 1\nversion 3\nissued 2026-11-2\n",
        "recourse-manifest 1\noffice 1\nversion 3\nissued 2026-02-31\n",
        HEAD "\n",
        HEAD "version 4\n",
        HEAD "fax usual " KEY "\n",
        HEAD "desk usual epoch 1 suite 2 key " KEY " last-day 2027-02-21\n",
        HEAD "desk usual epoch 1 suite 1 key " KEY "\n",
        HEAD "desk Usual epoch 1 suite 1 key " KEY " last-day 2027-02-21\n",
        HEAD "desk a-name-of-seventeen epoch 1 suite 1 key " KEY " last-day 2027-02-21\n",
        HEAD "desk usual epoch 1  suite 1 key " KEY " last-day 2027-02-21\n",
        HEAD "desk usual epoch 1 suite 1 key ERER last-day 2027-02-21\n",
        HEAD "desk usual epoch 1 suite 1 key " KEY " last-day 2027-02-21\n"
             "desk usual epoch 1 suite 1 key " KEY " last-day 2027-02-22\n",
        HEAD "sign state usual " KEY "\nseal state usual " KEY "\n",
        HEAD "sign state usual " KEY " \n",
    };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        struct buf text = BUF_INIT(4096);
        struct manifest read;
        assert_int_equal(note_sign("recourse-root", root, wrong[i], &text), ERR_OK);
        assert_int_equal(manifest_read(buf_text(&text), text.len, root_public, 1, &read), ERR_MALFORMED);
        buf_free(&text);
    }
    struct buf text = BUF_INIT(4096);
    struct manifest read;
    assert_int_equal(note_sign("recourse-root", root, HEAD, &text), ERR_OK);
    assert_int_equal(manifest_read(buf_text(&text), text.len, root_public, 1, &read), ERR_OK);
    buf_free(&text);
}

static void a_manifest_is_loaded_from_its_file(void **state)
{
    (void)state;
    char path[64];
    struct manifest written = example(), read;
    struct buf text = BUF_INIT(MANIFEST_BYTES_MAX);
    snprintf(path, sizeof path, "/tmp/recourse-manifest-%d", (int)getpid());
    assert_int_equal(manifest_load(path, root_public, 1, &read), ERR_NOT_FOUND);
    assert_int_equal(manifest_write(&written, root, &text), ERR_OK);
    assert_int_equal(file_write_public(path, text.bytes, text.len), ERR_OK);
    assert_int_equal(manifest_load(path, root_public, 1, &read), ERR_OK);
    assert_int_equal(read.version, 3);
    unlink(path);
    buf_free(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_note_by_others_is_verified),
        cmocka_unit_test(our_note_is_theirs_byte_for_byte),
        cmocka_unit_test(our_note_has_room_for_other_signers),
        cmocka_unit_test(what_is_no_note_is_malformed),
        cmocka_unit_test(a_manifest_reads_back_as_written),
        cmocka_unit_test(any_changed_byte_and_any_older_version_is_refused),
        cmocka_unit_test(the_newest_key_that_has_not_ended_is_used),
        cmocka_unit_test(a_signed_list_of_another_form_is_refused),
        cmocka_unit_test(a_manifest_is_loaded_from_its_file),
    };
    return cmocka_run_group_tests(tests, make_root, free_root);
}
