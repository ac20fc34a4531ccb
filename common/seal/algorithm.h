/* algorithm.h -- OpenSSL's algorithms, fetched once and kept: an implicit fetch with every use costs more than a hash.
 *
 * Internal to common/seal. Neighbours: kdf.c, aead.c, x25519.c. Nothing here keeps a key; the contexts are made and
 * freed with each use, which measures the same as keeping them and leaves no key schedule behind. */
#ifndef COMMON_SEAL_ALGORITHM_H
#define COMMON_SEAL_ALGORITHM_H

#include <openssl/evp.h>
#include <stddef.h>

enum algorithm_hash { HASH_SHA256, HASH_SHA512, HASH_COUNT };
enum algorithm_aead { AEAD_AES_128_GCM, AEAD_AES_256_GCM, AEAD_CHACHA20_POLY1305, AEAD_COUNT };

struct algorithm_hash_kept {
    const char *name;
    size_t size, block;
    EVP_MD *md;
};
struct algorithm_aead_kept {
    const char *name;
    size_t key_size;
    EVP_CIPHER *cipher;
};

/* Fetched at the first call, by whichever thread makes it; stops the process when the library lacks one. */
const struct algorithm_hash_kept *algorithm_hash(enum algorithm_hash which);
const struct algorithm_aead_kept *algorithm_aead(enum algorithm_aead which);

#endif
