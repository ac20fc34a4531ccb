/* test_sequencer.c -- the bytes of a leaf and the text of a checkpoint, as docs/audit.md writes them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "common/base/rw.h"
#include "common/seal/sign.h"
#include "triage/vault/sequencer.h"

static struct audit_leaf leaf(void)
{
    struct audit_leaf l = {.desk = "usual"};
    memset(l.leaf_id, 1, sizeof l.leaf_id);
    memset(l.state_hash, 2, sizeof l.state_hash);
    memset(l.before_hash, 3, sizeof l.before_hash);
    memset(l.entry_sha256, 4, sizeof l.entry_sha256);
    return l;
}

static void a_leaf_is_hashed_as_written(void **state)
{
    (void)state;
    uint8_t bytes[1 + 13 + 16 + 16 + 96] = {0}, expected[32], got[32];
    struct audit_leaf l = leaf();
    memcpy(bytes + 1, "recourse leaf", 13);
    memset(bytes + 14, 1, 16);
    memcpy(bytes + 30, "usual", 5);
    memset(bytes + 46, 2, 32);
    memset(bytes + 78, 3, 32);
    memset(bytes + 110, 4, 32);
    sign_sha256(bytes, sizeof bytes, expected);
    sequencer_leaf_hash(&l, got);
    assert_memory_equal(got, expected, 32);
}

static void every_part_of_a_leaf_counts(void **state)
{
    (void)state;
    uint8_t first[32], other[32];
    struct audit_leaf l = leaf();
    sequencer_leaf_hash(&l, first);
    uint8_t *const parts[] = {l.leaf_id, (uint8_t *)l.desk, l.state_hash, l.before_hash, l.entry_sha256};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        parts[i][0] ^= 1;
        sequencer_leaf_hash(&l, other);
        assert_memory_not_equal(first, other, 32);
        parts[i][0] ^= 1;
    }
}

static void a_checkpoint_names_origin_size_root_and_time(void **state)
{
    (void)state;
    struct merkle tree;
    struct buf text = BUF_INIT(1000);
    merkle_init(&tree);
    assert_int_equal(sequencer_checkpoint_text("recourse/office-1", &tree, 0, &text), ERR_OK);
    assert_string_equal(buf_text(&text), "recourse/office-1\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n"
                                         "time 1970-01-01T00:00:00Z\n");
    buf_free(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_leaf_is_hashed_as_written),
        cmocka_unit_test(every_part_of_a_leaf_counts),
        cmocka_unit_test(a_checkpoint_names_origin_size_root_and_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
