/* x25519.c -- see x25519.h.
 *
 * OpenSSL 3.0 computes the public half of an imported private key with portable code in 57 microseconds, and X25519
 * itself with assembly in 38 (measured here). The public half is by definition X25519(private, 9), so it is had by one
 * agreement with the base point. The import needs some public half meanwhile, or it would compute one: it is given the
 * base point, which no agreement reads. The first use checks all this against RFC 7748, section 6.1. */
#include "common/seal/x25519.h"

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/params.h>
#include <pthread.h>
#include <string.h>

#include "common/base/mem.h"

static const uint8_t base_point[X25519_SIZE] = {9};

/* Public keys already imported: the desks that this process seals to. Per thread, so that no lock is needed. */
enum { PEERS = 8 };
static _Thread_local struct {
    EVP_PKEY *key;
    uint8_t bytes[X25519_SIZE];
} peers[PEERS];
static _Thread_local size_t peers_next;

/* What imports, made once for each thread: making it anew looks the algorithm up by its name. */
static EVP_PKEY_CTX *importer(void)
{
    static _Thread_local EVP_PKEY_CTX *kept;
    if (!kept) {
        kept = EVP_PKEY_CTX_new_from_name(NULL, "X25519", NULL);
        need(kept != NULL && EVP_PKEY_fromdata_init(kept) == 1);
    }
    return kept;
}

static EVP_PKEY *import(const uint8_t *private_key, const uint8_t *public_key)
{
    EVP_PKEY *key = NULL;
    OSSL_PARAM params[3], *at = params;
    *at++ = OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, (void *)(uintptr_t)public_key, X25519_SIZE);
    if (private_key)
        *at++ =
            OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PRIV_KEY, (void *)(uintptr_t)private_key, X25519_SIZE);
    *at = OSSL_PARAM_construct_end();
    need(EVP_PKEY_fromdata(importer(), &key, private_key ? EVP_PKEY_KEYPAIR : EVP_PKEY_PUBLIC_KEY, params) == 1);
    return key;
}

static EVP_PKEY *peer(const uint8_t *public_key)
{
    for (size_t i = 0; i < PEERS; i++)
        if (peers[i].key && memcmp(peers[i].bytes, public_key, X25519_SIZE) == 0)
            return peers[i].key;
    size_t slot = peers_next++ % PEERS;
    EVP_PKEY_free(peers[slot].key);
    peers[slot].key = import(NULL, public_key);
    memcpy(peers[slot].bytes, public_key, X25519_SIZE);
    return peers[slot].key;
}

static void begin(struct x25519 *mine, const uint8_t *private_key)
{
    EVP_PKEY *key = import(private_key, base_point);
    mine->ctx = EVP_PKEY_CTX_new_from_pkey(NULL, key, NULL);
    EVP_PKEY_free(key); /* the context holds its own reference */
    need(mine->ctx != NULL && EVP_PKEY_derive_init(mine->ctx) == 1);
    need(x25519_agree(mine, base_point, mine->public_key) == ERR_OK);
}

static void check_against_rfc_7748(void)
{
    static const uint8_t private_key[] = {0x77, 0x07, 0x6d, 0x0a, 0x73, 0x18, 0xa5, 0x7d, 0x3c, 0x16, 0xc1,
                                          0x72, 0x51, 0xb2, 0x66, 0x45, 0xdf, 0x4c, 0x2f, 0x87, 0xeb, 0xc0,
                                          0x99, 0x2a, 0xb1, 0x77, 0xfb, 0xa5, 0x1d, 0xb9, 0x2c, 0x2a};
    static const uint8_t public_key[] = {0x85, 0x20, 0xf0, 0x09, 0x89, 0x30, 0xa7, 0x54, 0x74, 0x8b, 0x7d,
                                         0xdc, 0xb4, 0x3e, 0xf7, 0x5a, 0x0d, 0xbf, 0x3a, 0x0d, 0x26, 0x38,
                                         0x1a, 0xf4, 0xeb, 0xa4, 0xa9, 0x8e, 0xaa, 0x9b, 0x4e, 0x6a};
    struct x25519 known;
    begin(&known, private_key);
    need(memcmp(known.public_key, public_key, sizeof public_key) == 0);
    x25519_end(&known);
}

void x25519_begin(struct x25519 *mine, const uint8_t private_key[static 32])
{
    static pthread_once_t checked = PTHREAD_ONCE_INIT;
    need(pthread_once(&checked, check_against_rfc_7748) == 0);
    begin(mine, private_key);
}

enum err x25519_agree(struct x25519 *mine, const uint8_t public_key[static 32], uint8_t secret[static 32])
{
    static const uint8_t zero[X25519_SIZE]; /* RFC 9180 asks for this check; OpenSSL 3.0 makes it too, unpromised */
    size_t len = X25519_SIZE;
    if (EVP_PKEY_derive_set_peer_ex(mine->ctx, peer(public_key), 0) == 1 &&
        EVP_PKEY_derive(mine->ctx, secret, &len) == 1 && len == X25519_SIZE && !mem_same(secret, zero, X25519_SIZE))
        return ERR_OK;
    memset(secret, 0, X25519_SIZE);
    ERR_clear_error();
    return ERR_CRYPTO;
}

void x25519_end(struct x25519 *mine)
{
    EVP_PKEY_CTX_free(mine->ctx);
    mine->ctx = NULL;
}
