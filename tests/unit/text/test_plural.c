/* test_plural.c -- plural rules of many languages, and expressions that must be refused. */
#include "common/text/plural.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static enum err read_rule(const char *text, struct plural *out, char *says)
{
    return plural_read(text, strlen(text), out, says);
}

static void languages_count_as_they_do(void **state)
{
    (void)state;
    static const struct {
        const char *rule;
        size_t count;
        uint64_t n[10];
        unsigned forms[10];
    } cases[] = {
        {"nplurals=1; plural=0;", 4, {0, 1, 2, 5}, {0, 0, 0, 0}},
        {"nplurals=2; plural=(n != 1);", 4, {1, 0, 2, 100}, {0, 1, 1, 1}},
        {" nplurals = 2 ; plural = n>1", 3, {0, 1, 2}, {0, 0, 1}},
        /* Arabic */
        {"nplurals=6; plural=(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 ? 4 : 5);",
         10,
         {0, 1, 2, 3, 10, 11, 99, 100, 102, 103},
         {0, 1, 2, 3, 3, 4, 4, 5, 5, 3}},
        /* Russian */
        {"nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);",
         9,
         {1, 11, 21, 2, 12, 22, 5, 111, 1001},
         {0, 2, 0, 1, 2, 1, 2, 2, 0}},
        {"nplurals=6; plural=!n*5+(n-1==0)*2/2", 3, {0, 1, 2}, {5, 1, 0}},
        {"nplurals=2; plural=n%0;", 3, {0, 1, 7}, {0, 0, 0}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct plural rule;
        char says[SAYS_SIZE] = "";
        if (read_rule(cases[i].rule, &rule, says) != ERR_OK)
            fail_msg("%s: %s", cases[i].rule, says);
        for (size_t j = 0; j < cases[i].count; j++)
            assert_int_equal(plural_form(&rule, cases[i].n[j]), cases[i].forms[j]);
    }
}

static void wrong_rules_are_refused(void **state)
{
    (void)state;
    static const char *const rules[] = {
        "",
        "plural=0;",
        "nplurals=0; plural=0;",
        "nplurals=7; plural=0;",
        "nplurals=x; plural=0;",
        "nplurals=2; plural=;",
        "nplurals=2; plural=n;",
        "nplurals=2; plural=(n>1;",
        "nplurals=2; plural=n>1);",
        "nplurals=2; plural=n>1 ? 0;",
        "nplurals=2; plural=n>;",
        "nplurals=2; plural=m>1;",
        "nplurals=2; plural=n>1; exit(1)",
        "nplurals=2; plural=n==99999999999999999999;",
        "nplurals=2; plural=n=1;",
        "nplurals=2; plural=n==1000 ? 2 : 0;",
    };
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
        struct plural rule;
        char says[SAYS_SIZE] = "";
        assert_int_not_equal(read_rule(rules[i], &rule, says), ERR_OK);
        assert_true(strlen(says) > 0);
    }
}

static void length_and_depth_have_an_end(void **state)
{
    (void)state;
    char text[4096], says[SAYS_SIZE];
    static const char *const pieces[] = {"(", "!", "n+", "n?", "0?0:"};
    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
        struct plural rule;
        strcpy(text, "nplurals=2; plural=");
        for (int j = 0; j < 500; j++)
            strcat(text, pieces[i]);
        strcat(text, "0");
        assert_int_not_equal(read_rule(text, &rule, says), ERR_OK);
    }
}

static void a_number_beyond_the_tried_ones_stays_within_the_forms(void **state)
{
    (void)state;
    struct plural rule;
    char says[SAYS_SIZE];
    assert_int_equal(read_rule("nplurals=2; plural=n>5000 ? 9 : 1;", &rule, says), ERR_OK);
    assert_int_equal(plural_form(&rule, 5000), 1);
    assert_int_equal(plural_form(&rule, 5001), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(languages_count_as_they_do),
        cmocka_unit_test(wrong_rules_are_refused),
        cmocka_unit_test(length_and_depth_have_an_end),
        cmocka_unit_test(a_number_beyond_the_tried_ones_stays_within_the_forms),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
