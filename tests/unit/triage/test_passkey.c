/* test_passkey.c -- what a browser says when a passkey is added: the key in it is one, for our page, of a person who
 * was there. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "common/base/code.h"
#include "common/seal/sign.h"
#include "triage/vault/passkey.h"

#define HOST   "desk.example"
#define ORIGIN "https://" HOST ":8444"

/* COSE, with P-256's generator as the key: {1: 2, 3: -7, -1: 1, -2: x, -3: y}. */
#define HEAD    "010203262001"
#define ED25519 "010103272006" /* {1: 1, 3: -8, -1: 6, -2: x} */
#define X       "2158206b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296"
#define Y       "2258204fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5"
#define BESIDE  "2258204fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f4"

static enum err add(const char *origin, uint8_t flags, const char *cose)
{
    static const char client[] = "{\"type\":\"webauthn.create\",\"origin\":\"" ORIGIN "\",\"challenge\":\"c\"}";
    uint8_t bytes[200] = {0};
    char said[CODE_BASE64_SIZE(sizeof client)], data[CODE_BASE64_SIZE(sizeof bytes)], challenge[PASSKEY_CHALLENGE];
    size_t len = strlen(cose) / 2;
    json_t *record = NULL;
    sign_sha256(HOST, strlen(HOST), bytes);
    bytes[32] = flags;
    bytes[54] = 3; /* length of the id, which is "AAAA" in base64 */
    assert_int_equal(code_unhex(cose, strlen(cose), bytes + 58, len), ERR_OK);
    code_base64url(bytes, 58 + len, data);
    code_base64url((const uint8_t *)client, sizeof client - 1, said);
    const struct passkey_given given = {"AAAA", said, data, NULL};
    enum err err = passkey_read(origin, &given, &record, challenge);
    assert_true((err == ERR_OK) == (record != NULL));
    if (err == ERR_OK)
        assert_string_equal(challenge, "c");
    json_decref(record);
    return err;
}

static void a_key_is_taken_where_it_is_one(void **state)
{
    (void)state;
    assert_int_equal(add(ORIGIN, 0x45, "a5" HEAD X Y), ERR_OK);
    assert_int_equal(add(ORIGIN, 0x45, "a4" HEAD X), ERR_MALFORMED);
    assert_int_equal(add(ORIGIN, 0x45, "a5" HEAD X BESIDE), ERR_MALFORMED);
    assert_int_equal(add(ORIGIN, 0x45, "a5" HEAD X), ERR_MALFORMED);
    assert_int_equal(add(ORIGIN, 0x45, "a4" ED25519 X), ERR_OK);
    assert_int_equal(add(ORIGIN, 0x45, "a3" ED25519), ERR_MALFORMED);
}

static void who_was_not_there_or_elsewhere_adds_none(void **state)
{
    (void)state;
    assert_int_equal(add(ORIGIN, 0x44, "a5" HEAD X Y), ERR_DENIED);
    assert_int_equal(add(ORIGIN, 0x41, "a5" HEAD X Y), ERR_DENIED);
    assert_int_equal(add("https://other.example", 0x45, "a5" HEAD X Y), ERR_DENIED);
    assert_int_equal(add("http://" HOST, 0x45, "a5" HEAD X Y), ERR_DENIED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_key_is_taken_where_it_is_one),
        cmocka_unit_test(who_was_not_there_or_elsewhere_adds_none),
    };
    passkey_start();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
