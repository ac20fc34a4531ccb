/* passkey.c -- see passkey.h. */
#include "triage/vault/passkey.h"

#include <fido.h>
#include <fido/eddsa.h>
#include <fido/es256.h>
#include <fido/rs256.h>
#include <string.h>

#include "common/base/code.h"
#include "common/base/mem.h"
#include "common/seal/sign.h"
#include "common/text/json.h"
#include "triage/vault/cbor.h"

enum { RP_HASH = 32, COUNTED = RP_HASH + 1 + 4, BEFORE_ID = 16 + 2, KEY_MAX = 1024 };
enum { FLAG_PRESENT = 1, FLAG_VERIFIED = 4, FLAG_KEY = 64, FLAG_EXTENSIONS = 128 };

void passkey_start(void)
{
    fido_init(0);
}

int passkey_rp(const char *origin, char out[static PASSKEY_RP])
{
    static const char scheme[] = "https://";
    if (strncmp(origin, scheme, sizeof scheme - 1) != 0)
        return 0;
    const char *host = origin + sizeof scheme - 1;
    size_t len = strcspn(host, ":/");
    if (len == 0 || len >= PASSKEY_RP || strchr(host, '/'))
        return 0;
    memcpy(out, host, len);
    out[len] = 0;
    return 1;
}

/* ---- what the browser says: clientDataJSON ---- */

static int says(const json_t *client, const char *key, const char *wanted)
{
    const char *value = json_string_value(json_object_get(client, key));
    return value && strcmp(value, wanted) == 0;
}

static enum err read_client(const struct buf *bytes, const char *type, const char *origin,
                            char challenge[static PASSKEY_CHALLENGE])
{
    json_t *client = NULL;
    struct json_fault fault;
    enum err err = json_read_object(bytes->bytes, bytes->len, &client, &fault);
    if (err != ERR_OK)
        return ERR_MALFORMED;
    const char *answered = json_string_value(json_object_get(client, "challenge"));
    if (!says(client, "type", type) || !says(client, "origin", origin) ||
        json_is_true(json_object_get(client, "crossOrigin")))
        err = ERR_DENIED;
    else if (!answered || strlen(answered) >= PASSKEY_CHALLENGE)
        err = ERR_MALFORMED;
    else
        memcpy(challenge, answered, strlen(answered) + 1);
    json_decref(client);
    return err;
}

/* ---- the fields of a request ---- */

struct parts {
    struct buf client, authenticator, signature;
};

static void parts_free(struct parts *p)
{
    buf_free(&p->client);
    buf_free(&p->authenticator);
    buf_free(&p->signature);
}

/* What libfido2 will read as CBOR is such. Only a new one has a key in it. */
static int is_whole(const struct buf *authenticator, int is_new)
{
    const uint8_t *bytes = authenticator->bytes;
    size_t at = COUNTED, len = authenticator->len;
    if (len < at)
        return 0;
    const uint8_t flags = bytes[RP_HASH];
    if (flags & FLAG_KEY) {
        if (!is_new || len - at < BEFORE_ID)
            return 0;
        at += BEFORE_ID;
        size_t id_len = (size_t)(bytes[at - 2] << 8 | bytes[at - 1]);
        if (len - at < id_len)
            return 0;
        size_t key_len = cbor_item(bytes + at + id_len, len - at - id_len);
        if (key_len == 0)
            return 0;
        at += id_len + key_len;
    }
    return !(flags & FLAG_EXTENSIONS) || cbor_item(bytes + at, len - at) > 0;
}

/* ERR_* with nothing to free. */
static enum err parts_read(const struct passkey_given *given, const char *type, const char *origin, struct parts *p,
                           char challenge[static PASSKEY_CHALLENGE])
{
    *p = (struct parts){BUF_INIT(PASSKEY_FIELD_MAX), BUF_INIT(PASSKEY_FIELD_MAX), BUF_INIT(PASSKEY_FIELD_MAX)};
    enum err err = code_unbase64(given->client, strlen(given->client), &p->client);
    if (err == ERR_OK)
        err = code_unbase64(given->authenticator, strlen(given->authenticator), &p->authenticator);
    if (err == ERR_OK && given->signature)
        err = code_unbase64(given->signature, strlen(given->signature), &p->signature);
    if (err == ERR_OK && is_whole(&p->authenticator, !given->signature))
        err = read_client(&p->client, type, origin, challenge);
    else
        err = ERR_MALFORMED;
    if (err != ERR_OK)
        parts_free(p);
    return err;
}

/* ---- keys ---- */

static int verify_es256(const fido_assert_t *assertion, const struct buf *key)
{
    es256_pk_t *pk = es256_pk_new();
    int is_good = pk && es256_pk_from_ptr(pk, key->bytes, key->len) == FIDO_OK &&
                  (!assertion || fido_assert_verify(assertion, 0, COSE_ES256, pk) == FIDO_OK);
    es256_pk_free(&pk);
    return is_good;
}

/* So libfido2 leaves the point where the map has none. It is one of small order: whoever likes can sign for it. */
static int is_zero(const struct buf *key)
{
    uint8_t any = 0;
    for (size_t i = 0; i < key->len; i++)
        any |= key->bytes[i];
    return !any;
}

static int verify_eddsa(const fido_assert_t *assertion, const struct buf *key)
{
    eddsa_pk_t *pk = eddsa_pk_new();
    int is_good = pk && !is_zero(key) && eddsa_pk_from_ptr(pk, key->bytes, key->len) == FIDO_OK &&
                  (!assertion || fido_assert_verify(assertion, 0, COSE_EDDSA, pk) == FIDO_OK);
    eddsa_pk_free(&pk);
    return is_good;
}

static int verify_rs256(const fido_assert_t *assertion, const struct buf *key)
{
    rs256_pk_t *pk = rs256_pk_new();
    int is_good = pk && rs256_pk_from_ptr(pk, key->bytes, key->len) == FIDO_OK &&
                  (!assertion || fido_assert_verify(assertion, 0, COSE_RS256, pk) == FIDO_OK);
    rs256_pk_free(&pk);
    return is_good;
}

/* Whether the key has signed it; without an assertion, whether it is a key that could. */
static int verify(const fido_assert_t *assertion, const json_t *passkey)
{
    static const struct {
        int algorithm;
        int (*verify)(const fido_assert_t *assertion, const struct buf *key);
    } rows[] = {{COSE_ES256, verify_es256}, {COSE_EDDSA, verify_eddsa}, {COSE_RS256, verify_rs256}};
    const char *text = json_string_value(json_object_get(passkey, "key"));
    json_int_t algorithm = json_integer_value(json_object_get(passkey, "alg"));
    struct buf key = BUF_INIT(KEY_MAX);
    int is_good = 0;
    if (text && code_unbase64(text, strlen(text), &key) == ERR_OK)
        for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
            is_good |= rows[i].algorithm == algorithm && rows[i].verify(assertion, &key);
    buf_free(&key);
    return is_good;
}

/* ---- a new one ---- */

static const int algorithms[] = {COSE_ES256, COSE_EDDSA, COSE_RS256};

/* libfido2 wants to be told which kind of key it will find. */
static fido_cred_t *cred_of(const struct buf *authenticator, int *algorithm)
{
    for (size_t i = 0; i < sizeof algorithms / sizeof *algorithms; i++) {
        fido_cred_t *cred = fido_cred_new();
        need(cred != NULL);
        if (fido_cred_set_type(cred, algorithms[i]) == FIDO_OK &&
            fido_cred_set_authdata_raw(cred, authenticator->bytes, authenticator->len) == FIDO_OK) {
            *algorithm = algorithms[i];
            return cred;
        }
        fido_cred_free(&cred);
    }
    return NULL;
}

/* Nothing is signed where there is no attestation: what fido_cred_verify() would look at besides, is looked at here. */
static enum err check_cred(const fido_cred_t *cred, const struct buf *authenticator, const char *rp)
{
    uint8_t hash[RP_HASH], flags = fido_cred_flags(cred);
    sign_sha256(rp, strlen(rp), hash);
    int is_ours = authenticator->len > RP_HASH && memcmp(authenticator->bytes, hash, RP_HASH) == 0;
    return is_ours && (flags & FLAG_PRESENT) && (flags & FLAG_VERIFIED) ? ERR_OK : ERR_DENIED;
}

static enum err record_of(const fido_cred_t *cred, int algorithm, const char *id_given, json_t **out)
{
    char id[CODE_BASE64_SIZE(PASSKEY_ID_MAX)], key[CODE_BASE64_SIZE(KEY_MAX)];
    if (fido_cred_id_len(cred) == 0 || fido_cred_id_len(cred) > PASSKEY_ID_MAX || fido_cred_pubkey_len(cred) > KEY_MAX)
        return ERR_MALFORMED;
    code_base64url(fido_cred_id_ptr(cred), fido_cred_id_len(cred), id);
    code_base64(fido_cred_pubkey_ptr(cred), fido_cred_pubkey_len(cred), key);
    if (strcmp(id, id_given) != 0)
        return ERR_MALFORMED;
    *out = json_pack("{s:s,s:i,s:s,s:I}", "id", id, "alg", algorithm, "key", key, "count",
                     (json_int_t)fido_cred_sigcount(cred));
    need(*out != NULL);
    if (verify(NULL, *out)) /* libfido2 takes a point without its y, or beside the curve: nobody could sign in by it */
        return ERR_OK;
    json_decref(*out);
    *out = NULL;
    return ERR_MALFORMED;
}

enum err passkey_read(const char *origin, const struct passkey_given *given, json_t **out,
                      char challenge[static PASSKEY_CHALLENGE])
{
    char rp[PASSKEY_RP];
    int algorithm = 0;
    struct parts p;
    if (!passkey_rp(origin, rp))
        return ERR_DENIED;
    enum err err = parts_read(given, "webauthn.create", origin, &p, challenge);
    if (err != ERR_OK)
        return err;
    fido_cred_t *cred = cred_of(&p.authenticator, &algorithm);
    err = cred ? check_cred(cred, &p.authenticator, rp) : ERR_MALFORMED;
    if (err == ERR_OK)
        err = record_of(cred, algorithm, given->id, out);
    fido_cred_free(&cred);
    parts_free(&p);
    return err;
}

/* ---- an assertion ---- */

/* An authenticator that counts never goes back; one that always says 0 does not count. */
static int takes_count(json_t *passkey, uint32_t count)
{
    json_int_t last = json_integer_value(json_object_get(passkey, "count"));
    if ((last > 0 || count > 0) && (json_int_t)count <= last)
        return 0;
    need(json_object_set_new(passkey, "count", json_integer((json_int_t)count)) == 0);
    return 1;
}

enum err passkey_check(const char *origin, const struct passkey_given *given, json_t *passkey,
                       char challenge[static PASSKEY_CHALLENGE])
{
    char rp[PASSKEY_RP];
    struct parts p;
    if (!passkey_rp(origin, rp))
        return ERR_DENIED;
    enum err err = parts_read(given, "webauthn.get", origin, &p, challenge);
    if (err != ERR_OK)
        return err;
    fido_assert_t *assertion = fido_assert_new();
    need(assertion != NULL);
    if (fido_assert_set_rp(assertion, rp) != FIDO_OK ||
        fido_assert_set_clientdata(assertion, p.client.bytes, p.client.len) != FIDO_OK ||
        fido_assert_set_count(assertion, 1) != FIDO_OK ||
        fido_assert_set_authdata_raw(assertion, 0, p.authenticator.bytes, p.authenticator.len) != FIDO_OK ||
        fido_assert_set_sig(assertion, 0, p.signature.bytes, p.signature.len) != FIDO_OK ||
        fido_assert_set_up(assertion, FIDO_OPT_TRUE) != FIDO_OK ||
        fido_assert_set_uv(assertion, FIDO_OPT_TRUE) != FIDO_OK)
        err = ERR_MALFORMED;
    else if (!verify(assertion, passkey) || !takes_count(passkey, fido_assert_sigcount(assertion, 0)))
        err = ERR_DENIED;
    fido_assert_free(&assertion);
    parts_free(&p);
    return err;
}
