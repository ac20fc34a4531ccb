/* month.h -- the only date that stands in clear beside a case: the month in which it is to be destroyed. */
#ifndef INTAKE_MONTH_H
#define INTAKE_MONTH_H

#include <stdint.h>

#define MONTH_SIZE 11

/* The first day of the month that lies `months` months behind that of `wall`: "2033-11-01". */
void month_after(int64_t wall, int64_t months, char out[static MONTH_SIZE]);
/* Hour number modulo 4096: where an Idempotency-Key's record lies until it is purged. */
int16_t month_hour_slot(int64_t wall);

#endif
