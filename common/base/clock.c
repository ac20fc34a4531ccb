/* clock.c -- see clock.h. */
#include "common/base/clock.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

int64_t clock_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int64_t clock_wall(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec;
}

void clock_text(int64_t wall, char out[static CLOCK_TEXT_SIZE])
{
    time_t at = (time_t)wall;
    struct tm tm = {0};
    if (!gmtime_r(&at, &tm) || strftime(out, CLOCK_TEXT_SIZE, "%Y-%m-%dT%H:%M:%SZ", &tm) == 0)
        out[0] = 0;
}

void clock_day(int64_t wall, char out[static 11])
{
    char whole[CLOCK_TEXT_SIZE] = "";
    clock_text(wall, whole);
    memcpy(out, whole, 10);
    out[10] = 0;
}

void clock_month(int64_t wall, int months, char out[static 11])
{
    time_t at = (time_t)wall;
    struct tm tm = {0};
    (void)gmtime_r(&at, &tm); /* past the end of the calendar it stays its beginning */
    int month = tm.tm_year * 12 + tm.tm_mon + months;
    struct tm first = {.tm_year = month / 12, .tm_mon = month % 12, .tm_mday = 1};
    clock_day((int64_t)timegm(&first), out);
}

int64_t clock_parse(const char *text)
{
    struct tm tm = {0};
    const char *end = strptime(text, "%Y-%m-%dT%H:%M:%SZ", &tm);
    if (!end) {
        memset(&tm, 0, sizeof tm);
        end = strptime(text, "%Y-%m-%d", &tm);
    }
    if (!end || *end)
        return -1;
    /* strptime takes "2026-1-2" and the 30th of February; what does not come back the same was not of the form. */
    int64_t wall = (int64_t)timegm(&tm);
    char again[CLOCK_TEXT_SIZE];
    clock_text(wall, again);
    size_t len = strlen(text);
    int is_exact = (len == 10 || len == CLOCK_TEXT_SIZE - 1) && strncmp(again, text, len) == 0;
    return is_exact && wall >= 0 ? wall : -1;
}

int16_t clock_slot(int64_t wall, int64_t seconds)
{
    return (int16_t)(wall / seconds % 4096);
}
