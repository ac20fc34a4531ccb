/* identify.h -- what in a text may tell who somebody is: numbers, dates, addresses, names, words that are known of the
 * person or of staff. It marks; a person looks at each and decides.
 *
 * Pure. It finds what has a form, not what only somebody from there would know ("the baker's second wife"): the text
 * has to be read all the same. */
#ifndef TRIAGE_VAULT_IDENTIFY_H
#define TRIAGE_VAULT_IDENTIFY_H

#include <jansson.h>

enum { IDENTIFY_MOST = 100 };

/* [{"kind","words","id"}], each once, in no particular order: `kind` is "number", "date", "address", "name", or that of
 * the known text; `words` as they stand in the text; `id` is made of both. At most IDENTIFY_MOST, the last of which is
 * then of kind "more". `text` is UTF-8: behind a byte that is not, numbers are not looked for. `known` is
 * [{"kind","text"}]. New reference. */
json_t *identify_find(const char *text, size_t len, const json_t *known);
/* What is known of a person from their case's `state` and their `first` message: how they are reached, who and where
 * it was, and in their own words to questions of the office's own. New reference. */
json_t *identify_known(const json_t *state, const json_t *first);

#endif
