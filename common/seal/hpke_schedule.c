/* hpke_schedule.c -- see hpke_schedule.h. Names in capitals in the comments are RFC 9180's. */
#include "common/seal/hpke_schedule.h"

#include <string.h>

#include "common/base/mem.h"
#include "common/base/rw.h"
#include "common/seal/kdf.h"

enum { KEM_X25519_SHA256 = 0x0020, AEAD_EXPORT_ONLY = 0xffff, SUITE_ID = 10 };

static const struct {
    uint16_t id;
    enum algorithm_hash hash;
} kdfs[] = {{0x0001, HASH_SHA256}, {0x0003, HASH_SHA512}};

static const struct {
    uint16_t id;
    enum algorithm_aead which;
} aeads[] = {{0x0001, AEAD_AES_128_GCM}, {0x0002, AEAD_AES_256_GCM}, {0x0003, AEAD_CHACHA20_POLY1305}};

/* One labelled derivation: which hash, under which suite_id. */
struct labelled {
    enum algorithm_hash hash;
    uint8_t suite_id[SUITE_ID];
    size_t suite_id_len;
};

static const struct kdf_part version = {"HPKE-v1", 7};

static int find_hash(uint16_t kdf, enum algorithm_hash *out)
{
    for (size_t i = 0; i < sizeof kdfs / sizeof kdfs[0]; i++)
        if (kdfs[i].id == kdf) {
            *out = kdfs[i].hash;
            return 1;
        }
    return 0;
}

static int find_aead(uint16_t aead, enum algorithm_aead *out)
{
    for (size_t i = 0; i < sizeof aeads / sizeof aeads[0]; i++)
        if (aeads[i].id == aead) {
            *out = aeads[i].which;
            return 1;
        }
    return 0;
}

static struct labelled labelled_for_kem(void)
{
    struct labelled as = {.hash = HASH_SHA256, .suite_id_len = 5};
    put_u16(put_raw(as.suite_id, "KEM", 3), KEM_X25519_SHA256);
    return as;
}

static struct labelled labelled_for_suite(const struct hpke_suite *suite)
{
    struct labelled as = {.suite_id_len = SUITE_ID};
    need(find_hash(suite->kdf, &as.hash));
    put_u16(put_u16(put_u16(put_raw(as.suite_id, "HPKE", 4), suite->kem), suite->kdf), suite->aead);
    return as;
}

/* LabeledExtract(salt, label, ikm) */
static void extract(const struct labelled *as, const void *salt, size_t salt_len, const char *label, const void *ikm,
                    size_t ikm_len, uint8_t *out)
{
    struct kdf_part parts[] = {version, {as->suite_id, as->suite_id_len}, {label, strlen(label)}, {ikm, ikm_len}};
    kdf_hmac(as->hash, salt, salt_len, parts, 4, out);
}

/* LabeledExpand(prk, label, info, len) */
static void expand(const struct labelled *as, const uint8_t *prk, const char *label, const void *info, size_t info_len,
                   uint8_t *out, size_t len)
{
    uint8_t len_bytes[2];
    put_u16(len_bytes, (uint16_t)len);
    struct kdf_part parts[] = {
        {len_bytes, 2}, version, {as->suite_id, as->suite_id_len}, {label, strlen(label)}, {info, info_len}};
    kdf_expand(as->hash, prk, parts, 5, out, len);
}

int hpke_schedule_is_auth(enum hpke_mode mode)
{
    return mode == HPKE_AUTH || mode == HPKE_AUTH_PSK;
}

enum err hpke_schedule_check(const struct hpke_params *params)
{
    enum algorithm_hash hash;
    enum algorithm_aead aead;
    int has_psk = params->mode == HPKE_PSK || params->mode == HPKE_AUTH_PSK;
    if (params->suite.kem != KEM_X25519_SHA256 || !find_hash(params->suite.kdf, &hash) ||
        (!find_aead(params->suite.aead, &aead) && params->suite.aead != AEAD_EXPORT_ONLY))
        return ERR_MALFORMED;
    if (params->mode > HPKE_AUTH_PSK || (params->psk_len != 0) != has_psk || (params->psk_id_len != 0) != has_psk)
        return ERR_MALFORMED;
    return ERR_OK;
}

/* ExtractAndExpand(dh, kem_context) of the KEM. */
static void shared_secret(enum hpke_mode mode, const struct hpke_agreed *agreed, uint8_t out[static 32])
{
    struct labelled as = labelled_for_kem();
    size_t keys = hpke_schedule_is_auth(mode) ? 2 : 1;
    uint8_t prk[KDF_HASH_MAX], kem_context[96];
    put_raw(put_raw(put_raw(kem_context, agreed->enc, 32), agreed->receiver_public, 32), agreed->sender_public, 32);
    extract(&as, NULL, 0, "eae_prk", agreed->secrets, keys * 32, prk);
    expand(&as, prk, "shared_secret", kem_context, 32 + keys * 32, out, 32);
    mem_wipe(prk, sizeof prk);
}

void hpke_schedule_run(const struct hpke_params *params, struct hpke_agreed *agreed, struct hpke_context *out)
{
    struct labelled as = labelled_for_suite(&params->suite);
    size_t hash_size = algorithm_hash(as.hash)->size, context_len = 1 + 2 * hash_size;
    uint8_t shared[32], secret[KDF_HASH_MAX], context[1 + 2 * KDF_HASH_MAX]; /* KEY_SCHEDULE_CONTEXT */
    enum algorithm_aead aead;

    shared_secret(params->mode, agreed, shared);
    mem_wipe(agreed, sizeof *agreed);
    put_u8(context, (uint8_t)params->mode);
    extract(&as, NULL, 0, "psk_id_hash", params->psk_id, params->psk_id_len, context + 1);
    extract(&as, NULL, 0, "info_hash", params->info, params->info_len, context + 1 + hash_size);
    extract(&as, shared, sizeof shared, "secret", params->psk, params->psk_len, secret);

    *out = (struct hpke_context){.suite = params->suite};
    if (find_aead(params->suite.aead, &aead)) {
        expand(&as, secret, "key", context, context_len, out->key, algorithm_aead(aead)->key_size);
        expand(&as, secret, "base_nonce", context, context_len, out->base_nonce, sizeof out->base_nonce);
    }
    expand(&as, secret, "exp", context, context_len, out->exporter_secret, hash_size);
    mem_wipe(shared, sizeof shared);
    mem_wipe(secret, sizeof secret);
}

enum err hpke_schedule_next(const struct hpke_context *context, uint8_t nonce[static AEAD_NONCE], struct aead_key *out)
{
    *out = (struct aead_key){.key = context->key, .nonce = nonce};
    if (!find_aead(context->suite.aead, &out->which))
        return ERR_MALFORMED;
    if (context->seq == UINT64_MAX)
        return ERR_TOO_BIG;
    memset(nonce, 0, 4);
    put_u64(nonce + 4, context->seq);
    for (size_t i = 0; i < AEAD_NONCE; i++)
        nonce[i] ^= context->base_nonce[i];
    return ERR_OK;
}

enum err hpke_export(const struct hpke_context *context, const void *exporter_context, size_t context_len, uint8_t *out,
                     size_t len)
{
    struct labelled as = labelled_for_suite(&context->suite);
    if (len > 255 * algorithm_hash(as.hash)->size)
        return ERR_TOO_BIG;
    expand(&as, context->exporter_secret, "sec", exporter_context, context_len, out, len);
    return ERR_OK;
}

void hpke_wipe(struct hpke_context *context)
{
    mem_wipe(context, sizeof *context);
}
