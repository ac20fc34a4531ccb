/* Consultation input of a partner: what is taken, and that the same id is the same row. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "intake/submission.h"

static enum err read_text(const char *text, enum json_presence presence, const char *field)
{
    struct report report;
    struct json_fault fault = {0};
    const char *id;
    json_t *body = json_loads(text, 0, NULL);
    assert_non_null(body);
    enum err err = submission_read(body, presence, &report, &id, &fault);
    if (err == ERR_OK) {
        assert_string_equal(report.kind, "consultation");
        assert_false(report.read_back);
        report_free(&report);
    } else {
        assert_string_equal(fault.field, field);
    }
    json_decref(body);
    return err;
}

static void text_or_answers_will_do(void **state)
{
    (void)state;
    assert_int_equal(read_text("{\"id\":\"1\",\"text\":\"x\"}", JSON_REQUIRED, NULL), ERR_OK);
    assert_int_equal(read_text("{\"id\":\"1\",\"answers\":{\"q1\":\"yes\",\"q2\":3,\"q3\":[\"a\",\"b\"],\"q4\":null}}",
                               JSON_REQUIRED, NULL),
                     ERR_OK);
    assert_int_equal(read_text("{\"text\":\"x\"}", JSON_MAY_MISS, NULL), ERR_OK);
}

static void faults_name_their_field(void **state)
{
    (void)state;
    assert_int_equal(read_text("{\"text\":\"x\"}", JSON_REQUIRED, "id"), ERR_MALFORMED);
    assert_int_equal(read_text("{\"id\":\"\",\"text\":\"x\"}", JSON_MAY_MISS, "id"), ERR_MALFORMED);
    assert_int_equal(read_text("{\"id\":\"1\"}", JSON_REQUIRED, "text"), ERR_MALFORMED);
    assert_int_equal(read_text("{\"id\":\"1\",\"text\":\" \\n\"}", JSON_REQUIRED, "text"), ERR_MALFORMED);
    assert_int_equal(read_text("{\"id\":\"1\",\"answers\":{}}", JSON_REQUIRED, "text"), ERR_MALFORMED);
    assert_int_equal(read_text("{\"id\":\"1\",\"answers\":{\"q\":{}}}", JSON_REQUIRED, "answers"), ERR_MALFORMED);
    assert_int_equal(read_text("{\"id\":\"1\",\"answers\":7}", JSON_REQUIRED, "answers"), ERR_MALFORMED);
    assert_int_equal(read_text("{\"id\":\"1\",\"text\":\"x\",\"language\":\"\"}", JSON_REQUIRED, "language"),
                     ERR_MALFORMED);
}

static void the_same_id_is_the_same_row_and_no_other(void **state)
{
    (void)state;
    uint8_t secret[32] = {1};
    struct submission_round round = {.code = "water", .partner_id = {7}}, other = round;
    struct once a, b;
    submission_name(secret, &round, "row-1", &a);
    submission_name(secret, &round, "row-1", &b);
    assert_memory_equal(a.case_id, b.case_id, 16);
    assert_memory_equal(a.row_id, b.row_id, 16);
    assert_memory_not_equal(a.case_id, a.row_id, 16);
    submission_name(secret, &round, "row-2", &b);
    assert_memory_not_equal(a.row_id, b.row_id, 16);
    other.partner_id[0] = 8;
    submission_name(secret, &other, "row-1", &b);
    assert_memory_not_equal(a.row_id, b.row_id, 16);
    other = round;
    strcpy(other.code, "wate"); /* the border between round and id is bound */
    submission_name(secret, &other, "rrow-1", &b);
    assert_memory_not_equal(a.row_id, b.row_id, 16);
    submission_name(secret, &round, NULL, &a);
    submission_name(secret, &round, NULL, &b);
    assert_memory_not_equal(a.row_id, b.row_id, 16);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_or_answers_will_do),
        cmocka_unit_test(faults_name_their_field),
        cmocka_unit_test(the_same_id_is_the_same_row_and_no_other),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
