/* hpke_open.c -- see hpke_open.h.
 *
 * Importing a private key costs as much as using it, and a keys process unwraps with the same few all day: imported
 * keys are kept until hpke_open_forget(), beside the raw ones that their owner keeps anyway. */
#include "common/seal/hpke_open.h"

#include <string.h>

#include "common/base/mem.h"
#include "common/seal/hpke_schedule.h"
#include "common/seal/x25519.h"

enum { KEPT = 8 };
static _Thread_local struct {
    struct x25519 key;
    uint8_t private_key[HPKE_KEY];
} kept[KEPT];
static _Thread_local size_t kept_next;

static struct x25519 *imported(const uint8_t *private_key)
{
    for (size_t i = 0; i < KEPT; i++)
        if (kept[i].key.ctx && mem_same(kept[i].private_key, private_key, HPKE_KEY))
            return &kept[i].key;
    size_t slot = kept_next++ % KEPT;
    x25519_end(&kept[slot].key);
    x25519_begin(&kept[slot].key, private_key);
    memcpy(kept[slot].private_key, private_key, HPKE_KEY);
    return &kept[slot].key;
}

void hpke_open_forget(void)
{
    for (size_t i = 0; i < KEPT; i++)
        x25519_end(&kept[i].key);
    mem_wipe(kept, sizeof kept);
}

enum err hpke_open_setup(const struct hpke_params *params, const uint8_t enc[static 32],
                         const uint8_t receiver_private[static 32], const uint8_t *sender_public,
                         struct hpke_context *out)
{
    struct hpke_agreed agreed = {0};
    enum err err = hpke_schedule_check(params);
    if (err == ERR_OK && hpke_schedule_is_auth(params->mode) != (sender_public != NULL))
        err = ERR_MALFORMED;
    if (err != ERR_OK)
        return err;
    struct x25519 *mine = imported(receiver_private);
    err = x25519_agree(mine, enc, agreed.secrets[0]);
    if (err == ERR_OK && sender_public) {
        memcpy(agreed.sender_public, sender_public, HPKE_KEY);
        err = x25519_agree(mine, sender_public, agreed.secrets[1]);
    }
    if (err == ERR_OK) {
        memcpy(agreed.enc, enc, HPKE_ENC);
        memcpy(agreed.receiver_public, mine->public_key, HPKE_KEY);
        hpke_schedule_run(params, &agreed, out);
    }
    mem_wipe(&agreed, sizeof agreed);
    return err;
}

enum err hpke_open(struct hpke_context *context, const void *aad, size_t aad_len, const uint8_t *sealed, size_t len,
                   uint8_t *out)
{
    uint8_t nonce[AEAD_NONCE];
    struct aead_key key;
    enum err err = hpke_schedule_next(context, nonce, &key);
    if (err == ERR_OK)
        err = aead_open(&key, aad, aad_len, sealed, len, out);
    if (err == ERR_OK)
        context->seq++;
    return err;
}
