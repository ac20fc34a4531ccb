/* test_translation.c -- what is asked for and what comes of it, in a state. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "triage/vault/case_state.h"
#include "triage/vault/translation.h"

static const struct translation_order order = {
    .row = "r1", .draft = "", .from = "sw", .to = "en", .translator = "Halima", .note = "the brother"};

static void a_task_is_open_until_its_text_is_there(void **unused)
{
    (void)unused;
    json_t *state = json_object();
    assert_int_equal(translation_open(state), 0);
    assert_true(translation_ask(state, "t1", &order, "amina"));
    assert_true(translation_ask(state, "t2", &order, "amina"));
    assert_int_equal(translation_open(state), 2);
    json_t *task = translation_find(state, "t1");
    assert_true(translation_is_open(task));
    translation_write(state, task, "He is beaten", "person", "Halima");
    assert_false(translation_is_open(task));
    assert_int_equal(translation_open(state), 1);
    assert_string_equal(state_text(translation_find(state, "t1"), "done_by"), "Halima");
    assert_string_equal(state_text(translation_find(state, "t1"), "by"), "amina");
    assert_null(translation_find(state, "t3"));
    json_decref(state);
}

static void there_is_an_end_to_tasks(void **unused)
{
    (void)unused;
    json_t *state = json_object();
    for (int i = 0; i < TRANSLATION_MAX; i++)
        assert_true(translation_ask(state, "t", &order, "amina"));
    json_t *before = json_deep_copy(state);
    assert_false(translation_ask(state, "t", &order, "amina"));
    assert_true(json_equal(before, state));
    json_decref(before);
    json_decref(state);
}

static void a_method_is_one_of_two(void **unused)
{
    (void)unused;
    assert_true(translation_is_method("person") && translation_is_method("machine_checked"));
    assert_false(translation_is_method("machine") || translation_is_method(""));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_task_is_open_until_its_text_is_there),
        cmocka_unit_test(there_is_an_end_to_tasks),
        cmocka_unit_test(a_method_is_one_of_two),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
