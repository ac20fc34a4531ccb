/* envelope_subkey.c -- see envelope_subkey.h. */
#include "common/seal/envelope_subkey.h"

#include <string.h>

#include "common/base/mem.h"

void envelope_subkey(struct envelope_subkey *out, const uint8_t key[static 32], const uint8_t salt[static 32],
                     const char *name, const void *aad, size_t aad_len)
{
    uint8_t prk[32];
    kdf_hmac(HASH_SHA256, salt, ENVELOPE_SALT, &(struct kdf_part){key, 32}, 1, prk);
    kdf_expand(HASH_SHA256, prk, (struct kdf_part[]){{name, strlen(name)}, {aad, aad_len}}, 2, out->bytes,
               sizeof out->bytes);
    out->aead = (struct aead_key){.which = AEAD_AES_256_GCM, .key = out->bytes, .nonce = out->bytes + 32};
    mem_wipe(prk, sizeof prk);
}
