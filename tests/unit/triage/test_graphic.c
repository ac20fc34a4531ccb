/* test_graphic.c -- what is hard to read, and how much of it one person is given in a day. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "triage/vault/graphic.h"

enum { DAY = 86400, MOST = 3 };

static const int64_t NOON = 1795003200 + 12 * 3600;

static struct vault vault;
static struct case_file hard, light;

static int begin(void **unused)
{
    (void)unused;
    memset(&vault, 0, sizeof vault);
    vault.settings.graphic_day = MOST;
    vault.graphic = graphic_new();
    memset(&hard, 0, sizeof hard);
    memset(&light, 0, sizeof light);
    hard.is_graphic = 1;
    return 0;
}

static int end(void **unused)
{
    (void)unused;
    graphic_free(vault.graphic);
    return 0;
}

static int says(json_t *state)
{
    int is = graphic_is(state);
    json_decref(state);
    return is;
}

static void rules_say_it_and_a_person_says_it_better(void **unused)
{
    (void)unused;
    static const char *const fired = "{s:{s:[{s:s}]}}";
    assert_false(says(json_object()));
    assert_true(says(json_pack(fired, "proposal", "fired", "rule", "words.detention")));
    assert_true(says(json_pack(fired, "since", "fired", "rule", "words.child")));
    assert_false(says(json_pack(fired, "proposal", "fired", "rule", "words.fraud")));
    assert_false(says(json_pack("{s:{s:[{s:s}]},s:b}", "proposal", "fired", "rule", "words.child", "graphic", 0)));
    assert_true(says(json_pack("{s:b}", "graphic", 1)));
}

static void who_had_enough_today_is_given_others(void **unused)
{
    (void)unused;
    for (int i = 0; i < MOST; i++) {
        assert_true(graphic_may_take(&vault, &hard, "amina", NOON));
        graphic_took(vault.graphic, &vault, "amina", NOON);
    }
    assert_false(graphic_may_take(&vault, &hard, "amina", NOON + 3600));
    assert_true(graphic_may_take(&vault, &light, "amina", NOON));
    assert_true(graphic_may_take(&vault, &hard, "joseph", NOON));
    assert_int_equal(graphic_today(vault.graphic, &vault, "amina", NOON), MOST);
}

static void another_day_begins_anew(void **unused)
{
    (void)unused;
    for (int i = 0; i < MOST; i++)
        graphic_took(vault.graphic, &vault, "amina", NOON);
    assert_true(graphic_may_take(&vault, &hard, "amina", NOON + DAY));
    graphic_took(vault.graphic, &vault, "joseph", NOON + DAY);
    assert_int_equal(graphic_today(vault.graphic, &vault, "amina", NOON + DAY), 0);
}

/* Somebody has to look, whatever they have read before. */
static void danger_now_is_given_all_the_same(void **unused)
{
    (void)unused;
    for (int i = 0; i < MOST; i++)
        graphic_took(vault.graphic, &vault, "amina", NOON);
    hard.place.severity.danger_now = 1;
    assert_true(graphic_may_take(&vault, &hard, "amina", NOON));
}

static void an_office_may_set_no_limit(void **unused)
{
    (void)unused;
    vault.settings.graphic_day = 0;
    for (int i = 0; i < 100; i++)
        graphic_took(vault.graphic, &vault, "amina", NOON);
    assert_true(graphic_may_take(&vault, &hard, "amina", NOON));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(rules_say_it_and_a_person_says_it_better, begin, end),
        cmocka_unit_test_setup_teardown(who_had_enough_today_is_given_others, begin, end),
        cmocka_unit_test_setup_teardown(another_day_begins_anew, begin, end),
        cmocka_unit_test_setup_teardown(danger_now_is_given_all_the_same, begin, end),
        cmocka_unit_test_setup_teardown(an_office_may_set_no_limit, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
