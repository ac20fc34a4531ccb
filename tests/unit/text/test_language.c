/* test_language.c -- which language a reader is given. */
#include "common/text/language.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static const char *const ours[] = {"en", "fr", "ar", "sw"};

static const char *chosen(const char *accept)
{
    return language_negotiate(accept, ours, 4);
}

static void readers_get_what_they_ask_for(void **state)
{
    (void)state;
    static const struct {
        const char *accept, *gives;
    } cases[] = {
        {NULL, "en"},
        {"", "en"},
        {"fr", "fr"},
        {"FR-ca", "fr"},
        {"fr-CA,en;q=0.8", "fr"},
        {"en;q=0.8, fr-CA", "fr"},
        {"sw-KE;q=0.5,ar;q=0.51", "ar"},
        {"sw,fr", "sw"},
        {"fr,sw", "fr"},
        {"de, nl;q=0.9, ar;q=0.1", "ar"},
        {"de", "en"},
        {"*", "en"},
        {"en;q=0, *", "fr"},
        {"en;q=0", "en"}, /* something must be shown */
        {"fr;q=0, fr-CA, sw;q=0.1", "sw"},
        {"fr-CA;q=0.3, fr;q=0.9, ar;q=0.5", "fr"},
        {"frr", "en"},
        {"f", "en"},
        {" \tfr \t; q=1.000 ", "fr"},
        {"fr;q=0.000,ar;q=0.001", "ar"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_string_equal(chosen(cases[i].accept), cases[i].gives);
}

static void malformed_parts_are_passed_over(void **state)
{
    (void)state;
    static const char *const broken[] = {"fr;q=1.1",  "fr;q=2",    "fr;q=", "fr;q=0.1234", "fr;q=a", "fr;level=1",
                                         "fr;q=-0.5", "fr;q=1.01", "fr q",  ",,,",         ";q=1",   "fr\r\n"};
    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
        char with[64] = "sw;q=0.1,";
        strcat(with, broken[i]);
        assert_string_equal(chosen(broken[i]), "en");
        assert_string_equal(chosen(with), "sw");
    }
}

static void reading_is_bounded(void **state)
{
    (void)state;
    char many[4096] = "";
    for (int i = 0; i < 32; i++)
        strcat(many, "de,");
    strcat(many, "fr");
    assert_string_equal(chosen(many), "en");
    memset(many, ' ', 1024);
    strcpy(many + 1024, "fr");
    assert_string_equal(chosen(many), "en");
}

static void names_and_directions_are_known(void **state)
{
    (void)state;
    size_t count;
    const struct language *all = language_table(&count);
    assert_true(count >= 4);
    assert_string_equal(all[0].code, LANGUAGE_ENGLISH);
    assert_string_equal(language_find("ar")->direction, "rtl");
    assert_string_equal(language_find("ar")->native, "العربية");
    assert_string_equal(language_find("fr")->native, "Français");
    assert_string_equal(language_find("sw")->direction, "ltr");
    assert_null(language_find("tlh"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(readers_get_what_they_ask_for),
        cmocka_unit_test(malformed_parts_are_passed_over),
        cmocka_unit_test(reading_is_bounded),
        cmocka_unit_test(names_and_directions_are_known),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
