/* test_order.c -- the ordered set against a sorted array. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "common/base/rng.h"
#include "triage/vault/order.h"

enum { NODES = 500, RUNS = 20000 };

static struct order order;
static struct order_node nodes[NODES];

static int earlier(const struct order_key *a, const struct order_key *b)
{
    if (a->first != b->first)
        return a->first < b->first;
    return a->second != b->second ? a->second < b->second : a->third < b->third;
}

static void it_stays_sorted_and_counts(void **state)
{
    (void)state;
    size_t count = 0;
    for (int run = 0; run < RUNS; run++) {
        uint32_t i = rng_below(NODES);
        if (nodes[i].size) {
            order_remove(&order, &nodes[i]);
            count--;
        } else {
            order_add(&order, &nodes[i], (struct order_key){rng_below(4), rng_below(4), i});
            count++;
        }
        assert_int_equal(order_count(&order), count);
    }
    for (size_t i = 0; i < count; i++) {
        struct order_node *node = order_at(&order, i);
        assert_int_equal(order_index(&order, node), i);
        if (i > 0)
            assert_true(earlier(&order_at(&order, i - 1)->key, &node->key));
    }
    assert_null(order_at(&order, count));
}

static void removing_what_is_not_there_is_fine(void **state)
{
    (void)state;
    struct order empty = {0};
    struct order_node node = {0};
    order_remove(&empty, &node);
    assert_null(order_at(&empty, 0));
    order_add(&empty, &node, (struct order_key){1, 1, 1});
    order_remove(&empty, &node);
    order_remove(&empty, &node);
    assert_int_equal(order_count(&empty), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_stays_sorted_and_counts),
        cmocka_unit_test(removing_what_is_not_there_is_fine),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
