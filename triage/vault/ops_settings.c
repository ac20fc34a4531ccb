/* ops_settings.c -- what this office has set, to be read: by which deadlines and on which days it works, which versions
 * of rules and codes count, what a session may open. No secret, no path, no name of a machine is among it. */
#include "common/base/clock.h"
#include "triage/vault/ops.h"
#include "triage/vault/signin.h"

static json_t *profiles(const struct stages_office *office)
{
    json_t *list = json_array();
    for (size_t i = 0; i < DEADLINES_PROFILES_MAX; i++)
        if (office->profiles >> i & 1)
            need(json_array_append_new(list, json_deep_copy(deadlines_profile_note(office->deadlines, i))) == 0);
    return list;
}

static json_t *rest_days(const struct workdays *calendar)
{
    static const char *const days[] = {"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"};
    json_t *list = json_array();
    for (size_t i = 0; i < sizeof days / sizeof *days; i++)
        if (calendar->rest >> i & 1)
            need(json_array_append_new(list, json_string(days[i])) == 0);
    return list;
}

static json_t *holidays(const struct workdays *calendar)
{
    char day[11];
    json_t *list = json_array();
    for (size_t i = 0; i < calendar->holiday_count; i++) {
        clock_day((int64_t)calendar->holidays[i] * WORKDAYS_DAY_S, day);
        need(json_array_append_new(list, json_string(day)) == 0);
    }
    return list;
}

void ops_settings_show(struct request *request)
{
    const struct vault *vault = request->vault;
    const struct settings *s = &vault->settings;
    json_t *shown = json_pack(
        "{s:o,s:i,s:i,s:i,s:o,s:o,s:I,s:I,s:I,s:b,s:I,s:I,s:I,s:I}", "profiles", profiles(&vault->office), "deadlines",
        (int)deadlines_version(vault->office.deadlines), "rules", (int)rules_version(vault->rules), "codes",
        (int)codes_version(vault->codes), "rest_days", rest_days(&vault->office.calendar), "holidays",
        holidays(&vault->office.calendar), "ahead_minutes", (json_int_t)s->ahead_minutes, "per_hour",
        (json_int_t)s->per_hour, "per_day", (json_int_t)s->per_day, "second_factor", signin_wants_factor(vault),
        "recovery_hours", (json_int_t)s->recovery_hours, "wish_wait_s", (json_int_t)s->wish_wait_s, "retention_months",
        (json_int_t)s->retention_months, "drift_days", (json_int_t)s->drift_days);
    request_ok(request, shown);
}
