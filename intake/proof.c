/* proof.c -- see proof.h. A stamp is "TIME.MAC": seconds in hex, and 16 bytes of an HMAC in base64url. */
#include "intake/proof.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "common/base/code.h"
#include "common/base/mem.h"
#include "common/http/http.h"
#include "common/seal/sign.h"
#include "intake/limits.h"

enum { MAC_BYTES = 16, KEY_MOST = 128, NONCE_MOST = 20, TIME_DIGITS = 8 };

static void stamp(const struct proof_about *about, char kind, int64_t at, char out[static PROOF_STAMP])
{
    struct {
        char kind;
        uint8_t network[HTTP_NETWORK];
        char at[17];
        char key[KEY_MOST];
    } said = {.kind = kind};
    uint8_t mac[32];
    char text[CODE_BASE64_SIZE(MAC_BYTES)];
    if (about->network)
        memcpy(said.network, about->network, sizeof said.network);
    snprintf(said.at, sizeof said.at, "%016" PRIx64, (uint64_t)at);
    memcpy(said.key, about->key, strnlen(about->key, sizeof said.key));
    sign_hmac(about->sign_key, 32, &said, sizeof said, mac);
    code_base64url(mac, MAC_BYTES, text);
    snprintf(out, PROOF_STAMP, "%0*" PRIx64 ".%s", TIME_DIGITS, (uint64_t)at, text);
    mem_wipe(&said, sizeof said);
}

/* When it was made; -1: it is none of ours. */
static int64_t made_at(const struct proof_about *about, char kind, const char *text, size_t len)
{
    char right[PROOF_STAMP];
    int64_t at = 0;
    if (len < TIME_DIGITS + 2 || len >= PROOF_STAMP || text[TIME_DIGITS] != '.')
        return -1;
    for (size_t i = 0; i < TIME_DIGITS; i++) {
        const char *digits = "0123456789abcdef", *digit = strchr(digits, text[i]);
        if (!digit || !text[i])
            return -1;
        at = at * 16 + (digit - digits);
    }
    stamp(about, kind, at, right);
    return strlen(right) == len && mem_same(right, text, len) ? at : -1;
}

/* ---- computing ---- */

void proof_work(const struct proof_about *about, int64_t now, char out[static PROOF_STAMP])
{
    stamp(about, 'p', now, out);
}

static int zero_bits(const uint8_t hash[static 32])
{
    int bits = 0;
    while (bits < 256 && !(hash[bits / 8] >> (7 - bits % 8) & 1))
        bits++;
    return bits;
}

int proof_is_done(const struct proof_about *about, const char *text, int64_t now)
{
    uint8_t hash[32];
    size_t len = strnlen(text, PROOF_TEXT), whole = strcspn(text, ":");
    if (len == PROOF_TEXT || whole + 1 >= len || len - whole - 1 > NONCE_MOST)
        return 0;
    for (size_t i = whole + 1; i < len; i++)
        if (!strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", text[i]))
            return 0;
    int64_t at = made_at(about, 'p', text, whole);
    if (at < 0 || at > now || now - at > LIMIT_PROOF_LIFE_S)
        return 0;
    sign_sha256(text, len, hash);
    return zero_bits(hash) >= LIMIT_PROOF_BITS;
}

/* ---- waiting ---- */

static struct proof_about without_network(const struct proof_about *about)
{
    return (struct proof_about){.sign_key = about->sign_key, .key = about->key};
}

void proof_wait(const struct proof_about *about, int64_t now, char out[static PROOF_STAMP])
{
    struct proof_about bare = without_network(about);
    stamp(&bare, 'w', now, out);
}

int64_t proof_wait_left(const struct proof_about *about, const char *text, int64_t wait_s, int64_t now)
{
    struct proof_about bare = without_network(about);
    int64_t at = made_at(&bare, 'w', text, strnlen(text, PROOF_STAMP));
    if (at < 0 || at > now || now - at > LIMIT_WAIT_LIFE_S)
        return -1;
    return now - at >= wait_s ? 0 : wait_s - (now - at);
}
