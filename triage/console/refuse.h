/* refuse.h -- answers to what is not done: the vault's codes as HTTP, as problem documents or as pages. */
#ifndef TRIAGE_CONSOLE_REFUSE_H
#define TRIAGE_CONSOLE_REFUSE_H

#include "triage/console/call.h"

/* 415: a body of another type than this door takes. */
void refuse_media_type(struct call *call, struct http_req *req);
/* Retry-After and the like, as the status wants them. */
void refuse_headers(const struct call *call, struct http_req *req, unsigned status);
/* For requests that the server itself refuses (http_error_page_fn). `room` is the console. */
const char *refuse_page(struct http_req *req, void *room, unsigned status, struct buf *out);

/* The n-th kind of problem that programs are told, as the last part of its `type`, and its status; NULL behind the
 * last. A kind stands once for each status. */
const char *refuse_kind(size_t index, unsigned *status);

#endif
