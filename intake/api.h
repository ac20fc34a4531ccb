/* api.h -- what the routes of the JSON API have in common (docs/api.md): bodies, keys and answers. Errors are RFC 9457
 * problem documents, in English, for whoever writes a program. */
#ifndef INTAKE_API_H
#define INTAKE_API_H

#include "common/text/json.h"
#include "intake/intake.h"

void api_openapi(struct http_req *req, void *room); /* GET /api/v1/openapi.json */

/* 1 if Content-Type is `wanted`, with or without parameters. */
int api_is_type(const struct http_req *req, const char *wanted);
/* The body as a JSON object, the caller's; on error (415, 400) the request has been answered. */
MUST_CHECK enum err api_body(struct http_req *req, json_t **out);
/* The Idempotency-Key, borrowed from `req`; NULL when there is none. On error (400: one that can be guessed) the
 * request has been answered. */
MUST_CHECK enum err api_key(struct http_req *req, const char **out);

/* Answer with JSON (from 400 on as a problem, RFC 9457); takes `answer`. */
void api_answer(struct http_req *req, unsigned status, json_t *answer);
/* 400 with the field at fault. */
void api_fault(struct http_req *req, const struct json_fault *fault);
/* 422: the key came before, with another body. */
void api_other_body(struct http_req *req);
/* 422: files that are not there, not whole, or too much together. */
void api_refuse_files(struct http_req *req);
/* 503 with Retry-After. */
void api_away(struct http_req *req);

#endif
