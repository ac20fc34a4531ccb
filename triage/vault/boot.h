/* boot.h -- from a locked vault to an open one, and again when its memory can no longer be trusted.
 *
 * LOCKED until the keys process is there, unlocked and of our desk; then FENCING (be the desk's one vault), REBUILDING
 * (staff records, impacts, states), OPEN. Requests are answered `locked` or `busy` until then. */
#ifndef TRIAGE_VAULT_BOOT_H
#define TRIAGE_VAULT_BOOT_H

#include "triage/vault/vault.h"

struct boot;

/* Begins; goes on by itself. Never NULL. */
struct boot *boot_new(struct vault *vault);
void boot_free(struct boot *boot);
/* Forget cases, records and impacts, cancel what is under way, and rebuild from the database. Sessions stay. Only from
 * the loop; safe to call twice. */
void boot_again(struct vault *vault);

#endif
