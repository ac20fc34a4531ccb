/* test_hasher.c -- passwords are checked in threads beside the loop: each who asks is told once, whatever happens.
 *
 * `tests/analyse tsan` runs this, and test_workers, with the thread sanitizer; other threads are libcurl's own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "triage/vault/hasher.h"

enum { MOST_ASKED = 128 };

static struct loop *loop;
static struct hasher *hasher;

/* What the one who asked number N was told. */
static struct told {
    unsigned times;
    enum err err;
    char encoded[HASHER_ENCODED_MAX];
} told[MOST_ASKED];
static unsigned asked, answered, stop_after, ask_again;
static int is_asking;

static int begin(void **state)
{
    (void)state;
    memset(told, 0, sizeof told);
    asked = answered = stop_after = ask_again = 0;
    loop = loop_new();
    hasher = hasher_new(loop);
    return 0;
}

static int end(void **state)
{
    (void)state;
    hasher_free(hasher);
    loop_free(loop);
    return 0;
}

static enum err ask(const char *password, const char *encoded, int is_known_device);

static void is_told(void *room, enum err err, const char *encoded)
{
    struct told *who = room;
    assert_false(is_asking);
    who->times++;
    who->err = err;
    if (encoded)
        snprintf(who->encoded, sizeof who->encoded, "%s", encoded);
    answered++;
    if (ask_again > 0 && err != ERR_CANCELLED) {
        ask_again--;
        assert_int_equal(ask("asked again", NULL, 1), ERR_OK);
    }
    if (answered >= stop_after)
        loop_stop(loop);
}

static enum err ask(const char *password, const char *encoded, int is_known_device)
{
    assert_true(asked < MOST_ASKED);
    is_asking = 1;
    enum err err = hasher_check(hasher, password, encoded, is_known_device, is_told, &told[asked]);
    is_asking = 0;
    if (err == ERR_OK)
        asked++;
    return err;
}

static void run_until(unsigned count)
{
    stop_after = count;
    loop_run(loop);
    assert_true(answered >= count);
}

static void each_was_told_once(void)
{
    assert_int_equal(answered, asked);
    for (unsigned i = 0; i < asked; i++)
        assert_int_equal(told[i].times, 1);
}

static void a_password_is_known_again_and_no_other_is(void **state)
{
    (void)state;
    hasher_start(hasher);
    assert_int_equal(hasher_make(hasher, "salt on the road", is_told, &told[asked++]), ERR_OK);
    run_until(1);
    assert_int_equal(told[0].err, ERR_OK);
    assert_int_equal(strncmp(told[0].encoded, "$argon2id$v=19$m=19456,t=2,p=1$", 31), 0);

    assert_int_equal(ask("salt on the road", told[0].encoded, 0), ERR_OK);
    assert_int_equal(ask("salt on the rood", told[0].encoded, 0), ERR_OK);
    assert_int_equal(ask("", told[0].encoded, 0), ERR_OK);
    assert_int_equal(ask("salt on the road", "no hash at all", 0), ERR_OK);
    /* There is nobody of this name: the same work, and no. */
    assert_int_equal(ask("salt on the road", NULL, 0), ERR_OK);
    run_until(6);
    assert_int_equal(told[1].err, ERR_OK);
    for (int i = 2; i < 6; i++)
        assert_int_equal(told[i].err, ERR_DENIED);
    each_was_told_once();
}

static void strangers_leave_room_for_those_who_work_here(void **state)
{
    (void)state;
    /* No thread runs yet: all of them wait. */
    for (int i = 0; i < HASHER_STRANGERS_MAX; i++)
        assert_int_equal(ask("guess", NULL, 0), ERR_OK);
    assert_int_equal(ask("guess", NULL, 0), ERR_BUSY);
    for (int i = HASHER_STRANGERS_MAX; i < HASHER_QUEUE_MAX; i++)
        assert_int_equal(ask("from her own phone", NULL, 1), ERR_OK);
    assert_int_equal(ask("from her own phone", NULL, 1), ERR_BUSY);

    char long_one[HASHER_PASSWORD_MAX + 2];
    memset(long_one, 'a', sizeof long_one - 1);
    long_one[sizeof long_one - 1] = 0;
    assert_int_equal(ask(long_one, NULL, 1), ERR_TOO_BIG);

    hasher_free(hasher);
    hasher = NULL;
    assert_int_equal(asked, HASHER_QUEUE_MAX);
    each_was_told_once();
    for (unsigned i = 0; i < asked; i++)
        assert_int_equal(told[i].err, ERR_CANCELLED);
}

static void those_who_wait_are_answered_while_more_come(void **state)
{
    (void)state;
    for (int i = 0; i < 20; i++)
        assert_int_equal(ask("guess", NULL, 1), ERR_OK);
    ask_again = 12;
    hasher_start(hasher);
    run_until(20 + 12);
    each_was_told_once();
    for (unsigned i = 0; i < asked; i++)
        assert_int_equal(told[i].err, ERR_DENIED);
}

static void whoever_still_waits_at_the_end_is_told_so(void **state)
{
    (void)state;
    hasher_start(hasher);
    for (int i = 0; i < 16; i++)
        assert_int_equal(ask("guess", NULL, 1), ERR_OK);
    /* One is answered; both threads are at the next, and what they have in hand is told too. */
    run_until(1);
    hasher_free(hasher);
    hasher = NULL;
    each_was_told_once();
    for (unsigned i = 0; i < asked; i++)
        assert_true(told[i].err == ERR_DENIED || told[i].err == ERR_CANCELLED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_password_is_known_again_and_no_other_is, begin, end),
        cmocka_unit_test_setup_teardown(strangers_leave_room_for_those_who_work_here, begin, end),
        cmocka_unit_test_setup_teardown(those_who_wait_are_answered_while_more_come, begin, end),
        cmocka_unit_test_setup_teardown(whoever_still_waits_at_the_end_is_told_so, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
