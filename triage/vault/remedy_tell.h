/* remedy_tell.h -- what the person is told of remedies: the offer, and the question whether it helped (asked
 * once). On the page by a message in the conversation, to those who text as a text that can be answered with one word
 * (by_text.h). Writes into a change; what is offered and asked is remedy.h. */
#ifndef TRIAGE_VAULT_REMEDY_TELL_H
#define TRIAGE_VAULT_REMEDY_TELL_H

#include "triage/vault/case_change.h"
#include "triage/vault/remedy.h"

/* The newest offer, in the words of `who`. Whoever speaks for a group is told that they answer for themself alone. The
 * case has a thread key. */
void remedy_tell_offer(struct case_change *cc, const char *who, const char *text, const char *language);
/* Whether what was delivered helped; `who` "": its day has come. Without a thread key by text alone. */
void remedy_tell_question(struct case_change *cc, const char *who);
/* The question is put at the end of a text that is written anyway: its sentence. Borrowed. */
const char *remedy_tell_asked(struct case_change *cc, const char *language);

#endif
