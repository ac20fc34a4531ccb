/* evidence.h -- the files that a report or a message names: their upload keys from the client, what is sealed of them,
 * and that they are kept before the words are sent (docs/evidence.md). */
#ifndef INTAKE_EVIDENCE_H
#define INTAKE_EVIDENCE_H

#include "common/text/json.h"
#include "intake/intake.h"

/* The member `files` of a body: different upload keys, at most as many as the office takes. `*out` is borrowed from
 * `body`, NULL when there are none. ERR_MALFORMED, ERR_TOO_BIG. */
MUST_CHECK enum err evidence_read(const struct intake *intake, const json_t *body, const json_t **out,
                                  struct json_fault *fault);
/* ERR_OK: all are whole and will be there when their desk looks for them, or nobody can be asked now; then they go with
 * the words, which wait as well. `inside`, borrowed until return, is what is sealed of them: [{"id":"hex",
 * "key":"base64","name","size"}], without name and size where nobody could be asked. ERR_NOT_FOUND: one is not whole or
 * not there. ERR_TOO_BIG: more than the office takes, all together. Fires once, never before the call returned. */
typedef void evidence_kept_fn(void *room, enum err err, json_t *inside);
void evidence_keep(struct intake *intake, const json_t *keys, evidence_kept_fn *done, void *room);

/* What the person is shown of the files of a message of their own: [{"name","size"}]; "" and null where they are not
 * known. `inside` is what was sealed. The caller's. */
json_t *evidence_shown(const json_t *inside);

#endif
