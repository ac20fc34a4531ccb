/* register_view.h -- impacts and actions as the console is shown them (docs/vault-protocol.md). */
#ifndef TRIAGE_VAULT_REGISTER_VIEW_H
#define TRIAGE_VAULT_REGISTER_VIEW_H

#include "triage/vault/action.h"
#include "triage/vault/impacts.h"

enum { REGISTER_ACTIONS_MAX = 100 };

/* The actions of each impact, put together for one answer. */
struct docket {
    uint32_t *first, *next; /* number + 1; 0: none */
};
void docket_fill(const struct vault *vault, struct docket *docket);
void docket_free(struct docket *docket);
/* The first behind `after` (NULL: the first of all); NULL behind the last. */
struct action *docket_next(const struct docket *docket, const struct vault *vault, const struct impact *impact,
                           const struct action *after);

/* Days that an entity of the impact drifts towards contribution; 0: it does not. */
int64_t register_drift(const struct vault *vault, const struct docket *docket, const struct impact *impact,
                       const json_t *entity, int64_t now);
/* A row of impact.list, as `who` may see it (seen.h). New reference, as all of these. */
json_t *register_row(const struct vault *vault, const char *who, const struct docket *docket,
                     const struct impact *impact, int64_t now);
/* All of an impact but its cases; of its actions the rows of the first REGISTER_ACTIONS_MAX. */
json_t *register_impact(const struct vault *vault, const char *who, const struct impact *impact, int64_t now);
/* An action with its impact's title and its entity's name; the row of a list has the beginning of what is to be done,
 * and none of the other texts. */
json_t *register_action_row(const struct vault *vault, const struct action *action, int64_t now);
json_t *register_action(const struct vault *vault, const struct action *action, int64_t now);
/* The impact of an action; NULL where it has not been read. */
struct impact *register_impact_of(const struct vault *vault, const struct action *action);
/* How many cases joined, a month: [{"month":"2026-11","cases":3}], the newest first, at most `most`. */
json_t *register_joined(const struct vault *vault, const char *who, const struct impact *impact, size_t most);

#endif
