/* meaning.h -- all that a vault has in memory of its desk's cases, people and impacts: made empty when it starts, and
 * anew when what is in memory may no longer be what the database has (boot.h). */
#ifndef TRIAGE_VAULT_MEANING_H
#define TRIAGE_VAULT_MEANING_H

#include "triage/vault/vault.h"

/* Empty, over whatever was there: bury that first. The vault has its loop, settings and pager; `rebuilds` goes up. */
void meaning_new(struct vault *vault);
/* It is taken apart at once where only the vault itself points into it; what callbacks of this turn may still hold dies
 * at the turn's end. */
void meaning_bury(struct vault *vault);

#endif
