/* fuzz_passkey.c -- what a browser sends when a passkey signs in or is added (triage/vault/passkey.h): never taken
 * unless the key of the record has signed just these bytes, for our page, with the person there and verified, and with
 * a counter that rose; one bit of it changed, another key or another page, and it is refused. What is added is the key
 * that stands in it, under the id that was given. An item of CBOR (cbor.h) is as long as it is, whatever stands behind.
 *
 * The first line is clientDataJSON, the rest authenticatorData; both are signed as they are. */
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>

#include "common/base/code.h"
#include "common/base/mem.h"
#include "common/seal/sign.h"
#include "common/text/json.h"
#include "tests/fuzz/fuzz.h"
#include "triage/vault/cbor.h"
#include "triage/vault/passkey.h"

#define HOST   "desk.example"
#define ORIGIN "https://" HOST ":8444"

enum {
    ES256 = -7,
    EDDSA = -8,
    RS256 = -257,
    HASH = 32,
    FLAGS_AT = HASH,
    COUNT_AT = 33,
    ID_LEN_AT = 53,
    ID_AT = 55,
    PLAIN = 37,          /* authenticatorData of a sign-in, without extensions */
    THERE = 1 | 4,       /* present and verified */
    SIGNATURE_MAX = 100, /* in DER */
};

/* P-256 with the private key 1, so that the public one is the curve's generator; Ed25519 from a seed. */
static const uint8_t generator[65] = {4,    0x6b, 0x17, 0xd1, 0xf2, 0xe1, 0x2c, 0x42, 0x47, 0xf8, 0xbc, 0xe6, 0xe5,
                                      0x63, 0xa4, 0x40, 0xf2, 0x77, 0x03, 0x7d, 0x81, 0x2d, 0xeb, 0x33, 0xa0, 0xf4,
                                      0xa1, 0x39, 0x45, 0xd8, 0x98, 0xc2, 0x96, 0x4f, 0xe3, 0x42, 0xe2, 0xfe, 0x1a,
                                      0x7f, 0x9b, 0x8e, 0xe7, 0xeb, 0x4a, 0x7c, 0x0f, 0x9e, 0x16, 0x2b, 0xce, 0x33,
                                      0x57, 0x6b, 0x31, 0x5e, 0xce, 0xcb, 0xb6, 0x40, 0x68, 0x37, 0xbf, 0x51, 0xf5};
static EVP_PKEY *p256;
static struct sign_key *ed25519;
static uint8_t ed25519_public[SIGN_PUBLIC], rp_hash[HASH];

void fuzz_start(void)
{
    static const uint8_t seed[SIGN_SEED] = {9};
    OSSL_PARAM_BLD *build = OSSL_PARAM_BLD_new();
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, "EC", NULL);
    BIGNUM *one = BN_new();
    need(build && ctx && one && BN_set_word(one, 1));
    need(OSSL_PARAM_BLD_push_utf8_string(build, OSSL_PKEY_PARAM_GROUP_NAME, "P-256", 0));
    need(OSSL_PARAM_BLD_push_octet_string(build, OSSL_PKEY_PARAM_PUB_KEY, generator, sizeof generator));
    need(OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_PRIV_KEY, one));
    OSSL_PARAM *params = OSSL_PARAM_BLD_to_param(build);
    need(params && EVP_PKEY_fromdata_init(ctx) == 1);
    need(EVP_PKEY_fromdata(ctx, &p256, EVP_PKEY_KEYPAIR, params) == 1);
    OSSL_PARAM_free(params);
    OSSL_PARAM_BLD_free(build);
    EVP_PKEY_CTX_free(ctx);
    BN_free(one);
    need(sign_key_new(seed, &ed25519) == ERR_OK);
    sign_key_public(ed25519, ed25519_public);
    sign_sha256(HOST, strlen(HOST), rp_hash);
    passkey_start();
}

/* ---- what an authenticator does ---- */

/* authenticatorData and the hash of clientDataJSON, signed; the signature's length. */
static size_t sign(int algorithm, const char *client, const struct buf *authenticator,
                   uint8_t out[static SIGNATURE_MAX])
{
    struct buf both = BUF_INIT(1 << 20);
    uint8_t hash[HASH];
    size_t len = SIGNATURE_MAX;
    sign_sha256(client, strlen(client), hash);
    need(buf_add(&both, authenticator->bytes, authenticator->len) == ERR_OK && buf_add(&both, hash, HASH) == ERR_OK);
    if (algorithm == EDDSA) {
        len = SIGN_SIZE;
        need(sign_make(ed25519, both.bytes, both.len, out) == ERR_OK);
    } else {
        EVP_MD_CTX *ctx = EVP_MD_CTX_new();
        need(ctx && EVP_DigestSignInit(ctx, NULL, EVP_sha256(), NULL, p256) == 1);
        need(EVP_DigestSign(ctx, out, &len, both.bytes, both.len) == 1);
        EVP_MD_CTX_free(ctx);
    }
    buf_free(&both);
    return len;
}

static json_t *record_of(int algorithm, int64_t count)
{
    char key[CODE_BASE64_SIZE(64)];
    code_base64(algorithm == EDDSA ? ed25519_public : generator + 1, algorithm == EDDSA ? SIGN_PUBLIC : 64, key);
    json_t *record = json_pack("{s:i,s:s,s:I}", "alg", algorithm, "key", key, "count", (json_int_t)count);
    need(record != NULL);
    return record;
}

static char *url(const void *bytes, size_t len)
{
    char *text = malloc(CODE_BASE64_SIZE(len));
    need(text != NULL);
    code_base64url(len ? bytes : (const uint8_t *)"", len, text);
    return text;
}

/* As a browser would send it. */
static enum err check(const char *origin, const char *client, size_t client_len, const struct buf *authenticator,
                      const uint8_t *signature, size_t signature_len, json_t *record,
                      char challenge[static PASSKEY_CHALLENGE])
{
    char *said = url(client, client_len), *data = url(authenticator->bytes, authenticator->len),
         *signed_by = url(signature, signature_len);
    struct passkey_given given = {"", said, data, signed_by};
    enum err err = passkey_check(origin, &given, record, challenge);
    free(said);
    free(data);
    free(signed_by);
    return err;
}

/* ---- what is good, read another way ---- */

static int is_good_client(const char *client, const char *type, char challenge[static PASSKEY_CHALLENGE])
{
    json_t *json = NULL;
    struct json_fault fault;
    if (json_read_object(client, strlen(client), &json, &fault) != ERR_OK)
        return 0;
    const char *said_type = json_string_value(json_object_get(json, "type")),
               *origin = json_string_value(json_object_get(json, "origin")),
               *said = json_string_value(json_object_get(json, "challenge"));
    int is_good = strlen(client) <= PASSKEY_FIELD_MAX && said_type && strcmp(said_type, type) == 0 && origin &&
                  strcmp(origin, ORIGIN) == 0 && said && strlen(said) < PASSKEY_CHALLENGE &&
                  !json_is_true(json_object_get(json, "crossOrigin"));
    if (is_good)
        strcpy(challenge, said);
    json_decref(json);
    return is_good;
}

static int is_good_data(const struct buf *a)
{
    return a->len >= PLAIN && a->len <= PASSKEY_FIELD_MAX && memcmp(a->bytes, rp_hash, HASH) == 0 &&
           (a->bytes[FLAGS_AT] & THERE) == THERE;
}

static uint32_t count_of(const struct buf *a)
{
    const uint8_t *at = a->bytes + COUNT_AT;
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

/* ---- signing in ---- */

/* What was taken is not, with one bit changed, cut short, of another key or for another page. */
static void nothing_else_is_taken(int algorithm, char *client, struct buf *a, uint8_t *signature, size_t len,
                                  struct fuzz_cuts *cuts)
{
    json_t *record = record_of(algorithm, 0), *other = record_of(algorithm == EDDSA ? ES256 : EDDSA, 0);
    char challenge[PASSKEY_CHALLENGE];
    const size_t said = strlen(client);
    struct {
        uint8_t *bytes;
        size_t len;
    } parts[] = {{(uint8_t *)client, said}, {a->bytes, a->len}, {signature, len}};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        uint8_t *at = &parts[i].bytes[fuzz_draw(cuts, parts[i].len)], bit = (uint8_t)(1u << fuzz_draw(cuts, 8));
        *at ^= bit;
        need(check(ORIGIN, client, said, a, signature, len, record, challenge) != ERR_OK);
        *at ^= bit;
    }
    need(check(ORIGIN, client, said, a, signature, fuzz_draw(cuts, len), record, challenge) != ERR_OK);
    need(check(ORIGIN, client, said, a, signature, len, other, challenge) == ERR_DENIED);
    need(check("https://other.example", client, said, a, signature, len, record, challenge) == ERR_DENIED);
    json_decref(record);
    json_decref(other);
}

static void signs_in(char *client, struct buf *a, struct fuzz_cuts *cuts)
{
    const int algorithm = fuzz_draw(cuts, 2) ? ES256 : EDDSA;
    uint8_t signature[SIGNATURE_MAX] = {0};
    char challenge[PASSKEY_CHALLENGE] = "", said[PASSKEY_CHALLENGE] = "";
    json_int_t last = (json_int_t)fuzz_draw(cuts, 3);
    json_t *record = record_of(algorithm, last);
    size_t len = strlen(client);
    need(check(ORIGIN, client, len, a, signature, sizeof signature, record, challenge) != ERR_OK);
    need(check(ORIGIN, client, len, a, a->bytes, a->len, record, challenge) != ERR_OK);
    size_t signed_len = sign(algorithm, client, a, signature);
    enum err err = check(ORIGIN, client, len, a, signature, signed_len, record, challenge);
    int is_good = is_good_client(client, "webauthn.get", said) && is_good_data(a);
    is_good = is_good && (count_of(a) > last || (count_of(a) == 0 && last == 0));
    need(err == ERR_OK || err == ERR_DENIED || err == ERR_MALFORMED);
    need(err != ERR_OK || is_good);
    need(err == ERR_OK || !is_good || a->len > PLAIN || a->bytes[FLAGS_AT] != THERE);
    need(json_integer_value(json_object_get(record, "count")) == (err == ERR_OK ? count_of(a) : last));
    if (err == ERR_OK) {
        need(strcmp(challenge, said) == 0);
        err = check(ORIGIN, client, len, a, signature, signed_len, record, challenge);
        need(err == (count_of(a) ? ERR_DENIED : ERR_OK)); /* the same again: there is a copy */
        nothing_else_is_taken(algorithm, client, a, signature, signed_len, cuts);
    }
    json_decref(record);
}

/* ---- adding one ---- */

static enum err add(const char *id, const char *client, const struct buf *a, json_t **out)
{
    char challenge[PASSKEY_CHALLENGE] = "", told[PASSKEY_CHALLENGE] = "";
    char *said = url(client, strlen(client)), *data = url(a->bytes, a->len);
    struct passkey_given given = {id, said, data, NULL};
    *out = NULL;
    enum err err = passkey_read(ORIGIN, &given, out, challenge);
    need((err == ERR_OK) == (*out != NULL) && (err == ERR_OK || err == ERR_DENIED || err == ERR_MALFORMED));
    need(err != ERR_OK || (is_good_client(client, "webauthn.create", told) && strcmp(told, challenge) == 0));
    free(said);
    free(data);
    return err;
}

static void adds_any(const char *client, const struct buf *a)
{
    json_t *record;
    size_t len = a->len > ID_AT ? (size_t)(a->bytes[ID_LEN_AT] << 8 | a->bytes[ID_LEN_AT + 1]) : 0;
    char *id = url(len && len <= a->len - ID_AT ? a->bytes + ID_AT : NULL, len && len <= a->len - ID_AT ? len : 0);
    if (add(id, client, a, &record) == ERR_OK) {
        struct buf key = BUF_INIT(2000);
        const char *text = json_string_value(json_object_get(record, "key"));
        json_int_t algorithm = json_integer_value(json_object_get(record, "alg"));
        need(is_good_data(a) && len > 0 && len <= PASSKEY_ID_MAX);
        need(strcmp(json_string_value(json_object_get(record, "id")), id) == 0);
        need(json_integer_value(json_object_get(record, "count")) == count_of(a));
        need(algorithm == ES256 || algorithm == EDDSA || algorithm == RS256);
        need(code_unbase64(text, strlen(text), &key) == ERR_OK);
        need(algorithm == RS256 || fuzz_has(a, key.bytes, 32)); /* x, and y where the curve has one */
        need(algorithm != ES256 || fuzz_has(a, key.bytes + 32, 32));
        buf_free(&key);
        json_decref(record);
    }
    need(add("AAAA", client, a, &record) != ERR_OK || strcmp(id, "AAAA") == 0);
    json_decref(record);
    free(id);
}

/* Ours, under an id of theirs; then it signs in. */
static void adds_ours(const uint8_t *data, size_t size)
{
    static const char made[] = "{\"type\":\"webauthn.create\",\"origin\":\"" ORIGIN "\",\"challenge\":\"c\"}",
                      got[] = "{\"type\":\"webauthn.get\",\"origin\":\"" ORIGIN "\",\"challenge\":\"c\"}";
    static const uint8_t count_and_aaguid[4 + 16] = {0}, x[] = {0xa5, 1, 2, 3, 0x26, 0x20, 1, 0x21, 0x58, 0x20},
                                              y[] = {0x22, 0x58, 0x20};
    const uint8_t flags = THERE | 64, id_len[] = {(uint8_t)(size >> 8), (uint8_t)size};
    struct buf a = BUF_INIT(4000);
    uint8_t signature[SIGNATURE_MAX];
    char challenge[PASSKEY_CHALLENGE];
    json_t *record;
    if (size == 0 || size > PASSKEY_ID_MAX)
        return;
    need(buf_add(&a, rp_hash, HASH) == ERR_OK && buf_add_byte(&a, flags) == ERR_OK);
    need(buf_add(&a, count_and_aaguid, sizeof count_and_aaguid) == ERR_OK && buf_add(&a, id_len, 2) == ERR_OK);
    need(buf_add(&a, data, size) == ERR_OK && buf_add(&a, x, sizeof x) == ERR_OK);
    need(buf_add(&a, generator + 1, 32) == ERR_OK && buf_add(&a, y, sizeof y) == ERR_OK);
    need(buf_add(&a, generator + 33, 32) == ERR_OK);
    char *id = url(data, size);
    need(add(id, made, &a, &record) == ERR_OK);
    buf_cut(&a, PLAIN);
    a.bytes[FLAGS_AT] = THERE;
    size_t len = sign(ES256, got, &a, signature);
    need(check(ORIGIN, got, strlen(got), &a, signature, len, record, challenge) == ERR_OK);
    json_decref(record);
    free(id);
    buf_free(&a);
}

static void items_end(const uint8_t *data, size_t size)
{
    size_t len = cbor_item(data, size);
    need(len <= size);
    if (len)
        need(cbor_item(data, len) == len && cbor_item(data, len - 1) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_cuts cuts = fuzz_cuts(data, size);
    char *client = fuzz_line(&data, &size), rp[PASSKEY_RP];
    struct buf a = BUF_INIT(1 << 20);
    need(buf_add(&a, data, size) == ERR_OK);
    need(!passkey_rp(client, rp) || (strlen(rp) < strlen(client) && strstr(client, rp) && !strpbrk(rp, ":/")));
    signs_in(client, &a, &cuts);
    adds_any(client, &a);
    items_end(data, size);
    for (size_t i = 0; i < 3; i++) { /* also behind what an authenticator puts in front of it */
        size_t from = i == 0 ? PLAIN : fuzz_draw(&cuts, size + 1);
        items_end(data + (from < size ? from : size), size - (from < size ? from : size));
    }
    adds_ours(data, size);
    buf_free(&a);
    free(client);
    return 0;
}
