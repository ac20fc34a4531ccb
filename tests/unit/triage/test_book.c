/* test_book.c -- cases in memory by their ids. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "common/base/rng.h"
#include "triage/vault/book.h"

enum { MANY = 50000 };

static void add_many(struct book *book, size_t same_from, size_t same_len)
{
    uint8_t id[16];
    for (uint32_t i = 0; i < MANY; i++) {
        rng_bytes(id, sizeof id);
        memset(id + same_from, 7, same_len);
        assert_int_equal(book_add(book, id)->number, i);
        assert_int_equal(book_find(book, id)->number, i);
    }
    assert_int_equal(book_count(book), MANY);
}

/* The ids of one worker have a beginning in common (docs/database.md); each has to be found in a few looks all the
 * same: were all of them in one row, this would take minutes. */
static void ids_that_begin_alike_are_found_as_fast_as_others(void **state)
{
    (void)state;
    static const size_t same[][2] = {{0, 8}, {0, 0}, {8, 8}};
    for (size_t i = 0; i < sizeof same / sizeof *same; i++) {
        struct book *book = book_new(NULL);
        clock_t begun = clock();
        add_many(book, same[i][0], same[i][1]);
        assert_true((clock() - begun) / CLOCKS_PER_SEC < 10);
        book_free(book);
    }
}

static void what_was_never_added_is_not_there(void **state)
{
    (void)state;
    struct book *book = book_new(NULL);
    uint8_t id[16] = {1}, other[16] = {2};
    struct case_file *file = book_add(book, id);
    assert_ptr_equal(book_add(book, id), file);
    assert_null(book_find(book, other));
    book_free(book);
}

/* What a vault notes for itself makes nobody look again. */
static void who_saw_all_that_happened_may_act(void **state)
{
    (void)state;
    struct case_file file = {.version = 7, .told = 5};
    assert_true(book_is_stale(&file, 4));
    assert_false(book_is_stale(&file, 5));
    assert_false(book_is_stale(&file, 7));
    assert_true(book_is_stale(&file, 8));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ids_that_begin_alike_are_found_as_fast_as_others),
        cmocka_unit_test(what_was_never_added_is_not_there),
        cmocka_unit_test(who_saw_all_that_happened_may_act),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
