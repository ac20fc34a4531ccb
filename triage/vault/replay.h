/* replay.h -- proposing again what was proposed: the messages of a case as they were stored, and for each the version
 * of the rules and the arrival that the stored proposal notes (docs/danger-rules.md, "Replay").
 *
 * What comes out equals what is stored (json_equal), or something that must not differ does. Changes nothing.
 * Neighbours: rules.h, severity_json.h. */
#ifndef TRIAGE_VAULT_REPLAY_H
#define TRIAGE_VAULT_REPLAY_H

#include "triage/vault/message.h"

/* `stored` is a case's "proposal"; `messages` are the `count` messages that it comes from, the first one first;
 * `folder` has the rules of all versions. All are borrowed; the caller owns *out. ERR_CONFLICT: the proposal does not
 * come from as many messages; ERR_MALFORMED: it does not say from which versions and arrivals; otherwise as
 * rules_load_version(), with a sentence. */
MUST_CHECK enum err replay_proposal(const char *folder, const json_t *stored, const struct message *messages,
                                    size_t count, json_t **out, char says[static SAYS_SIZE]);

#endif
