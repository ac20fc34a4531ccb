/* texting.h -- which number belongs to which case, and whether its owner wants texts. The only place that knows. */
#ifndef TRIAGE_VAULT_TEXTING_H
#define TRIAGE_VAULT_TEXTING_H

#include "common/text/smswords.h"
#include "triage/vault/case_change.h"
#include "triage/vault/message.h"

struct texting *texting_new(void);
void texting_free(struct texting *texting);
/* A state was kept, or read at the rebuild: remember its number, if it has one. */
void texting_know(struct texting *texting, const json_t *state, const struct case_file *file);
/* The case of the number that this text came from, or NULL. */
struct case_file *texting_find(struct vault *vault, const struct message *message);
/* The person texted: STOP means silence, anything else ends it. Changes the draft. */
void texting_heard(struct case_change *cc, enum sms_word word);
/* 1 if answers to this case go out as texts and the person has not said STOP. */
int texting_may_send(const json_t *state);

#endif
