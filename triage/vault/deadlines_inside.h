/* deadlines_inside.h -- a set of profiles in memory. Only for deadlines*.c. */
#ifndef TRIAGE_VAULT_DEADLINES_INSIDE_H
#define TRIAGE_VAULT_DEADLINES_INSIDE_H

#include "triage/vault/deadlines.h"

enum deadline_unit { UNIT_NONE, UNIT_HOURS, UNIT_DAYS, UNIT_WORKDAYS, UNIT_MONTHS };

struct deadline_time {
    uint16_t amount;
    uint8_t unit;
    uint8_t from_acknowledged; /* counted from the acknowledgement, or from when that was due */
};

struct deadline_class {
    char *id;
    json_t *rules, *kinds;                  /* arrays of text, owned; NULL: none */
    uint8_t danger_now, grave, severe, any; /* of its severity; every case */
};

struct deadline_profile {
    char *id;
    json_t *note; /* what it says of itself, for people */
    struct deadline_time times[DEADLINES_CLASSES_MAX][DEADLINE_STAGES];
    int64_t lead_s;
};

struct deadlines {
    unsigned version;
    size_t class_count, profile_count;
    struct deadline_class classes[DEADLINES_CLASSES_MAX];
    struct deadline_profile profiles[DEADLINES_PROFILES_MAX];
};

#endif
