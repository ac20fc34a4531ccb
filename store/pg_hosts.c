/* pg_hosts.c -- see pg_hosts.h. */
#include "store/pg_hosts.h"

#include <string.h>

#include "common/base/err.h"
#include "common/base/mem.h"

enum { ROWS_MAX = 64 }; /* libpq 15 knows 40 keywords; most have no value */

struct rows {
    const char *keys[ROWS_MAX + 1], *values[ROWS_MAX + 1];
    unsigned count;
};

static void rows_add(struct rows *rows, const char *key, const char *value)
{
    need(rows->count < ROWS_MAX);
    rows->keys[rows->count] = key;
    rows->values[rows->count++] = value;
}

/* "a,b,c" turned by 1 is "b,c,a". The caller frees. */
static char *turned(const char *list, unsigned turn)
{
    unsigned count = 1;
    for (const char *at = list; (at = strchr(at, ',')) != NULL; at++)
        count++;
    const char *first = list;
    for (unsigned i = turn % count; i > 0; i--)
        first = strchr(first, ',') + 1;
    size_t len = strlen(list), head = (size_t)(first - list);
    char *out = mem_new(len + 2);
    memcpy(out, first, len - head);
    if (head) {
        out[len - head] = ',';
        memcpy(out + len - head + 1, list, head - 1);
    }
    return out;
}

static int is_list(const char *key)
{
    return strcmp(key, "host") == 0 || strcmp(key, "hostaddr") == 0 || strcmp(key, "port") == 0;
}

PGconn *pg_hosts_start(const char *conninfo, const char *password, unsigned turn)
{
    struct rows rows = {0};
    char *lists[3] = {0};
    unsigned list_count = 0;
    /* What stands before the conninfo's own options is only a default. */
    rows_add(&rows, "client_encoding", "UTF8");
    rows_add(&rows, "tcp_user_timeout", "10000");
    rows_add(&rows, "keepalives_idle", "30");
    PQconninfoOption *options = PQconninfoParse(conninfo, NULL);
    for (PQconninfoOption *o = options; o && o->keyword; o++) {
        if (!o->val || !*o->val)
            continue;
        if (is_list(o->keyword))
            lists[list_count++] = turned(o->val, turn);
        rows_add(&rows, o->keyword, is_list(o->keyword) ? lists[list_count - 1] : o->val);
    }
    if (!options)
        rows_add(&rows, "dbname", conninfo); /* libpq itself refuses it */
    if (password)
        rows_add(&rows, "password", password);
    PGconn *pg = PQconnectStartParams(rows.keys, rows.values, !options);
    need(pg != NULL);
    PQconninfoFree(options);
    for (unsigned i = 0; i < list_count; i++)
        mem_free(lists[i]);
    return pg;
}
