/* test_args.c -- the words behind a command are read by its table, and what is wrong is said before anything is done.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "operator/args.h"

struct read {
    const char *name, *role;
    struct args_list questions;
    int locked;
};

static void read_words(struct read *out, int argc, const char *const *argv)
{
    *out = (struct read){0};
    const struct args_row rows[] = {{"NAME", ARGS_PLACE, &out->name, 1},
                                    {"--role", ARGS_TEXT, &out->role, 0},
                                    {"--question", ARGS_LIST, &out->questions, 0},
                                    {"--locked", ARGS_FLAG, &out->locked, 0},
                                    {0}};
    args_read(rows, argc, (char *const *)(uintptr_t)argv, "thing NAME");
}

/* The exit code of a child that reads them. */
static int code_of(int argc, const char *const *argv)
{
    int status = -1;
    pid_t child = fork();
    if (child == 0) {
        struct read ignored;
        close(STDERR_FILENO);
        read_words(&ignored, argc, argv);
        _exit(0);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void words_find_their_places(void **state)
{
    (void)state;
    struct read got;
    const char *words[] = {"--question", "Who?", "Amani Forum", "--role", "officer", "--question", "What?", "--locked"};
    read_words(&got, 8, words);
    assert_string_equal(got.name, "Amani Forum");
    assert_string_equal(got.role, "officer");
    assert_int_equal(got.questions.count, 2);
    assert_string_equal(got.questions.items[1], "What?");
    assert_int_equal(got.locked, 1);
}

static void what_the_table_does_not_know_is_refused(void **state)
{
    (void)state;
    const char *good[] = {"A"}, *unknown[] = {"A", "--king"}, *many[] = {"A", "B"}, *open[] = {"A", "--role"},
               *twice[] = {"A", "--role", "x", "--role", "y"}, *nothing[] = {"--locked"};
    assert_int_equal(code_of(1, good), 0);
    assert_int_equal(code_of(2, unknown), 1);
    assert_int_equal(code_of(2, many), 1);
    assert_int_equal(code_of(2, open), 1);
    assert_int_equal(code_of(5, twice), 1);
    assert_int_equal(code_of(1, nothing), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_find_their_places),
        cmocka_unit_test(what_the_table_does_not_know_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
