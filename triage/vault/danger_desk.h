/* danger_desk.h -- which desk a case about danger is opened at: the one that [desk] danger_desk names while it is
 * offered (an officer works there), else our own.
 *
 * Whether it is offered stands in the database: asked when the keys are unlocked, once a minute, and at each bell
 * before the inbox is read, so that what rang is sent where somebody answers now. Until the first answer it is not
 * offered. */
#ifndef TRIAGE_VAULT_DANGER_DESK_H
#define TRIAGE_VAULT_DANGER_DESK_H

#include "triage/vault/vault.h"

struct danger_desk;

/* Begins to ask; asks nothing where the setting names no other desk. Never NULL. */
struct danger_desk *danger_desk_new(struct vault *vault);
/* After the vault's door is gone. */
void danger_desk_free(struct danger_desk *danger);
void danger_desk_bell(struct danger_desk *danger);
/* The code of a desk; borrowed from the vault's settings. */
const char *danger_desk_now(const struct danger_desk *danger);

#endif
