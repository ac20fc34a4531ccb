/* impacts_inside.h -- the register in memory. Only for impacts.c and impacts_shelf.c. */
#ifndef TRIAGE_VAULT_IMPACTS_INSIDE_H
#define TRIAGE_VAULT_IMPACTS_INSIDE_H

#include "triage/vault/idmap.h"
#include "triage/vault/impacts.h"

struct impacts_waiter {
    struct impacts_waiter *next;
    loop_fn *fn;
    void *arg;
};

struct impacts {
    struct impact **list;
    size_t count, room;
    struct idmap by_id;
    struct action **actions;
    size_t action_count, action_room;
    struct idmap actions_by_id;
    struct receivers receivers;

    int is_reading, is_publishing;
    int is_wanted;                         /* the bell rang */
    int64_t publish_at;                    /* not before: the database was away */
    int64_t ended_at;                      /* when the last reading was over */
    struct impacts_waiter *waiting, *next; /* for the reading under way; for the one behind it */
    int has_news;                          /* what our cases say may be more than what we have published */
};

/* Keep a version; takes `json`. */
void impacts_keep(struct vault *vault, const uint8_t id[static 16], int64_t version, const uint8_t hash[static 32],
                  json_t *json);
/* The version that is known; 0: none. */
int64_t impacts_version(const struct impacts *impacts, const uint8_t id[static 16]);
/* What a person has said of our own cases: proposals of the rules are for the desk that sees why they were made, and
 * must not stand for ever. An axis that is unknown in some counts by those that are known. */
struct impact_level impact_assessed(const struct impact *impact);
void impacts_tell(struct impacts_waiter **list);

#endif
