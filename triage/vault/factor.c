/* factor.c -- see factor.h. */
#include "triage/vault/factor.h"

#include "common/base/err.h"
#include "triage/vault/totp.h"

int factor_has(const json_t *json)
{
    return json_is_object(json_object_get(json, "totp")) || json_array_size(json_object_get(json, "passkeys")) > 0;
}

enum factor_use factor_use(json_t *json, const char *code, int64_t now)
{
    json_t *totp = json_object_get(json, "totp");
    const char *secret = json_string_value(json_object_get(totp, "secret"));
    if (!factor_has(json))
        return FACTOR_NONE;
    int64_t period = secret ? totp_check(secret, code, json_integer_value(json_object_get(totp, "last")), now) : -1;
    if (period >= 0) {
        need(json_object_set_new(totp, "last", json_integer(period)) == 0);
        return FACTOR_RIGHT;
    }
    return totp_codes_use(json_object_get(json, "codes"), code) ? FACTOR_RIGHT : FACTOR_WRONG;
}
