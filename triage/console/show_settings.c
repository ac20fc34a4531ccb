/* show_settings.c -- what the office has set, in plain words and to be read alone: the operator sets it in
 * recourse.ini. */
#include <string.h>

#include "common/base/mem.h"
#include "triage/console/show.h"
#include "triage/console/view.h"

static json_t *days_of(const struct reader *reader, const json_t *codes)
{
    json_t *list = json_array();
    for (size_t i = 0; WEEKDAYS[i]; i++)
        for (size_t k = 0; k < json_array_size(codes); k++)
            if (strcmp(json_string_value(json_array_get(codes, k)), WEEKDAYS[i]) == 0)
                need(json_array_append_new(list, json_string(words_label(reader, WORDS_DAY, WEEKDAYS[i]))) == 0);
    return list;
}

void show_settings(struct call *call, struct http_req *req, const json_t *answer)
{
    enum { DAY_S = 86400, HOUR_S = 3600 };
    const struct reader *reader = &call->reader;
    static const char *const numbers[] = {"deadlines", "rules", "codes", "per_hour", "per_day"};
    int64_t wait = view_number(answer, "wish_wait_s");
    json_t *context = json_object();
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        view_put(context, numbers[i], json_sprintf("%lld", (long long)view_number(answer, numbers[i])));
    view_put_list(context, "profiles", json_deep_copy(json_object_get(answer, "profiles")));
    view_put_list(context, "rest_days", days_of(reader, json_object_get(answer, "rest_days")));
    view_put_list(context, "holidays", json_deep_copy(json_object_get(answer, "holidays")));
    view_put(context, "zone", words_zone(view_number(answer, "ahead_minutes")));
    view_put(context, "second_factor", json_boolean(json_is_true(json_object_get(answer, "second_factor"))));
    view_put_counted(reader, context, "stop_time", TN("{{n}} hour", "{{n}} hours"),
                     view_number(answer, "recovery_hours"));
    if (wait % DAY_S == 0)
        view_put_counted(reader, context, "wish", TN("{{n}} day", "{{n}} days"), wait / DAY_S);
    else
        view_put_counted(reader, context, "wish", TN("{{n}} hour", "{{n}} hours"), wait / HOUR_S);
    view_put_counted(reader, context, "retention", TN("{{n}} month", "{{n}} months"),
                     view_number(answer, "retention_months"));
    view_put_counted(reader, context, "drift", TN("{{n}} day", "{{n}} days"), view_number(answer, "drift_days"));
    show_page(call, req, 200, "settings", context);
}
