/* pg_user.c -- see pg_user.h. */
#include "store/pg_user.h"

#include <libpq-fe.h>
#include <stdio.h>
#include <string.h>

void pg_user_of(const char *conninfo, char out[static 64])
{
    out[0] = 0;
    PQconninfoOption *options = PQconninfoParse(conninfo, NULL);
    for (PQconninfoOption *o = options; o && o->keyword; o++)
        if (strcmp(o->keyword, "user") == 0 && o->val)
            snprintf(out, 64, "%s", o->val);
    PQconninfoFree(options);
}
