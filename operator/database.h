/* database.h -- where the installation's database is: its own cluster, or a server that --database named.
 *
 * A foreign server is reached by a URL of a role that owns the database and may create roles (docs/database.md). The
 * URL may hold a password, so it lies in secrets/operator/database.url and not in recourse.ini. */
#ifndef OPERATOR_DATABASE_H
#define OPERATOR_DATABASE_H

#include "operator/house.h"

enum { DATABASE_URL_MAX = 512 };

/* libpq's string, without password, for a process that logs in as `role`. Dies when the URL does not allow it. */
void database_conninfo(const struct house *house, const char *role, char out[static HOUSE_PATH]);
/* The same for the operator's own role, password included where there is one: wipe it after use. */
void database_operator(const struct house *house, char out[static DATABASE_URL_MAX]);
/* Check and keep the URL. Dies with a sentence that does not repeat it. */
void database_keep_url(const struct house *house, const char *url);

/* The logins and the files that hold their passwords, for the private cluster and for a foreign one alike. */
struct database_login {
    char role[48], path[HOUSE_PATH], user[40]; /* `user` reads the file */
};
enum { DATABASE_LOGINS_MAX = 4 + HOUSE_NAMED_MAX };
size_t database_logins(const struct house *house, struct database_login out[static DATABASE_LOGINS_MAX]);

#endif
