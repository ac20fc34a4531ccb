/* clock.h -- the time: monotonic for deadlines, wall clock for what goes inside a seal. */
#ifndef COMMON_BASE_CLOCK_H
#define COMMON_BASE_CLOCK_H

#include <stdint.h>

/* Milliseconds that never step back. */
int64_t clock_ms(void);
/* Seconds since 1970, UTC. */
int64_t clock_wall(void);

#define CLOCK_TEXT_SIZE 21
/* "2026-11-22T08:00:00Z" of `wall` seconds. */
void clock_text(int64_t wall, char out[static CLOCK_TEXT_SIZE]);
/* The reverse; -1 when it is not of that form or before 1970. Also takes a bare day, "2026-11-22". */
int64_t clock_parse(const char *text);
/* "2026-11-22". `out` holds 11. */
void clock_day(int64_t wall, char out[static 11]);
/* The first day of the month that is `months` after that of `wall`: "2033-11-01". */
void clock_month(int64_t wall, int months, char out[static 11]);
/* Number of the period of `seconds` modulo 4096: where a record lies until it is purged. Tells no time by itself. */
int16_t clock_slot(int64_t wall, int64_t seconds);

#endif
