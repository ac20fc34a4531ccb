/* pg_hosts.h -- one attempt to connect, with the hosts of a list in turn.
 *
 * libpq tries a list in its order and gives none a deadline when it is not to block. A first host that neither answers
 * nor refuses (its machine is frozen, or gone) would so take every attempt for itself; pg_conn.c, whose deadlines these
 * are, begins the next attempt with the next host. */
#ifndef STORE_PG_HOSTS_H
#define STORE_PG_HOSTS_H

#include <libpq-fe.h>

/* As PQconnectStartParams() with `conninfo` (libpq's string or URL), its lists of host, hostaddr and port turned left
 * by `turn`, and `password` (NULL: none). Never NULL; a conninfo that cannot be read gives a connection that is
 * CONNECTION_BAD. */
PGconn *pg_hosts_start(const char *conninfo, const char *password, unsigned turn);

#endif
