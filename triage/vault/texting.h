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
/* What to keep on the shelf of records before a case moves, under its id, so that a restart remembers where its texts
 * have to go; NULL: the case has no number. New reference. */
json_t *texting_record(const json_t *state, const char *desk);
/* The version of the number's record that is kept, with what an audit leaf names it by; 0: there is none. */
int64_t texting_record_version(const struct texting *texting, const json_t *record, uint8_t hash[static 32]);
/* It was kept, or read from the shelf. */
void texting_recorded(struct texting *texting, const json_t *record, int64_t version, const uint8_t hash[static 32]);
/* The number's case went where the record says: texts of it are sent on. A state that is kept here ends that. */
void texting_moved(struct texting *texting, const json_t *record);
/* A state that was kept here is forgotten: if it was its number's case, texts go where the last record says, or begin
 * another case. */
void texting_forget(struct texting *texting, const json_t *state, const struct case_file *file);
/* The desk that this text has to be sent on to, or NULL. */
const char *texting_elsewhere(const struct texting *texting, const struct message *message);
/* The case of the number that this text came from, or NULL. */
struct case_file *texting_find(struct vault *vault, const struct message *message);
/* A text begins `file`, whose state is not kept yet: further ones of its number wait for it. */
void texting_begins(struct texting *texting, const struct message *message, const struct case_file *file);
/* The case that this text has to wait for because another of its number begins it just now; NULL: none. */
struct case_file *texting_begun(struct vault *vault, const struct message *message);
/* The person texted: STOP means silence, anything else ends it. Changes the draft. */
void texting_heard(struct case_change *cc, enum sms_word word);
/* 1 if answers to this case go out as texts and the person has not said STOP. */
int texting_may_send(const json_t *state);

#endif
