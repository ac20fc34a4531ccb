/* impact.h -- one impact as JSON (docs/register.md, "Impacts and actions"): how severe it is, how each entity is
 * involved.
 *
 * Pure: no memory of its own, no clock but its arguments. Neighbours: entry.h (history), impacts.h (all of them). */
#ifndef TRIAGE_VAULT_IMPACT_H
#define TRIAGE_VAULT_IMPACT_H

#include <jansson.h>
#include <stdint.h>

#include "triage/vault/severity.h"

enum { IMPACT_ENTITIES_MAX = 50, IMPACT_INVOLVED_MAX = 200 };

/* Parts of a severity as they add up over cases; SEVERITY_UNKNOWN sorts as 3, as everywhere. */
struct impact_level {
    uint8_t scale, scope, irremediability, grave, danger_now;
    uint8_t is_known; /* 0: nobody has said anything, there is no level */
};

/* The higher of the two, part by part. */
void impact_level_join(struct impact_level *into, const struct impact_level *other);
/* {"scale","scope","irremediability","grave","danger_now"}; null when there is none. New reference. */
json_t *impact_level_json(const struct impact_level *level);
/* As the order compares it. */
void impact_level_severity(const struct impact_level *level, struct severity *out);

/* What a person assessed the impact itself as. */
struct impact_level impact_own(const json_t *impact);
/* The highest that the vaults have published of their cases. */
struct impact_level impact_published(const json_t *impact);
/* 1 if `level` says more than what `desk` has published; impact_publish() then raises that, known parts only. Nothing
 * is ever lowered. */
int impact_raises(const json_t *impact, const char *desk, const struct impact_level *level);
void impact_publish(json_t *impact, const char *desk, const struct impact_level *level);

/* The entity with this id, or NULL. Borrowed. */
json_t *impact_entity(const json_t *impact, const char *entity);
/* The entry of its involvement that holds at `now`: the one that began last; NULL: none. Borrowed. */
const json_t *impact_involvement(const json_t *entity, int64_t now);
/* Since when it has been "linked" without a break; 0: it is not. */
int64_t impact_linked_since(const json_t *entity, int64_t now);
/* Days that an entity, linked since then, has gone without action, when that are at least `limit`; else 0. `is_busy`:
 * an action of it holds; `last`: when one of its actions was last changed, 0 for none. */
int64_t impact_drift(int64_t linked_since, int is_busy, int64_t last, int64_t now, int64_t limit);

#endif
