/* view.h -- what the vault answers, as pages show it: codes become words, times become sentences, nothing is added.
 *
 * Pure functions from JSON to JSON; texts of reporters are passed on as they are and made inert by the templates, which
 * escape every value. Each result is owned by the caller. */
#ifndef TRIAGE_CONSOLE_VIEW_H
#define TRIAGE_CONSOLE_VIEW_H

#include "triage/console/words.h"

/* "" when it is missing or no string. Borrowed. */
const char *view_text(const json_t *object, const char *key);
/* Set a label of a code where the code is there. */
void view_put_label(const struct reader *reader, json_t *to, const char *key, enum words_group group,
                    const json_t *object, const char *from);

/* A queue item; `base` is "/cases" or "/consultations". */
json_t *view_item(const struct reader *reader, const json_t *item, const char *base, int64_t now);
json_t *view_items(const struct reader *reader, const json_t *items, const char *base, int64_t now);
/* {"says"} of a rank as one line: "Danger now · scale 4 · …"; NULL when there is none. */
json_t *view_rank(const struct reader *reader, const json_t *rank);
json_t *view_reasons(const struct reader *reader, const json_t *reasons);
/* The counts of the lanes as bars: [{"label","n","width"}], longest 100. */
json_t *view_counts(const struct reader *reader, const json_t *counts, const char *lane);
/* {"count","age","in_doubt"}: what waits on disk, in whole sentences (spools.h). `rows` is not 0. */
json_t *view_waiting(const struct reader *reader, uint64_t rows, uint64_t age_s, int in_doubt);

/* The whole case; `impacts` is impact.list's items or NULL. */
json_t *view_case(const struct reader *reader, const json_t *answer, const json_t *impacts, const char *base,
                  int64_t now);
/* Decisions, what waits for a second person, wishes, skips, and the choices of their forms, into the page of a case. */
void view_put_life(const struct reader *reader, const json_t *answer, json_t *to);
/* "before" and "behind" of a list that begins at `after`: where it goes on. */
void view_put_pages(json_int_t after, const json_t *answer, json_t *context);
json_t *view_impact(const struct reader *reader, const json_t *impact);
/* Names and values of an object of answers or contact: [{"label","value"}]. */
json_t *view_pairs(const struct reader *reader, enum words_group names, const json_t *object);
/* A line of a case's history. */
json_t *view_step(const struct reader *reader, const json_t *step);

#endif
