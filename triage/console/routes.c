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

void routes_print(FILE *to)
{
    static const char *const doors[] = {
        [DOOR_OPEN] = "open", [DOOR_PAGE] = "page", [DOOR_FORM] = "form", [DOOR_API] = "api"};
    for (const struct action *a = actions; a->name; a++)
        fprintf(to, "%s %s %s %s %u\n", a->method == HTTP_GET ? "GET" : "POST", a->path, doors[a->door],
                a->op ? a->op : "-", a->role);
}
