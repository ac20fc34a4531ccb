/* view_action.c -- actions as pages show them (view.h). */
#include <string.h>

#include "triage/console/fields.h"
#include "triage/console/view.h"

static json_t *view_attempt(const struct reader *reader, const json_t *attempt)
{
    static const char *const texts[] = {"outcome", "assessment", "by", NULL};
    json_t *to = json_object();
    view_put_texts(to, attempt, texts);
    view_put_label(reader, to, "lever", WORDS_LEVERAGE, attempt, "lever");
    view_put(to, "on", view_day(reader, view_text(attempt, "on"), 0));
    return to;
}

static json_t *state_options(const struct reader *reader, const json_t *action)
{
    json_t *list = json_array();
    const json_t *moves = json_object_get(action, "moves");
    for (size_t i = 0; i < json_array_size(moves); i++) {
        const char *code = json_string_value(json_array_get(moves, i));
        if (code)
            need(json_array_append_new(list, json_pack("{s:s, s:s}", "code", code, "label",
                                                       words_label(reader, WORDS_ACTION_STATE, code))) == 0);
    }
    return list;
}

json_t *view_action(const struct reader *reader, const json_t *action, int64_t now)
{
    static const char *const texts[] = {"action",    "impact",       "title",   "name",   "what", "owner",
                                        "indicator", "consultation", "outcome", "reason", NULL};
    json_t *to = json_object(), *attempts = json_array();
    const json_t *tried = json_object_get(action, "attempts"), *checked = json_object_get(action, "checked");
    view_put_texts(to, action, texts);
    view_put_number(to, "version", action);
    view_put_label(reader, to, "type", WORDS_ACTION, action, "type");
    view_put_label(reader, to, "state", WORDS_ACTION_STATE, action, "state");
    view_put_label(reader, to, "consulted", WORDS_YES_NO, action, "consulted");
    view_put(to, "asked", words_options(reader, WORDS_YES_NO, ASKED_OR_NOT, view_text(action, "consulted")));
    view_put(to, "rank", view_rank(reader, json_object_get(action, "severity")));
    view_put(to, "overdue", json_boolean(json_is_true(json_object_get(action, "overdue"))));
    /* A deadline that has been met counts down no more. */
    int is_waited_for =
        json_is_true(json_object_get(action, "open")) && strcmp(view_text(action, "state"), "done") != 0;
    view_put(to, "due", view_day(reader, view_text(action, "due"), is_waited_for ? now : 0));
    view_put(to, "due_day", json_stringn(view_text(action, "due"), strnlen(view_text(action, "due"), 10)));
    view_put(to, "moves", state_options(reader, action));
    view_put(to, "is_leverage", json_boolean(strcmp(view_text(action, "type"), "leverage") == 0));
    for (size_t i = 0; i < json_array_size(tried); i++)
        need(json_array_append_new(attempts, view_attempt(reader, json_array_get(tried, i))) == 0);
    view_put_counted(reader, to, "tried", TN("{{n}} attempt to use leverage", "{{n}} attempts to use leverage"),
                     view_number(action, "tried"));
    view_put_list(to, "attempts", attempts);
    view_put_list(to, "history", view_history(reader, json_object_get(action, "history")));
    if (json_is_object(checked)) {
        view_put(to, "checked_by", json_string(view_text(checked, "by")));
        view_put(to, "checked_at", words_time(reader, view_text(checked, "at"), 0));
    }
    return to;
}

json_t *view_actions(const struct reader *reader, const json_t *actions, int64_t now)
{
    json_t *list = json_array();
    for (size_t i = 0; i < json_array_size(actions); i++)
        need(json_array_append_new(list, view_action(reader, json_array_get(actions, i), now)) == 0);
    return list;
}
