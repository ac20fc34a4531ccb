/* What the log says was written and replaced, against what is there. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "common/seal/sign.h"
#include "operator/audit_chain.h"

static const uint8_t none[32];

struct heard {
    enum audit_chain_fault faults[8];
    int64_t where[8];
    size_t count;
};

static void hear(void *room, enum audit_chain_fault fault, int64_t where)
{
    struct heard *heard = room;
    assert_true(heard->count < 8);
    heard->faults[heard->count] = fault;
    heard->where[heard->count++] = where;
}

static const uint8_t *hash(unsigned n)
{
    static uint8_t hashes[4][32];
    static unsigned at;
    uint8_t *out = hashes[at++ % 4];
    sign_sha256(&n, sizeof n, out);
    return out;
}

static void test_the_newest_is_a_head_and_must_be_there(void **state)
{
    struct audit_chain *chain = audit_chain_new();
    struct heard heard = {0};
    (void)state;
    audit_chain_leaf(chain, hash(1), none, 1);
    audit_chain_leaf(chain, hash(2), hash(1), 2);
    audit_chain_leaf(chain, none, none, 3);
    audit_chain_leaf(chain, hash(9), none, 4);
    assert_int_equal(audit_chain_there(chain, hash(2)), AUDIT_CHAIN_HEAD);
    assert_int_equal(audit_chain_there(chain, hash(3)), AUDIT_CHAIN_UNKNOWN);
    audit_chain_faults(chain, hear, &heard);
    assert_int_equal(heard.count, 1);
    assert_int_equal(heard.faults[0], AUDIT_CHAIN_MISSING);
    assert_int_equal(heard.where[0], 4);
    audit_chain_free(chain);
}

static void test_an_old_one_is_told_from_the_newest(void **state)
{
    struct audit_chain *chain = audit_chain_new();
    struct heard heard = {0};
    (void)state;
    audit_chain_leaf(chain, hash(1), none, 1);
    audit_chain_leaf(chain, hash(2), hash(1), 2);
    assert_int_equal(audit_chain_there(chain, hash(1)), AUDIT_CHAIN_OLD);
    audit_chain_faults(chain, hear, &heard);
    assert_int_equal(heard.count, 1);
    assert_int_equal(heard.faults[0], AUDIT_CHAIN_MISSING);
    assert_int_equal(heard.where[0], 2);
    audit_chain_free(chain);
}

static void test_what_was_ended_need_not_be_there(void **state)
{
    struct audit_chain *chain = audit_chain_new();
    struct heard heard = {0};
    (void)state;
    audit_chain_leaf(chain, hash(1), none, 1);
    audit_chain_leaf(chain, none, hash(1), 2);
    audit_chain_faults(chain, hear, &heard);
    assert_int_equal(heard.count, 0);
    audit_chain_free(chain);
}

static void test_forks_repeats_and_rootless_ones_are_told_in_order(void **state)
{
    struct audit_chain *chain = audit_chain_new();
    struct heard heard = {0};
    (void)state;
    audit_chain_leaf(chain, hash(1), none, 1);
    audit_chain_leaf(chain, hash(2), hash(1), 2);
    audit_chain_leaf(chain, hash(3), hash(1), 3);
    audit_chain_leaf(chain, hash(4), none, 4);
    audit_chain_leaf(chain, hash(4), none, 5);
    audit_chain_leaf(chain, hash(6), hash(7), 6);
    for (unsigned n = 1; n <= 6; n++)
        (void)audit_chain_there(chain, hash(n));
    audit_chain_faults(chain, hear, &heard);
    assert_int_equal(heard.count, 3);
    assert_int_equal(heard.faults[0], AUDIT_CHAIN_FORK);
    assert_int_equal(heard.where[0], 1);
    assert_int_equal(heard.faults[1], AUDIT_CHAIN_TWICE);
    assert_int_equal(heard.where[1], 5);
    assert_int_equal(heard.faults[2], AUDIT_CHAIN_ROOTLESS);
    assert_int_equal(heard.where[2], 6);
    audit_chain_free(chain);
}

/* Leaves that wait for their place come in any order. */
static void test_the_order_of_leaves_does_not_matter(void **state)
{
    struct audit_chain *chain = audit_chain_new();
    struct heard heard = {0};
    (void)state;
    audit_chain_leaf(chain, hash(2), hash(1), 0);
    audit_chain_leaf(chain, hash(1), none, 0);
    assert_int_equal(audit_chain_there(chain, hash(2)), AUDIT_CHAIN_HEAD);
    audit_chain_faults(chain, hear, &heard);
    assert_int_equal(heard.count, 0);
    audit_chain_free(chain);
}

static void test_a_hundred_thousand_cases(void **state)
{
    enum { CASES = 100000 };
    struct audit_chain *chain = audit_chain_new();
    struct heard heard = {0};
    (void)state;
    for (unsigned n = 0; n < CASES; n++) {
        audit_chain_leaf(chain, hash(n), none, n + 1);
        audit_chain_leaf(chain, hash(n + CASES), hash(n), n + CASES + 1);
    }
    for (unsigned n = 0; n < CASES; n++)
        if (n != 77)
            assert_int_equal(audit_chain_there(chain, hash(n + CASES)), AUDIT_CHAIN_HEAD);
    audit_chain_faults(chain, hear, &heard);
    assert_int_equal(heard.count, 1);
    assert_int_equal(heard.where[0], 77 + CASES + 1);
    audit_chain_free(chain);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_newest_is_a_head_and_must_be_there),
        cmocka_unit_test(test_an_old_one_is_told_from_the_newest),
        cmocka_unit_test(test_what_was_ended_need_not_be_there),
        cmocka_unit_test(test_forks_repeats_and_rootless_ones_are_told_in_order),
        cmocka_unit_test(test_the_order_of_leaves_does_not_matter),
        cmocka_unit_test(test_a_hundred_thousand_cases),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
