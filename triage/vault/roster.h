/* roster.h -- who of a desk is on call at a time, and in which order: read from the desk's record (oncall.h). Pure.
 *
 * Whoever was set by name goes first while their time lasts. Then the table "roster": at most ROSTER_ROWS_MAX rows
 * {"to","name","channel","place","from_day","from","until_day","until","each_day"}; the first, second and third of those
 * whose hours it is. Without days and times a row always counts; with times alone ("18:00", "08:00") every day; with
 * both from a time of the week until another ("friday" "18:00", "monday" "08:00"), or, with "each_day" true, those
 * hours on each day from the one to the other ("monday" "09:00", "friday" "17:00"). Times are the office's own. */
#ifndef TRIAGE_VAULT_ROSTER_H
#define TRIAGE_VAULT_ROSTER_H

#include <jansson.h>
#include <stddef.h>
#include <stdint.h>

enum { ROSTER_ROWS_MAX = 12, ROSTER_PLACES = 3, ROSTER_MOST = 8, ROSTER_GAPS_MAX = 30, ROSTER_DAYS = 7 };
enum { ROSTER_TO_MAX = 254, ROSTER_NAME_MAX = 64 };

/* Borrowed from the record. */
struct roster_person {
    const char *name, *to;
    int is_email;
};

/* Who is told at `now`: the first at once, the others one after another while nobody answers. Nobody stands in it
 * twice. How many; 0: nobody is on call. `ahead_s` of UTC. */
size_t roster_now(const json_t *record, int32_t ahead_s, int64_t now, struct roster_person out[static ROSTER_MOST]);

struct roster_gap {
    int64_t from, until; /* wall seconds, to the minute; until 0: it goes on behind the days that were looked at */
};
/* When nobody will be on call in the next ROSTER_DAYS days. How many; ROSTER_GAPS_MAX: there may be more. */
size_t roster_gaps(const json_t *record, int32_t ahead_s, int64_t now, struct roster_gap out[static ROSTER_GAPS_MAX]);

/* A row as it is kept, from what somebody typed. New reference; NULL: *field is wrong, and *says is an English
 * sentence. */
json_t *roster_row(const json_t *typed, const char **field, const char **says);

#endif
