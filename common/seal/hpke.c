/* hpke.c -- see hpke.h: the sender's half. Whoever holds only this can seal and never open. */
#include "common/seal/hpke.h"

#include <string.h>

#include "common/base/mem.h"
#include "common/base/rng.h"
#include "common/seal/hpke_schedule.h"
#include "common/seal/x25519.h"

const struct hpke_suite HPKE_SUITE = {0x0020, 0x0001, 0x0002};

void hpke_start(void)
{
    /* The first key pair fetches everything, checks X25519 against its RFC, and is thrown away. */
    uint8_t private_key[HPKE_KEY], public_key[HPKE_KEY];
    hpke_key_new(private_key, public_key);
    mem_wipe(private_key, sizeof private_key);
    (void)algorithm_aead(AEAD_AES_256_GCM);
}

/* Agree with one private key of the sender's: the ephemeral one, or in AUTH modes the sender's own. */
static enum err agree(const uint8_t *private_key, const uint8_t *receiver_public, uint8_t *public_key, uint8_t *secret)
{
    struct x25519 mine;
    x25519_begin(&mine, private_key);
    memcpy(public_key, mine.public_key, HPKE_KEY);
    enum err err = x25519_agree(&mine, receiver_public, secret);
    x25519_end(&mine);
    return err;
}

enum err hpke_setup_sender(const struct hpke_params *params, const uint8_t receiver_public[static 32],
                           const uint8_t *sender_private, const uint8_t *ephemeral, uint8_t enc[static 32],
                           struct hpke_context *out)
{
    uint8_t once[HPKE_KEY] = {0}; /* the ephemeral private key */
    struct hpke_agreed agreed = {0};
    enum err err = hpke_schedule_check(params);
    if (err == ERR_OK && hpke_schedule_is_auth(params->mode) != (sender_private != NULL))
        err = ERR_MALFORMED;
    if (err != ERR_OK)
        goto out;
    if (ephemeral)
        memcpy(once, ephemeral, sizeof once);
    else
        rng_bytes(once, sizeof once);
    err = agree(once, receiver_public, agreed.enc, agreed.secrets[0]);
    if (err == ERR_OK && sender_private)
        err = agree(sender_private, receiver_public, agreed.sender_public, agreed.secrets[1]);
    if (err != ERR_OK)
        goto out;
    memcpy(enc, agreed.enc, HPKE_ENC);
    memcpy(agreed.receiver_public, receiver_public, HPKE_KEY);
    hpke_schedule_run(params, &agreed, out);
out:
    mem_wipe(once, sizeof once);
    mem_wipe(&agreed, sizeof agreed);
    return err;
}

enum err hpke_seal(struct hpke_context *context, const void *aad, size_t aad_len, const void *text, size_t len,
                   uint8_t *out)
{
    uint8_t nonce[AEAD_NONCE];
    struct aead_key key;
    enum err err = hpke_schedule_next(context, nonce, &key);
    if (err == ERR_OK)
        err = aead_seal(&key, aad, aad_len, text, len, out);
    if (err == ERR_OK)
        context->seq++;
    return err;
}

void hpke_key_new(uint8_t private_key[static 32], uint8_t public_key[static 32])
{
    rng_bytes(private_key, HPKE_KEY);
    need(hpke_key_public(private_key, public_key) == ERR_OK);
}

enum err hpke_key_public(const uint8_t private_key[static 32], uint8_t public_key[static 32])
{
    struct x25519 mine;
    x25519_begin(&mine, private_key);
    memcpy(public_key, mine.public_key, HPKE_KEY);
    x25519_end(&mine);
    return ERR_OK;
}
