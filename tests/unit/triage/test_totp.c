/* test_totp.c -- codes of an authenticator app count once, in their half minute or its neighbours; recovery codes once.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "triage/vault/factor.h"
#include "triage/vault/totp.h"

/* RFC 6238, appendix B, SHA-1: "12345678901234567890" in base32; the last six of its eight digits. */
static const char rfc[] = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
static const struct {
    int64_t at;
    const char *code;
} published[] = {{59, "287082"},         {1111111109, "081804"}, {1111111111, "050471"},
                 {1234567890, "005924"}, {2000000000, "279037"}, {20000000000, "353130"}};

static void the_published_codes_are_right(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof published / sizeof *published; i++)
        assert_int_equal(totp_check(rfc, published[i].code, 0, published[i].at), published[i].at / 30);
}

static void a_code_counts_once(void **state)
{
    (void)state;
    assert_int_equal(totp_check(rfc, "287082", 1, 59), -1);
    assert_int_equal(totp_check(rfc, "287082", 2, 59), -1);
    assert_int_equal(totp_check(rfc, "287082", 0, 59), 1);
}

static void a_clock_may_be_half_a_minute_off_and_no_more(void **state)
{
    (void)state;
    assert_int_equal(totp_check(rfc, "081804", 0, 1111111109 + 30), 1111111109 / 30);
    assert_int_equal(totp_check(rfc, "081804", 0, 1111111109 - 30), 1111111109 / 30);
    assert_int_equal(totp_check(rfc, "081804", 0, 1111111109 + 60), -1);
    assert_int_equal(totp_check(rfc, "081804", 0, 1111111109 - 60), -1);
}

static void blanks_are_forgiven_and_nothing_else(void **state)
{
    (void)state;
    assert_int_equal(totp_check(rfc, "287 082", 0, 59), 1);
    static const char *const wrong[] = {"", "28708", "2870822", "28708x", "287083", "-1", "      "};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_int_equal(totp_check(rfc, wrong[i], 0, 59), -1);
    assert_int_equal(totp_check("not base32 !", "287082", 0, 59), -1);
}

static void secrets_differ(void **state)
{
    (void)state;
    char one[TOTP_SECRET], other[TOTP_SECRET];
    totp_secret(one);
    totp_secret(other);
    assert_int_equal(strlen(one), TOTP_SECRET - 1);
    assert_int_equal(strspn(one, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"), TOTP_SECRET - 1);
    assert_string_not_equal(one, other);
}

static void a_recovery_code_works_once_and_is_not_kept(void **state)
{
    (void)state;
    json_t *shown, *kept;
    totp_codes(&shown, &kept);
    assert_int_equal(json_array_size(shown), TOTP_CODES);
    const char *code = json_string_value(json_array_get(shown, 3));
    char *text = json_dumps(kept, 0);
    assert_null(strstr(text, code));
    free(text);
    assert_false(totp_codes_use(kept, "abcd-efgh-jkmn"));
    assert_true(totp_codes_use(kept, code));
    assert_false(totp_codes_use(kept, code));
    assert_int_equal(json_array_size(kept), TOTP_CODES - 1);
    json_decref(shown);
    json_decref(kept);
}

static void a_record_says_what_its_factor_is(void **state)
{
    (void)state;
    json_t *record = json_pack("{s:s}", "name", "Amina");
    assert_false(factor_has(record));
    assert_int_equal(factor_use(record, "", 59), FACTOR_NONE);
    json_object_set_new(record, "totp", json_pack("{s:s,s:i}", "secret", rfc, "last", 0));
    assert_true(factor_has(record));
    assert_int_equal(factor_use(record, "", 59), FACTOR_WRONG);
    assert_int_equal(factor_use(record, "287082", 59), FACTOR_RIGHT);
    assert_int_equal(factor_use(record, "287082", 59), FACTOR_WRONG);
    json_decref(record);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_published_codes_are_right),
        cmocka_unit_test(a_code_counts_once),
        cmocka_unit_test(a_clock_may_be_half_a_minute_off_and_no_more),
        cmocka_unit_test(blanks_are_forgiven_and_nothing_else),
        cmocka_unit_test(secrets_differ),
        cmocka_unit_test(a_recovery_code_works_once_and_is_not_kept),
        cmocka_unit_test(a_record_says_what_its_factor_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
