/* workdays.c -- see workdays.h. */
#include "triage/vault/workdays.h"

#include "common/base/err.h"

enum { WEEK = 7, THURSDAY = 3, ALL_DAYS = 0x7f };

int32_t workdays_day(const struct workdays *calendar, int64_t wall)
{
    int64_t local = wall + calendar->ahead_s;
    need(local >= 0);
    return (int32_t)(local / WORKDAYS_DAY_S);
}

static int is_holiday(const struct workdays *calendar, int32_t day)
{
    size_t low = 0, high = calendar->holiday_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (calendar->holidays[middle] < day)
            low = middle + 1;
        else
            high = middle;
    }
    return low < calendar->holiday_count && calendar->holidays[low] == day;
}

int workdays_is_one(const struct workdays *calendar, int32_t day)
{
    /* The first day of 1970 was a Thursday. */
    unsigned weekday = (unsigned)((day + THURSDAY) % WEEK);
    return !(calendar->rest >> weekday & 1) && !is_holiday(calendar, day);
}

int64_t workdays_after(const struct workdays *calendar, int64_t from, unsigned n)
{
    int32_t day = workdays_day(calendar, from);
    need((calendar->rest & ALL_DAYS) != ALL_DAYS);
    while (n > 0)
        if (workdays_is_one(calendar, ++day))
            n--;
    return (int64_t)(day + 1) * WORKDAYS_DAY_S - calendar->ahead_s;
}
