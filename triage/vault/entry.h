/* entry.h -- what impacts and actions have in common as JSON: who changed what in which version.
 *
 * Pure: no memory of its own, no clock. A record's "history" is [{"version","at","by","what","fields"}], in order;
 * versions that a vault writes by itself (a level that its cases reached) stand not in it, so they are nobody's
 * conflict. */
#ifndef TRIAGE_VAULT_ENTRY_H
#define TRIAGE_VAULT_ENTRY_H

#include <jansson.h>
#include <stdint.h>

enum { ENTRY_HISTORY_MAX = 500 };

/* "" when missing. */
const char *entry_text(const json_t *json, const char *key);
/* 1 if `value` is that text, or a list with it. */
int entry_holds(const json_t *value, const char *text);
/* A list under `key`, made when it is not there. Borrowed. */
json_t *entry_list(json_t *json, const char *key);
/* "2026-11-22T08:00:00Z". New reference. */
json_t *entry_time(int64_t at);
/* Wall seconds of a time under `key`; 0 when there is none. */
int64_t entry_when(const json_t *json, const char *key);

/* Set what is in `facts`. The names of the members that differed, as a new list. */
json_t *entry_apply(json_t *json, const json_t *facts);
/* One line more; `what` is an English sentence of ours, `fields` is taken and may be NULL. The oldest line but the
 * first goes when there are ENTRY_HISTORY_MAX. */
void entry_note(json_t *json, int64_t version, int64_t at, const char *who, const char *what, json_t *fields);
/* The lines of versions behind `version`: what somebody who saw that one does not know. New list. */
json_t *entry_since(const json_t *json, int64_t version);
/* When a person last changed it; 0: never. */
int64_t entry_last(const json_t *json);

#endif
