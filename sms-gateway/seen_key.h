/* seen_key.h -- the key under which repeated deliveries are recognised, and its end.
 *
 * Keys are random, one for each period of 30 days, in a file of the gateway's own: this period's and the next one's.
 * A key is destroyed when its period ends, and with it any way to ask the stored tags about a number. */
#ifndef SMS_GATEWAY_SEEN_KEY_H
#define SMS_GATEWAY_SEEN_KEY_H

#include <stdint.h>

#include "common/base/err.h"

/* Make missing keys, destroy past ones. Called at start and each hour by one process of the gateway. ERR_SYSTEM. */
MUST_CHECK enum err seen_key_rotate(const char *path, int64_t wall);
/* The key of the period of `wall`. ERR_NOT_FOUND, ERR_MALFORMED. Remembers it until the period ends. */
MUST_CHECK enum err seen_key_today(const char *path, int64_t wall, uint8_t out[static 32]);
/* The same, but where there is none, because the clock leapt past all that are there, it is made. ERR_SYSTEM. */
MUST_CHECK enum err seen_key_now(const char *path, int64_t wall, uint8_t out[static 32]);

#endif
