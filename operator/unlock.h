/* unlock.h -- hand the desks' passphrase to their vaults. */
#ifndef OPERATOR_UNLOCK_H
#define OPERATOR_UNLOCK_H

#include "operator/house.h"

/* Ask for the passphrase and unlock `desk`, or all desks when it is NULL; a wrong one is asked for again, three times
 * in all, on a terminal. Says what happened. ERR_OK: all are unlocked. */
MUST_CHECK enum err unlock_desks(const struct house *house, const char *desk);

#endif
