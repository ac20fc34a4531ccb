/* fuzz_proof.c -- any text in the header Proof or in the form's field `wait` (intake/proof.h). Line 1: the report's
 * key; the rest: the text. What is accepted was signed by us for this key: the same moment gives the same stamp again,
 * and work is done when, and only when, the hash of what we signed and of the text behind it begins with as many zeroes
 * as we ask for. */
#include <stdio.h>

#include "common/http/http.h"
#include "common/seal/sign.h"
#include "intake/limits.h"
#include "intake/proof.h"
#include "tests/fuzz/fuzz.h"

enum { NOW = 1795600000, WAIT_S = 20 };
static const uint8_t sign_key[32] = {7}, network[HTTP_NETWORK] = {4, 10, 0, 1};

static char solved[PROOF_TEXT]; /* of the key "k" */

static int begins_with_zeroes(const char *text)
{
    uint8_t hash[32];
    sign_sha256(text, strlen(text), hash);
    for (unsigned bit = 0; bit < LIMIT_PROOF_BITS; bit++)
        if (hash[bit / 8] & 0x80 >> bit % 8)
            return 0;
    return 1;
}

void fuzz_start(void)
{
    char work[PROOF_STAMP];
    proof_work(&(struct proof_about){sign_key, network, "k"}, NOW, work);
    for (unsigned n = 0; n == 0 || !begins_with_zeroes(solved); n++)
        snprintf(solved, sizeof solved, "%s:%u", work, n);
}

/* What we signed, with the input as the work; and work that was done, with one letter of it another. */
static void work_counts_alone(const struct proof_about *about, const char *text, struct fuzz_cuts *cuts)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    const struct proof_about known = {sign_key, network, "k"};
    char work[PROOF_STAMP], tried[2 * PROOF_TEXT];
    size_t len = strlen(text);
    proof_work(about, NOW, work);
    snprintf(tried, sizeof tried, "%s:%.*s", work, PROOF_TEXT, text);
    int is_nonce = len >= 1 && len <= 20 && strspn(text, letters) == len;
    need(proof_is_done(about, tried, NOW) == (is_nonce && begins_with_zeroes(tried)));
    need(proof_is_done(&known, solved, NOW) && proof_is_done(&known, solved, NOW + LIMIT_PROOF_LIFE_S));
    need(!proof_is_done(&known, solved, NOW - 1) && !proof_is_done(&known, solved, NOW + LIMIT_PROOF_LIFE_S + 1));
    snprintf(tried, sizeof tried, "%s", solved);
    tried[fuzz_draw(cuts, strlen(solved))] = letters[fuzz_draw(cuts, sizeof letters - 1)];
    need(strcmp(tried, solved) == 0 || !proof_is_done(&known, tried, NOW) || begins_with_zeroes(tried));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_cuts cuts = fuzz_cuts(data, size);
    char *key = fuzz_line(&data, &size), *text = fuzz_text(data, size);
    char stamp[PROOF_STAMP], work[PROOF_STAMP];
    const struct proof_about about = {sign_key, network, key}, nowhere = {sign_key, NULL, key};
    int64_t left = proof_wait_left(&about, text, WAIT_S, NOW);
    need(left >= -1 && left <= WAIT_S && left == proof_wait_left(&nowhere, text, WAIT_S, NOW));
    if (left > 0) {
        proof_wait(&about, NOW - (WAIT_S - left), stamp);
        need(strcmp(stamp, text) == 0);
    }
    if (proof_is_done(&about, text, NOW)) {
        need(!proof_is_done(&nowhere, text, NOW) && strchr(text, ':') == text + strcspn(text, ":"));
        need(strlen(text) < PROOF_TEXT);
    }
    /* What we make is taken, whatever the key. */
    proof_wait(&about, NOW, stamp);
    need(proof_wait_left(&about, stamp, WAIT_S, NOW) == WAIT_S);
    proof_work(&about, NOW, work);
    need(strcmp(work, stamp) != 0 && !proof_is_done(&about, work, NOW));
    work_counts_alone(&about, text, &cuts);
    free(key);
    free(text);
    return 0;
}
