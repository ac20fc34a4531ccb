/* deadlines.c -- see deadlines.h. */
#include "triage/vault/deadlines.h"

#include <string.h>
#include <time.h>

#include "common/base/err.h"

#include "triage/vault/deadlines_inside.h"

enum { HOUR = 3600, DAY = 24 * HOUR };

static const char *const stage_names[DEADLINE_STAGES] = {"look", "contact", "acknowledge", "outcome", "receiver"};

const char *deadlines_stage_name(enum deadline_stage stage)
{
    return stage_names[stage];
}

unsigned deadlines_version(const struct deadlines *deadlines)
{
    return deadlines->version;
}

uint32_t deadlines_profile(const struct deadlines *deadlines, const char *id)
{
    for (size_t i = 0; i < deadlines->profile_count; i++)
        if (strcmp(deadlines->profiles[i].id, id) == 0)
            return (uint32_t)1 << i;
    return 0;
}

const char *deadlines_profile_id(const struct deadlines *deadlines, size_t index)
{
    return index < deadlines->profile_count ? deadlines->profiles[index].id : NULL;
}

const json_t *deadlines_profile_note(const struct deadlines *deadlines, size_t index)
{
    return index < deadlines->profile_count ? deadlines->profiles[index].note : NULL;
}

/* ---- classes ---- */

static int lists(const json_t *list, const char *text)
{
    size_t i;
    const json_t *one;
    json_array_foreach(list, i, one) if (strcmp(json_string_value(one), text) == 0) return 1;
    return 0;
}

static int fired_one_of(const json_t *fired, const json_t *rules)
{
    size_t i;
    const json_t *one;
    json_array_foreach(fired, i, one)
    {
        const char *rule = json_string_value(json_object_get(one, "rule"));
        if (rule && lists(rules, rule))
            return 1;
    }
    return 0;
}

uint32_t deadlines_classes(const struct deadlines *deadlines, const json_t *fired, const struct severity *severity,
                           const char *kind, int64_t now)
{
    uint32_t classes = 0;
    for (size_t i = 0; i < deadlines->class_count; i++) {
        const struct deadline_class *c = &deadlines->classes[i];
        if (c->any || (c->danger_now && severity->danger_now) || (c->grave && severity->grave) ||
            (c->severe && severity_is_severe(severity, now)) || fired_one_of(fired, c->rules) || lists(c->kinds, kind))
            classes |= (uint32_t)1 << i;
    }
    return classes;
}

/* ---- arithmetic ---- */

static int64_t earlier(int64_t a, int64_t b)
{
    if (!a || !b)
        return a ? a : b;
    return a < b ? a : b;
}

typedef int64_t after_fn(int64_t from, unsigned amount, const struct workdays *calendar);

static int64_t after_hours(int64_t from, unsigned hours, const struct workdays *calendar)
{
    (void)calendar;
    return from + (int64_t)hours * HOUR;
}

static int64_t after_days(int64_t from, unsigned days, const struct workdays *calendar)
{
    (void)calendar;
    return from + (int64_t)days * DAY;
}

static int64_t after_workdays(int64_t from, unsigned days, const struct workdays *calendar)
{
    return workdays_after(calendar, from, days);
}

/* 30 November and three months is the last of February. */
static int64_t after_months(int64_t from, unsigned months, const struct workdays *calendar)
{
    (void)calendar;
    time_t start = (time_t)from;
    struct tm when, last;
    need(gmtime_r(&start, &when) != NULL);
    when.tm_mon += (int)months;
    last = (struct tm){.tm_year = when.tm_year, .tm_mon = when.tm_mon + 1}; /* the day before its first */
    (void)timegm(&last);
    if (when.tm_mday > last.tm_mday)
        when.tm_mday = last.tm_mday;
    return (int64_t)timegm(&when);
}

static after_fn *const afters[] = {[TERM_HOURS] = after_hours,
                                   [TERM_DAYS] = after_days,
                                   [TERM_WORKDAYS] = after_workdays,
                                   [TERM_MONTHS] = after_months};

/* Half of what was left when it became known, at most: who is told of an hour has some of it to act in, and nothing is
 * late from the start. */
static int64_t lead_of(const struct deadlines *deadlines, const struct deadline_case *c)
{
    int64_t lead = 0, left = c->by - (c->known > c->arrived ? c->known : c->arrived);
    for (size_t p = 0; p < deadlines->profile_count; p++)
        if (c->profiles >> p & 1 && deadlines->profiles[p].lead_s > lead)
            lead = deadlines->profiles[p].lead_s;
    if (lead > left / 2)
        lead = left > 0 ? left / 2 : 0;
    return lead;
}

/* Without pauses; what counts from the acknowledgement counts from `acknowledged`. */
static int64_t unpaused_due(const struct deadlines *deadlines, const struct deadline_case *c,
                            const struct workdays *calendar, enum deadline_stage stage, int64_t acknowledged)
{
    int64_t due = 0;
    for (size_t p = 0; p < deadlines->profile_count; p++)
        for (size_t i = 0; c->profiles >> p & 1 && i < deadlines->class_count; i++) {
            const struct term *time = &deadlines->profiles[p].times[i][stage];
            if (!(c->classes >> i & 1) || time->unit == TERM_NONE)
                continue;
            int64_t from = time->after_acknowledged ? acknowledged : c->arrived;
            due = earlier(due, afters[time->unit](from, time->amount, calendar));
        }
    if (c->by && stage <= DEADLINE_CONTACT)
        due = earlier(due, c->by - lead_of(deadlines, c));
    return due;
}

/* When the person was told that it was read, and no later than when that was due: being late with the one does not put
 * off the other. Where they were told before the clock began anew, it counts from there. */
static int64_t acknowledged_at(const struct deadlines *deadlines, const struct deadline_case *c,
                               const struct workdays *calendar)
{
    int64_t due = unpaused_due(deadlines, c, calendar, DEADLINE_ACKNOWLEDGE, c->arrived);
    int64_t at = earlier(c->acknowledged, due);
    return at > c->arrived ? at : c->arrived;
}

int64_t deadlines_due(const struct deadlines *deadlines, const struct deadline_case *c, const struct workdays *calendar,
                      enum deadline_stage stage)
{
    int64_t due = unpaused_due(deadlines, c, calendar, stage, acknowledged_at(deadlines, c, calendar));
    for (size_t i = 0; due && i < c->pause_count; i++) {
        const struct deadline_pause *pause = &c->pauses[i];
        if (pause->from >= due)
            continue; /* it was due before, and stays so */
        if (!pause->to)
            return INT64_MAX;
        due += pause->to - pause->from;
    }
    return due;
}
