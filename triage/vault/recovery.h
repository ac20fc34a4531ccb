/* recovery.h -- letting in anew who lost phone and codes, in a staff record: one asks, another confirms, and until a
 * day has passed the person, who is shown it wherever they sign in, can stop it. Pure; time is a parameter (wall
 * seconds). Who may be the two stands in ops_recovery.c. */
#ifndef TRIAGE_VAULT_RECOVERY_H
#define TRIAGE_VAULT_RECOVERY_H

#include <jansson.h>
#include <stdint.h>

enum recovery_step { RECOVERY_NONE, RECOVERY_ASKED, RECOVERY_WAITS, RECOVERY_RIPE };

enum recovery_step recovery_step(const json_t *record, int64_t now);
/* Each changes `record`, the draft of its next version. The step before must be NONE, ASKED, RIPE. */
void recovery_ask(json_t *record, const char *by, const char *reason, int64_t now);
void recovery_confirm(json_t *record, const char *by, int64_t hours, int64_t now);
/* Nothing that let the person in before does any more; `password` is an Argon2id hash. */
void recovery_finish(json_t *record, const char *password, int64_t now);
void recovery_stop(json_t *record);
/* {"by","reason","at","confirmed_by","due","step"}, or null. New reference. */
json_t *recovery_row(const json_t *record, int64_t now);

#endif
