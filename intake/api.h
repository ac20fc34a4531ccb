/* api.h -- the JSON API for reports and conversations (docs/api.md). Errors are RFC 9457 problem documents. */
#ifndef INTAKE_API_H
#define INTAKE_API_H

#include "common/text/json.h"
#include "intake/intake.h"

void api_reports(struct http_req *req, void *room);  /* POST /api/v1/reports */
void api_thread(struct http_req *req, void *room);   /* POST /api/v1/thread */
void api_messages(struct http_req *req, void *room); /* POST /api/v1/thread/messages */
void api_openapi(struct http_req *req, void *room);  /* GET /api/v1/openapi.json */

/* 400 (or 413 for what is too big) with the field at fault. */
void api_fault(struct http_req *req, const struct json_fault *fault);
/* 503 with Retry-After. */
void api_away(struct http_req *req);
/* 1 if Content-Type is `wanted`, with or without parameters. */
int api_is_type(const struct http_req *req, const char *wanted);
/* The body as a JSON object; on error the request has been answered. */
MUST_CHECK enum err api_body(struct http_req *req, json_t **out);
/* Answer with JSON; takes `answer`. */
void api_answer(struct http_req *req, unsigned status, json_t *answer);

#endif
