/* test_hashes.c -- the bytes that a state's signature and the audit stand on, kept by examples worked out apart. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "common/base/code.h"
#include "common/seal/sign.h"
#include "store/hashes.h"

static const uint8_t id[16] = {1, 2, 3}, rows_hash[32] = {9}, signature[64] = {7};
static const struct hashes_item item = {.shelf = 1,
                                        .id = id,
                                        .version = 258,
                                        .messages = 3,
                                        .fence = 0xff00000000000001u,
                                        .rows_hash = rows_hash,
                                        .body = (const uint8_t *)"sealed",
                                        .body_len = 6};

static void signed_bytes_are_laid_out_as_told(void **state)
{
    (void)state;
    uint8_t bytes[HASHES_SIGNED_SIZE], body_hash[32];
    hashes_signed_bytes(&item, bytes);
    sign_sha256("sealed", 6, body_hash);
    assert_int_equal(sizeof bytes, 118);
    assert_memory_equal(bytes, "recourse item\x01\x01\x02\x03", 17);
    assert_memory_equal(bytes + 30, "\0\0\0\0\0\0\1\2\xff\0\0\0\0\0\0\1\0\0\0\0\0\0\0\3\x09", 25);
    assert_memory_equal(bytes + 86, body_hash, 32);
}

static void a_state_hash_depends_on_each_of_its_parts(void **state)
{
    (void)state;
    uint8_t first[32], other[32], longer[64] = {7};
    char hex[65];
    hashes_state(&item, "usual", signature, first);
    code_hex(first, 32, hex);
    assert_string_equal(hex, "90af3f05d04da803c37bf31e2473f23c60b30d5be40feaa7b4a23769fdc5c5fb");
    struct hashes_item changed = item;
    changed.messages = 4;
    hashes_state(&changed, "usual", signature, other);
    assert_memory_not_equal(first, other, 32);
    hashes_state(&item, "usual2", signature, other);
    assert_memory_not_equal(first, other, 32);
    longer[63] = 1;
    hashes_state(&item, "usual", longer, other);
    assert_memory_not_equal(first, other, 32);
}

static void the_running_hash_knows_order_place_body_and_signature(void **state)
{
    (void)state;
    struct envelope_place one = {.office = 1, .n = 1}, two = {.office = 1, .n = 2};
    uint8_t forward[32] = {0}, backward[32] = {0}, unsigned_row[32] = {0}, signed_row[32] = {0}, expected[32],
            place[256];
    hashes_add_row(forward, &one, (const uint8_t *)"a", 1, NULL);
    hashes_add_row(forward, &two, (const uint8_t *)"a", 1, NULL);
    hashes_add_row(backward, &two, (const uint8_t *)"a", 1, NULL);
    hashes_add_row(backward, &one, (const uint8_t *)"a", 1, NULL);
    assert_memory_not_equal(forward, backward, 32);
    hashes_add_row(unsigned_row, &one, (const uint8_t *)"a", 1, NULL);
    hashes_add_row(signed_row, &one, (const uint8_t *)"a", 1, signature);
    assert_memory_not_equal(unsigned_row, signed_row, 32);
    /* By hand: 32 zero bytes, the place, the body's hash. */
    memset(place, 0, sizeof place);
    envelope_place_bytes(&one, place + 32);
    sign_sha256("a", 1, place + 32 + ENVELOPE_PLACE_SIZE);
    sign_sha256(place, 32 + ENVELOPE_PLACE_SIZE + 32, expected);
    assert_memory_equal(unsigned_row, expected, 32);
}

int main(void)
{
    const struct CMUnitTest stories[] = {
        cmocka_unit_test(signed_bytes_are_laid_out_as_told),
        cmocka_unit_test(a_state_hash_depends_on_each_of_its_parts),
        cmocka_unit_test(the_running_hash_knows_order_place_body_and_signature),
    };
    return cmocka_run_group_tests(stories, NULL, NULL);
}
