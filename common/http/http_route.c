/* http_route.c -- the router table: path first, then method, so that 405 knows what is allowed. */
#include <string.h>

#include "common/base/mem.h"
#include "common/http/http_chars.h"
#include "common/http/http_inside.h"

struct part {
    const char *at;
    size_t len;
};

/* 1 if `path` is of the form of `pattern`; the {..} parts go to `parts`. */
static int path_matches(const char *pattern, const char *path, struct part parts[static LIMIT_PARAMS], unsigned *count)
{
    *count = 0;
    while (*pattern) {
        if (*pattern != '{') {
            if (*pattern++ != *path++)
                return 0;
            continue;
        }
        size_t len = strcspn(path, "/");
        need(*count < LIMIT_PARAMS);
        parts[(*count)++] = (struct part){path, len};
        if (len == 0)
            return 0;
        path += len;
        pattern = strchr(pattern, '}');
        need(pattern != NULL);
        pattern++;
    }
    return *path == 0;
}

/* Percent-decoded copy, NULL when it is over its limit. */
static char *decode(const struct part *part)
{
    char *text = mem_new(part->len + 1);
    size_t to = 0;
    for (size_t i = 0; i < part->len; i++) {
        uint8_t byte = (uint8_t)part->at[i];
        if (byte == '%') {
            byte = (uint8_t)(http_hex((uint8_t)part->at[i + 1]) << 4 | http_hex((uint8_t)part->at[i + 2]));
            i += 2;
        }
        text[to++] = (char)byte;
    }
    if (to <= LIMIT_PARAM_BYTES)
        return text;
    mem_free(text);
    return NULL;
}

static int keep_params(struct http_req *req, const struct part *parts, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        req->params[i] = decode(&parts[i]);
        if (!req->params[i])
            return 0;
        req->param_count++;
    }
    return 1;
}

static unsigned methods_of(const struct http_route *route)
{
    return route->methods | HTTP_OPTIONS | (route->methods & HTTP_GET ? (unsigned)HTTP_HEAD : 0U);
}

void route_find(struct http_req *req)
{
    const char *path = http_req_path(req);
    enum http_method method = http_req_method(req);
    struct part parts[LIMIT_PARAMS];
    unsigned count;
    int any = strcmp(path, "*") == 0;
    for (const struct http_route *route = req->server->options.routes; route->path; route++) {
        if (!any && !path_matches(route->path, path, parts, &count))
            continue;
        req->allow |= methods_of(route);
        int direct = route->methods & method || (method == HTTP_HEAD && route->methods & HTTP_GET);
        if (any || req->route || !direct)
            continue;
        req->route = route;
        if (!keep_params(req, parts, count)) {
            req->route = NULL;
            req->allow = 0;
            break;
        }
    }
    if (req->route)
        return;
    req->refusal = !req->allow ? 404 : method == HTTP_OPTIONS ? 204 : 405;
}

void route_allow(unsigned methods, char out[static 64])
{
    char *at = out;
    for (unsigned bit = HTTP_GET; bit <= HTTP_OPTIONS; bit <<= 1) {
        if (!(methods & bit))
            continue;
        if (at != out)
            at = stpcpy(at, ", ");
        at = stpcpy(at, http_method_name((enum http_method)bit));
    }
    *at = 0;
}
