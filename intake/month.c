/* month.c -- see month.h. */
#include "intake/month.h"

#include <stdio.h>
#include <time.h>

#include "common/base/err.h"

#define HOUR_SLOTS 4096

void month_after(int64_t wall, int64_t months, char out[static MONTH_SIZE])
{
    time_t now = (time_t)wall;
    struct tm utc;
    need(gmtime_r(&now, &utc) != NULL && months >= 0);
    int64_t count = (int64_t)(utc.tm_year + 1900) * 12 + utc.tm_mon + months;
    need(count / 12 <= 9999);
    need(snprintf(out, MONTH_SIZE, "%04d-%02d-01", (int)(count / 12), (int)(count % 12) + 1) == MONTH_SIZE - 1);
}

int16_t month_hour_slot(int64_t wall)
{
    return (int16_t)(wall / 3600 % HOUR_SLOTS);
}
