/* test_merkle.c -- the published proofs of RFC 6962 trees, and our own trees against the definition. */
#include "common/seal/merkle.h"
#include "tests/unit/seal/vectors.h"

struct played {
    int held, refused, shapeless;
};

/* A list of hashes in a row; 0 when one has not the size of a hash. */
static int read_proof(const json_t *list, struct buf *out)
{
    size_t i;
    json_t *text;
    int good = 1;
    json_array_foreach(list, i, text)
    {
        struct buf hash = vectors_base64(text);
        good = good && hash.len == MERKLE_HASH;
        assert_int_equal(buf_add(out, hash.bytes, hash.len), ERR_OK);
        buf_free(&hash);
    }
    return good;
}

/* A root or leaf. Where the file has another text for one ("don't care 2") it is filled up: equal ones stay equal, and
 * different ones different. One that is not there stays empty. */
static struct buf read_hash(const json_t *test, const char *field)
{
    struct buf hash = vectors_base64(json_object_get(test, field));
    while (hash.len && hash.len < MERKLE_HASH)
        assert_int_equal(buf_add_byte(&hash, 0), ERR_OK);
    return hash;
}

/* Whether `check` may say yes; shapeless input cannot even be asked about. */
static void judge(const json_t *test, int shaped, enum err err, struct played *played)
{
    int must_fail = json_is_true(json_object_get(test, "wantErr"));
    if (!shaped) {
        assert_true(must_fail);
        played->shapeless++;
        return;
    }
    assert_int_equal(err != ERR_OK, must_fail);
    must_fail ? played->refused++ : played->held++;
}

static void play_inclusion(const json_t *test, struct played *played)
{
    struct buf root = read_hash(test, "root"), leaf = read_hash(test, "leafHash"), proof = BUF_INIT(1 << 16);
    int shaped = read_proof(json_object_get(test, "proof"), &proof) && root.len && leaf.len;
    uint64_t index = vectors_number(test, "leafIdx"), size = vectors_number(test, "treeSize");
    judge(test, shaped,
          shaped ? merkle_check_inclusion(index, size, leaf.bytes, proof.bytes, proof.len / MERKLE_HASH, root.bytes)
                 : ERR_MALFORMED,
          played);
    buf_free(&root), buf_free(&leaf), buf_free(&proof);
}

static void play_consistency(const json_t *test, struct played *played)
{
    struct buf old_root = read_hash(test, "root1"), new_root = read_hash(test, "root2"), proof = BUF_INIT(1 << 16);
    int shaped = read_proof(json_object_get(test, "proof"), &proof) && old_root.len && new_root.len;
    uint64_t old_size = vectors_number(test, "size1"), new_size = vectors_number(test, "size2");
    judge(test, shaped,
          shaped ? merkle_check_consistency(old_size, new_size, old_root.bytes, new_root.bytes, proof.bytes,
                                            proof.len / MERKLE_HASH)
                 : ERR_MALFORMED,
          played);
    buf_free(&old_root), buf_free(&new_root), buf_free(&proof);
}

static void published_proofs_are_judged_as_published(void **state)
{
    (void)state;
    json_t *whole = vectors_load_reals("tlog/rfc6962-proof-cases.json"), *test;
    struct played inclusion = {0}, consistency = {0};
    const char *name;
    json_object_foreach(json_object_get(whole, "files"), name, test)
    {
        if (strncmp(name, "inclusion/", 10) == 0)
            play_inclusion(test, &inclusion);
        if (strncmp(name, "consistency/", 12) == 0)
            play_consistency(test, &consistency);
    }
    assert_int_equal(inclusion.held, 6);
    assert_int_equal(inclusion.refused + inclusion.shapeless, 92);
    assert_int_equal(consistency.held, 6);
    assert_int_equal(consistency.refused + consistency.shapeless, 92);
    assert_true(inclusion.shapeless < 30 && consistency.shapeless < 30);
    json_decref(whole);
}

/* MTH of RFC 6962, section 2.1, by its own words: split at the largest power of two below n. */
static void define(uint8_t leaves[][32], size_t n, uint8_t out[32])
{
    if (n == 1) {
        memcpy(out, leaves[0], 32);
        return;
    }
    size_t k = 1;
    while (k * 2 < n)
        k *= 2;
    uint8_t left[32], right[32];
    define(leaves, k, left);
    define(leaves + k, n - k, right);
    merkle_node(left, right, out);
}

static void a_growing_tree_has_the_root_of_the_definition(void **state)
{
    (void)state;
    enum { LEAVES = 300 };
    static uint8_t leaves[LEAVES][32];
    struct merkle tree;
    uint8_t root[32], expected[32];
    merkle_init(&tree);
    for (size_t i = 0; i < LEAVES; i++) {
        merkle_leaf(&i, sizeof i, leaves[i]);
        merkle_add(&tree, leaves[i]);
        merkle_root(&tree, root);
        define(leaves, i + 1, expected);
        assert_memory_equal(root, expected, 32);
        assert_int_equal(tree.size, i + 1);
    }
}

static void an_empty_tree_is_the_hash_of_nothing(void **state)
{
    (void)state;
    static const uint8_t begins[] = {0xe3, 0xb0, 0xc4, 0x42};
    struct merkle tree;
    uint8_t root[32];
    merkle_init(&tree);
    merkle_root(&tree, root);
    assert_memory_equal(root, begins, sizeof begins);
}

/* The path of RFC 6962, section 2.1.1. */
static size_t prove(uint8_t leaves[][32], size_t n, size_t m, uint8_t *proof)
{
    if (n == 1)
        return 0;
    size_t k = 1, count;
    while (k * 2 < n)
        k *= 2;
    if (m < k) {
        count = prove(leaves, k, m, proof);
        define(leaves + k, n - k, proof + count * 32);
    } else {
        count = prove(leaves + k, n - k, m - k, proof);
        define(leaves, k, proof + count * 32);
    }
    return count + 1;
}

static void every_leaf_is_proven_in_its_own_place_and_in_no_other(void **state)
{
    (void)state;
    enum { LEAVES = 33 };
    static uint8_t leaves[LEAVES][32];
    uint8_t root[32], proof[64 * 32];
    for (size_t i = 0; i < LEAVES; i++)
        merkle_leaf(&i, sizeof i, leaves[i]);
    for (size_t n = 1; n <= LEAVES; n++) {
        define(leaves, n, root);
        for (size_t m = 0; m < n; m++) {
            size_t count = prove(leaves, n, m, proof);
            for (size_t at = 0; at < n; at++)
                assert_int_equal(merkle_check_inclusion(at, n, leaves[m], proof, count, root) == ERR_OK, at == m);
        }
        assert_int_equal(merkle_check_inclusion(n, n, leaves[0], proof, 0, root), ERR_MALFORMED);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(published_proofs_are_judged_as_published),
        cmocka_unit_test(a_growing_tree_has_the_root_of_the_definition),
        cmocka_unit_test(an_empty_tree_is_the_hash_of_nothing),
        cmocka_unit_test(every_leaf_is_proven_in_its_own_place_and_in_no_other),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
