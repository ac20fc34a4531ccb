/* test_guard.c -- forms that are ours, and forms that are not. */
#include "tests/unit/console/unit.h"
#include "triage/console/guard.h"

#define HOST "desk.example.org:8444"

static void our_own_form_passes(void **state)
{
    (void)state;
    assert_true(guard_same_origin("https://" HOST, "same-origin", HOST));
    assert_true(guard_same_origin("https://DESK.example.org:8444", "same-origin", HOST));
}

/* Under Referrer-Policy: no-referrer browsers write "null". */
static void a_browser_that_hides_the_origin_passes_by_its_other_sign(void **state)
{
    (void)state;
    assert_true(guard_same_origin("null", "same-origin", HOST));
    assert_false(guard_same_origin("null", "cross-site", HOST));
}

static void an_old_browser_without_either_is_left_to_the_token(void **state)
{
    (void)state;
    assert_true(guard_same_origin(NULL, NULL, HOST));
    assert_true(guard_same_origin("null", NULL, HOST));
}

static void other_sites_are_refused(void **state)
{
    (void)state;
    static const char *const origins[] = {"https://evil.example",
                                          "http://" HOST,
                                          "https://desk.example.org",
                                          "https://" HOST ".evil.example",
                                          "https://evil.example/" HOST,
                                          "https://desk.example.org:8443",
                                          "",
                                          "https://"};
    for (size_t i = 0; i < sizeof origins / sizeof *origins; i++)
        assert_false(guard_same_origin(origins[i], NULL, HOST));
    static const char *const sites[] = {"cross-site", "same-site", "none", "", "same-origin "};
    for (size_t i = 0; i < sizeof sites / sizeof *sites; i++)
        assert_false(guard_same_origin("https://" HOST, sites[i], HOST));
    assert_false(guard_same_origin("https://" HOST, NULL, NULL));
}

static void only_the_whole_token_is_the_token(void **state)
{
    (void)state;
    assert_true(guard_csrf("0123456789abcdef", "0123456789abcdef"));
    static const char *const given[] = {"", "0123456789abcdeg", "0123456789abcde", "0123456789abcdef0", NULL};
    for (size_t i = 0; i < sizeof given / sizeof *given; i++)
        assert_false(guard_csrf("0123456789abcdef", given[i]));
}

static void a_session_without_a_token_accepts_nothing(void **state)
{
    (void)state;
    assert_false(guard_csrf("", ""));
    assert_false(guard_csrf(NULL, ""));
    assert_false(guard_csrf(NULL, NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(our_own_form_passes),
        cmocka_unit_test(a_browser_that_hides_the_origin_passes_by_its_other_sign),
        cmocka_unit_test(an_old_browser_without_either_is_left_to_the_token),
        cmocka_unit_test(other_sites_are_refused),
        cmocka_unit_test(only_the_whole_token_is_the_token),
        cmocka_unit_test(a_session_without_a_token_accepts_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
