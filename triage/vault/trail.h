/* trail.h -- the latest lines of the audit log, for auditors: who did what, when, to which case; never what it said.
 *
 * The log itself is sealed to the auditors' key and cannot be read here. This is what this process has handed to it
 * since it started, in memory, the last TRAIL_MAX. */
#ifndef TRIAGE_VAULT_TRAIL_H
#define TRIAGE_VAULT_TRAIL_H

#include <jansson.h>
#include <stdint.h>

enum { TRAIL_MAX = 1000 };

struct trail;

struct trail *trail_new(void);
void trail_free(struct trail *trail);
/* `case_id` may be NULL; of `detail` (borrowed, may be NULL) the name of a refused operation alone is kept. */
void trail_add(struct trail *trail, const char *who, const char *what, const uint8_t *case_id, const json_t *detail);
/* [{"at","who","what","case"?,"op"?}], the newest first, at most `limit` behind the first `after`. New reference. */
json_t *trail_list(const struct trail *trail, size_t after, size_t limit);
size_t trail_count(const struct trail *trail);

#endif
