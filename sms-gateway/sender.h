/* sender.h -- the gateway's one process that sends: it holds the outbox key of the day in memory, opens what vaults
 * have sealed to it, hands each text to its provider, and destroys the row. */
#ifndef SMS_GATEWAY_SENDER_H
#define SMS_GATEWAY_SENDER_H

#include "common/base/loop.h"
#include "sms-gateway/settings.h"

struct sender;
/* Borrows `settings` for life. */
struct sender *sender_new(struct loop *loop, const struct settings *settings);
/* Begins nothing new. `stopped` is called once, in a later turn of the loop: when what providers were handed has been
 * answered and written down, or `grace_ms` later, when what is still unanswered may go out a second time after the next
 * start. Asked again it does nothing more. */
void sender_stop(struct sender *sender, int grace_ms, void (*stopped)(void *arg), void *arg);
void sender_free(struct sender *sender);

#endif
