/* test_action.c -- an action from its plan until it is known to work: every move that is legal, and what each asks for.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "common/base/clock.h"
#include "triage/vault/action.h"

/* Rows: from; columns: to; in the order of action_states. */
static void there_is_a_table_of_legal_moves(void **state)
{
    (void)state;
    static const char *const legal[] = {/* planned */ ".CU...X",   /* consulted */ "..U...X",
                                        /* under_way */ "...D..X", /* done */ "..U.EN.",
                                        /* effective */ ".....N.", /* not_effective */ "P.U...X",
                                        /* dropped */ "P......"};
    size_t count = 0;
    while (action_states[count])
        count++;
    assert_int_equal(count, sizeof legal / sizeof *legal);
    for (size_t from = 0; from < count; from++)
        for (size_t to = 0; to < count; to++)
            assert_int_equal(action_may_move(action_states[from], action_states[to]), legal[from][to] != '.');
    assert_false(action_may_move("planned", "remedied"));
    assert_false(action_may_move("remedied", "planned"));
    for (size_t from = 0; from < count; from++) {
        json_t *moves = action_moves(action_states[from]), *one;
        size_t i, expected = 0;
        for (size_t to = 0; to < count; to++)
            expected += legal[from][to] != '.';
        assert_int_equal(json_array_size(moves), expected);
        json_array_foreach(moves, i, one) assert_true(action_may_move(action_states[from], json_string_value(one)));
        json_decref(moves);
    }
}

static const char *lacks(json_t *action, const char *in_state)
{
    const char *field = NULL;
    json_object_set_new(action, "state", json_string(in_state));
    return action_lacks(action, &field) ? field : "";
}

/* People who are affected are asked before something is done, or it is said why not. */
static void nothing_is_begun_before_people_were_asked(void **state)
{
    (void)state;
    json_t *action = json_object();
    assert_string_equal(lacks(action, "planned"), "");
    assert_string_equal(lacks(action, "under_way"), "consultation");
    json_object_set_new(action, "consulted", json_string("no"));
    assert_string_equal(lacks(action, "under_way"), "consultation");
    json_object_set_new(action, "consultation", json_string("It would have named them"));
    assert_string_equal(lacks(action, "under_way"), "");
    assert_string_equal(lacks(action, "consulted"), "consultation"); /* they were not */
    json_object_set_new(action, "consulted", json_string("yes"));
    assert_string_equal(lacks(action, "consulted"), "");
    json_decref(action);
}

static void an_end_says_what_came_of_it(void **state)
{
    (void)state;
    json_t *action = json_pack("{s:s,s:s}", "consulted", "yes", "consultation", "Forty workers, all for it");
    static const char *const ends[] = {"done", "effective", "not_effective"};
    for (size_t i = 0; i < 3; i++)
        assert_string_equal(lacks(action, ends[i]), "outcome");
    assert_string_equal(lacks(action, "dropped"), "reason");
    json_object_set_new(action, "outcome", json_string("Papers given back"));
    json_object_set_new(action, "reason", json_string("The farm has closed"));
    for (size_t i = 0; i < 3; i++)
        assert_string_equal(lacks(action, ends[i]), "");
    assert_string_equal(lacks(action, "dropped"), "");
    json_decref(action);
}

static void what_is_due_is_overdue_until_it_is_done(void **state)
{
    (void)state;
    int64_t before = clock_parse("2026-05-01"), after = clock_parse("2026-05-03");
    static const struct {
        const char *state;
        int open, overdue, holds_before, holds_after;
    } rows[] = {{"planned", 1, 1, 1, 0},      {"consulted", 1, 1, 1, 0}, {"under_way", 1, 1, 1, 0},
                {"done", 1, 0, 1, 1},         {"effective", 0, 0, 1, 1}, {"dropped", 0, 0, 0, 0},
                {"not_effective", 1, 1, 0, 0}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        json_t *action = json_pack("{s:s,s:s}", "state", rows[i].state, "due", "2026-05-02T00:00:00Z");
        assert_int_equal(action_is_open(action), rows[i].open);
        assert_false(action_is_overdue(action, before));
        assert_int_equal(action_is_overdue(action, after), rows[i].overdue);
        assert_int_equal(action_holds(action, before), rows[i].holds_before);
        assert_int_equal(action_holds(action, after), rows[i].holds_after);
        json_decref(action);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(there_is_a_table_of_legal_moves),
        cmocka_unit_test(nothing_is_begun_before_people_were_asked),
        cmocka_unit_test(an_end_says_what_came_of_it),
        cmocka_unit_test(what_is_due_is_overdue_until_it_is_done),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
