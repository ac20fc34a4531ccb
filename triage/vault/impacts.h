/* impacts.h -- the register: what is tracked and what is done about it, the same for all desks of an office, sealed
 * under the register key.
 *
 * One shelf with three kinds of entries: impacts, actions, and the receivers of the directory (member "kind"). Entries
 * have versions and may be written by any desk's vault; the loser of a race is told (ERR_CONFLICT), after the register
 * was read again. Links to cases are in the cases' own states and counted here. Of their cases vaults publish nothing
 * but a level per impact ("levels"). Neighbours: impact.h, action.h (what an entry says), ops_impact.c, ops_action.c
 * (who asks). */
#ifndef TRIAGE_VAULT_IMPACTS_H
#define TRIAGE_VAULT_IMPACTS_H

#include <jansson.h>

#include "triage/vault/book.h"
#include "triage/vault/impact.h"
#include "triage/vault/receivers.h"

struct impacts;

/* What a case adds to an impact: its parts when it was last kept, and the month it joined (from 0 in year 0). */
struct impact_share {
    struct impact_level level;
    uint16_t month;
    uint8_t is_assessed; /* by a person; else it is a proposal of the rules */
};

/* Of shares, by value of scale, scope and irremediability. */
struct impact_tally {
    uint32_t axis[3][SEVERITY_AXIS_MAX + 1], graves, dangers, count;
};

struct impact {
    uint8_t id[16];
    uint32_t number; /* its place in the register, from 0 */
    int64_t version;
    uint8_t hash[32];
    uint32_t *cases; /* numbers of the cases with a confirmed link */
    struct impact_share *shares;
    size_t case_count, case_room;
    struct impact_tally all, assessed;
    json_t *json; /* as docs/register.md has it */
};

struct action {
    uint8_t id[16];
    uint32_t number;
    int64_t version;
    uint8_t hash[32];
    json_t *json;
};

struct impacts *impacts_new(void);
/* Those who wait for a reading are called before this returns. */
void impacts_free(struct impacts *impacts);
/* Read one entry (opened and checked here); versions that are not newer than what is known are passed over. */
void impacts_read(struct vault *vault, const struct vault_item *item);
struct impact *impacts_find(const struct impacts *impacts, const char *id_text);
struct impact *impacts_at(const struct impacts *impacts, size_t number);
size_t impacts_count(const struct impacts *impacts);
struct action *impacts_action(const struct impacts *impacts, const char *id_text);
/* The directory of other mechanisms. */
const struct receivers *impacts_receivers(const struct impacts *impacts);
struct action *impacts_action_at(const struct impacts *impacts, size_t number);
/* A state was kept, or read at the rebuild: count the case with the impacts that it is linked to, and no others. */
void impacts_know(struct impacts *impacts, const json_t *state, struct case_file *file);

/* The bell rang: read the shelf again, soon. */
void impacts_refresh(struct vault *vault);
/* At once, and call `fn` once when a reading that began after this call has ended, well or not. */
void impacts_refresh_then(struct vault *vault, loop_fn *fn, void *arg);
/* From the loop's tick: read what the bell rang for; publish the level that our cases gave an impact, one after the
 * other. */
void impacts_tick(struct vault *vault);

/* ---- severity and people ---- */

/* What its cases say: the highest of its confirmed cases part by part, here and as other desks have published it; it
 * never lowers. */
struct impact_level impact_rolled(const struct impact *impact);
/* What it sorts as: the higher of its own assessment and of what its cases say, part by part. */
struct impact_level impact_level_of(const struct impact *impact);
/* The same for the order of lists; what may happen sorts by how likely it is among equally severe ones. */
void impact_sorts_as(const struct impact *impact, struct severity *out);
/* How many people the impact affects, as a person has said; 0 where nothing is known of it. 1: at least one of the two
 * is known. The scope of its cases is at least that. */
int impact_people(const struct impact *impact, int64_t *low, int64_t *high);
/* All of a small group are affected. */
int impact_is_whole_group(const struct impact *impact);

/* ---- writing ---- */

enum { IMPACTS_ENTRY_MAX = 300 * 1024 }; /* bytes of an entry: it has to fit into an answer */

/* A new entry or the next version of one, in one change with its audit leaf; takes `json` and
 * `detail` (may be NULL). `done` as in change.h and with the entry's id; ERR_TOO_BIG over IMPACTS_ENTRY_MAX; behind
 * ERR_CONFLICT the register has been read again. */
typedef void impacts_done_fn(void *room, enum err err, const uint8_t id[16]);
struct impacts_write {
    const char *who, *what;
    const uint8_t *id;
    int64_t version;     /* the one before; 0: a new one, under an id that was drawn */
    const uint8_t *hash; /* of the version before; NULL */
    json_t *json, *detail;
};
void impacts_write(struct vault *vault, const struct impacts_write *write, impacts_done_fn *done, void *room);

#endif
