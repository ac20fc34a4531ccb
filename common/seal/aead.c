/* aead.c -- see aead.h. */
#include "common/seal/aead.h"

#include <openssl/err.h>

#include "common/base/mem.h"

static EVP_CIPHER_CTX *aead_begin(const struct aead_key *key, int sealing, const void *aad, size_t aad_len)
{
    EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
    need(ctx != NULL);
    int unused;
    need(EVP_CipherInit_ex2(ctx, algorithm_aead(key->which)->cipher, key->key, key->nonce, sealing, NULL) == 1);
    need(aad_len == 0 || EVP_CipherUpdate(ctx, NULL, &unused, aad, (int)aad_len) == 1);
    return ctx;
}

enum err aead_seal(const struct aead_key *key, const void *aad, size_t aad_len, const uint8_t *text, size_t len,
                   uint8_t *out)
{
    if (len > AEAD_TEXT_MAX || aad_len > AEAD_TEXT_MAX)
        return ERR_TOO_BIG;
    EVP_CIPHER_CTX *ctx = aead_begin(key, 1, aad, aad_len);
    int put = 0;
    need(len == 0 || EVP_CipherUpdate(ctx, out, &put, text, (int)len) == 1);
    need(EVP_CipherFinal_ex(ctx, out + put, &put) == 1);
    need(EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_GET_TAG, AEAD_TAG, out + len) == 1);
    EVP_CIPHER_CTX_free(ctx);
    return ERR_OK;
}

enum err aead_open(const struct aead_key *key, const void *aad, size_t aad_len, const uint8_t *sealed, size_t len,
                   uint8_t *out)
{
    if (len < AEAD_TAG)
        return ERR_MALFORMED;
    len -= AEAD_TAG;
    if (len > AEAD_TEXT_MAX || aad_len > AEAD_TEXT_MAX)
        return ERR_TOO_BIG;
    EVP_CIPHER_CTX *ctx = aead_begin(key, 0, aad, aad_len);
    uint8_t tag[AEAD_TAG], none[AEAD_TAG];
    for (size_t i = 0; i < AEAD_TAG; i++)
        tag[i] = sealed[len + i];
    int put = 0;
    need(len == 0 || EVP_CipherUpdate(ctx, out, &put, sealed, (int)len) == 1);
    need(EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_SET_TAG, AEAD_TAG, tag) == 1);
    enum err err = EVP_CipherFinal_ex(ctx, none, &put) == 1 ? ERR_OK : ERR_CRYPTO;
    EVP_CIPHER_CTX_free(ctx);
    if (err != ERR_OK) {
        mem_wipe(out, len); /* EVP hands out plaintext before it has checked the tag */
        ERR_clear_error();  /* what is left in the queue would be read as the next connection's fault */
    }
    return err;
}
