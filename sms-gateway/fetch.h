/* fetch.h -- outgoing HTTP requests, and mail, on the event loop: libcurl multi, for sending texts. */
#ifndef SMS_GATEWAY_FETCH_H
#define SMS_GATEWAY_FETCH_H

#include "common/base/loop.h"
#include "sms-gateway/provider.h"

struct fetch;
struct fetch *fetch_new(struct loop *loop);
void fetch_free(struct fetch *fetch);
/* The answer: its status (0: no answer came) and at most 16 KiB of its body, borrowed until return. Exactly once,
 * later. */
typedef void fetch_done_fn(void *room, uint64_t tag, long status, const uint8_t *body, size_t len);
/* POST as `out` describes, or hand it to a mail relay, over TLS or not at all; copies what it needs. `deadline_ms`
 * total. */
void fetch_post(struct fetch *fetch, const struct send_out *out, long deadline_ms, fetch_done_fn *done, void *room,
                uint64_t tag);

#endif
