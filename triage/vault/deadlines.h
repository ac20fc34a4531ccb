/* deadlines.h -- by when what has to be done about a case: profiles of standards and laws as data, and pure arithmetic.
 *
 * A set of profiles is one versioned JSON file (triage/deadlines/, its form in docs/deadlines.md). A case
 * stands in one class or more (danger, grave, ...), an office follows one profile or more, and the earliest holds. No
 * clock of its own: times are arguments, wall seconds. After loading nothing is allocated. */
#ifndef TRIAGE_VAULT_DEADLINES_H
#define TRIAGE_VAULT_DEADLINES_H

#include <jansson.h>

#include "common/text/says.h"
#include "triage/vault/severity.h"
#include "triage/vault/workdays.h"

enum deadline_stage {
    DEADLINE_LOOK,        /* a person has looked and said how urgent it is */
    DEADLINE_CONTACT,     /* first safe contact, or referral to who can help */
    DEADLINE_ACKNOWLEDGE, /* the person was told that it was received and read */
    DEADLINE_OUTCOME,     /* the person was told what became of it */
    DEADLINE_RECEIVER,    /* whom a part was referred to has said whether they take it on; counted from sending it */
    DEADLINE_STAGES
};

struct deadlines;

enum { DEADLINES_PROFILES_MAX = 32, DEADLINES_CLASSES_MAX = 32, DEADLINES_FILE_MAX = 256 * 1024 };

/* Reads FOLDER/deadlines-N.json with the highest N. ERR_NOT_FOUND, ERR_MALFORMED, ERR_TOO_BIG, ERR_SYSTEM, with a
 * sentence. The caller owns *out. */
MUST_CHECK enum err deadlines_load(const char *folder, struct deadlines **out, char says[static SAYS_SIZE]);
/* The same from a JSON value (borrowed). */
MUST_CHECK enum err deadlines_from(const json_t *json, struct deadlines **out, char says[static SAYS_SIZE]);
void deadlines_free(struct deadlines *deadlines);
unsigned deadlines_version(const struct deadlines *deadlines);

/* One bit for each profile. 0: there is none of that name. */
uint32_t deadlines_profile(const struct deadlines *deadlines, const char *id);
/* Where a number stands: its sentence, source and date are shown beside it. NULL behind the last. */
const char *deadlines_profile_id(const struct deadlines *deadlines, size_t index);
/* {"profile","says","source","dated"}; borrowed. */
const json_t *deadlines_profile_note(const struct deadlines *deadlines, size_t index);

/* One bit for each class that the case stands in: by a rule that fired, by what its severity says, by its kind. */
uint32_t deadlines_classes(const struct deadlines *deadlines, const json_t *fired, const struct severity *severity,
                           const char *kind, int64_t now);

struct deadline_pause {
    int64_t from, to; /* 0: it goes on */
};

struct deadline_case {
    uint32_t classes, profiles;
    int64_t arrived, acknowledged; /* 0: not yet; some outcomes count from it. For a receiver: when it was sent */
    int64_t by, known;             /* when it cannot be remedied any more, 0: not known; since when that is known */
    const struct deadline_pause *pauses;
    size_t pause_count;
};

/* When the stage is due; 0: nothing asks for it. For the first two the earlier of that and the irremediable time less a
 * lead, which is at most half of the time that was left when it became known. Pauses put it off by as long as they
 * last; one that goes on has no end, and what was not due before it is not due while it lasts (INT64_MAX). */
int64_t deadlines_due(const struct deadlines *deadlines, const struct deadline_case *c, const struct workdays *calendar,
                      enum deadline_stage stage);
/* "look", ... */
const char *deadlines_stage_name(enum deadline_stage stage);

#endif
