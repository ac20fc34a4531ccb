/* sign.c -- see sign.h. Hashing is kdf.c's; here it gets the plain forms that other rooms use. */
#include "common/seal/sign.h"

#include <openssl/err.h>
#include <openssl/evp.h>

#include "common/base/mem.h"
#include "common/base/rng.h"
#include "common/seal/kdf.h"

struct sign_key {
    EVP_PKEY *key;
    uint8_t public_key[SIGN_PUBLIC];
};

void sign_seed_new(uint8_t seed[static 32], uint8_t public_key[static 32])
{
    rng_bytes(seed, SIGN_SEED);
    struct sign_key *key;
    need(sign_key_new(seed, &key) == ERR_OK);
    sign_key_public(key, public_key);
    sign_key_free(key);
}

enum err sign_key_new(const uint8_t seed[static 32], struct sign_key **out)
{
    *out = NULL;
    EVP_PKEY *key = EVP_PKEY_new_raw_private_key_ex(NULL, "ED25519", NULL, seed, SIGN_SEED);
    if (!key) {
        ERR_clear_error();
        return ERR_CRYPTO;
    }
    *out = mem_new(sizeof **out);
    (*out)->key = key;
    size_t len = SIGN_PUBLIC;
    need(EVP_PKEY_get_raw_public_key(key, (*out)->public_key, &len) == 1 && len == SIGN_PUBLIC);
    return ERR_OK;
}

void sign_key_free(struct sign_key *key)
{
    if (!key)
        return;
    EVP_PKEY_free(key->key);
    mem_free(key);
}

void sign_key_public(const struct sign_key *key, uint8_t out[static 32])
{
    for (size_t i = 0; i < SIGN_PUBLIC; i++)
        out[i] = key->public_key[i];
}

enum err sign_make(const struct sign_key *key, const void *bytes, size_t len, uint8_t out[static 64])
{
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    need(ctx != NULL);
    size_t out_len = SIGN_SIZE;
    int made = EVP_DigestSignInit_ex(ctx, NULL, NULL, NULL, NULL, key->key, NULL) == 1 &&
               EVP_DigestSign(ctx, out, &out_len, bytes, len) == 1 && out_len == SIGN_SIZE;
    EVP_MD_CTX_free(ctx);
    if (made)
        return ERR_OK;
    ERR_clear_error();
    return ERR_CRYPTO;
}

enum err sign_check(const uint8_t public_key[static 32], const void *bytes, size_t len,
                    const uint8_t signature[static 64])
{
    EVP_PKEY *key = EVP_PKEY_new_raw_public_key_ex(NULL, "ED25519", NULL, public_key, SIGN_PUBLIC);
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    need(ctx != NULL);
    int holds = key && EVP_DigestVerifyInit_ex(ctx, NULL, NULL, NULL, NULL, key, NULL) == 1 &&
                EVP_DigestVerify(ctx, signature, SIGN_SIZE, bytes, len) == 1;
    EVP_MD_CTX_free(ctx);
    EVP_PKEY_free(key);
    if (holds)
        return ERR_OK;
    ERR_clear_error();
    return ERR_CRYPTO;
}

void sign_sha256(const void *bytes, size_t len, uint8_t out[static 32])
{
    kdf_hash(HASH_SHA256, &(struct kdf_part){bytes, len}, 1, out);
}

void sign_hmac(const void *key, size_t key_len, const void *bytes, size_t len, uint8_t out[static 32])
{
    kdf_hmac(HASH_SHA256, key, key_len, &(struct kdf_part){bytes, len}, 1, out);
}

void sign_hkdf(const void *ikm, size_t ikm_len, const void *salt, size_t salt_len, const void *info, size_t info_len,
               uint8_t *out, size_t len)
{
    uint8_t prk[32];
    kdf_hmac(HASH_SHA256, salt, salt_len, &(struct kdf_part){ikm, ikm_len}, 1, prk);
    kdf_expand(HASH_SHA256, prk, &(struct kdf_part){info, info_len}, 1, out, len);
    mem_wipe(prk, sizeof prk);
}
