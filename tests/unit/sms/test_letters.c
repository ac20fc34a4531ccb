/* The places for texts under way: a provider that is down takes no more than its channel's share of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "common/base/mem.h"
#include "sms-gateway/letters.h"

/* Up to `most` texts of that channel are put under way; returns how many found a place. */
static unsigned fill(struct letters *letters, const char *channel, uint8_t first, unsigned most)
{
    unsigned count = 0;
    for (struct letter *letter; count < most && (letter = letters_place(letters, channel)); count++) {
        assert_int_equal(letter->state, LETTER_FREE);
        letter->state = LETTER_SENDING;
        letter->id[0] = (uint8_t)(first + count);
        snprintf(letter->channel, sizeof letter->channel, "%s", channel);
    }
    return count;
}

static void one_channel_has_its_share_and_the_next_finds_places(void **state)
{
    (void)state;
    struct letters *letters = mem_new(sizeof *letters);
    assert_int_equal(fill(letters, "down", 0, LETTERS_MAX), LETTERS_OF_ONE_MAX);
    assert_int_equal(fill(letters, "up", 100, 1), 1);
    assert_int_equal(fill(letters, "webhook:a", 110, LETTERS_MAX), 4);
    assert_int_equal(fill(letters, "webhook:b", 120, LETTERS_MAX), 4);
    assert_int_equal(fill(letters, "webhook:c", 130, LETTERS_MAX), 4);
    assert_int_equal(fill(letters, "webhook:d", 140, LETTERS_MAX), 0);
    mem_free(letters);
}

static void who_is_done_makes_room_and_is_known_no_more(void **state)
{
    (void)state;
    static const uint8_t id[16] = {7};
    struct letters *letters = mem_new(sizeof *letters);
    uint8_t ids[LETTERS_MAX][16];
    assert_int_equal(letters_under_way(letters, ids), 0);
    assert_int_equal(fill(letters, "down", 0, LETTERS_MAX), LETTERS_OF_ONE_MAX);
    assert_int_equal(letters_under_way(letters, ids), LETTERS_OF_ONE_MAX);
    assert_null(letters_place(letters, "down"));
    struct letter *letter = letters_find(letters, id);
    assert_non_null(letter);
    letters_free(letter);
    assert_null(letters_find(letters, id));
    assert_ptr_equal(letters_place(letters, "down"), letter);
    mem_free(letters);
}

static void all_places_may_be_taken(void **state)
{
    (void)state;
    static const char *const channels[] = {"a", "b", "c", "d"};
    struct letters *letters = mem_new(sizeof *letters);
    unsigned taken = 0;
    for (uint8_t i = 0; i < 4; i++)
        taken += fill(letters, channels[i], (uint8_t)(i * LETTERS_OF_ONE_MAX), LETTERS_MAX);
    assert_int_equal(taken, LETTERS_MAX);
    assert_null(letters_place(letters, "d"));
    mem_free(letters);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_channel_has_its_share_and_the_next_finds_places),
        cmocka_unit_test(who_is_done_makes_room_and_is_known_no_more),
        cmocka_unit_test(all_places_may_be_taken),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
