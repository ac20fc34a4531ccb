/* oncall.h -- who is on call: one record of the desk, sealed and signed like those of its staff.
 *
 * {"v","kind":"oncall","name","channel" ("sms", "email"),"to","from","until","by","at"}: one person who goes first;
 * `to` "": there is none, `from` and `until` may be "". "roster","roster_by","roster_at": the table behind them
 * (roster.h). Docs: docs/alarm.md. */
#ifndef TRIAGE_VAULT_ONCALL_H
#define TRIAGE_VAULT_ONCALL_H

#include <jansson.h>

#include "triage/vault/change.h"
#include "triage/vault/roster.h"

struct oncall;

/* `ahead_s` of UTC: the office's own time. */
struct oncall *oncall_new(int32_t ahead_s);
void oncall_free(struct oncall *oncall);
/* Read from the shelf; takes `json`. */
void oncall_read(struct oncall *oncall, const struct vault_item *item, const uint8_t hash[static 32], json_t *json);
/* The record as it is; NULL: there is none. Borrowed. */
const json_t *oncall_record(const struct oncall *oncall);
/* As in roster.h, of the record as it is. */
size_t oncall_now(const struct oncall *oncall, int64_t now, struct roster_person out[static ROSTER_MOST]);
size_t oncall_gaps(const struct oncall *oncall, int64_t now, struct roster_gap out[static ROSTER_GAPS_MAX]);
/* What was typed as it is kept, for `channel`; "" stays "". What is wrong as an English sentence, or NULL. */
const char *oncall_address(const char *channel, const char *typed, char to[static ROSTER_TO_MAX + 1]);
/* The number as it is kept: `+` and digits alone; ERR_MALFORMED for none. */
MUST_CHECK enum err oncall_number(const char *typed, char out[static 24]);
/* 1 for NAME@DOMAIN that can stand in a header of mail. */
int oncall_is_address(const char *text);
/* 1 if both are one telephone, whichever way a provider writes its country. */
int oncall_is_same(const char *a, const char *b);
/* Keep `json` (taken) as the next version, with an audit leaf of `by`: `op` and `detail` (taken). Fires once: ERR_OK,
 * ERR_BUSY while another is being kept, errors of change.h. */
void oncall_change(struct vault *vault, const char *by, const char *op, json_t *detail, json_t *json,
                   change_done_fn *done, void *room);

#endif
