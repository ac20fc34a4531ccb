/* test_evidence.c -- files that a message names: which count, what is shown of what a stranger called them, and the
 * name under which they leave. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "triage/vault/evidence.h"
#include "triage/vault/message.h"

#define KEY "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
#define ONE "000102030405060708090a0b0c0d0e0f"
#define TWO "100102030405060708090a0b0c0d0e0f"

static size_t files_of(const char *inside, struct evidence_file *out)
{
    json_t *json = json_loads(inside, 0, NULL);
    assert_non_null(json);
    size_t count = evidence_files(json, out, EVIDENCE_FILES_MAX);
    json_decref(json);
    return count;
}

static void names_each_file_once(void **state)
{
    (void)state;
    struct evidence_file files[EVIDENCE_FILES_MAX];
    assert_int_equal(files_of("{}", files), 0);
    assert_int_equal(files_of("{\"files\":{}}", files), 0);
    assert_int_equal(files_of("{\"files\":[{\"id\":\"" ONE "\",\"key\":\"" KEY "\"},{\"id\":\"" ONE "\",\"key\":\"" KEY
                              "\"},{\"id\":\"" TWO "\",\"key\":\"" KEY "\",\"name\":\"x\"}]}",
                              files),
                     2);
    assert_int_equal(files[1].id[0], 0x10);
    assert_int_equal(files[1].key[31], 0x1f);
}

static void passes_over_what_cannot_be(void **state)
{
    (void)state;
    static const char *const odd[] = {
        "{\"files\":[7]}",
        "{\"files\":[\"" ONE "\"]}",
        "{\"files\":[{\"id\":\"" ONE "\"}]}",
        "{\"files\":[{\"id\":\"0001\",\"key\":\"" KEY "\"}]}",
        "{\"files\":[{\"id\":\"" ONE "00\",\"key\":\"" KEY "\"}]}",
        "{\"files\":[{\"id\":\"zz0102030405060708090a0b0c0d0e0f\",\"key\":\"" KEY "\"}]}",
        "{\"files\":[{\"id\":\"" ONE "\",\"key\":\"AAEC\"}]}",
        "{\"files\":[{\"id\":\"" ONE "\",\"key\":5}]}",
    };
    struct evidence_file files[EVIDENCE_FILES_MAX];
    for (size_t i = 0; i < sizeof odd / sizeof *odd; i++)
        assert_int_equal(files_of(odd[i], files), 0);
}

static void counts_no_more_than_a_report_may_have(void **state)
{
    (void)state;
    struct evidence_file files[EVIDENCE_FILES_MAX];
    json_t *inside = json_pack("{s:[]}", "files");
    for (int i = 0; i < 25; i++) {
        char id[33];
        snprintf(id, sizeof id, "%032x", i);
        json_array_append_new(json_object_get(inside, "files"), json_pack("{s:s,s:s}", "id", id, "key", KEY));
    }
    assert_int_equal(evidence_files(inside, files, EVIDENCE_FILES_MAX), 20);
    json_decref(inside);
}

static void a_message_knows_the_ids(void **state)
{
    (void)state;
    struct message m;
    const char *text =
        "{\"kind\":\"grievance\",\"text\":\"See.\",\"files\":[{\"id\":\"" TWO "\",\"key\":\"" KEY "\"}]}";
    assert_int_equal(message_read(text, strlen(text), &m), ERR_OK);
    assert_int_equal(m.file_count, 1);
    assert_int_equal(m.files[0][0], 0x10);
    message_free(&m);
}

static struct evidence_head head_of(const char *text)
{
    struct evidence_file file = {.id = {9}, .key = {7}};
    struct piece_place place = {.office = 3, .file = {9}, .n = PIECE_HEAD};
    struct buf sealed = BUF_INIT(PIECE_SEALED_MAX);
    struct evidence_head head;
    assert_int_equal(piece_seal(file.key, &place, text, strlen(text), PIECE_HEAD_TEXT, &sealed), ERR_OK);
    assert_int_equal(evidence_head_open(&file, 3, sealed.bytes, sealed.len, &head), ERR_OK);
    struct evidence_head other;
    assert_int_equal(evidence_head_open(&file, 4, sealed.bytes, sealed.len, &other), ERR_CRYPTO);
    buf_free(&sealed);
    return head;
}

static void opens_a_head(void **state)
{
    (void)state;
    struct evidence_head head =
        head_of("{\"v\":1,\"name\":\"a/Roof 2.JPG\",\"type\":\"image/jpeg\",\"size\":12345,\"got\":12345}");
    assert_string_equal(head.name, "Roof 2.JPG");
    assert_string_equal(head.type, "image/jpeg");
    assert_string_equal(head.extension, "jpg");
    assert_int_equal(head.size, 12345);
    head = head_of("{\"v\":1,\"name\":7,\"type\":\"<b>/x\",\"got\":1}");
    assert_string_equal(head.name, "");
    assert_string_equal(head.type, "");
    assert_string_equal(head.extension, "");
    assert_int_equal(head.size, 1);
    head = head_of("{\"name\":\"a.tar.g-z\",\"type\":\"a/b/c\"}");
    assert_string_equal(head.extension, "");
    assert_string_equal(head.type, "");
}

static void leaves_under_a_neutral_name(void **state)
{
    (void)state;
    char out[EVIDENCE_LEAVES_SIZE];
    evidence_leaves(1, "image/jpeg", "png", out);
    assert_string_equal(out, "file-1.jpg");
    evidence_leaves(2, "", "jpeg", out);
    assert_string_equal(out, "file-2.jpeg");
    evidence_leaves(3, NULL, "exe", out);
    assert_string_equal(out, "file-3.bin");
    evidence_leaves(4, NULL, "", out);
    assert_string_equal(out, "file-4.bin");
    evidence_leaves(5, "application/x-dosexec", "jpg", out);
    assert_string_equal(out, "file-5.bin");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_each_file_once),
        cmocka_unit_test(passes_over_what_cannot_be),
        cmocka_unit_test(counts_no_more_than_a_report_may_have),
        cmocka_unit_test(a_message_knows_the_ids),
        cmocka_unit_test(opens_a_head),
        cmocka_unit_test(leaves_under_a_neutral_name),
    };
    return cmocka_run_group_tests_name("evidence", tests, NULL, NULL);
}
