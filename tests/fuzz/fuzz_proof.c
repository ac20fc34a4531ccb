/* fuzz_proof.c -- any text in the header Proof or in the form's field `wait` (intake/proof.h). Line 1: the report's
 * key; the rest: the text. What is accepted was signed by us for this key: the same moment gives the same stamp again.
 */
#include "common/http/http.h"
#include "intake/proof.h"
#include "tests/fuzz/fuzz.h"

enum { NOW = 1795600000, WAIT_S = 20 };
static const uint8_t sign_key[32] = {7}, network[HTTP_NETWORK] = {4, 10, 0, 1};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
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
    free(key);
    free(text);
    return 0;
}
