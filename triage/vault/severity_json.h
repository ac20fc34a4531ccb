/* severity_json.h -- severity as it stands in sealed states and in answers to the console. */
#ifndef TRIAGE_VAULT_SEVERITY_JSON_H
#define TRIAGE_VAULT_SEVERITY_JSON_H

#include <jansson.h>

#include "triage/vault/rules.h"

/* {"danger_now","grave","ongoing","scale","scope","irremediability","likelihood","by"}; unknown is null. New reference.
 */
json_t *severity_json(const struct severity *severity);
/* The reverse; what is missing is unknown. Arrival and `looked` are left alone. */
void severity_from_json(const json_t *json, struct severity *severity);
/* severity_json and "fired" [{"rule","says","danger","words":[...],"desk"}] ("desk" where the rule names one),
 * "danger", "due_s", "rules" (the set's version), "arrived". */
json_t *proposal_json(const struct rules_proposal *proposal, unsigned version);
/* Merge a later proposal into an earlier one: parts raised, rules that fired joined, the version and arrival of the
 * later one noted under "later". Changes `into`. */
void proposal_raise(json_t *into, const json_t *later);
/* "1h", "4h", "24h", "72h", "7d", "later". */
const char *severity_band_name(enum severity_band band);

#endif
