/* algorithm.c -- see algorithm.h. */
#include "common/seal/algorithm.h"

#include <pthread.h>

#include "common/base/err.h"

static struct algorithm_hash_kept hashes[HASH_COUNT] = {
    [HASH_SHA256] = {.name = "SHA256", .size = 32, .block = 64},
    [HASH_SHA512] = {.name = "SHA512", .size = 64, .block = 128},
};

static struct algorithm_aead_kept aeads[AEAD_COUNT] = {
    [AEAD_AES_128_GCM] = {.name = "AES-128-GCM", .key_size = 16},
    [AEAD_AES_256_GCM] = {.name = "AES-256-GCM", .key_size = 32},
    [AEAD_CHACHA20_POLY1305] = {.name = "ChaCha20-Poly1305", .key_size = 32},
};

static pthread_once_t fetched = PTHREAD_ONCE_INIT;

static void fetch_all(void)
{
    for (size_t i = 0; i < HASH_COUNT; i++) {
        hashes[i].md = EVP_MD_fetch(NULL, hashes[i].name, NULL);
        need(hashes[i].md != NULL);
    }
    for (size_t i = 0; i < AEAD_COUNT; i++) {
        aeads[i].cipher = EVP_CIPHER_fetch(NULL, aeads[i].name, NULL);
        need(aeads[i].cipher != NULL);
    }
}

const struct algorithm_hash_kept *algorithm_hash(enum algorithm_hash which)
{
    need(pthread_once(&fetched, fetch_all) == 0 && which < HASH_COUNT);
    return &hashes[which];
}

const struct algorithm_aead_kept *algorithm_aead(enum algorithm_aead which)
{
    need(pthread_once(&fetched, fetch_all) == 0 && which < AEAD_COUNT);
    return &aeads[which];
}
