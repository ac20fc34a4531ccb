/* http_req.c -- a request as its handler sees it (http.h). */
#include <string.h>

#include "common/base/mem.h"
#include "common/http/http_chars.h"
#include "common/http/http_inside.h"

struct http_req *req_new(struct http_conn *conn)
{
    struct http_req *req = mem_new(sizeof *req);
    req->server = conn->server;
    req->conn = conn;
    /* Numbers count up, the low bits find the connection: http_find() needs no table. */
    req->id = ++conn->server->requests << 24 | conn->slot;
    http_message_init(&req->message);
    return req;
}

void req_free(struct http_req *req)
{
    need(req->conn == NULL);
    if (req->kept_free)
        req->kept_free(req->kept);
    for (unsigned i = 0; i < req->param_count; i++)
        mem_free(req->params[i]);
    for (unsigned i = 0; i < req->set_count; i++) {
        mem_free(req->set[i].name);
        mem_free(req->set[i].value);
    }
    mem_free(req->set);
    buf_free(&req->body);
    http_message_free(&req->message);
    mem_free(req);
}

void req_gone(struct http_req *req)
{
    req->conn->req = NULL;
    req->conn = NULL;
    server_bury_req(req->server, req);
}

uint64_t http_req_id(const struct http_req *req)
{
    return req->id;
}

struct http_req *http_find(struct http_server *server, uint64_t id)
{
    uint32_t slot = (uint32_t)(id & 0xffffff);
    if (slot >= server->slot_high || !server->slots[slot])
        return NULL;
    struct http_req *req = server->slots[slot]->req;
    return req && req->id == id ? req : NULL;
}

enum http_method http_req_method(const struct http_req *req)
{
    return req->message.head.method;
}

const char *http_req_path(const struct http_req *req)
{
    const struct http_head *head = &req->message.head;
    return req->has_head && head->path_len ? (const char *)head->bytes.bytes + head->path : "/";
}

int http_req_is_under(const struct http_req *req, const char *prefix)
{
    const struct http_head *head = &req->message.head;
    const uint8_t *bytes = head->bytes.bytes, *end = bytes + head->bytes.len, *at = NULL;
    if (head->path_len)
        at = bytes + head->path;
    else if (head->bytes.len && (at = memchr(bytes, ' ', head->bytes.len)))
        at++;
    return at && (size_t)(end - at) >= strlen(prefix) && memcmp(at, prefix, strlen(prefix)) == 0;
}

const char *http_req_query(const struct http_req *req)
{
    const struct http_head *head = &req->message.head;
    return req->has_head && head->query_len ? (const char *)head->bytes.bytes + head->query : "";
}

const char *http_req_header(const struct http_req *req, const char *name)
{
    return req->has_head ? http_head_find(&req->message.head, name) : NULL;
}

void http_req_each_header(const struct http_req *req, void (*fn)(void *room, const char *name, const char *value),
                          void *room)
{
    const struct http_head *head = &req->message.head;
    const char *bytes = (const char *)head->bytes.bytes;
    for (unsigned i = 0; req->has_head && i < head->field_count; i++)
        fn(room, bytes + head->fields[i].name, bytes + head->fields[i].value);
}

const char *http_req_param(const struct http_req *req, unsigned index)
{
    need(index < req->param_count);
    return req->params[index];
}

struct buf *http_req_body(struct http_req *req)
{
    return &req->body;
}

struct http_server *http_req_server(const struct http_req *req)
{
    return req->server;
}

void http_req_keep(struct http_req *req, void *state, void (*fn)(void *state))
{
    need(!req->kept_free);
    req->kept = state;
    req->kept_free = fn;
}

void *http_req_kept(const struct http_req *req)
{
    return req->kept;
}

void http_close_after(struct http_req *req)
{
    req->close = 1;
}

void http_set(struct http_req *req, const char *name, const char *value)
{
    need(http_field_text(name, value));
    need(req->set_count < LIMIT_SET_COUNT);
    if (!req->set)
        req->set = mem_new_array(LIMIT_SET_COUNT, sizeof *req->set);
    req->set[req->set_count++] = (struct http_header){.name = mem_copy_text(name), .value = mem_copy_text(value)};
}

const uint8_t *http_req_network(const struct http_req *req)
{
    static const uint8_t none[HTTP_NETWORK];
    return req->conn ? req->conn->network : none;
}

uint64_t *http_req_tally(struct http_req *req)
{
    need(req->conn != NULL);
    return &req->conn->tally;
}
