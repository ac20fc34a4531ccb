/* api_thread.h -- a conversation as JSON (docs/api.md): what stands under a receipt, and adding to it.
 *
 * Neighbours: thread.h reads it, add.h adds to it, states.h says what can be done with it. */
#ifndef INTAKE_API_THREAD_H
#define INTAKE_API_THREAD_H

#include "common/http/http.h"

/* `room` is the intake, borrowed. */
void api_thread(struct http_req *req, void *room);   /* POST /api/v1/thread */
void api_messages(struct http_req *req, void *room); /* POST /api/v1/thread/messages; 201 means stored */

#endif
