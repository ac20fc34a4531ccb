/* acknowledged.h -- whom we have already told "received" today, without remembering anybody.
 *
 * A table in memory shared by the gateway's workers: 64-bit keyed hashes of (channel, number) under a key drawn at
 * start and never written. Entries live for a day; a full neighbourhood forgets its oldest. Nothing survives a restart:
 * the worst that follows is a second acknowledgement. */
#ifndef SMS_GATEWAY_ACKNOWLEDGED_H
#define SMS_GATEWAY_ACKNOWLEDGED_H

#include <stdint.h>

/* Before forking. */
void acknowledged_open(void);
/* 1 the first time in 24 hours that this number writes to this channel, and marks it; else 0. */
int acknowledged_first(const char *channel, const char *number, int64_t now_ms);

#endif
