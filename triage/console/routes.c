/* routes.c -- see routes.h. The server's router knows no rows but functions, so each row gets one. */
#include "triage/console/routes.h"

#include "triage/console/show.h"

enum {
#define X(name, ...) ROUTE_##name,
    ROUTE_LIST(X)
#undef X
};

const struct action actions[] = {
#define X(name, method, path, door, role, op, id, fields, body_max, show, fail)                                        \
    {#name, method, path, door, role, op, id, fields, body_max, show, fail},
    ROUTE_LIST(X)
#undef X
        {0},
};

#define X(name, ...)                                                                                                   \
    static void route_##name(struct http_req *req, void *room)                                                         \
    {                                                                                                                  \
        call_begin(room, req, &actions[ROUTE_##name]);                                                                 \
    }
ROUTE_LIST(X)
#undef X

const struct http_route routes[] = {
#define X(name, method, path, door, role, op, id, fields, body_max, ...) {method, path, route_##name, body_max, NULL},
    ROUTE_LIST(X)
#undef X
        {0},
};
