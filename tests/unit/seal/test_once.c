/* test_once.c -- the same request twice: which keys are taken, and what follows from them. */
#include "common/seal/once.h"
#include "tests/unit/seal/vectors.h"

static const char uuid_4[] = "7c9e6679-7425-40de-944b-e07fc1f90ae7";

static void weak_keys_are_refused(void **state)
{
    (void)state;
    static char most[130], same[33];
    for (size_t i = 0; i < 129; i++)
        most[i] = (char)('a' + i % 26);
    memset(same, 'k', 32);
    const struct {
        const char *key;
        enum err err;
    } keys[] = {
        {uuid_4, ERR_OK},
        {"7C9E6679-7425-40DE-944B-E07FC1F90AE7", ERR_OK},
        {"7c9e6679-7425-10de-944b-e07fc1f90ae7", ERR_MALFORMED}, /* version 1: a clock */
        {"7c9e6679-7425-70de-944b-e07fc1f90ae7", ERR_MALFORMED}, /* version 7: mostly a clock */
        {"7c9e6679-7425-40de-c44b-e07fc1f90ae7", ERR_MALFORMED}, /* another variant */
        {"00000000-0000-0000-0000-000000000000", ERR_MALFORMED},
        {"mW3v0YQx8LrT5uJkZ2hN1g", ERR_OK},       /* 22 characters: 132 bits */
        {"mW3v0YQx8LrT5uJkZ2hN1", ERR_MALFORMED}, /* 21 */
        {"mW3v0YQx8LrT5uJkZ2h-_g", ERR_OK},
        {"mW3v0YQx8LrT5uJkZ2hN1=", ERR_MALFORMED}, /* not the alphabet */
        {"mW3v0YQx8LrT5uJkZ2hN1+", ERR_MALFORMED},
        {"mW3v0YQx8LrT5uJkZ2hN 1", ERR_MALFORMED},
        {"", ERR_MALFORMED},
        {"1", ERR_MALFORMED},
        {"00000000-0000-4000-8000-000000000000", ERR_MALFORMED}, /* of version 4, and nothing random in it */
        {same, ERR_MALFORMED},
        {"abcdabcdabcdabcdabcdabcd", ERR_MALFORMED},
        {"2718281828459045235360", ERR_OK},
        {most + 1, ERR_OK},    /* 128 */
        {most, ERR_MALFORMED}, /* 129 */
    };
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
        assert_int_equal(once_key_check(keys[i].key, strlen(keys[i].key)), keys[i].err);
}

static void the_same_request_is_the_same_rows(void **state)
{
    (void)state;
    const uint8_t secret[32] = {1}, body[32] = {2};
    struct once one, two;
    once_derive(secret, uuid_4, strlen(uuid_4), body, &one);
    once_derive(secret, uuid_4, strlen(uuid_4), body, &two);
    assert_memory_equal(&one, &two, sizeof one);
    assert_memory_not_equal(one.case_id, one.row_id, 16);
    assert_memory_not_equal(one.body_tag, one.receipt_seed, 32);
    assert_memory_not_equal(one.handle, one.body_tag, 32);
}

static void another_body_has_the_same_handle_and_nothing_else(void **state)
{
    (void)state;
    const uint8_t secret[32] = {1}, body[32] = {2}, other_body[32] = {3};
    struct once one, two;
    once_derive(secret, uuid_4, strlen(uuid_4), body, &one);
    once_derive(secret, uuid_4, strlen(uuid_4), other_body, &two);
    assert_memory_equal(one.handle, two.handle, 32);
    assert_memory_not_equal(one.body_tag, two.body_tag, 32);
    assert_memory_not_equal(one.case_id, two.case_id, 16);
    assert_memory_not_equal(one.row_id, two.row_id, 16);
    assert_memory_not_equal(one.receipt_seed, two.receipt_seed, 32);
}

static void another_key_or_secret_shares_nothing(void **state)
{
    (void)state;
    const uint8_t secret[32] = {1}, other_secret[32] = {4}, body[32] = {2};
    struct once made[4];
    once_derive(secret, uuid_4, strlen(uuid_4), body, &made[0]);
    once_derive(secret, "mW3v0YQx8LrT5uJkZ2hN1g", 22, body, &made[1]);
    once_derive(other_secret, uuid_4, strlen(uuid_4), body, &made[2]);
    once_random(&made[3]);
    for (size_t i = 0; i < 4; i++)
        for (size_t j = 0; j < i; j++) {
            assert_memory_not_equal(made[i].handle, made[j].handle, 32);
            assert_memory_not_equal(made[i].case_id, made[j].case_id, 16);
            assert_memory_not_equal(made[i].receipt_seed, made[j].receipt_seed, 32);
        }
}

/* For the database's indexes; what nobody may guess stays long enough. */
static void ids_made_without_a_key_lie_near_each_other(void **state)
{
    (void)state;
    struct once made[3];
    for (size_t i = 0; i < 3; i++)
        once_random(&made[i]);
    for (size_t i = 0; i < 2; i++) {
        assert_memory_equal(made[i].case_id, made[2].case_id, 4);
        assert_memory_equal(made[i].row_id, made[2].row_id, 4);
        assert_memory_not_equal(made[i].case_id + 4, made[2].case_id + 4, 12);
        assert_memory_not_equal(made[i].row_id + 4, made[2].row_id + 4, 12);
        assert_memory_not_equal(made[i].case_id + 4, made[i].row_id + 4, 12);
        assert_memory_not_equal(made[i].receipt_seed, made[2].receipt_seed, 32);
    }
    struct once later;
    for (int i = 0; i < 5000; i++)
        once_random(&later);
    assert_memory_not_equal(later.case_id, made[0].case_id, 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(weak_keys_are_refused),
        cmocka_unit_test(the_same_request_is_the_same_rows),
        cmocka_unit_test(another_body_has_the_same_handle_and_nothing_else),
        cmocka_unit_test(another_key_or_secret_shares_nothing),
        cmocka_unit_test(ids_made_without_a_key_lie_near_each_other),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
