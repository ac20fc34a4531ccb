/* test_primitives.c -- Wycheproof's cases against the code that everything else in seal stands on. */
#include "common/base/mem.h"
#include "common/seal/aead.h"
#include "common/seal/hpke.h"
#include "common/seal/sign.h"
#include "common/seal/x25519.h"
#include "tests/unit/seal/vectors.h"

struct count {
    int held, refused, passed_over;
};

static void play_aes_gcm(const json_t *group, const json_t *test, void *room)
{
    struct count *count = room;
    if (json_integer_value(json_object_get(group, "keySize")) != 256 ||
        json_integer_value(json_object_get(group, "ivSize")) != 96) {
        count->passed_over++; /* we make no such key or nonce */
        return;
    }
    struct buf key = vectors_hex(test, "key"), nonce = vectors_hex(test, "iv"), aad = vectors_hex(test, "aad"),
               text = vectors_hex(test, "msg"), sealed = vectors_hex(test, "ct"), tag = vectors_hex(test, "tag");
    uint8_t opened[4096], again[4096];
    size_t len = sealed.len;
    struct aead_key with = {AEAD_AES_256_GCM, key.bytes, nonce.bytes};
    assert_int_equal(buf_add(&sealed, tag.bytes, tag.len), ERR_OK);
    enum err err = aead_open(&with, aad.bytes, aad.len, sealed.bytes, sealed.len, opened);
    if (vectors_is(test, "result", "valid")) {
        assert_int_equal(err, ERR_OK);
        assert_memory_equal(opened, buf_text(&text), text.len);
        assert_int_equal(aead_seal(&with, aad.bytes, aad.len, text.bytes, text.len, again), ERR_OK);
        assert_memory_equal(again, sealed.bytes, sealed.len);
        count->held++;
    } else {
        static const uint8_t nothing[4096];
        assert_int_equal(err, ERR_CRYPTO);
        assert_memory_equal(opened, nothing, len);
        count->refused++;
    }
    buf_free(&key), buf_free(&nonce), buf_free(&aad), buf_free(&text), buf_free(&sealed), buf_free(&tag);
}

static void aes_256_gcm_is_wycheproofs(void **state)
{
    (void)state;
    struct count count = {0};
    vectors_wycheproof("crypto/wycheproof-aes_gcm_test.json", play_aes_gcm, &count);
    assert_int_equal(count.held, 39);
    assert_int_equal(count.refused, 27);
}

static void play_hkdf(const json_t *group, const json_t *test, void *room)
{
    (void)group;
    struct count *count = room;
    struct buf ikm = vectors_hex(test, "ikm"), salt = vectors_hex(test, "salt"), info = vectors_hex(test, "info"),
               expected = vectors_hex(test, "okm");
    size_t len = (size_t)json_integer_value(json_object_get(test, "size"));
    uint8_t out[255 * 32];
    if (vectors_is(test, "result", "valid")) {
        sign_hkdf(ikm.bytes, ikm.len, salt.bytes, salt.len, info.bytes, info.len, out, len);
        assert_int_equal(len, expected.len);
        assert_memory_equal(out, expected.bytes, len);
        count->held++;
    } else {
        assert_true(len > sizeof out); /* the only invalid ones: over 255 hashes, which stops the process */
        count->passed_over++;
    }
    buf_free(&ikm), buf_free(&salt), buf_free(&info), buf_free(&expected);
}

static void hkdf_is_wycheproofs(void **state)
{
    (void)state;
    struct count count = {0};
    vectors_wycheproof("crypto/wycheproof-hkdf_sha256_test.json", play_hkdf, &count);
    assert_int_equal(count.held, 83);
    assert_int_equal(count.passed_over, 3);
}

static void play_hmac(const json_t *group, const json_t *test, void *room)
{
    struct count *count = room;
    size_t tag_size = (size_t)json_integer_value(json_object_get(group, "tagSize")) / 8;
    struct buf key = vectors_hex(test, "key"), text = vectors_hex(test, "msg"), tag = vectors_hex(test, "tag");
    uint8_t out[32];
    sign_hmac(key.bytes, key.len, text.bytes, text.len, out);
    int holds = tag.len == tag_size && mem_same(out, tag.bytes, tag_size);
    assert_int_equal(holds, vectors_is(test, "result", "valid"));
    holds ? count->held++ : count->refused++;
    buf_free(&key), buf_free(&text), buf_free(&tag);
}

static void hmac_is_wycheproofs(void **state)
{
    (void)state;
    struct count count = {0};
    vectors_wycheproof("crypto/wycheproof-hmac_sha256_test.json", play_hmac, &count);
    assert_int_equal(count.held, 66);
    assert_int_equal(count.refused, 108);
}

static int has_flag(const json_t *test, const char *flag)
{
    size_t i;
    json_t *value;
    json_array_foreach(json_object_get(test, "flags"), i,
                       value) if (strcmp(json_string_value(value), flag) == 0) return 1;
    return 0;
}

static void play_x25519(const json_t *group, const json_t *test, void *room)
{
    (void)group;
    struct count *count = room;
    struct buf theirs = vectors_hex(test, "public"), ours = vectors_hex(test, "private"),
               expected = vectors_hex(test, "shared");
    struct x25519 mine;
    uint8_t secret[32];
    x25519_begin(&mine, ours.bytes);
    enum err err = x25519_agree(&mine, theirs.bytes, secret);
    /* "acceptable" is pinned: only the all-zero secret is refused; twist and non-canonical points go by RFC 7748. */
    assert_int_equal(err, has_flag(test, "ZeroSharedSecret") ? ERR_CRYPTO : ERR_OK);
    assert_memory_equal(secret, expected.bytes, 32);
    err == ERR_OK ? count->held++ : count->refused++;
    x25519_end(&mine);
    buf_free(&theirs), buf_free(&ours), buf_free(&expected);
}

static void x25519_is_wycheproofs_and_refuses_the_zero_secret(void **state)
{
    (void)state;
    struct count count = {0};
    vectors_wycheproof("crypto/wycheproof-x25519_test.json", play_x25519, &count);
    assert_int_equal(count.held, 518 - 31);
    assert_int_equal(count.refused, 31);
}

/* The public half is had in a way of our own (x25519.c): compare it with the library's. */
static void public_keys_are_those_of_the_library(void **state)
{
    (void)state;
    for (int i = 0; i < 200; i++) {
        uint8_t private_key[32], public_key[32], expected[32];
        size_t len = sizeof expected;
        hpke_key_new(private_key, public_key);
        EVP_PKEY *key = EVP_PKEY_new_raw_private_key(EVP_PKEY_X25519, NULL, private_key, sizeof private_key);
        assert_int_equal(EVP_PKEY_get_raw_public_key(key, expected, &len), 1);
        EVP_PKEY_free(key);
        assert_memory_equal(public_key, expected, sizeof expected);
    }
}

static void play_ed25519(const json_t *group, const json_t *test, void *room)
{
    struct count *count = room;
    struct buf key = vectors_hex(json_object_get(group, "publicKey"), "pk"), text = vectors_hex(test, "msg"),
               signature = vectors_hex(test, "sig");
    int valid = vectors_is(test, "result", "valid");
    if (signature.len != SIGN_SIZE) {
        assert_false(valid); /* has no place in our type: readers refuse it by its length */
        count->passed_over++;
    } else {
        enum err err = sign_check(key.bytes, text.bytes, text.len, signature.bytes);
        assert_int_equal(err, valid ? ERR_OK : ERR_CRYPTO);
        valid ? count->held++ : count->refused++;
    }
    buf_free(&key), buf_free(&text), buf_free(&signature);
}

static void ed25519_is_wycheproofs(void **state)
{
    (void)state;
    struct count count = {0};
    vectors_wycheproof("crypto/wycheproof-ed25519_test.json", play_ed25519, &count);
    assert_int_equal(count.held, 88);
    assert_int_equal(count.refused + count.passed_over, 63);
    assert_true(count.refused > 40);
}

/* RFC 8032, section 7.1, test 2. */
static void a_signature_is_the_rfcs_and_changes_with_every_byte(void **state)
{
    (void)state;
    static const uint8_t seed[] = {0x4c, 0xcd, 0x08, 0x9b, 0x28, 0xff, 0x96, 0xda, 0x9d, 0xb6, 0xc3,
                                   0x46, 0xec, 0x11, 0x4e, 0x0f, 0x5b, 0x8a, 0x31, 0x9f, 0x35, 0xab,
                                   0xa6, 0x24, 0xda, 0x8c, 0xf6, 0xed, 0x4f, 0xb8, 0xa6, 0xfb};
    static const uint8_t begins[] = {0x92, 0xa0, 0x09, 0xa9, 0xf0, 0xd4, 0xca, 0xb8};
    struct sign_key *key;
    uint8_t public_key[32], signature[64], text[] = {0x72};
    assert_int_equal(sign_key_new(seed, &key), ERR_OK);
    sign_key_public(key, public_key);
    assert_int_equal(sign_make(key, text, 1, signature), ERR_OK);
    assert_memory_equal(signature, begins, sizeof begins);
    assert_int_equal(sign_check(public_key, text, 1, signature), ERR_OK);
    for (size_t i = 0; i < sizeof signature; i++) {
        signature[i] ^= 1;
        assert_int_equal(sign_check(public_key, text, 1, signature), ERR_CRYPTO);
        signature[i] ^= 1;
    }
    text[0] ^= 1;
    assert_int_equal(sign_check(public_key, text, 1, signature), ERR_CRYPTO);
    sign_key_free(key);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(aes_256_gcm_is_wycheproofs),
        cmocka_unit_test(hkdf_is_wycheproofs),
        cmocka_unit_test(hmac_is_wycheproofs),
        cmocka_unit_test(x25519_is_wycheproofs_and_refuses_the_zero_secret),
        cmocka_unit_test(public_keys_are_those_of_the_library),
        cmocka_unit_test(ed25519_is_wycheproofs),
        cmocka_unit_test(a_signature_is_the_rfcs_and_changes_with_every_byte),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
