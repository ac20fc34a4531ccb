/* impacts.h -- the register: what is tracked, the same for all desks of an office, sealed under the register key.
 *
 * Entries have versions and may be written by any desk's vault; the loser of a race is told (ERR_CONFLICT) and the
 * register is read again. Links to cases are in the cases' own states and counted here. */
#ifndef TRIAGE_VAULT_IMPACTS_H
#define TRIAGE_VAULT_IMPACTS_H

#include <jansson.h>

#include "triage/vault/book.h"

struct impacts;

struct impact {
    uint8_t id[16];
    uint32_t number; /* its place in the register, from 0 */
    int64_t version;
    uint8_t hash[32];
    uint32_t *cases; /* numbers of the cases with a confirmed link */
    size_t case_count, case_room;
    json_t *json; /* as docs/triage.md has it */
};

struct impacts *impacts_new(void);
void impacts_free(struct impacts *impacts);
/* Read one entry (opened and checked here); older versions than what is known are passed over. */
void impacts_read(struct vault *vault, const struct vault_item *item);
struct impact *impacts_find(const struct impacts *impacts, const char *id_text);
struct impact *impacts_at(const struct impacts *impacts, size_t number);
size_t impacts_count(const struct impacts *impacts);
/* A state was kept, or read at the rebuild: count the case with the impacts that it is linked to, and no others. */
void impacts_know(struct impacts *impacts, const json_t *state, struct case_file *file);
/* Read the shelf again: the bell rang, or somebody was faster. */
void impacts_refresh(struct vault *vault);

/* A new entry, in one change with its audit leaf; takes `json`. `id` receives its id. `done` as in change.h. */
typedef void impacts_done_fn(void *room, enum err err, const uint8_t id[16]);
void impacts_create(struct vault *vault, const char *who, json_t *json, impacts_done_fn *done, void *room);

#endif
