/* Waits and proofs: ours, fresh, for this report alone. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <stdio.h>

#include "common/http/http.h"
#include "intake/limits.h"
#include "intake/proof.h"

static const uint8_t sign_key[32] = {1, 2, 3}, other_key[32] = {9};
static const uint8_t here[HTTP_NETWORK] = {4, 10, 0, 1}, there[HTTP_NETWORK] = {4, 10, 0, 2};
#define KEY "0f8fad5b-d9cb-469f-a165-70867728950e"
enum { NOW = 1795600000 };

static struct proof_about about(const uint8_t *key, const uint8_t *network, const char *report)
{
    return (struct proof_about){.sign_key = key, .network = network, .key = report};
}

/* Compute as a client does. */
static void solve(const char *stamp, const struct proof_about *of, char out[static PROOF_TEXT])
{
    for (unsigned nonce = 0;; nonce++) {
        assert_true(nonce < 10000000);
        snprintf(out, PROOF_TEXT, "%s:%u", stamp, nonce);
        if (proof_is_done(of, out, NOW))
            return;
    }
}

static void a_proof_is_good_for_its_report_and_network_and_time(void **state)
{
    (void)state;
    const struct proof_about of = about(sign_key, here, KEY), of_another = about(sign_key, here, "another report"),
                             of_there = about(sign_key, there, KEY), of_nowhere = about(sign_key, NULL, KEY),
                             of_restarted = about(other_key, here, KEY);
    char stamp[PROOF_STAMP], text[PROOF_TEXT];
    proof_work(&of, NOW, stamp);
    solve(stamp, &of, text);
    assert_true(proof_is_done(&of, text, NOW + LIMIT_PROOF_LIFE_S));
    assert_false(proof_is_done(&of, text, NOW + LIMIT_PROOF_LIFE_S + 1));
    assert_false(proof_is_done(&of, text, NOW - 1));
    assert_false(proof_is_done(&of_another, text, NOW));
    assert_false(proof_is_done(&of_there, text, NOW));
    assert_false(proof_is_done(&of_nowhere, text, NOW));
    assert_false(proof_is_done(&of_restarted, text, NOW));
}

static void what_is_not_computed_or_not_ours_is_no_proof(void **state)
{
    (void)state;
    const struct proof_about of = about(sign_key, here, KEY);
    char stamp[PROOF_STAMP], wait[PROOF_STAMP], text[PROOF_TEXT], long_text[400];
    unsigned passed = 0;
    proof_work(&of, NOW, stamp);
    for (unsigned nonce = 0; nonce < 1000; nonce++) {
        snprintf(text, sizeof text, "%s:%u", stamp, nonce);
        passed += (unsigned)proof_is_done(&of, text, NOW);
    }
    assert_true(passed < 20); /* one in 4,096 */
    solve(stamp, &of, text);
    for (size_t i = 0; i < strlen(stamp); i++) { /* each byte of it counts */
        char forged[PROOF_TEXT];
        memcpy(forged, text, sizeof forged);
        forged[i] = forged[i] == '0' ? '1' : '0';
        assert_false(proof_is_done(&of, forged, NOW));
    }
    memset(long_text, 'a', sizeof long_text - 1);
    long_text[sizeof long_text - 1] = 0;
    const char *const wrong[] = {"", ":", "a:b", stamp, long_text, "zzzzzzzz.aaaaaaaaaaaaaaaaaaaaaa:1", "00000000.:1"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_false(proof_is_done(&of, wrong[i], NOW));
    proof_wait(&of, NOW, wait); /* a wait is no challenge */
    snprintf(text, sizeof text, "%s:%d", wait, 1);
    assert_false(proof_is_done(&of, text, NOW));
}

static void a_wait_takes_its_time_wherever_the_person_is(void **state)
{
    (void)state;
    const struct proof_about of = about(sign_key, here, KEY), of_there = about(sign_key, there, KEY),
                             of_another = about(sign_key, here, "another report"),
                             of_restarted = about(other_key, here, KEY);
    char wait[PROOF_STAMP], stamp[PROOF_STAMP];
    proof_wait(&of, NOW, wait);
    assert_int_equal(proof_wait_left(&of, wait, 20, NOW), 20);
    assert_int_equal(proof_wait_left(&of, wait, 20, NOW + 5), 15);
    assert_int_equal(proof_wait_left(&of, wait, 20, NOW + 20), 0);
    assert_int_equal(proof_wait_left(&of_there, wait, 20, NOW + 20), 0);
    assert_int_equal(proof_wait_left(&of, wait, 20, NOW + LIMIT_WAIT_LIFE_S), 0);
    assert_int_equal(proof_wait_left(&of, wait, 20, NOW + LIMIT_WAIT_LIFE_S + 1), -1);
    assert_int_equal(proof_wait_left(&of, wait, 20, NOW - 1), -1);
    assert_int_equal(proof_wait_left(&of_another, wait, 20, NOW + 20), -1);
    assert_int_equal(proof_wait_left(&of_restarted, wait, 20, NOW + 20), -1);
    proof_work(&of, NOW, stamp);
    assert_int_equal(proof_wait_left(&of, stamp, 20, NOW + 20), -1);
    wait[0] = wait[0] == '0' ? '1' : '0';
    assert_int_equal(proof_wait_left(&of, wait, 20, NOW + 20), -1);
    assert_int_equal(proof_wait_left(&of, "", 20, NOW), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_proof_is_good_for_its_report_and_network_and_time),
        cmocka_unit_test(what_is_not_computed_or_not_ours_is_no_proof),
        cmocka_unit_test(a_wait_takes_its_time_wherever_the_person_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
