/* api.c -- see api.h. */
#include "intake/api.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "common/base/mem.h"
#include "common/seal/once.h"
#include "intake/limits.h"

enum { FAULT_TEXT = 160 };

void api_fault(struct http_req *req, const struct json_fault *fault)
{
    char detail[FAULT_TEXT];
    if (fault->field)
        snprintf(detail, sizeof detail, "%s %s.", fault->field, fault->says);
    else
        snprintf(detail, sizeof detail, "The body %s (line %u, column %u).", fault->says, fault->line, fault->column);
    http_problem(req, 400, "malformed", detail, fault->field);
}

void api_away(struct http_req *req)
{
    char seconds[16];
    snprintf(seconds, sizeof seconds, "%d", LIMIT_RETRY_S);
    http_set(req, "Retry-After", seconds);
    http_problem(req, 503, "busy", "This cannot be stored or read now. Nothing was lost; send it again later.", NULL);
}

int api_is_type(const struct http_req *req, const char *wanted)
{
    const char *type = http_req_header(req, "Content-Type");
    size_t len = strlen(wanted);
    return type && strncasecmp(type, wanted, len) == 0 && strchr("; \t", type[len]) != NULL;
}

enum err api_body(struct http_req *req, json_t **out)
{
    struct json_fault fault;
    const struct buf *body = http_req_body(req);
    *out = NULL;
    if (!api_is_type(req, "application/json")) {
        http_problem(req, 415, "media-type", "The body must be application/json.", NULL);
        return ERR_MALFORMED;
    }
    enum err err = json_read_object(buf_text(body), body->len, out, &fault);
    if (err != ERR_OK)
        api_fault(req, &fault);
    return err;
}

void api_answer(struct http_req *req, unsigned status, json_t *answer)
{
    need(answer != NULL);
    char *text = json_dumps(answer, JSON_COMPACT);
    need(text != NULL);
    http_answer(req, status, status < 400 ? "application/json" : "application/problem+json", text, strlen(text));
    mem_free(text);
    json_decref(answer);
}

void api_other_body(struct http_req *req)
{
    http_problem(req, 422, "key-reused", "This Idempotency-Key was used with another body.", "Idempotency-Key");
}

enum err api_key(struct http_req *req, const char **out)
{
    const char *key = http_req_header(req, "Idempotency-Key");
    *out = NULL;
    if (key && once_key_check(key, strlen(key)) != ERR_OK) {
        http_problem(req, 400, "weak-key",
                     "Idempotency-Key must be a random UUID (version 4) or 22 to 128 base64url characters.",
                     "Idempotency-Key");
        return ERR_MALFORMED;
    }
    *out = key;
    return ERR_OK;
}

void api_refuse_files(struct http_req *req)
{
    http_problem(req, 422, "files", "A file is not there, not whole, or they are too much together.", "files");
}

void api_openapi(struct http_req *req, void *room)
{
    const struct intake *intake = room;
    http_answer(req, 200, "application/json", intake->openapi.bytes, intake->openapi.len);
}
