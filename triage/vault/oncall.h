/* oncall.h -- who is on call: one record of the desk, sealed and signed like those of its staff.
 *
 * {"v","kind":"oncall","name","channel" ("sms", "email"),"to","from","until","by","at"}; `to` "": nobody is. `from` and
 * `until` may be "". Docs: docs/alarm.md. */
#ifndef TRIAGE_VAULT_ONCALL_H
#define TRIAGE_VAULT_ONCALL_H

#include <jansson.h>

#include "triage/vault/change.h"

struct oncall;

struct oncall *oncall_new(void);
void oncall_free(struct oncall *oncall);
/* Read from the shelf; takes `json`. */
void oncall_read(struct oncall *oncall, const struct vault_item *item, const uint8_t hash[static 32], json_t *json);
/* The record as it is; NULL: there is none. Borrowed. */
const json_t *oncall_record(const struct oncall *oncall);
/* The number or address to be told at `now`, or NULL; and whether it is an address of e-mail. */
const char *oncall_to(const struct oncall *oncall, int64_t now);
int oncall_is_email(const struct oncall *oncall);
/* Their name at `now`, "" for none. */
const char *oncall_name(const struct oncall *oncall, int64_t now);
/* The number as it is kept: `+` and digits alone; ERR_MALFORMED for none. */
MUST_CHECK enum err oncall_number(const char *typed, char out[static 24]);
/* 1 for NAME@DOMAIN that can stand in a header of mail. */
int oncall_is_address(const char *text);
/* 1 if both are one telephone, whichever way a provider writes its country. */
int oncall_is_same(const char *a, const char *b);
/* Keep `json` (taken) as the next version, with an audit leaf of `by`. Fires once: ERR_OK, ERR_BUSY while another is
 * being kept, errors of change.h. */
void oncall_change(struct vault *vault, const char *by, json_t *json, change_done_fn *done, void *room);

#endif
