/* text_seal.h -- a text that came in, sealed to its desk as one row that can be stored (docs/envelope.md). Neighbour:
 * inbound.h, which takes it and has it stored. */
#ifndef SMS_GATEWAY_TEXT_SEAL_H
#define SMS_GATEWAY_TEXT_SEAL_H

#include "sms-gateway/provider.h"
#include "sms-gateway/settings.h"
#include "store/row_counter.h"

/* A case of its own: the vault joins it to the sender's, which only the vault can know. Takes a number of `counter` for
 * the row, which the caller ends when the row's fate is known; after an error it is ended here, or was never taken.
 * Fills `unit`, which is all zeroes; its body is taken by door_sms_append(). ERR_NOT_FOUND: nobody reads at that desk
 * today; what the tag's key or the sealing says. */
MUST_CHECK enum err text_seal(const struct settings *settings, struct row_counter *counter,
                              const struct channel *channel, const struct text_in *in, struct append_unit *unit);

#endif
