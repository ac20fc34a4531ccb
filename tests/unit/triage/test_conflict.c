/* test_conflict.c -- who stands in a state's "named": by what was written, by what a person says; and that a text which
 * names everybody takes the case from nobody where nobody else would have it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "triage/vault/case_state.h"
#include "triage/vault/conflict.h"

static const struct conflict_staff staff[] = {
    {"Amara Okafor", NULL, 1}, {"Joseph Mwangi", NULL, 1}, {"Zola Mbeki", NULL, 0}, {"officer", NULL, 0}};
static json_t *state_json;

static int begin(void **state)
{
    (void)state;
    state_json = json_pack("{s:s}", "taken_by", "");
    return 0;
}

static int end(void **state)
{
    (void)state;
    json_decref(state_json);
    return 0;
}

static size_t find(const char *words, int only_hints, int may_take_all)
{
    struct names_text *text = names_text_new();
    names_text_add(text, words, strlen(words));
    const struct conflict_ask ask = {.text = text,
                                     .staff = staff,
                                     .count = sizeof staff / sizeof *staff,
                                     .desk = "usual",
                                     .message = 1,
                                     .only_hints = only_hints,
                                     .may_take_all = may_take_all};
    size_t hits = conflict_find(state_json, &ask);
    names_text_free(text);
    return hits;
}

static size_t count_of(const char *key)
{
    return json_array_size(json_object_get(state_json, key));
}

static void a_full_name_is_named_and_part_of_one_is_a_hint(void **state)
{
    (void)state;
    assert_int_equal(find("Okafor Amara took it, and Joseph saw it", 0, 1), 1);
    assert_true(conflict_is(state_json, "Amara Okafor"));
    assert_false(conflict_is(state_json, "Joseph Mwangi"));
    assert_int_equal(count_of("named"), 1);
    assert_int_equal(count_of("hinted"), 1);
    assert_string_equal(state_text(json_array_get(json_object_get(state_json, "hinted"), 0), "name"), "Joseph Mwangi");
    assert_int_equal(count_of("history"), 1);
    /* Said again it is the same; and the history does not name her. */
    assert_int_equal(find("Amara Okafor again, with Joseph", 0, 1), 0);
    assert_int_equal(count_of("named") + count_of("hinted") + count_of("history"), 3);
    char *history = json_dumps(json_object_get(state_json, "history"), 0);
    assert_null(strstr(history, "Amara"));
    free(history);
}

static void who_holds_it_and_is_named_holds_it_no_more(void **state)
{
    (void)state;
    state_set_text(state_json, "taken_by", "Joseph Mwangi");
    assert_int_equal(find("Amara Okafor", 0, 1), 1);
    assert_string_equal(state_text(state_json, "taken_by"), "Joseph Mwangi");
    assert_int_equal(find("Joseph Mwangi", 0, 1), 1);
    assert_string_equal(state_text(state_json, "taken_by"), "");
}

static void a_text_that_names_everybody_takes_it_from_nobody_here(void **state)
{
    (void)state;
    assert_int_equal(find("Amara Okafor, Joseph Mwangi and Zola Mbeki", 0, 0), 0);
    assert_int_equal(count_of("named"), 0);
    assert_int_equal(count_of("hinted"), 3);
    /* As long as one is left who may take it, who is named does not have it. */
    assert_int_equal(find("Amara Okafor and Zola Mbeki", 0, 0), 2);
    /* One after the other is the same as all at once. */
    assert_int_equal(find("Joseph Mwangi", 0, 0), 0);
    assert_false(conflict_is(state_json, "Joseph Mwangi"));
}

static void where_oversight_has_it_all_of_them_may_be_named(void **state)
{
    (void)state;
    assert_int_equal(find("Amara Okafor, Joseph Mwangi and Zola Mbeki", 0, 1), 3);
    assert_int_equal(count_of("named"), 3);
}

static void thanks_name_nobody(void **state)
{
    (void)state;
    assert_int_equal(find("Thank you Amara Okafor", 1, 1), 0);
    assert_int_equal(count_of("hinted"), 1);
}

static void who_was_named_elsewhere_under_the_same_name_is_named_here(void **state)
{
    (void)state;
    assert_true(conflict_name(state_json, "safeguarding", "OKAFOR, Amara", "grace", "her sister"));
    assert_int_equal(find("nobody", 0, 1), 1);
    assert_true(conflict_is(state_json, "Amara Okafor"));
}

static void what_a_person_took_back_no_rule_says_again(void **state)
{
    (void)state;
    assert_int_equal(find("Amara Okafor", 0, 1), 1);
    assert_true(conflict_unname(state_json, "Amara Okafor", "grace", "another of that name"));
    assert_false(conflict_unname(state_json, "Amara Okafor", "grace", "again"));
    assert_int_equal(find("Amara Okafor", 0, 1), 0);
    const json_t *back = json_object_get(json_array_get(json_object_get(state_json, "unnamed"), 0), "back");
    assert_string_equal(state_text(back, "by"), "grace");
    assert_string_equal(state_text(back, "reason"), "another of that name");
    /* A person may. */
    assert_true(conflict_name(state_json, "usual", "Amara Okafor", "grace", "it was her after all"));
    assert_false(conflict_name(state_json, "usual", "Amara Okafor", "grace", "twice"));
    assert_true(conflict_is(state_json, "Amara Okafor"));
}

#define STORY(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORY(a_full_name_is_named_and_part_of_one_is_a_hint),
        STORY(who_holds_it_and_is_named_holds_it_no_more),
        STORY(a_text_that_names_everybody_takes_it_from_nobody_here),
        STORY(where_oversight_has_it_all_of_them_may_be_named),
        STORY(thanks_name_nobody),
        STORY(who_was_named_elsewhere_under_the_same_name_is_named_here),
        STORY(what_a_person_took_back_no_rule_says_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
