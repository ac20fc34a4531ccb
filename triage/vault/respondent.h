/* respondent.h -- whom a case is about: the entities of the impacts that it is linked to. Named in a case as
 * "IMPACT/ENTITY", two ids. */
#ifndef TRIAGE_VAULT_RESPONDENT_H
#define TRIAGE_VAULT_RESPONDENT_H

#include <jansson.h>

#include "triage/vault/vault.h"

enum { RESPONDENT_MAX = 80 };

/* [{"respondent","name","title"}] of all confirmed links of a case; `title` is the impact's. New reference. */
json_t *respondents_of(const struct vault *vault, const json_t *state);
/* The name of that one, or NULL where the case is not linked to it. New reference. */
json_t *respondent_name(const struct vault *vault, const json_t *state, const char *respondent);

#endif
