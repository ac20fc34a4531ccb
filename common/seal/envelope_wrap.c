/* envelope_wrap.c -- see envelope.h: root keys for their readers, and boxes. */
#include <string.h>

#include "common/base/mem.h"
#include "common/base/rng.h"
#include "common/base/rw.h"
#include "common/seal/envelope.h"
#include "common/seal/envelope_inside.h"
#include "common/seal/envelope_subkey.h"

static const char wrap_name[] = "recourse wrap", desk_name[] = "recourse desk", box_name[] = "recourse box",
                  receipt_wrap_name[] = "recourse receipt wrap";

void envelope_wrap_aad(uint32_t office, const uint8_t case_id[static 16], uint8_t root, uint64_t generation,
                       uint8_t seq, uint8_t out[static WRAP_AAD_SIZE])
{
    uint8_t *at = put_raw(out, wrap_name, sizeof wrap_name - 1);
    at = put_u32(put_u8(put_u8(at, ENVELOPE_FORMAT), ENVELOPE_SUITE), office);
    at = put_u64(put_u8(put_raw(at, case_id, ENVELOPE_ID), root), generation);
    need(put_u8(at, seq) == out + WRAP_AAD_SIZE);
}

size_t envelope_wrap_info(const struct envelope_desk *desk, uint8_t out[static WRAP_INFO_MAX])
{
    size_t code_len = strnlen(desk->code, sizeof desk->code);
    need(code_len < sizeof desk->code);
    uint8_t *at = put_u8(put_raw(out, desk_name, sizeof desk_name - 1), ENVELOPE_FORMAT);
    at = put_u8(put_u32(put_u32(at, desk->office), desk->epoch), (uint8_t)code_len);
    return (size_t)(put_raw(at, desk->code, code_len) - out);
}

struct hpke_params envelope_desk_params(const struct envelope_desk *desk, uint8_t info[static WRAP_INFO_MAX])
{
    size_t info_len = envelope_wrap_info(desk, info);
    return (struct hpke_params){.suite = HPKE_SUITE, .mode = HPKE_BASE, .info = info, .info_len = info_len};
}

/* Everything of a case_key row but the wrap itself. */
static void describe(struct envelope_wrap *out, uint32_t office, const uint8_t *case_id, uint8_t root,
                     uint64_t generation, const uint8_t *key)
{
    *out = (struct envelope_wrap){.root = root, .generation = generation};
    memcpy(out->case_id, case_id, ENVELOPE_ID);
    envelope_commitment(key, office, case_id, root, generation, out->commitment);
}

/* One message of an HPKE context becomes a desk wrap: format, suite, seq, enc, ciphertext. */
static enum err wrap_next(struct hpke_context *context, const uint8_t *enc, const struct envelope_desk *desk,
                          const uint8_t *key, struct envelope_wrap *out)
{
    uint8_t aad[WRAP_AAD_SIZE], seq = (uint8_t)context->seq;
    need(context->seq <= WRAP_SEQ_MAX);
    out->recipient_kind = RECIPIENT_DESK;
    out->epoch = desk->epoch;
    memcpy(out->recipient_id, desk->code, strlen(desk->code));
    envelope_wrap_aad(desk->office, out->case_id, out->root, out->generation, seq, aad);
    uint8_t *at = put_u8(put_u8(put_u8(out->wrap, ENVELOPE_FORMAT), ENVELOPE_SUITE), seq);
    at = put_raw(at, enc, HPKE_ENC);
    out->wrap_len = WRAP_DESK_SIZE;
    return hpke_seal(context, aad, sizeof aad, key, ENVELOPE_KEY, at);
}

enum err envelope_wrap_case(const struct envelope_desk *desk, const uint8_t case_id[static 16],
                            const uint8_t thread_key[static 32], const uint8_t staff_key[static 32],
                            struct envelope_wrap out[static 2])
{
    uint8_t info[WRAP_INFO_MAX], enc[HPKE_ENC];
    struct hpke_params params = envelope_desk_params(desk, info);
    struct hpke_context context;
    enum err err = hpke_setup_sender(&params, desk->key, NULL, NULL, enc, &context);
    if (err != ERR_OK)
        return err;
    describe(&out[0], desk->office, case_id, ROOT_THREAD, 1, thread_key);
    describe(&out[1], desk->office, case_id, ROOT_STAFF, 1, staff_key);
    err = wrap_next(&context, enc, desk, thread_key, &out[0]);
    if (err == ERR_OK)
        err = wrap_next(&context, enc, desk, staff_key, &out[1]);
    hpke_wipe(&context);
    return err;
}

enum err envelope_wrap_desk(const struct envelope_desk *desk, const uint8_t case_id[static 16], uint8_t root,
                            uint64_t generation, const uint8_t key[static 32], struct envelope_wrap *out)
{
    uint8_t info[WRAP_INFO_MAX], enc[HPKE_ENC];
    struct hpke_params params = envelope_desk_params(desk, info);
    struct hpke_context context;
    enum err err = hpke_setup_sender(&params, desk->key, NULL, NULL, enc, &context);
    if (err != ERR_OK)
        return err;
    describe(out, desk->office, case_id, root, generation, key);
    err = wrap_next(&context, enc, desk, key, out);
    hpke_wipe(&context);
    return err;
}

enum err envelope_wrap_receipt(uint32_t office, const uint8_t receipt_key[static 32], const uint8_t handle[static 32],
                               uint32_t pepper_epoch, const uint8_t case_id[static 16], uint8_t root,
                               uint64_t generation, const uint8_t key[static 32], struct envelope_wrap *out)
{
    uint8_t aad[WRAP_AAD_SIZE];
    describe(out, office, case_id, root, generation, key);
    out->recipient_kind = RECIPIENT_RECEIPT;
    out->epoch = pepper_epoch;
    memcpy(out->recipient_id, handle, sizeof out->recipient_id);
    uint8_t *salt = put_u8(put_u8(out->wrap, ENVELOPE_FORMAT), ENVELOPE_SUITE);
    rng_bytes(salt, ENVELOPE_SALT);
    out->wrap_len = WRAP_RECEIPT_SIZE;

    struct envelope_subkey sub;
    envelope_wrap_aad(office, case_id, root, generation, 0, aad);
    envelope_subkey(&sub, receipt_key, salt, receipt_wrap_name, aad, sizeof aad);
    enum err err = aead_seal(&sub.aead, aad, sizeof aad, key, ENVELOPE_KEY, salt + ENVELOPE_SALT);
    mem_wipe(&sub, sizeof sub);
    return err;
}

enum err envelope_unwrap_receipt(uint32_t office, const uint8_t receipt_key[static 32],
                                 const struct envelope_wrap *wrap, uint8_t key[static 32])
{
    uint8_t aad[WRAP_AAD_SIZE], commitment[32];
    const uint8_t *salt = wrap->wrap + 2, *sealed = salt + ENVELOPE_SALT;
    if (wrap->recipient_kind != RECIPIENT_RECEIPT || wrap->wrap_len != WRAP_RECEIPT_SIZE ||
        wrap->wrap[0] != ENVELOPE_FORMAT || wrap->wrap[1] != ENVELOPE_SUITE)
        return ERR_MALFORMED;
    struct envelope_subkey sub;
    envelope_wrap_aad(office, wrap->case_id, wrap->root, wrap->generation, 0, aad);
    envelope_subkey(&sub, receipt_key, salt, receipt_wrap_name, aad, sizeof aad);
    enum err err = aead_open(&sub.aead, aad, sizeof aad, sealed, ENVELOPE_KEY + AEAD_TAG, key);
    mem_wipe(&sub, sizeof sub);
    if (err != ERR_OK)
        return err;
    envelope_commitment(key, office, wrap->case_id, wrap->root, wrap->generation, commitment);
    if (mem_same(commitment, wrap->commitment, sizeof commitment))
        return ERR_OK;
    mem_wipe(key, ENVELOPE_KEY);
    return ERR_CRYPTO;
}

struct hpke_params envelope_box_params(const char *label, uint8_t info[static BOX_INFO_MAX])
{
    size_t label_len = strlen(label);
    need(label_len <= 32);
    uint8_t *at = put_u8(put_u8(put_raw(info, box_name, sizeof box_name - 1), ENVELOPE_FORMAT), ENVELOPE_SUITE);
    at = put_raw(put_u8(at, (uint8_t)label_len), label, label_len);
    return (struct hpke_params){.suite = HPKE_SUITE, .mode = HPKE_BASE, .info = info, .info_len = (size_t)(at - info)};
}

enum err envelope_box(const uint8_t public_key[static 32], const char *label, const void *aad, size_t aad_len,
                      const void *text, size_t len, struct buf *out)
{
    if (len > ENVELOPE_TEXT_MAX)
        return ERR_TOO_BIG;
    uint8_t info[BOX_INFO_MAX], *at;
    struct hpke_params params = envelope_box_params(label, info);
    struct hpke_context context;
    size_t before = out->len, padded = envelope_padded_size(len, ENVELOPE_BOX_LEAST);
    enum err err = buf_extend(out, BOX_HEAD + padded + HPKE_TAG, &at);
    if (err != ERR_OK)
        return err;
    uint8_t *enc = put_u8(put_u8(at, ENVELOPE_FORMAT), ENVELOPE_SUITE), *inside = enc + HPKE_ENC;
    err = hpke_setup_sender(&params, public_key, NULL, NULL, enc, &context);
    if (err == ERR_OK) {
        envelope_pad(text, len, padded, inside);
        err = hpke_seal(&context, aad, aad_len, inside, padded, inside);
        hpke_wipe(&context);
    }
    if (err != ERR_OK)
        buf_cut(out, before);
    return err;
}
