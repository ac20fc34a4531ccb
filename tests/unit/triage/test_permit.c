/* test_permit.c -- the table of operations: who may do what, at which socket. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "common/base/file.h"
#include "triage/vault/permit.h"

enum { MEMBERS = ROLE_OFFICER | ROLE_HANDLER, ROW_MAX = 4096 };

static void every_operation_of_the_console_but_two_needs_a_session(void **state)
{
    (void)state;
    const struct permit *row;
    for (size_t i = 0; (row = permit_at(i)); i++)
        if ((row->sockets & SOCKET_CONSOLE) && !row->roles)
            assert_true(strcmp(row->op, "status") == 0 || strncmp(row->op, "signin", 6) == 0);
}

/* What shows words of reporters, or leads to them. */
static int is_content(const struct permit *row)
{
    static const char *const areas[] = {"case.",   "queue.", "search", "consultation.", "impact.",
                                        "action.", "walkin", "group.", "referral.",     "consent."};
    if (strcmp(row->op, "case.trail") == 0)
        return 0;
    for (size_t i = 0; i < sizeof areas / sizeof *areas; i++)
        if (strncmp(row->op, areas[i], strlen(areas[i])) == 0)
            return 1;
    return row->opening != PERMIT_NO_OPENING;
}

static void members_alone_see_content(void **state)
{
    (void)state;
    const struct permit *row;
    const unsigned others = ROLE_ADMINISTRATOR | ROLE_MANAGER | ROLE_AUDITOR | ROLE_TRANSLATOR;
    for (size_t i = 0; (row = permit_at(i)); i++)
        if (is_content(row)) {
            assert_true(row->roles & MEMBERS);
            assert_false(row->roles & (others & ~(unsigned)ROLE_TRANSLATOR));
        }
}

static void who_is_enrolling_may_only_enrol(void **state)
{
    (void)state;
    const struct permit *row;
    for (size_t i = 0; (row = permit_at(i)); i++)
        if (row->roles & PERMIT_ENROLLING)
            assert_true(strncmp(row->op, "account.", 8) == 0 || strcmp(row->op, "whoami") == 0 ||
                        strcmp(row->op, "session.forged") == 0 || strcmp(row->op, "signout") == 0);
}

/* Where an office has one person, the second is from outside and reads no more than what it is asked about. */
static void a_reviewer_reads_and_decides_and_nothing_else(void **state)
{
    (void)state;
    static const char *const may[] = {"case.show",     "case.decide",   "case.second",    "second.list",
                                      "receiver.list", "receiver.show", "receiver.check", "referral.show",
                                      "file.look",     "file.piece"};
    const unsigned everybody = MEMBERS | ROLE_TRANSLATOR | ROLE_MANAGER | ROLE_AUDITOR | ROLE_ADMINISTRATOR;
    size_t found = 0;
    const struct permit *row;
    for (size_t i = 0; (row = permit_at(i)); i++) {
        if (!(row->roles & ROLE_REVIEWER) || (row->roles & everybody) == everybody)
            continue;
        int known = 0;
        for (size_t j = 0; j < sizeof may / sizeof *may; j++)
            known |= strcmp(row->op, may[j]) == 0;
        assert_true(known);
        found++;
    }
    assert_int_equal(found, sizeof may / sizeof *may);
}

/* ---- docs/vault-protocol.md says the same ---- */

/* The line of the table whose first cell has `op` in backticks. */
static const char *documented(const char *text, const char *op, char line[static ROW_MAX])
{
    char quoted[64];
    snprintf(quoted, sizeof quoted, "`%s`", op);
    for (const char *at = text; at; at = strchr(at, '\n'), at = at ? at + 1 : NULL) {
        size_t len = strcspn(at, "\n");
        if (*at != '|' || len >= ROW_MAX)
            continue;
        memcpy(line, at, len);
        line[len] = 0;
        char *cell = strchr(line + 1, '|');
        const char *found = strstr(line, quoted);
        if (cell && found && found < cell)
            return line;
    }
    return NULL;
}

static unsigned roles_of(char *line)
{
    static const struct {
        const char *word;
        unsigned bits;
    } words[] = {{"officer", ROLE_OFFICER},
                 {"handler", ROLE_HANDLER},
                 {"translator", ROLE_TRANSLATOR},
                 {"manager", ROLE_MANAGER},
                 {"auditor", ROLE_AUDITOR},
                 {"reviewer", ROLE_REVIEWER},
                 {"administrator", ROLE_ADMINISTRATOR},
                 {"enrolling", PERMIT_ENROLLING},
                 {"any", MEMBERS | ROLE_TRANSLATOR | ROLE_MANAGER | ROLE_AUDITOR | ROLE_ADMINISTRATOR | ROLE_REVIEWER}};
    unsigned bits = 0;
    *strrchr(line, '|') = 0;
    const char *cell = strrchr(line, '|');
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        const char *at = strstr(cell, words[i].word);
        if (at && (!strchr(cell, ';') || at < strchr(cell, ';')))
            bits |= words[i].bits;
    }
    return bits;
}

static void the_protocol_says_the_same_of_every_row(void **state)
{
    (void)state;
    const struct permit *row;
    char line[ROW_MAX];
    struct buf text = BUF_INIT(256 * 1024);
    assert_int_equal(file_read(SOURCE_ROOT "/docs/vault-protocol.md", &text), ERR_OK);
    for (size_t i = 0; (row = permit_at(i)); i++) {
        if (!(row->sockets & SOCKET_CONSOLE))
            continue;
        if (!documented(buf_text(&text), row->op, line))
            fail_msg("docs/vault-protocol.md has no row for %s", row->op);
        unsigned roles = roles_of(line);
        if (roles != (row->roles & ~(unsigned)PERMIT_READS))
            fail_msg("docs/vault-protocol.md lets %x do %s, the table %x", roles, row->op, row->roles);
    }
    buf_free(&text);
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
        assert_int_equal(row->opening != PERMIT_NO_OPENING,
                         strcmp(row->op, "file.look") == 0 || strcmp(row->op, "file.download") == 0 ||
                             (strstr(row->op, ".show") && strncmp(row->op, "impact.", 7) != 0 &&
                              strncmp(row->op, "account.", 8) != 0 && strncmp(row->op, "group.", 6) != 0 &&
                              strncmp(row->op, "oncall.", 7) != 0 && strncmp(row->op, "action.", 7) != 0 &&
                              strncmp(row->op, "receiver.", 9) != 0));
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
        cmocka_unit_test(members_alone_see_content),
        cmocka_unit_test(who_is_enrolling_may_only_enrol),
        cmocka_unit_test(the_protocol_says_the_same_of_every_row),
        cmocka_unit_test(a_reviewer_reads_and_decides_and_nothing_else),
        cmocka_unit_test(the_operators_socket_shows_no_content),
        cmocka_unit_test(only_showing_is_an_opening),
        cmocka_unit_test(a_name_is_found_at_its_socket_only),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
