/* kdf.c -- see kdf.h. A failure here is the library's or the machine's, never the input's, and stops the process. */
#include "common/seal/kdf.h"

#include <string.h>

#include "common/base/err.h"
#include "common/base/mem.h"

static void digest_begin(EVP_MD_CTX *ctx, const EVP_MD *md)
{
    need(EVP_DigestInit_ex2(ctx, md, NULL) == 1);
}

static void digest_parts(EVP_MD_CTX *ctx, const struct kdf_part *parts, size_t count)
{
    for (size_t i = 0; i < count; i++)
        need(parts[i].len == 0 || EVP_DigestUpdate(ctx, parts[i].bytes, parts[i].len) == 1);
}

static void digest_end(EVP_MD_CTX *ctx, uint8_t *out)
{
    need(EVP_DigestFinal_ex(ctx, out, NULL) == 1);
}

void kdf_hash(enum algorithm_hash hash, const struct kdf_part *parts, size_t count, uint8_t *out)
{
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    need(ctx != NULL);
    digest_begin(ctx, algorithm_hash(hash)->md);
    digest_parts(ctx, parts, count);
    digest_end(ctx, out);
    EVP_MD_CTX_free(ctx);
}

/* A key of at most one block, zero-filled and XORed with the pad byte of RFC 2104, goes in first. */
static void digest_pad(EVP_MD_CTX *ctx, const uint8_t *key, size_t key_len, size_t block, uint8_t pad_byte)
{
    uint8_t pad[KDF_BLOCK_MAX];
    memset(pad, pad_byte, block);
    for (size_t i = 0; i < key_len; i++)
        pad[i] ^= key[i];
    need(EVP_DigestUpdate(ctx, pad, block) == 1);
    mem_wipe(pad, sizeof pad);
}

void kdf_hmac(enum algorithm_hash hash, const void *key, size_t key_len, const struct kdf_part *parts, size_t count,
              uint8_t *out)
{
    const struct algorithm_hash_kept *kept = algorithm_hash(hash);
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    need(ctx != NULL);
    uint8_t hashed_key[KDF_HASH_MAX], inner[KDF_HASH_MAX];
    if (key_len > kept->block) {
        digest_begin(ctx, kept->md);
        digest_parts(ctx, &(struct kdf_part){key, key_len}, 1);
        digest_end(ctx, hashed_key);
        key = hashed_key;
        key_len = kept->size;
    }
    digest_begin(ctx, kept->md);
    digest_pad(ctx, key, key_len, kept->block, 0x36);
    digest_parts(ctx, parts, count);
    digest_end(ctx, inner);
    digest_begin(ctx, kept->md);
    digest_pad(ctx, key, key_len, kept->block, 0x5c);
    digest_parts(ctx, &(struct kdf_part){inner, kept->size}, 1);
    digest_end(ctx, out);
    EVP_MD_CTX_free(ctx); /* wipes the state */
    mem_wipe(hashed_key, sizeof hashed_key);
    mem_wipe(inner, sizeof inner);
}

void kdf_expand(enum algorithm_hash hash, const uint8_t *prk, const struct kdf_part *parts, size_t count, uint8_t *out,
                size_t len)
{
    size_t size = algorithm_hash(hash)->size;
    need(count <= KDF_PARTS_MAX && len <= 255 * size);
    uint8_t block[KDF_HASH_MAX];
    uint8_t counter = 0;
    struct kdf_part all[KDF_PARTS_MAX + 2] = {{block, 0}}; /* the block before, none before the first */
    for (size_t i = 0; i < count; i++)
        all[i + 1] = parts[i];
    all[count + 1] = (struct kdf_part){&counter, 1};
    for (size_t done = 0; done < len;) {
        counter++;
        kdf_hmac(hash, prk, size, all, count + 2, block);
        all[0].len = size;
        size_t take = len - done < size ? len - done : size;
        memcpy(out + done, block, take);
        done += take;
    }
    mem_wipe(block, sizeof block);
}
