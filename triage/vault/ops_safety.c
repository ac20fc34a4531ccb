/* ops_safety.c -- keeping the person safe (safety.h): what is feared and planned, steps outside with their consent, and
 * the check-ins that follow; and those who read, from more than they can bear (graphic.h). */
#include <string.h>

#include "common/base/clock.h"
#include "triage/vault/audit.h"
#include "triage/vault/case_change.h"
#include "triage/vault/case_state.h"
#include "triage/vault/case_view.h"
#include "triage/vault/life.h"
#include "triage/vault/ops.h"
#include "triage/vault/safety.h"
#include "triage/vault/seen.h"

enum { TEXT_MAX = 4000, PLAN_MAX = 8000, CODE_MAX = 20, LIST_MAX = 100, LIST_USUAL = 50 };

static void kept(void *room, enum err err)
{
    struct request *request = room;
    if (err == ERR_OK)
        request_ok(request, json_incref(request->kept));
    else
        request_fail_with(request, err);
}

/* A code that is in its table; else the request was answered. */
static int code_asked(struct request *request, const char *key, int (*is_one)(const char *), const char **out)
{
    if (!request_text(request, key, 1, CODE_MAX, out))
        return 0;
    if (is_one(*out))
        return 1;
    request_fail(request, "malformed", "This is missing, or not in the form it must have.", key);
    return 0;
}

/* Takes `answer` and `detail`. */
static void submit(struct request *request, struct case_change *cc, json_t *answer, const char *op, json_t *detail)
{
    json_decref(request->kept);
    request->kept = answer;
    audit_leaf(request->vault, cc->change, request->who, op, cc->file->id, detail);
    case_change_submit(cc, kept, request);
}

void ops_case_safety(struct request *request)
{
    const char *level, *plan;
    struct case_file *file = case_asked(request, 1);
    if (!file || !code_asked(request, "level", safety_is_level, &level) ||
        !request_text(request, "plan", 1, PLAN_MAX, &plan))
        return;
    struct case_change *cc = case_change_begin(request->vault, file, NULL);
    safety_assess(cc->state, level, plan, request->who);
    submit(request, cc, NULL, "case.safety", json_pack("{s:s}", "level", level));
}

void ops_case_outside(struct request *request)
{
    struct safety_step step = {0};
    int64_t now = clock_wall();
    char first[CLOCK_TEXT_SIZE], second[CLOCK_TEXT_SIZE];
    struct case_file *file = case_asked(request, 1);
    if (!file || !code_asked(request, "what", safety_is_step, &step.what) ||
        !request_text(request, "says", 1, TEXT_MAX, &step.says) ||
        !request_text(request, "could_tell", 1, TEXT_MAX, &step.could_tell) ||
        !request_flag(request, "consent", 1, &step.is_consented) ||
        !request_text(request, "consent_how", 1, TEXT_MAX, &step.consent_how))
        return;
    struct case_change *cc = case_change_begin(request->vault, file, NULL);
    if (!safety_take_step(cc->state, &step, request->who, now)) {
        case_change_drop(cc);
        request_fail_with(request, ERR_TOO_BIG);
        return;
    }
    clock_text(now + SAFETY_FIRST_S, first);
    clock_text(now + SAFETY_SECOND_S, second);
    submit(request, cc, json_pack("{s:[s,s]}", "checkins", first, second), "case.outside",
           json_pack("{s:s,s:b}", "what", step.what, "consent", step.is_consented));
}

void ops_case_checkin(struct request *request)
{
    int64_t index;
    const char *outcome, *says;
    struct case_file *file = case_asked(request, 1);
    if (!file || !request_int(request, "checkin", 1, 0, INT32_MAX, &index) ||
        !code_asked(request, "outcome", safety_is_outcome, &outcome) ||
        !request_text(request, "says", 1, TEXT_MAX, &says))
        return;
    struct case_change *cc = case_change_begin(request->vault, file, NULL);
    enum life before = life_now(cc->state);
    if (!safety_check_in(cc->state, (size_t)index, outcome, says, request->who, clock_wall())) {
        case_change_drop(cc);
        case_conflict(request, file);
        return;
    }
    if (life_now(cc->state) != before) /* it is open again, and they are told */
        case_change_notice(cc);
    submit(request, cc, json_pack("{s:s}", "state", life_name(life_now(cc->state))), "case.checkin",
           json_pack("{s:s}", "outcome", outcome));
}

/* ---- those who read ---- */

void ops_case_graphic(struct request *request)
{
    int on;
    struct case_file *file = case_asked(request, 1);
    if (!file || !request_flag(request, "on", 1, &on))
        return;
    struct case_change *cc = case_change_begin(request->vault, file, NULL);
    json_object_set_new(cc->state, "graphic", json_boolean(on));
    state_history(cc->state, request->who, on ? "Said that it is hard to read" : "Said that it is not hard to read");
    submit(request, cc, NULL, "case.graphic", NULL);
}

/* ---- what is due ---- */

/* The queue item, with the check-in that is due first. */
static json_t *checkin_item(const struct vault *vault, const struct case_file *file)
{
    size_t index;
    json_t *item = case_item(vault, file), *state = state_draft(file);
    int64_t due = safety_due_first(state, &index);
    const json_t *checkin = json_array_get(json_object_get(state, "checkins"), index);
    const json_t *step =
        json_array_get(json_object_get(state, "outside"), (size_t)json_integer_value(json_object_get(checkin, "step")));
    json_object_set_new(item, "checkin",
                        json_pack("{s:I,s:s,s:b,s:s}", "index", (json_int_t)index, "due", state_text(checkin, "due"),
                                  "over", due <= clock_wall(), "what", state_text(step, "what")));
    json_decref(state);
    return item;
}

void ops_checkin_list(struct request *request)
{
    int64_t after = 0, limit = LIST_USUAL;
    const struct vault *vault = request->vault;
    if (!request_int(request, "after", 0, 0, INT32_MAX, &after) ||
        !request_int(request, "limit", 0, 1, LIST_MAX, &limit))
        return;
    json_t *items = json_array();
    const struct case_file *file;
    size_t index = 0;
    for (int64_t n = 0; n < after + limit && (file = seen_side_next(vault, request->who, SIDES_CHECKINS, &index)); n++)
        if (n >= after)
            json_array_append_new(items, checkin_item(vault, file));
    request_ok(request, json_pack("{s:o,s:I}", "items", items, "total",
                                  (json_int_t)seen_side_count(vault, request->who, SIDES_CHECKINS)));
}
