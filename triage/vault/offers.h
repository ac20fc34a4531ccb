/* offers.h -- which other desks are offered, which is while an officer works there: where danger in thanks or
 * consultation opens a case, where cases about staff go, and the desks that rules name.
 *
 * It stands in the database: asked when the keys are unlocked, once a minute, and at each bell before the inbox is
 * read, so that what rang is sent where somebody answers now. Until the first answer none is offered. */
#ifndef TRIAGE_VAULT_OFFERS_H
#define TRIAGE_VAULT_OFFERS_H

#include "triage/vault/vault.h"

/* The desk that cases about staff go to. */
#define OFFERS_OVERSIGHT "oversight"

struct offers;

/* Begins to ask. Never NULL. */
struct offers *offers_new(struct vault *vault);
/* After the vault's door is gone. */
void offers_free(struct offers *offers);
void offers_bell(struct offers *offers);
/* 1 if that desk is another one and offered. */
int offers_has(const struct offers *offers, const char *desk);
/* 1 if it is known whether that other desk is offered. */
int offers_is_known(const struct offers *offers, const char *desk);
/* Where danger opens a case: what [desk] danger_desk names while it is offered, else our own. Borrowed from the vault's
 * settings. */
const char *offers_danger_desk(const struct offers *offers);

#endif
