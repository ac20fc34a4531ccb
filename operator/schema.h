/* schema.h -- bring the database up: its history, the desks, the passwords of the logins. */
#ifndef OPERATOR_SCHEMA_H
#define OPERATOR_SCHEMA_H

#include "operator/house.h"

struct door_operator;

/* Apply the migrations that are missing; *applied: how many. Says on standard error what went wrong. */
MUST_CHECK enum err schema_migrate(const struct house *house, unsigned *applied);
/* The same, then the desks of recourse.ini and the passwords that lie in secrets/. */
MUST_CHECK enum err schema_bring_up(const struct house *house);
/* For commands: the operator's door, or death with a sentence. */
struct door_operator *schema_open_or_die(const struct house *house);

#endif
