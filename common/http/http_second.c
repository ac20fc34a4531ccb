/* http_second.c -- see http_second.h. */
#include "common/http/http_second.h"

#include <llhttp.h>

#include "common/base/mem.h"

struct http_second {
    llhttp_t llhttp;
    size_t content;
    int done;
};

static int on_headers_complete(llhttp_t *llhttp)
{
    /* An Upgrade is an offer that we never take (RFC 9110 section 7.8); llhttp would stop at it. */
    llhttp->upgrade = 0;
    return 0;
}

static int on_body(llhttp_t *llhttp, const char *at, size_t len)
{
    (void)at;
    ((struct http_second *)llhttp->data)->content += len;
    return 0;
}

static int on_message_complete(llhttp_t *llhttp)
{
    ((struct http_second *)llhttp->data)->done = 1;
    return 0;
}

static const llhttp_settings_t settings = {
    .on_headers_complete = on_headers_complete,
    .on_body = on_body,
    .on_message_complete = on_message_complete,
};

struct http_second *http_second_new(void)
{
    struct http_second *second = mem_new(sizeof *second);
    llhttp_init(&second->llhttp, HTTP_REQUEST, &settings);
    second->llhttp.data = second;
    return second;
}

void http_second_free(struct http_second *second)
{
    mem_free(second);
}

int http_second_agrees(struct http_second *second, const uint8_t *in, size_t len, size_t content)
{
    second->content = 0;
    if (len == 0)
        return content == 0;
    return llhttp_execute(&second->llhttp, (const char *)in, len) == HPE_OK && second->content == content;
}

int http_second_done(const struct http_second *second)
{
    return second->done;
}
