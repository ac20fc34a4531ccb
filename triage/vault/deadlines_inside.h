/* deadlines_inside.h -- a set of profiles in memory. Only for deadlines*.c. */
#ifndef TRIAGE_VAULT_DEADLINES_INSIDE_H
#define TRIAGE_VAULT_DEADLINES_INSIDE_H

#include "common/text/term.h"
#include "triage/vault/deadlines.h"

struct deadline_class {
    char *id;
    json_t *rules, *kinds;                  /* arrays of text, owned; NULL: none */
    uint8_t danger_now, grave, severe, any; /* of its severity; every case */
};

struct deadline_profile {
    char *id;
    json_t *note; /* what it says of itself, for people */
    struct term times[DEADLINES_CLASSES_MAX][DEADLINE_STAGES];
    int64_t lead_s;
};

struct deadlines {
    unsigned version;
    size_t class_count, profile_count;
    struct deadline_class classes[DEADLINES_CLASSES_MAX];
    struct deadline_profile profiles[DEADLINES_PROFILES_MAX];
};

#endif
