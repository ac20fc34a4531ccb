/* workdays.h -- the days on which an office works, for deadlines that count only those. Pure. */
#ifndef TRIAGE_VAULT_WORKDAYS_H
#define TRIAGE_VAULT_WORKDAYS_H

#include <stddef.h>
#include <stdint.h>

enum { WORKDAYS_HOLIDAYS_MAX = 400, WORKDAYS_DAY_S = 86400 };

struct workdays {
    uint8_t rest;    /* bit 0: Monday ... bit 6: Sunday; at least one day is left */
    int32_t ahead_s; /* of UTC: when the office's day begins */
    size_t holiday_count;
    int32_t holidays[WORKDAYS_HOLIDAYS_MAX]; /* days since 1970, rising */
};

/* The office's day of `wall` seconds, as days since 1970. */
int32_t workdays_day(const struct workdays *calendar, int64_t wall);
int workdays_is_one(const struct workdays *calendar, int32_t day);
/* The end of the n-th working day behind the day of `from`, in wall seconds: what is due "within 5 working days" of a
 * Friday is due when the Friday after ends. `n` 0: the end of the day itself. */
int64_t workdays_after(const struct workdays *calendar, int64_t from, unsigned n);

#endif
