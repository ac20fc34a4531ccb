/* envelope_open.c -- desk wraps, see envelope_open.h. */
#include "common/seal/envelope_open.h"

#include <string.h>

#include "common/base/mem.h"
#include "common/seal/envelope_inside.h"
#include "common/seal/hpke_open.h"

/* The row says for whom it is; a caller that brings another desk's key, or another epoch's, has mixed up its rows. */
static int is_for(const struct envelope_wrap *wrap, const struct envelope_desk *desk)
{
    uint8_t code[sizeof wrap->recipient_id] = {0};
    memcpy(code, desk->code, strnlen(desk->code, sizeof desk->code));
    return wrap->epoch == desk->epoch && memcmp(code, wrap->recipient_id, sizeof code) == 0;
}

static int is_same_desk(const struct envelope_desk *a, const struct envelope_desk *b)
{
    return a->office == b->office && a->epoch == b->epoch && memcmp(a->code, b->code, sizeof a->code) == 0;
}

static enum err agree(struct envelope_agreed *agreed, const struct envelope_desk *desk,
                      const uint8_t private_key[static 32], const uint8_t enc[static HPKE_ENC])
{
    uint8_t info[WRAP_INFO_MAX];
    if (agreed->is_there && memcmp(agreed->enc, enc, sizeof agreed->enc) == 0 && is_same_desk(&agreed->desk, desk))
        return ERR_OK;
    struct hpke_params params = envelope_desk_params(desk, info);
    envelope_agreed_wipe(agreed);
    enum err err = hpke_open_setup(&params, enc, private_key, NULL, &agreed->context);
    if (err != ERR_OK)
        return err;
    memcpy(agreed->enc, enc, sizeof agreed->enc);
    agreed->desk = *desk;
    agreed->is_there = 1;
    return ERR_OK;
}

enum err envelope_open_next_wrap(struct envelope_agreed *agreed, const struct envelope_desk *desk,
                                 const uint8_t private_key[static 32], const struct envelope_wrap *wrap,
                                 uint8_t key[static 32])
{
    uint8_t aad[WRAP_AAD_SIZE], commitment[32];
    const uint8_t *enc = wrap->wrap + 3, *sealed = enc + HPKE_ENC;
    uint8_t seq = wrap->wrap[2];
    if (wrap->recipient_kind != RECIPIENT_DESK || wrap->wrap_len != WRAP_DESK_SIZE || seq > WRAP_SEQ_MAX ||
        wrap->wrap[0] != ENVELOPE_FORMAT || wrap->wrap[1] != ENVELOPE_SUITE)
        return ERR_MALFORMED;
    if (!is_for(wrap, desk))
        return ERR_CRYPTO;
    enum err err = agree(agreed, desk, private_key, enc);
    if (err != ERR_OK)
        return err;
    agreed->context.seq = seq;
    envelope_wrap_aad(desk->office, wrap->case_id, wrap->root, wrap->generation, seq, aad);
    err = hpke_open(&agreed->context, aad, sizeof aad, sealed, ENVELOPE_KEY + HPKE_TAG, key);
    if (err != ERR_OK)
        return err;
    envelope_commitment(key, desk->office, wrap->case_id, wrap->root, wrap->generation, commitment);
    if (mem_same(commitment, wrap->commitment, sizeof commitment))
        return ERR_OK;
    mem_wipe(key, ENVELOPE_KEY);
    return ERR_CRYPTO;
}

void envelope_agreed_wipe(struct envelope_agreed *agreed)
{
    mem_wipe(agreed, sizeof *agreed);
}

enum err envelope_open_desk_wrap(const struct envelope_desk *desk, const uint8_t private_key[static 32],
                                 const struct envelope_wrap *wrap, uint8_t key[static 32])
{
    struct envelope_agreed agreed = {0};
    enum err err = envelope_open_next_wrap(&agreed, desk, private_key, wrap, key);
    envelope_agreed_wipe(&agreed);
    return err;
}
