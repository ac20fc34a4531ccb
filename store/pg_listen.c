/* pg_listen.c -- see pg_listen.h. Many bells in one read ring once for each channel. */
#include "store/pg_listen.h"

#include <stdio.h>
#include <string.h>

#include "common/base/buf.h"
#include "common/base/mem.h"

enum { CHANNELS_MAX = 16, SQL_MAX = 2048, CHANNEL_MAX = 63 };

static void listen_opened(void *owner)
{
    struct pg_listen *listen = owner;
    if (PQsendQuery(listen->conn.pg, listen->sql))
        pg_conn_flush(&listen->conn);
    else
        pg_conn_fail(&listen->conn, "listen");
}

/* The answers to LISTEN itself: the first moment from which no bell is missed. Returns 0 after a failure. */
static int listen_read_results(struct pg_listen *listen)
{
    int came = 0, failed = 0;
    while (!PQisBusy(listen->conn.pg)) {
        PGresult *result = PQgetResult(listen->conn.pg);
        if (!result)
            break;
        came = 1;
        failed |= PQresultStatus(result) != PGRES_COMMAND_OK;
        PQclear(result);
    }
    if (failed) {
        pg_conn_fail(&listen->conn, "listen");
        return 0;
    }
    if (came && PQtransactionStatus(listen->conn.pg) == PQTRANS_IDLE) {
        pg_conn_works(&listen->conn);
        listen->on_notify(listen->room, "");
    }
    return 1;
}

static void listen_readable(void *owner)
{
    struct pg_listen *listen = owner;
    if (!listen_read_results(listen))
        return;
    char seen[CHANNELS_MAX][CHANNEL_MAX + 1];
    unsigned count = 0;
    PGnotify *bell;
    while ((bell = PQnotifies(listen->conn.pg)) != NULL) {
        unsigned i = 0;
        while (i < count && strcmp(seen[i], bell->relname) != 0)
            i++;
        if (i == count && count < CHANNELS_MAX)
            snprintf(seen[count++], sizeof seen[0], "%s", bell->relname);
        PQfreemem(bell);
    }
    for (unsigned i = 0; i < count && !listen->quiet; i++)
        listen->on_notify(listen->room, seen[i]);
    if (listen->conn.pg && PQstatus(listen->conn.pg) != CONNECTION_OK)
        pg_conn_fail(&listen->conn, "gone");
}

static void listen_lost(void *owner)
{
    (void)owner;
}

static const struct pg_conn_owner listen_as_owner = {listen_opened, listen_readable, listen_lost};

void pg_listen_init(struct pg_listen *listen, struct loop *loop, const char *conninfo, const char *password_path,
                    const char *channels, void (*on_notify)(void *room, const char *channel), void *room)
{
    *listen = (struct pg_listen){.on_notify = on_notify, .room = room};
    struct buf sql = BUF_INIT(SQL_MAX);
    while (*channels) {
        size_t len = strcspn(channels, ",");
        /* Our own names only: they stand between quotes. */
        need(len > 0 && len <= CHANNEL_MAX && !memchr(channels, '"', len));
        need(buf_addf(&sql, "LISTEN \"%.*s\";", (int)len, channels) == ERR_OK);
        channels += len + (channels[len] == ',');
    }
    listen->sql = mem_copy_text(buf_text(&sql));
    buf_free(&sql);
    pg_conn_init(&listen->conn, loop, conninfo, password_path, &listen_as_owner, listen);
}

void pg_listen_close(struct pg_listen *listen)
{
    pg_conn_close(&listen->conn);
    mem_free(listen->sql);
    listen->sql = NULL;
}
