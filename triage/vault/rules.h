/* rules.h -- the rule set: data that looks at words and answers and proposes how severe a case is, and why.
 *
 * A rule set is one versioned JSON file (triage/rules/, its form in docs/danger-rules.md). Rules raise; they never
 * lower, close or judge a person. Every rule that fired is named with the words or the answer that fired it. After
 * loading, proposing is pure: no clock, no allocation, the same answer for the same input. Neighbours: words.h,
 * severity.h. */
#ifndef TRIAGE_VAULT_RULES_H
#define TRIAGE_VAULT_RULES_H

#include <jansson.h>

#include "common/text/says.h"
#include "triage/vault/severity.h"

struct rules;

enum {
    RULES_FIRED_MAX = 48,
    RULES_HITS_MAX = 5,
    RULES_HIT_BYTES = 96,
    RULES_TEXTS_MAX = 256,
    RULES_FILE_MAX = 4 << 20,
    RULES_VERSION_MAX = 1000000
};

/* Reads FOLDER/rules-N.json with the highest N that can be used. Where newer ones were refused, ERR_OK comes with a
 * sentence about the newest of them: file, line and column or rule and phrase, reason. Otherwise `says` is empty.
 * ERR_NOT_FOUND: there is none at all; ERR_MALFORMED, ERR_TOO_BIG, ERR_CONFLICT, ERR_SYSTEM: none can be used, and why
 * the newest cannot. The caller owns *out. */
MUST_CHECK enum err rules_load(const char *folder, struct rules **out, char says[static SAYS_SIZE]);
/* FOLDER/rules-VERSION.json and no other, to propose again what that version proposed. Fails like rules_load;
 * ERR_CONFLICT also where the file says another version. */
MUST_CHECK enum err rules_load_version(const char *folder, unsigned version, struct rules **out,
                                       char says[static SAYS_SIZE]);
/* The same from a JSON value (borrowed). */
MUST_CHECK enum err rules_from(const json_t *json, struct rules **out, char says[static SAYS_SIZE]);
void rules_free(struct rules *rules);
unsigned rules_version(const struct rules *rules);
/* The desk of the n-th rule, "" where it names none; NULL behind the last. */
const char *rules_desk_at(const struct rules *rules, size_t number);
/* The smallest number of people for each scope; INT64_MAX where the rules have no such row. */
void rules_people(const struct rules *rules, int64_t from[static SEVERITY_AXIS_MAX]);

struct rules_input {
    struct {
        const char *text;
        size_t len;
    } texts[RULES_TEXTS_MAX]; /* the message and the free texts of its answers */
    size_t text_count;
    const json_t *answers; /* object or NULL */
    const char *kind;      /* "grievance", ... */
    int64_t arrived;
};

struct rules_fired {
    const char *rule, *says; /* borrowed from the rules */
    const char *desk;        /* the desk that such cases belong to, or NULL; borrowed too */
    int is_danger;           /* one of the danger classes: words, not answers */
    char hits[RULES_HITS_MAX][RULES_HIT_BYTES + 1];
    unsigned hit_count;
};

struct rules_proposal {
    struct severity severity;
    int64_t due_s; /* seconds from arrival to when a person has to have looked */
    struct rules_fired fired[RULES_FIRED_MAX];
    size_t count;
    int is_danger; /* a danger class fired */
};

/* 1 for a question, a suggestion, thanks or consultation input; 0 for anything else and NULL. */
int rules_is_voice(const char *kind);
void rules_propose(const struct rules *rules, const struct rules_input *input, struct rules_proposal *out);

#endif
