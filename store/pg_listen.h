/* pg_listen.h -- a connection of its own for LISTEN: bells do not mix with a busy pipeline. */
#ifndef STORE_PG_LISTEN_H
#define STORE_PG_LISTEN_H

#include "store/pg_conn.h"

struct pg_listen {
    struct pg_conn conn;
    char *sql; /* "LISTEN a; LISTEN b", owned */
    void (*on_notify)(void *room, const char *channel);
    void *room;
    int quiet; /* the store is going: no more calls */
};

/* `channels` comma-separated. After each connect on_notify is called once with "": something may have been missed. */
void pg_listen_init(struct pg_listen *listen, struct loop *loop, const char *conninfo, const char *password_path,
                    const char *channels, void (*on_notify)(void *room, const char *channel), void *room);
void pg_listen_close(struct pg_listen *listen);

#endif
