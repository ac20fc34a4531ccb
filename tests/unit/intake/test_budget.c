/* Budgets: what counts as how much, for how long, and that nothing grows. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "intake/budget.h"
#include "intake/limits.h"

static const uint8_t here[HTTP_NETWORK] = {4, 10, 0, 1}, there[HTTP_NETWORK] = {4, 10, 0, 2};

static enum budget_says report(struct budget *budget, const uint8_t *network, int is_paid, int64_t now)
{
    uint64_t fresh = 0;
    return budget_take(budget, &(struct budget_who){network, &fresh}, is_paid, now);
}

static struct budget *of_network(int64_t network, int64_t office)
{
    return budget_new(&(struct budget_limits){.network = network, .office = office, .aside_times = 3});
}

static void within_the_budget_nobody_is_asked(void **state)
{
    (void)state;
    struct budget *budget = of_network(5, 0);
    for (int i = 0; i < 5; i++)
        assert_int_equal(report(budget, here, 0, 1000), BUDGET_TAKES);
    assert_int_equal(report(budget, here, 0, 1000), BUDGET_ASKS);
    assert_int_equal(report(budget, there, 0, 1000), BUDGET_TAKES);
    budget_free(budget);
}

static void who_was_asked_was_not_counted(void **state)
{
    (void)state;
    struct budget *budget = of_network(2, 0);
    for (int i = 0; i < 1000; i++)
        (void)report(budget, here, 0, 1000);
    assert_int_equal(report(budget, here, 1, 1000), BUDGET_TAKES);
    budget_free(budget);
}

static void far_over_it_what_is_paid_for_is_set_aside(void **state)
{
    (void)state;
    struct budget *budget = of_network(2, 0);
    for (int i = 0; i < 6; i++)
        assert_int_equal(report(budget, here, 1, 1000), BUDGET_TAKES);
    assert_int_equal(report(budget, here, 1, 1000), BUDGET_ASIDE);
    assert_int_equal(report(budget, here, 0, 1000), BUDGET_ASKS);
    budget_free(budget);
}

static void counts_drain_with_time(void **state)
{
    (void)state;
    struct budget *budget = of_network(10, 0);
    for (int i = 0; i < 10; i++)
        (void)report(budget, here, 0, 1000);
    assert_int_equal(report(budget, here, 0, 1000), BUDGET_ASKS);
    assert_int_equal(report(budget, here, 0, 1000 + LIMIT_BUDGET_WINDOW_S / 10 - 1), BUDGET_ASKS);
    assert_int_equal(report(budget, here, 0, 1000 + LIMIT_BUDGET_WINDOW_S / 10 + 1), BUDGET_TAKES);
    /* However often somebody came meanwhile: looking does not hold it up. */
    for (int64_t at = 1000; at < 1200; at++)
        (void)report(budget, there, 1, at);
    assert_int_equal(report(budget, here, 0, 1000 + 2 * LIMIT_BUDGET_WINDOW_S), BUDGET_TAKES);
    budget_free(budget);
}

static void a_flood_is_not_paid_for_by_those_who_come_an_hour_later(void **state)
{
    (void)state;
    struct budget *budget = of_network(0, 10);
    for (int i = 0; i < 100000; i++)
        (void)report(budget, NULL, 1, 1000);
    assert_int_equal(report(budget, NULL, 1, 1000), BUDGET_ASIDE);
    assert_int_equal(report(budget, NULL, 0, 1000 + 4 * LIMIT_BUDGET_WINDOW_S), BUDGET_TAKES);
    budget_free(budget);
}

static void steady_honest_traffic_is_never_asked(void **state)
{
    (void)state;
    struct budget *budget = of_network(60, 0);
    for (int64_t at = 0; at < 3 * LIMIT_BUDGET_WINDOW_S; at += 11)
        assert_int_equal(report(budget, here, 0, 1000 + at), BUDGET_TAKES);
    budget_free(budget);
}

static void a_connection_counts_for_itself(void **state)
{
    (void)state;
    uint64_t one = 0, other = 0;
    struct budget *budget = budget_new(&(struct budget_limits){.connection = 2, .aside_times = 2});
    const struct budget_who first = {NULL, &one}, second = {NULL, &other};
    assert_int_equal(budget_take(budget, &first, 0, 10), BUDGET_TAKES);
    assert_int_equal(budget_take(budget, &first, 0, 10), BUDGET_TAKES);
    assert_int_equal(budget_take(budget, &first, 0, 10), BUDGET_ASKS);
    assert_int_equal(budget_take(budget, &second, 0, 10), BUDGET_TAKES);
    for (int i = 0; i < 2; i++)
        assert_int_equal(budget_take(budget, &first, 1, 10), BUDGET_TAKES);
    assert_int_equal(budget_take(budget, &first, 1, 10), BUDGET_ASIDE);
    budget_free(budget);
}

static void the_few_are_not_set_aside_for_what_others_send(void **state)
{
    (void)state;
    struct budget *budget = of_network(50, 10);
    for (int i = 0; i < 200; i++)
        (void)report(budget, here, 1, 1000);
    assert_int_equal(report(budget, here, 1, 1000), BUDGET_ASIDE);
    for (int i = 0; i < LIMIT_BUDGET_FEW; i++)
        assert_int_equal(report(budget, there, 1, 1000), BUDGET_TAKES);
    assert_int_equal(report(budget, there, 1, 1000), BUDGET_ASIDE);
    assert_int_equal(report(budget, there, 0, 1000), BUDGET_ASKS);
    assert_int_equal(report(budget, NULL, 1, 1000), BUDGET_ASIDE);
    budget_free(budget);
}

static void with_the_hour_all_is_forgotten(void **state)
{
    (void)state;
    struct budget *budget = budget_new(&(struct budget_limits){.network = 100, .aside_times = 9});
    for (int i = 0; i < 1000; i++)
        (void)report(budget, here, 1, 1000);
    assert_int_equal(report(budget, here, 0, 1000 + LIMIT_BUDGET_KEY_S - 1), BUDGET_ASKS);
    assert_int_equal(report(budget, here, 0, 1000 + LIMIT_BUDGET_KEY_S), BUDGET_TAKES);
    budget_free(budget);
}

static void no_budget_counts_nothing(void **state)
{
    (void)state;
    struct budget *budget = budget_new(&(struct budget_limits){.aside_times = 1});
    uint64_t connection = 0;
    for (int i = 0; i < 1000; i++)
        assert_int_equal(budget_take(budget, &(struct budget_who){here, &connection}, 0, 5), BUDGET_TAKES);
    assert_int_equal(connection, 0);
    budget_free(budget);
}

/* Half a million networks in a table for sixty thousand: nothing grows, and who sends much is not crowded out. */
static void many_networks_crowd_nobody_out(void **state)
{
    (void)state;
    struct budget *budget = of_network(5, 0);
    for (int i = 0; i < 6; i++)
        (void)report(budget, here, 1, 1000);
    for (uint32_t i = 0; i < 500000; i++) {
        uint8_t network[HTTP_NETWORK] = {6};
        memcpy(network + 1, &i, sizeof i);
        (void)report(budget, network, 0, 1000);
    }
    assert_int_equal(report(budget, here, 0, 1000), BUDGET_ASKS);
    budget_free(budget);
}

/* As many processes at the same time as the machine likes: what each counts, all see. */
static void workers_count_together(void **state)
{
    (void)state;
    enum { WORKERS = 4, EACH = 500 };
    struct budget *budget = of_network(WORKERS * EACH, 0);
    for (int i = 0; i < WORKERS; i++) {
        pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0) {
            int takes = 0;
            for (int n = 0; n < EACH; n++)
                takes += report(budget, here, 0, 1000) == BUDGET_TAKES;
            _exit(takes == EACH ? 0 : 1);
        }
    }
    for (int i = 0; i < WORKERS; i++) {
        int status;
        assert_true(wait(&status) > 0);
        assert_int_equal(status, 0);
    }
    assert_int_equal(report(budget, here, 0, 1000), BUDGET_ASKS);
    assert_int_equal(report(budget, there, 0, 1000), BUDGET_TAKES);
    budget_free(budget);
}

static void room_is_taken_in_pieces_and_given_back_with_time(void **state)
{
    (void)state;
    struct budget *budget = of_network(56, 0);
    assert_true(budget_fits(budget, here, 32, 1000));
    assert_false(budget_fits(budget, here, 32, 1000)); /* not counted */
    assert_true(budget_fits(budget, here, 24, 1000));
    assert_false(budget_fits(budget, here, 1, 1000));
    assert_true(budget_fits(budget, there, 56, 1000));
    assert_false(budget_fits(budget, here, 57, 1000 + 5 * LIMIT_BUDGET_WINDOW_S));
    assert_true(budget_fits(budget, here, 28, 1000 + LIMIT_BUDGET_WINDOW_S / 2 + 1));
    assert_false(budget_fits(budget, here, 1, 1000 + LIMIT_BUDGET_WINDOW_S / 2 + 1));
    assert_true(budget_fits(budget, NULL, 1000, 1000)); /* nobody knows from where: the folder's own limit holds */
    budget_free(budget);
    budget = of_network(0, 0);
    assert_true(budget_fits(budget, here, 1000, 1000));
    budget_free(budget);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(within_the_budget_nobody_is_asked),
        cmocka_unit_test(who_was_asked_was_not_counted),
        cmocka_unit_test(far_over_it_what_is_paid_for_is_set_aside),
        cmocka_unit_test(counts_drain_with_time),
        cmocka_unit_test(a_flood_is_not_paid_for_by_those_who_come_an_hour_later),
        cmocka_unit_test(steady_honest_traffic_is_never_asked),
        cmocka_unit_test(a_connection_counts_for_itself),
        cmocka_unit_test(the_few_are_not_set_aside_for_what_others_send),
        cmocka_unit_test(with_the_hour_all_is_forgotten),
        cmocka_unit_test(no_budget_counts_nothing),
        cmocka_unit_test(many_networks_crowd_nobody_out),
        cmocka_unit_test(workers_count_together),
        cmocka_unit_test(room_is_taken_in_pieces_and_given_back_with_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
