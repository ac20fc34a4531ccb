/* test_mem.c -- memory is zeroed when it comes, wiped when it goes, and the libraries' memory too.
 *
 * The linker hands mem.c's free() to the test (--wrap), which looks for the canary in the block before it really goes:
 * reading it afterwards would be undefined. */
#include "tests/unit/base/unit.h"

#include <event2/buffer.h>
#include <fcntl.h>
#include <jansson.h>
#include <malloc.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/base/buf.h"
#include "common/base/mem.h"

static const char canary[] = "the heron stood in the ditch behind the school";
static unsigned frees, leaks;

/* NOLINTBEGIN(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp): the linker's names */
void __real_free(void *block);
void __wrap_free(void *block);
/* NOLINTEND(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp) */

void __wrap_free(void *block)
{
    if (block) {
        frees++;
        leaks += memmem(block, malloc_usable_size(block), canary, 20) != NULL;
    }
    __real_free(block);
}

static int start_counting(void **state)
{
    (void)state;
    frees = leaks = 0;
    return 0;
}

static void the_test_itself_would_see_a_leak(void **state)
{
    (void)state;
    char *block = malloc(100);
    strcpy(block, canary);
    assert_string_equal(block, canary); /* or the compiler leaves the copy out */
    free(block);
    assert_int_equal(leaks, 1);
}

static void memory_comes_zeroed(void **state)
{
    (void)state;
    for (unsigned round = 0; round < 8; round++) {
        char *block = mem_new(300);
        for (unsigned i = 0; i < 300; i++)
            assert_int_equal(block[i], 0);
        memset(block, 'x', 300);
        mem_free(block);
    }
    mem_free(mem_new(0));
    mem_free(NULL);
}

static void growing_wipes_the_old_place(void **state)
{
    (void)state;
    char *text = mem_copy_text(canary);
    text = mem_grow(text, 5000);
    assert_string_equal(text, canary);
    assert_true(frees >= 1);
    text = mem_grow(text, 64);
    assert_string_equal(text, canary);
    mem_free(text);
    mem_free(mem_grow(NULL, 10));
    assert_int_equal(leaks, 0);
}

static void a_buf_leaves_nothing_as_it_grows_and_goes(void **state)
{
    (void)state;
    struct buf b = BUF_INIT(100000);
    for (unsigned i = 0; i < 500; i++)
        assert_int_equal(buf_add_text(&b, canary), ERR_OK);
    buf_free(&b);
    assert_true(frees > 5);
    assert_int_equal(leaks, 0);
}

static void jansson_wipes_what_it_frees(void **state)
{
    (void)state;
    json_t *object = json_pack("{s:s}", "text", canary);
    char *dumped = json_dumps(object, 0);
    assert_non_null(strstr(dumped, canary));
    json_t *again = json_loads(dumped, JSON_REJECT_DUPLICATES, NULL);
    assert_string_equal(json_string_value(json_object_get(again, "text")), canary);
    mem_free(dumped);
    json_decref(object);
    json_decref(again);
    assert_true(frees > 5);
    assert_int_equal(leaks, 0);
}

static void libevent_wipes_what_it_frees(void **state)
{
    (void)state;
    struct evbuffer *buffer = evbuffer_new();
    for (unsigned i = 0; i < 300; i++)
        assert_int_equal(evbuffer_add(buffer, canary, sizeof canary), 0);
    assert_non_null(evbuffer_pullup(buffer, -1));
    evbuffer_drain(buffer, 7000);
    evbuffer_free(buffer);
    assert_true(frees > 3);
    assert_int_equal(leaks, 0);
}

static char left[8192];

/* Leaves the canary where calls keep what is their own, and tells where. */
__attribute__((noinline)) static uintptr_t leave_on_the_stack(void)
{
    char own[sizeof left];
    for (volatile size_t i = 0; i < sizeof own; i++)
        own[i] = canary[i % sizeof canary];
    uintptr_t where;
    __asm__ volatile("" : "=r"(where) : "0"(own)); /* a number, which no compiler follows into the frame that is gone */
    return where;
}

/* Read as another process would: to look at a frame that is gone is undefined. */
static int lies_at(int memory, uintptr_t where)
{
    assert_int_equal(pread(memory, left, sizeof left, (off_t)where), sizeof left);
    return memmem(left, sizeof left, canary, sizeof canary) != NULL;
}

static void what_calls_left_on_the_stack_is_wiped(void **state)
{
    (void)state;
    int memory = open("/proc/self/mem", O_RDONLY | O_CLOEXEC);
    assert_true(memory >= 0);
    uintptr_t where = leave_on_the_stack();
    assert_int_equal(lies_at(memory, where), 1);
    mem_wipe_stack();
    assert_int_equal(lies_at(memory, where), 0);
    close(memory);
}

static void equal_is_equal_and_nothing_else(void **state)
{
    (void)state;
    assert_int_equal(mem_same("abc", "abc", 3), 1);
    assert_int_equal(mem_same("abc", "abd", 3), 0);
    assert_int_equal(mem_same("xbc", "abc", 3), 0);
    assert_int_equal(mem_same("", "", 0), 1);
}

int main(void)
{
    mem_wipe_libraries();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(the_test_itself_would_see_a_leak, start_counting),
        cmocka_unit_test_setup(memory_comes_zeroed, start_counting),
        cmocka_unit_test_setup(growing_wipes_the_old_place, start_counting),
        cmocka_unit_test_setup(a_buf_leaves_nothing_as_it_grows_and_goes, start_counting),
        cmocka_unit_test_setup(jansson_wipes_what_it_frees, start_counting),
        cmocka_unit_test_setup(libevent_wipes_what_it_frees, start_counting),
        cmocka_unit_test_setup(what_calls_left_on_the_stack_is_wiped, start_counting),
        cmocka_unit_test_setup(equal_is_equal_and_nothing_else, start_counting),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
