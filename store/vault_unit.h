/* vault_unit.h -- the inside of a unit of change, between vault_unit.c and door_vault.c. */
#ifndef STORE_VAULT_UNIT_H
#define STORE_VAULT_UNIT_H

#include "store/door_vault.h"

/* Takes the unit and gives its calls as one transaction, in the one order that the database asks for. */
struct store_unit *vault_unit_end(struct vault_unit *unit);

#endif
