/* totp.c -- see totp.h. */
#include "triage/vault/totp.h"

#include <liboath/oath.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/code.h"
#include "common/base/mem.h"
#include "common/base/rng.h"
#include "common/seal/sign.h"

enum { SECRET_BYTES = 20, PERIOD_S = 30, WINDOW = 1, DIGITS = 6, LETTERS = 12, GROUP = 4 };

static const char base32[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
/* None that is mistaken for another. */
static const char letters[] = "abcdefghjkmnpqrstuvwxyz23456789";

void totp_secret(char out[static TOTP_SECRET])
{
    for (size_t i = 0; i + 1 < TOTP_SECRET; i++)
        out[i] = base32[rng_below(32)];
    out[TOTP_SECRET - 1] = 0;
}

/* `count` characters of `from` that are in none of " -", lower case; 0 when there are more or fewer. */
static int squeeze(const char *from, char *out, size_t count)
{
    size_t len = 0;
    for (; *from; from++) {
        if (*from == ' ' || *from == '-')
            continue;
        if (len == count)
            return 0;
        out[len++] = (char)(*from >= 'A' && *from <= 'Z' ? *from - 'A' + 'a' : *from);
    }
    out[len] = 0;
    return len == count;
}

int64_t totp_check(const char *secret, const char *code, int64_t last, int64_t now)
{
    char digits[DIGITS + 1], *bytes = NULL;
    size_t len = 0;
    int position = 0;
    int64_t period = -1;
    if (!squeeze(code, digits, DIGITS) || strspn(digits, "0123456789") != DIGITS)
        return -1;
    if (oath_base32_decode(secret, strlen(secret), &bytes, &len) != OATH_OK)
        return -1;
    int found = oath_totp_validate2(bytes, len, (time_t)now, PERIOD_S, 0, WINDOW, &position, digits);
    if (found >= 0)
        period = now / PERIOD_S + position;
    mem_wipe(bytes, len);
    free(bytes); /* the library's */
    mem_wipe(digits, sizeof digits);
    return period > last ? period : -1;
}

static void hash_of(const char *code, char out[static CODE_HEX_SIZE(32)])
{
    uint8_t hash[32];
    sign_sha256(code, LETTERS, hash);
    code_hex(hash, sizeof hash, out);
}

void totp_codes(json_t **shown, json_t **kept)
{
    char code[LETTERS + 1] = "", text[TOTP_CODE], hash[CODE_HEX_SIZE(32)];
    *shown = json_array();
    *kept = json_array();
    for (int i = 0; i < TOTP_CODES; i++) {
        size_t at = 0;
        for (size_t k = 0; k < LETTERS; k++) {
            code[k] = letters[rng_below(sizeof letters - 1)];
            if (k > 0 && k % GROUP == 0)
                text[at++] = '-';
            text[at++] = code[k];
        }
        text[at] = 0;
        hash_of(code, hash);
        need(json_array_append_new(*shown, json_string(text)) == 0);
        need(json_array_append_new(*kept, json_string(hash)) == 0);
    }
    mem_wipe(code, sizeof code);
    mem_wipe(text, sizeof text);
}

int totp_codes_use(json_t *kept, const char *code)
{
    char plain[LETTERS + 1], hash[CODE_HEX_SIZE(32)];
    size_t i;
    json_t *one;
    if (!squeeze(code, plain, LETTERS))
        return 0;
    hash_of(plain, hash);
    mem_wipe(plain, sizeof plain);
    json_array_foreach(kept, i, one)
    {
        if (json_string_length(one) == sizeof hash - 1 && mem_same(json_string_value(one), hash, sizeof hash - 1)) {
            need(json_array_remove(kept, i) == 0);
            return 1;
        }
    }
    return 0;
}
