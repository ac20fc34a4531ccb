/* by_text.h -- which question a text answers that is nothing but a yes or a no, and what goes back for it.
 *
 * Remedies are answered by the bare word (remedy.h). A question of consent has a number and says so ("Reply YES 2 or NO
 * 2"): texts cross, and a yes that was meant for something else must not pass anything on. The bare word does for it
 * only where nothing else was ever asked by text; a bare no also where nothing else is open, or only one thing was
 * agreed to: saying no is always the safe side. Where it cannot be told, nothing is done: it is a message, and the
 * person is asked which (docs/referral.md). */
#ifndef TRIAGE_VAULT_BY_TEXT_H
#define TRIAGE_VAULT_BY_TEXT_H

#include "common/text/smswords.h"
#include "triage/vault/case_change.h"

enum { BY_TEXT_ACT_MAX = 24 };

struct by_text {
    char act[BY_TEXT_ACT_MAX]; /* as acts.h has it; "": a message like any other */
    const char *says;          /* English sentence that goes back; NULL: nothing does */
    unsigned number;           /* of the question that the sentence names */
};

/* The words that tell how to answer the n-th question stand at the end of the text that asks it; marks the question. */
void by_text_ask(struct case_change *cc, const char *words, int n);
/* Pure. `word` and `number` as of sms_answer_of(). */
void by_text_read(const json_t *state, enum sms_word word, unsigned number, struct by_text *out);
/* Sends what goes back. `is_done`: the act was; else only what asks which one was meant, or says again what is noted.
 */
void by_text_tell(struct case_change *cc, const struct by_text *answer, int is_done);

#endif
