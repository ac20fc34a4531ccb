/* http_headers.c -- the headers that every answer carries: the OWASP list (tests/vectors/web/owasp-headers_add.json),
 * with the room's own Content-Security-Policy. Clear-Site-Data is set only where a page asks for it: on exit and
 * sign-out. */
#include <string.h>
#include <strings.h>

#include "common/base/mem.h"
#include "common/http/http_inside.h"

static const char PERMISSIONS[] =
    "accelerometer=(), autoplay=(), camera=(), cross-origin-isolated=(), display-capture=(), encrypted-media=(), "
    "fullscreen=(), geolocation=(), gyroscope=(), keyboard-map=(), magnetometer=(), microphone=(), midi=(), "
    "payment=(), "
    "picture-in-picture=(), publickey-credentials-get=(), screen-wake-lock=(), sync-xhr=(self), usb=(), web-share=(), "
    "xr-spatial-tracking=(), clipboard-read=(), clipboard-write=(), gamepad=(), hid=(), idle-detection=(), "
    "interest-cohort=(), serial=(), unload=()";

static const char *value_csp(const struct http_policy *policy)
{
    return policy->csp;
}

static const char *value_permissions(const struct http_policy *policy)
{
    return policy->permissions ? policy->permissions : PERMISSIONS;
}

static const char *value_hsts(const struct http_policy *policy)
{
    return policy->hsts ? "max-age=63072000; includeSubDomains" : NULL;
}

/* A value, or the function that takes it from the room's policy (NULL from it: not sent). */
static const struct {
    const char *name, *value;
    const char *(*from_policy)(const struct http_policy *policy);
} table[] = {
    {"Cache-Control", "no-store, max-age=0", NULL},
    {"Content-Security-Policy", NULL, value_csp},
    {"Cross-Origin-Embedder-Policy", "require-corp", NULL},
    {"Cross-Origin-Opener-Policy", "same-origin", NULL},
    {"Cross-Origin-Resource-Policy", "same-origin", NULL},
    {"Permissions-Policy", NULL, value_permissions},
    {"Referrer-Policy", "no-referrer", NULL},
    {"Strict-Transport-Security", NULL, value_hsts},
    {"X-Content-Type-Options", "nosniff", NULL},
    {"X-DNS-Prefetch-Control", "off", NULL},
    {"X-Frame-Options", "deny", NULL},
    {"X-Permitted-Cross-Domain-Policies", "none", NULL},
};

void headers_fix(struct http_server *server)
{
    buf_init(&server->fixed_text, LIMIT_HEAD_BYTES);
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        const char *value = table[i].from_policy ? table[i].from_policy(&server->options.policy) : table[i].value;
        if (!value)
            continue;
        need(server->fixed_count < FIXED_HEADER_MAX);
        server->fixed[server->fixed_count++] =
            (struct http_header){.name = mem_copy_text(table[i].name), .value = mem_copy_text(value)};
        need(buf_addf(&server->fixed_text, "%s: %s\r\n", table[i].name, value) == ERR_OK);
    }
}

int headers_has(const struct http_req *req, const char *name)
{
    for (unsigned i = 0; i < req->set_count; i++)
        if (strcasecmp(req->set[i].name, name) == 0)
            return 1;
    return 0;
}

static enum err write_fixed(const struct http_req *req, struct buf *out)
{
    const struct http_server *server = req->server;
    if (req->set_count == 0)
        return buf_add(out, server->fixed_text.bytes, server->fixed_text.len);
    for (unsigned i = 0; i < server->fixed_count; i++) {
        if (headers_has(req, server->fixed[i].name))
            continue;
        enum err err = buf_addf(out, "%s: %s\r\n", server->fixed[i].name, server->fixed[i].value);
        if (err != ERR_OK)
            return err;
    }
    return ERR_OK;
}

enum err headers_write(const struct http_req *req, struct buf *out)
{
    enum err err = write_fixed(req, out);
    for (unsigned i = 0; i < req->set_count && err == ERR_OK; i++)
        err = buf_addf(out, "%s: %s\r\n", req->set[i].name, req->set[i].value);
    return err;
}
