/* test_queue.c -- who is taken next: the floor, taking turns, the overdue, and never one case twice. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "common/base/rng.h"
#include "triage/vault/queue.h"

enum { NOW = 1000000, HOUR = 3600, PLACES = 400 };

static struct queue queue;
static struct queue_place places[PLACES];

static int fresh(void **state)
{
    (void)state;
    memset(&queue, 0, sizeof queue);
    memset(places, 0, sizeof places);
    return 0;
}

static struct queue_place *put(unsigned i, enum queue_lane lane, uint8_t scale)
{
    struct queue_place *place = &places[i];
    place->severity = (struct severity){.scale = scale, .scope = 1, .irremediability = 1, .arrived = NOW + i};
    place->number = i;
    place->due = NOW + 1000 * HOUR;
    place->lane = lane;
    queue_put(&queue, place, NOW);
    return place;
}

static void the_floor_goes_first_from_either_lane(void **state)
{
    (void)state;
    put(0, LANE_FIRST_LOOK, 4);
    struct queue_place *grave = put(1, LANE_ASSESSED, 1);
    struct queue_place *danger = put(2, LANE_FIRST_LOOK, 1);
    grave->severity.grave = 1;
    danger->severity.danger_now = 1;
    queue_put(&queue, grave, NOW);
    queue_put(&queue, danger, NOW);
    assert_ptr_equal(queue_take(&queue, NOW), danger);
    assert_ptr_equal(queue_take(&queue, NOW), grave);
    assert_ptr_equal(queue_take(&queue, NOW), &places[0]);
    assert_null(queue_take(&queue, NOW));
}

static void outside_the_floor_the_lanes_take_turns(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 4; i++) {
        put(i, LANE_FIRST_LOOK, 1);
        put(10 + i, LANE_ASSESSED, 4);
    }
    int looks = 0;
    for (int i = 0; i < 8; i++) {
        struct queue_place *taken = queue_take(&queue, NOW);
        looks += taken->lane == LANE_FIRST_LOOK;
        if (i % 2)
            assert_int_equal(looks, (i + 1) / 2);
    }
}

static void a_flood_of_hellos_does_not_hide_an_assessed_case(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 300; i++)
        put(i, LANE_FIRST_LOOK, 0);
    struct queue_place *assessed = put(399, LANE_ASSESSED, 2);
    struct queue_place *first = queue_take(&queue, NOW), *second = queue_take(&queue, NOW);
    assert_true(first == assessed || second == assessed);
}

static void every_tenth_serves_the_most_overdue(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 50; i++)
        put(i, LANE_FIRST_LOOK, 3);
    struct queue_place *late = put(60, LANE_FIRST_LOOK, 1), *later = put(61, LANE_FIRST_LOOK, 1);
    late->due = NOW - HOUR;
    later->due = NOW - 2 * HOUR;
    queue_put(&queue, late, NOW);
    queue_put(&queue, later, NOW);
    for (int take = 1; take <= 20; take++) {
        struct queue_place *taken = queue_take(&queue, NOW);
        assert_int_equal(taken == later, take == 10);
        assert_int_equal(taken == late, take == 20);
    }
}

static void the_overdue_wait_while_the_floor_does(void **state)
{
    (void)state;
    struct queue_place *late = put(0, LANE_FIRST_LOOK, 1);
    late->due = NOW - HOUR;
    queue_put(&queue, late, NOW);
    for (unsigned i = 1; i <= 30; i++) {
        struct queue_place *grave = put(i, LANE_FIRST_LOOK, 1);
        grave->severity.grave = 1;
        queue_put(&queue, grave, NOW);
    }
    for (int i = 0; i < 30; i++)
        assert_ptr_not_equal(queue_take(&queue, NOW), late);
    assert_ptr_equal(queue_take(&queue, NOW), late);
}

static void no_case_is_given_twice(void **state)
{
    (void)state;
    int given[PLACES] = {0};
    for (unsigned i = 0; i < PLACES; i++) {
        struct queue_place *place = put(i, rng_below(2) ? LANE_FIRST_LOOK : LANE_ASSESSED, (uint8_t)rng_below(5));
        place->severity.grave = (uint8_t)(rng_below(5) == 0);
        place->due = NOW - (int64_t)rng_below(2) * HOUR;
        queue_put(&queue, place, NOW);
    }
    for (unsigned i = 0; i < PLACES; i++)
        assert_int_equal(given[queue_take(&queue, NOW)->number]++, 0);
    assert_null(queue_take(&queue, NOW));
}

/* ---- thirty-two officers at once: between two takes of one, the others take, give back and skip ---- */

enum { OFFICERS = 32, TAKES = 10000, CASES = 3000, NOBODY = -1 };

static struct {
    struct queue_place places[CASES];
    int holder[CASES];     /* who holds it */
    int skipped_by[CASES]; /* who is not given it */
    struct queue_place *of[OFFICERS];
} office;

static int may_have(const struct queue_place *place, void *room)
{
    return office.skipped_by[place->number] != *(const int *)room;
}

static void put_back(int officer, int skips)
{
    struct queue_place *place = office.of[officer];
    office.of[officer] = NULL;
    office.holder[place->number] = NOBODY;
    if (skips)
        office.skipped_by[place->number] = officer;
    place->lane = rng_below(2) ? LANE_FIRST_LOOK : LANE_ASSESSED;
    queue_put(&queue, place, NOW);
}

static void ten_thousand_takes_by_thirty_two_give_no_case_to_two(void **state)
{
    (void)state;
    memset(&office, 0, sizeof office);
    for (uint32_t i = 0; i < CASES; i++) {
        struct queue_place *place = &office.places[i];
        place->severity = (struct severity){.scale = (uint8_t)rng_below(5), .arrived = NOW + i};
        place->severity.grave = (uint8_t)(rng_below(9) == 0);
        place->number = i;
        place->due = NOW - (int64_t)rng_below(2) * HOUR;
        place->lane = rng_below(2) ? LANE_FIRST_LOOK : LANE_ASSESSED;
        office.holder[i] = office.skipped_by[i] = NOBODY;
        queue_put(&queue, place, NOW);
    }
    for (int take = 0; take < TAKES; take++) {
        int officer = (int)rng_below(OFFICERS);
        if (office.of[officer])
            put_back(officer, rng_below(3) == 0);
        struct queue_place *place = queue_take_for(&queue, NOW, may_have, &officer);
        assert_non_null(place);
        assert_int_equal(office.holder[place->number], NOBODY);
        assert_int_not_equal(office.skipped_by[place->number], officer);
        office.holder[place->number] = officer;
        office.of[officer] = place;
    }
    size_t held = 0, waiting = queue_count(&queue, LANE_FIRST_LOOK) + queue_count(&queue, LANE_ASSESSED);
    for (int i = 0; i < OFFICERS; i++)
        held += office.of[i] != NULL;
    assert_int_equal(held + waiting, CASES);
}

static void who_may_not_have_the_first_gets_the_next_in_the_same_order(void **state)
{
    (void)state;
    int officer = 7;
    for (unsigned i = 0; i < 4; i++)
        put(i, LANE_FIRST_LOOK, (uint8_t)(4 - i));
    for (unsigned i = 0; i < 4; i++)
        office.skipped_by[i] = i == 0 || i == 2 ? officer : NOBODY;
    assert_ptr_equal(queue_take_for(&queue, NOW, may_have, &officer), &places[1]);
    assert_ptr_equal(queue_take_for(&queue, NOW, may_have, &officer), &places[3]);
    assert_null(queue_take_for(&queue, NOW, may_have, &officer));
    assert_ptr_equal(queue_take(&queue, NOW), &places[0]); /* for the others it stands where it stood */
}

static void consultation_is_never_taken(void **state)
{
    (void)state;
    put(0, LANE_CONSULTATION, 4);
    assert_null(queue_take(&queue, NOW));
    assert_int_equal(queue_count(&queue, LANE_CONSULTATION), 1);
}

static void time_moves_a_case_up(void **state)
{
    (void)state;
    struct queue_place *heavy = put(0, LANE_FIRST_LOOK, 4), *clock = put(1, LANE_FIRST_LOOK, 3);
    clock->severity.by = NOW + 10 * 24 * HOUR;
    queue_put(&queue, clock, NOW);
    assert_ptr_equal(queue_at(&queue, LANE_FIRST_LOOK, 0), heavy);
    assert_int_equal(queue_move(&queue, NOW + HOUR, 100), 0);
    assert_int_equal(queue_move(&queue, NOW + 4 * 24 * HOUR, 100), 1);
    assert_ptr_equal(queue_at(&queue, LANE_FIRST_LOOK, 0), clock);
}

static void moving_between_lanes_leaves_nothing_behind(void **state)
{
    (void)state;
    struct queue_place *place = put(0, LANE_FIRST_LOOK, 2);
    place->lane = LANE_ASSESSED;
    queue_put(&queue, place, NOW);
    assert_int_equal(queue_count(&queue, LANE_FIRST_LOOK), 0);
    assert_int_equal(queue_count(&queue, LANE_ASSESSED), 1);
    place->lane = LANE_NONE;
    queue_put(&queue, place, NOW);
    assert_int_equal(queue_count(&queue, LANE_ASSESSED), 0);
    assert_null(queue_take(&queue, NOW));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(the_floor_goes_first_from_either_lane, fresh),
        cmocka_unit_test_setup(outside_the_floor_the_lanes_take_turns, fresh),
        cmocka_unit_test_setup(a_flood_of_hellos_does_not_hide_an_assessed_case, fresh),
        cmocka_unit_test_setup(every_tenth_serves_the_most_overdue, fresh),
        cmocka_unit_test_setup(the_overdue_wait_while_the_floor_does, fresh),
        cmocka_unit_test_setup(no_case_is_given_twice, fresh),
        cmocka_unit_test_setup(ten_thousand_takes_by_thirty_two_give_no_case_to_two, fresh),
        cmocka_unit_test_setup(who_may_not_have_the_first_gets_the_next_in_the_same_order, fresh),
        cmocka_unit_test_setup(consultation_is_never_taken, fresh),
        cmocka_unit_test_setup(time_moves_a_case_up, fresh),
        cmocka_unit_test_setup(moving_between_lanes_leaves_nothing_behind, fresh),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
