/* test_groups.c -- which cases are in which group case, as their states say. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "common/base/rng.h"
#include "triage/vault/groups.h"

#define DAM "0b6ff0f5-6f1c-4b53-8a3e-1a0c5b1f7c11"
#define PAY "9d5f8a2e-3c47-4e0a-9d17-6b2f40a9e522"

static struct book *book;
static struct groups *groups;

static int begin(void **state)
{
    (void)state;
    book = book_new(NULL);
    groups = groups_new(GROUPS_OF_CASES);
    return 0;
}

static int end(void **state)
{
    (void)state;
    groups_free(groups);
    book_free(book);
    return 0;
}

static struct case_file *new_case(void)
{
    uint8_t id[16];
    rng_bytes(id, sizeof id);
    return book_add(book, id);
}

/* The case's state says that it is in `id`; "": in none. 1: a group has another number of cases now. */
static int say(struct case_file *file, const char *id, const char *title, struct group **left)
{
    json_t *state = *id ? json_pack("{s:{s:s,s:s}}", "group", "id", id, "title", title) : json_object();
    int is_other = groups_know(groups, state, file, left);
    json_decref(state);
    return is_other;
}

static void cases_that_name_the_same_group_are_in_it(void **state)
{
    (void)state;
    struct group *left;
    struct case_file *first = new_case(), *second = new_case(), *alone = new_case();
    assert_true(say(first, DAM, "The dam", &left));
    assert_true(say(second, DAM, "The dam", &left));
    assert_false(say(alone, "", "", &left));
    assert_int_equal(groups_find(groups, DAM)->case_count, 2);
    assert_ptr_equal(groups_of(groups, first), groups_of(groups, second));
    assert_null(groups_of(groups, alone));
    assert_null(groups_find(groups, PAY));
    assert_false(say(first, DAM, "The dam", &left)); /* kept once more */
    assert_int_equal(groups_find(groups, DAM)->case_count, 2);
}

static void who_goes_to_another_group_leaves_the_first(void **state)
{
    (void)state;
    struct group *left;
    struct case_file *first = new_case(), *second = new_case();
    say(first, DAM, "The dam", &left);
    say(second, DAM, "The dam", &left);
    assert_true(say(first, PAY, "Pay", &left));
    assert_ptr_equal(left, groups_find(groups, DAM));
    assert_int_equal(left->case_count, 1);
    assert_int_equal(left->cases[0], second->number);
    assert_int_equal(groups_find(groups, PAY)->cases[0], first->number);
}

/* A group is its cases: the last one to leave takes it along, and nothing of it is shown. */
static void a_group_without_cases_is_not_there(void **state)
{
    (void)state;
    struct group *left;
    struct case_file *only = new_case();
    say(only, DAM, "The dam", &left);
    assert_true(say(only, "", "", &left));
    assert_non_null(left);
    assert_null(groups_find(groups, DAM));
    assert_true(say(only, DAM, "The dam again", &left));
    assert_string_equal(groups_find(groups, DAM)->title, "The dam again");
}

static void the_title_is_that_of_the_case_kept_last(void **state)
{
    (void)state;
    struct group *left;
    struct case_file *first = new_case(), *second = new_case();
    say(first, DAM, "The dam", &left);
    say(second, DAM, "The dam", &left);
    assert_false(say(first, DAM, "The dam and the river", &left));
    assert_string_equal(groups_find(groups, DAM)->title, "The dam and the river");
}

static void an_id_that_is_none_is_no_group(void **state)
{
    (void)state;
    struct group *left;
    assert_false(say(new_case(), "the dam", "The dam", &left));
    assert_null(groups_at(groups, 0));
    assert_null(groups_find(groups, "the dam"));
}

/* A case is in a group and has other participants: neither is taken for the other. */
static void say_renamed(struct case_file *file, const char *title, int renamed)
{
    struct group *left;
    json_t *state = json_pack("{s:{s:s,s:s,s:i}}", "group", "id", DAM, "title", title, "renamed", renamed);
    (void)groups_know(groups, state, file, &left);
    json_decref(state);
}

/* One that was not there for who renamed it, or joined while it was, says the old title: whatever is kept or read last.
 */
static void a_title_of_before_does_not_come_back(void **state)
{
    (void)state;
    struct case_file *first = new_case(), *second = new_case();
    say_renamed(first, "The dam", 0);
    say_renamed(second, "The dam", 0);
    say_renamed(first, "The dam at Kwale", 1);
    say_renamed(second, "The dam", 0);
    assert_string_equal(groups_find(groups, DAM)->title, "The dam at Kwale");
    assert_int_equal(groups_find(groups, DAM)->renamed, 1);
    say_renamed(second, "Both dams", 2);
    assert_string_equal(groups_find(groups, DAM)->title, "Both dams");
}

static void participants_are_found_the_same_way_and_apart(void **state)
{
    (void)state;
    struct group *left;
    struct groups *circles = groups_new(GROUPS_OF_PARTICIPANTS);
    struct case_file *file = new_case(), *other = new_case();
    json_t *both = json_pack("{s:{s:s,s:s},s:{s:s}}", "group", "id", DAM, "title", "The dam", "participant", "id", PAY);
    assert_true(groups_know(groups, both, file, &left));
    assert_true(groups_know(circles, both, file, &left));
    assert_true(say(other, DAM, "The dam", &left));
    assert_int_equal(groups_of(groups, file)->case_count, 2);
    assert_int_equal(groups_of(circles, file)->case_count, 1);
    assert_null(groups_of(circles, other));
    assert_null(groups_find(circles, DAM));
    json_decref(both);
    groups_free(circles);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(cases_that_name_the_same_group_are_in_it, begin, end),
        cmocka_unit_test_setup_teardown(who_goes_to_another_group_leaves_the_first, begin, end),
        cmocka_unit_test_setup_teardown(a_group_without_cases_is_not_there, begin, end),
        cmocka_unit_test_setup_teardown(the_title_is_that_of_the_case_kept_last, begin, end),
        cmocka_unit_test_setup_teardown(a_title_of_before_does_not_come_back, begin, end),
        cmocka_unit_test_setup_teardown(participants_are_found_the_same_way_and_apart, begin, end),
        cmocka_unit_test_setup_teardown(an_id_that_is_none_is_no_group, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
