/* pg_user.h -- the role that a connection string names. */
#ifndef STORE_PG_USER_H
#define STORE_PG_USER_H

/* "" when it names none or cannot be read. */
void pg_user_of(const char *conninfo, char out[static 64]);

#endif
