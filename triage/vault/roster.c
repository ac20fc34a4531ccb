/* roster.c -- see roster.h. */
#include "triage/vault/roster.h"

#include <string.h>

#include "common/base/clock.h"
#include "common/base/mem.h"
#include "triage/vault/case_state.h"
#include "triage/vault/oncall.h"

enum { MINUTE = 60, HOUR_MINUTES = 60, DAY_MINUTES = 24 * HOUR_MINUTES, WEEK_MINUTES = 7 * DAY_MINUTES };
enum { FIRST_WEEKDAY = 3 /* 1 January 1970 was a Thursday, and weeks begin on Monday */ };

/* ---- hours ---- */

static int day_of(const char *day)
{
    static const char *const days[] = {"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"};
    for (int i = 0; i < 7; i++)
        if (strcmp(days[i], day) == 0)
            return i;
    return -1;
}

/* "18:30" in minutes of the day; -1: it is none. */
static int time_of(const char *time)
{
    static const char digits[] = "0123456789";
    if (strlen(time) != 5 || strspn(time, digits) != 2 || time[2] != ':' || strspn(time + 3, digits) != 2)
        return -1;
    int hour = (time[0] - '0') * 10 + time[1] - '0', minute = (time[3] - '0') * 10 + time[4] - '0';
    return hour < 24 && minute < 60 ? hour * HOUR_MINUTES + minute : -1;
}

/* From `from` until `until` on a round of minutes; both the same: all of it. */
static int lies_in(int minute, int from, int until)
{
    if (from < until)
        return minute >= from && minute < until;
    return from == until || minute >= from || minute < until;
}

/* The hours of a row on a round of so many minutes: a day, a week. With `is_each` they are a day's, and begin on each
 * day from the first until the last. */
struct hours {
    int from, until, round;
    int is_each, first_day, last_day;
};

static struct hours hours_of(const json_t *row)
{
    int from = time_of(state_text(row, "from")), until = time_of(state_text(row, "until"));
    int from_day = day_of(state_text(row, "from_day")), until_day = day_of(state_text(row, "until_day"));
    if (from < 0 || until < 0)
        return (struct hours){.round = DAY_MINUTES}; /* always */
    if (from_day < 0 || until_day < 0)
        return (struct hours){.from = from, .until = until, .round = DAY_MINUTES};
    if (json_is_true(json_object_get(row, "each_day")))
        return (struct hours){from, until, DAY_MINUTES, 1, from_day, until_day};
    return (struct hours){
        .from = from_day * DAY_MINUTES + from, .until = until_day * DAY_MINUTES + until, .round = WEEK_MINUTES};
}

/* Monday to Friday, and Saturday to Monday too: both ends are among them. */
static int is_among(int day, int first, int last)
{
    return first <= last ? day >= first && day <= last : day >= first || day <= last;
}

/* Hours that go on across midnight belong to the day they began on. */
static int counts_each(const struct hours *hours, int minute_of_week)
{
    int day = minute_of_week / DAY_MINUTES, minute = minute_of_week % DAY_MINUTES;
    int is_of_yesterday = hours->until <= hours->from && minute < hours->until;
    return lies_in(minute, hours->from, hours->until) &&
           is_among(is_of_yesterday ? (day + 6) % 7 : day, hours->first_day, hours->last_day);
}

static int counts(const struct hours *hours, int32_t ahead_s, int64_t now)
{
    int64_t minutes = (now + ahead_s) / MINUTE + (int64_t)FIRST_WEEKDAY * DAY_MINUTES;
    if (hours->is_each)
        return counts_each(hours, (int)(minutes % WEEK_MINUTES));
    return lies_in((int)(minutes % hours->round), hours->from, hours->until);
}

/* ---- who ---- */

static void add(const json_t *from, struct roster_person out[static ROSTER_MOST], size_t *count)
{
    struct roster_person person = {.name = state_text(from, "name"),
                                   .to = state_text(from, "to"),
                                   .is_email = strcmp(state_text(from, "channel"), "email") == 0};
    if (!*person.to || *count == ROSTER_MOST)
        return;
    for (size_t i = 0; i < *count; i++)
        if (out[i].is_email == person.is_email &&
            (person.is_email ? strcmp(out[i].to, person.to) == 0 : oncall_is_same(out[i].to, person.to)))
            return;
    out[(*count)++] = person;
}

/* While whoever was set by name is on call; nobody was: never. */
struct span {
    int64_t from, until;
};

static struct span set_span(const json_t *record)
{
    const char *from = state_text(record, "from"), *until = state_text(record, "until");
    if (!*state_text(record, "to"))
        return (struct span){INT64_MAX, 0};
    return (struct span){*from ? clock_parse(from) : 0, *until ? clock_parse(until) : INT64_MAX};
}

size_t roster_now(const json_t *record, int32_t ahead_s, int64_t now, struct roster_person out[static ROSTER_MOST])
{
    const json_t *roster = json_object_get(record, "roster");
    const struct span set = set_span(record);
    size_t count = 0;
    if (now >= set.from && now < set.until)
        add(record, out, &count);
    for (json_int_t place = 1; place <= ROSTER_PLACES; place++)
        for (size_t i = 0; i < json_array_size(roster); i++) {
            const json_t *row = json_array_get(roster, i);
            const struct hours hours = hours_of(row);
            if (json_integer_value(json_object_get(row, "place")) == place && counts(&hours, ahead_s, now))
                add(row, out, &count);
        }
    return count;
}

static size_t all_hours(const json_t *record, struct hours out[static ROSTER_ROWS_MAX])
{
    const json_t *roster = json_object_get(record, "roster");
    size_t count = 0;
    for (size_t i = 0; i < json_array_size(roster) && count < ROSTER_ROWS_MAX; i++)
        out[count++] = hours_of(json_array_get(roster, i));
    return count;
}

/* Minute by minute: ten thousand of them, and no arithmetic of shifts that overlap. */
size_t roster_gaps(const json_t *record, int32_t ahead_s, int64_t now, struct roster_gap out[static ROSTER_GAPS_MAX])
{
    struct hours hours[ROSTER_ROWS_MAX];
    const size_t rows = all_hours(record, hours);
    const struct span set = set_span(record);
    int64_t end = now + (int64_t)ROSTER_DAYS * DAY_MINUTES * MINUTE, at = now - now % MINUTE;
    size_t count = 0;
    int in_gap = 0;
    for (; at < end; at += MINUTE) {
        int64_t then = at > now ? at : now;
        int is_gap = then < set.from || then >= set.until;
        for (size_t i = 0; i < rows && is_gap; i++)
            is_gap = !counts(&hours[i], ahead_s, then);
        if (is_gap && !in_gap) {
            if (count == ROSTER_GAPS_MAX)
                return count;
            out[count++] = (struct roster_gap){.from = then};
        } else if (!is_gap && in_gap) {
            out[count - 1].until = at;
        }
        in_gap = is_gap;
    }
    return count;
}

/* ---- a row ---- */

static const char malformed[] = "This is missing, or not in the form it must have.";

/* Either nothing is said, or both times, or both times and both days; "each_day" is about days. */
static const char *wrong_hours(const json_t *row)
{
    static const char *const times[] = {"from", "until"}, *const days[] = {"from_day", "until_day"};
    int some_time = *state_text(row, "from") || *state_text(row, "until");
    int some_day =
        *state_text(row, "from_day") || *state_text(row, "until_day") || json_is_true(json_object_get(row, "each_day"));
    for (size_t i = 0; i < 2; i++) {
        if ((some_time || some_day) && time_of(state_text(row, times[i])) < 0)
            return times[i];
        if (some_day && day_of(state_text(row, days[i])) < 0)
            return days[i];
    }
    return NULL;
}

json_t *roster_row(const json_t *typed, const char **field, const char **says)
{
    static const char *const texts[] = {"name", "channel", "from_day", "from", "until_day", "until"};
    char to[ROSTER_TO_MAX + 1];
    json_t *row = json_object();
    json_int_t place = json_integer_value(json_object_get(typed, "place"));
    need(row != NULL);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        state_set_text(row, texts[i], state_text(typed, texts[i]));
    if (json_is_true(json_object_get(typed, "each_day")))
        need(json_object_set_new(row, "each_day", json_true()) == 0);
    const char *channel = state_text(row, "channel"), *name = state_text(row, "name");
    *field = *says = NULL;
    if (strcmp(channel, "sms") != 0 && strcmp(channel, "email") != 0) {
        *field = "channel";
    } else if ((*says = oncall_address(channel, state_text(typed, "to"), to)) || !*to) {
        *field = "to";
    } else if (!*name || strlen(name) > ROSTER_NAME_MAX) {
        *field = "name";
    } else if (place < 1 || place > ROSTER_PLACES) {
        *field = "place";
    } else {
        *field = wrong_hours(row);
    }
    if (*field) {
        *says = *says ? *says : malformed;
        json_decref(row);
        return NULL;
    }
    state_set_text(row, "to", to);
    need(json_object_set_new(row, "place", json_integer(place)) == 0);
    return row;
}
