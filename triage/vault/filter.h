/* filter.h -- which cases somebody wants to see: by state, kind, channel, language, impact, lane, overdue, one's own.
 *
 * A filter is read from JSON (a request's "filter") and held against a case's line on the roll: sixteen bytes for each
 * case, side by side, so that a million are looked through in some milliseconds without touching the cases. Pure: no
 * clock, no vault. Codes are whatever the states say; the filter has no list of them, and one that no case has finds
 * nothing. */
#ifndef TRIAGE_VAULT_FILTER_H
#define TRIAGE_VAULT_FILTER_H

#include <jansson.h>

#include "common/text/json.h"
#include "triage/vault/queue.h"

enum { FILTER_CODE_MAX = 40 };

/* ---- what is asked ---- */

struct filter {
    char state[FILTER_CODE_MAX + 1], kind[FILTER_CODE_MAX + 1], channel[FILTER_CODE_MAX + 1],
        language[FILTER_CODE_MAX + 1]; /* "": any */
    enum queue_lane lane;              /* LANE_NONE: any; LANE_HELD: held by who asks */
    int overdue, mine;
    char impact[FILTER_CODE_MAX + 1]; /* an id as text; "": any */
};

/* {"state","kind","channel","language","lane","impact","overdue","mine"}, each optional; NULL or null: all cases.
 * ERR_MALFORMED or ERR_TOO_BIG with *fault; other members are refused too, so that a mistyped filter does not show
 * everything. */
MUST_CHECK enum err filter_read(const json_t *object, struct filter *out, struct json_fault *fault);
/* It lets every case through. */
int filter_is_empty(const struct filter *filter);

/* ---- the roll ---- */

/* What is known of a case; texts are borrowed, at most FILTER_CODE_MAX bytes of each count. */
struct filter_facts {
    const char *state, *kind, *channel, *language;
    const char *holder; /* "": nobody */
    enum queue_lane lane;
    int64_t due;   /* wall seconds; 0: there is none, or the case waits for nobody */
    int is_hidden; /* from somebody */
};

struct filter_line {
    uint16_t holder, language; /* numbers of words on the roll; 0: none */
    uint8_t state, kind, channel, lane;
    uint32_t due;   /* 0: none */
    uint8_t known;  /* 0: no state, or erased */
    uint8_t hidden; /* from somebody: who asks has to be looked up in the case */
};

struct filter_roll;

struct filter_roll *filter_roll_new(void);
void filter_roll_free(struct filter_roll *roll);
/* The case has a state, a new one, or (`facts` NULL) it is erased. */
void filter_roll_note(struct filter_roll *roll, uint32_t number, const struct filter_facts *facts);
/* All lines, by case number. Borrowed until the next note. */
const struct filter_line *filter_roll_lines(const struct filter_roll *roll, size_t *out_count);

/* ---- a filter, ready to be held against lines ---- */

struct filter_sieve {
    struct filter_line wanted; /* 0 in a field: any */
    int is_hopeless;           /* asks for what no case has */
    uint32_t overdue_at;       /* 0: not asked */
};

/* `who` asks, `now` is wall seconds. Good until the next note. The impact is not in it: an impact knows its cases. */
void filter_sieve_make(const struct filter *filter, const struct filter_roll *roll, const char *who, int64_t now,
                       struct filter_sieve *out);
int filter_lets_through(const struct filter_sieve *sieve, const struct filter_line *line);

#endif
