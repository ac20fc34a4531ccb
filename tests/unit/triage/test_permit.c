/* test_permit.c -- the table of operations: who may do what, at which socket. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "triage/vault/permit.h"

static void every_operation_of_the_console_but_two_needs_a_session(void **state)
{
    (void)state;
    const struct permit *row;
    for (size_t i = 0; (row = permit_at(i)); i++)
        if ((row->sockets & SOCKET_CONSOLE) && !row->roles)
            assert_true(strcmp(row->op, "status") == 0 || strcmp(row->op, "signin") == 0);
}

static void an_administrator_sees_no_content(void **state)
{
    (void)state;
    const struct permit *row;
    for (size_t i = 0; (row = permit_at(i)); i++)
        if (strncmp(row->op, "case.", 5) == 0 || strncmp(row->op, "queue.", 6) == 0 || strcmp(row->op, "search") == 0 ||
            strncmp(row->op, "consultation.", 13) == 0 || strncmp(row->op, "impact.", 7) == 0 ||
            strncmp(row->op, "action.", 7) == 0 || row->is_opening)
            assert_int_equal(row->roles, ROLE_OFFICER);
}

static void the_operators_socket_shows_no_content(void **state)
{
    (void)state;
    const struct permit *row;
    for (size_t i = 0; (row = permit_at(i)); i++)
        if (row->sockets & SOCKET_OPERATOR)
            assert_true(strncmp(row->op, "staff.", 6) == 0 || strcmp(row->op, "status") == 0 ||
                        strcmp(row->op, "unlock") == 0 || strcmp(row->op, "keys.status") == 0);
}

static void only_showing_is_an_opening(void **state)
{
    (void)state;
    const struct permit *row;
    for (size_t i = 0; (row = permit_at(i)); i++)
        assert_int_equal(row->is_opening, strstr(row->op, ".show") && strncmp(row->op, "impact.", 7) != 0 &&
                                              strncmp(row->op, "action.", 7) != 0);
}

static void a_name_is_found_at_its_socket_only(void **state)
{
    (void)state;
    assert_non_null(permit_find("staff.add", SOCKET_OPERATOR));
    assert_null(permit_find("staff.add", SOCKET_CONSOLE));
    assert_null(permit_find("case.show", SOCKET_OPERATOR));
    assert_null(permit_find("unlock", SOCKET_CONSOLE));
    assert_null(permit_find("", SOCKET_CONSOLE));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_operation_of_the_console_but_two_needs_a_session),
        cmocka_unit_test(an_administrator_sees_no_content),
        cmocka_unit_test(the_operators_socket_shows_no_content),
        cmocka_unit_test(only_showing_is_an_opening),
        cmocka_unit_test(a_name_is_found_at_its_socket_only),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
