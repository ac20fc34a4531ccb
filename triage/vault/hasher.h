/* hasher.h -- Argon2id in two threads of its own, with a bounded queue: signing in never holds up the loop.
 *
 * 19 MiB and two passes a try. Those who come from a known device may fill the whole queue, others half of it, so that
 * a flood of strangers leaves room for the people who work here. */
#ifndef TRIAGE_VAULT_HASHER_H
#define TRIAGE_VAULT_HASHER_H

#include "common/base/loop.h"

struct hasher;

enum { HASHER_QUEUE_MAX = 64, HASHER_STRANGERS_MAX = 32, HASHER_PASSWORD_MAX = 256, HASHER_ENCODED_MAX = 160 };

/* Before the sandbox: makes what the threads answer through. Never NULL. */
struct hasher *hasher_new(struct loop *loop);
/* After the sandbox: the threads. */
void hasher_start(struct hasher *hasher);
/* Ends the threads; those still waiting are told ERR_CANCELLED. */
void hasher_free(struct hasher *hasher);

/* On the loop. `encoded` is the new hash, borrowed, NULL unless one was made. ERR_OK: made, or it fits; ERR_DENIED: it
 * does not; ERR_CANCELLED. */
typedef void hasher_done_fn(void *room, enum err err, const char *encoded);
/* ERR_BUSY: the queue is full, and no callback comes. ERR_TOO_BIG. The password is copied and wiped. */
MUST_CHECK enum err hasher_make(struct hasher *hasher, const char *password, hasher_done_fn *done, void *room);
/* `encoded` NULL: the same work for nobody, and ERR_DENIED. */
MUST_CHECK enum err hasher_check(struct hasher *hasher, const char *password, const char *encoded, int is_known_device,
                                 hasher_done_fn *done, void *room);

#endif
