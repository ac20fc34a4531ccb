/* ops_hold.c -- who holds a case and who looks on: skip, hand over, watch. Taking: ops_queue.c; giving back:
 * ops_case.c. */
#include <string.h>

#include "triage/vault/audit.h"
#include "triage/vault/case_change.h"
#include "triage/vault/case_state.h"
#include "triage/vault/case_view.h"
#include "triage/vault/decision.h"
#include "triage/vault/ops.h"
#include "triage/vault/people.h"
#include "triage/vault/seen.h"

enum { REASON_MAX = 2000, SKIPS_MAX = 200, WATCHERS_MAX = 50 };

static void kept(void *room, enum err err)
{
    struct request *request = room;
    if (err == ERR_OK)
        request_ok(request, json_incref(request->kept));
    else
        request_fail_with(request, err);
}

/* The case that the request names, held by who asks, and the reason; NULL when the request was answered or waits. */
static struct case_file *held_case(struct request *request, const char **reason)
{
    struct case_file *file = case_asked(request, 1);
    if (!file || !request_text(request, "reason", 1, REASON_MAX, reason))
        return NULL;
    if (strcmp(file->taken_by, request->who) == 0)
        return file;
    request_deny(request, "Only who holds a case may give it back.");
    return NULL;
}

/* ---- skip ---- */

void ops_case_skip(struct request *request)
{
    const char *reason;
    struct case_file *file = held_case(request, &reason);
    if (!file)
        return;
    struct case_change *cc = case_change_begin(request->vault, file, NULL);
    json_t *skips = state_list(cc->state, "skips");
    if (json_array_size(skips) >= SKIPS_MAX) {
        case_change_drop(cc);
        request_fail(request, "conflict", "This case was skipped too often: someone has to take it on.", NULL);
        return;
    }
    json_array_append_new(skips, json_pack("{s:s,s:o,s:s}", "by", request->who, "at", state_now(), "reason", reason));
    state_set_text(cc->state, "taken_by", "");
    state_history(cc->state, request->who, "Skipped");
    audit_leaf(request->vault, cc->change, request->who, "case.skip", file->id, NULL);
    case_change_submit(cc, kept, request);
}

/* ---- hand over ---- */

/* 1 if `to` works here and may have the case; else the request was answered. */
static int may_get(struct request *request, const struct case_file *file, const char *to)
{
    const struct person *person = people_find(request->vault->people, to);
    json_t *state = state_draft(file);
    int is_own = decision_review_due(state) && decision_is_of(state, to);
    json_decref(state);
    if (!person || person->is_ended || person->is_waiting || person->role != ROLE_OFFICER)
        request_fail(request, "not_found", "There is nobody of this name.", "to");
    else if (strcmp(to, request->who) == 0)
        request_fail(request, "malformed", "You hold this case already.", "to");
    else if (!seen_by(file, to))
        request_fail(request, "conflict", "They are named in this case, or have stepped back from it.", "to");
    else if (is_own)
        request_deny(request, "A review is for someone else than those who decided.");
    else
        return 1;
    return 0;
}

void ops_case_hand_over(struct request *request)
{
    const char *to, *reason;
    struct case_file *file = held_case(request, &reason);
    if (!file || !request_text(request, "to", 1, VAULT_WHO_MAX, &to) || !may_get(request, file, to))
        return;
    struct case_change *cc = case_change_begin(request->vault, file, NULL);
    state_set_text(cc->state, "taken_by", to);
    json_object_set_new(
        cc->state, "handed",
        json_pack("{s:s,s:s,s:o,s:s}", "by", request->who, "to", to, "at", state_now(), "reason", reason));
    state_history(cc->state, request->who, "Handed over");
    audit_leaf(request->vault, cc->change, request->who, "case.hand_over", file->id, json_pack("{s:s}", "to", to));
    case_change_submit(cc, kept, request);
}

/* ---- watch ---- */

/* Whoever watches has seen what is there when they say so again. */
static void set_watcher(json_t *watchers, const char *who, int on, int64_t seen)
{
    size_t i;
    json_t *one;
    json_array_foreach(watchers, i, one) if (strcmp(state_text(one, "who"), who) == 0) break;
    if (i < json_array_size(watchers))
        json_array_remove(watchers, i);
    if (on)
        json_array_append_new(watchers, json_pack("{s:s,s:I}", "who", who, "seen", (json_int_t)seen));
}

void ops_case_watch(struct request *request)
{
    int on = 1;
    struct case_file *file = case_asked(request, 1);
    if (!file || !request_flag(request, "on", 0, &on))
        return;
    struct case_change *cc = case_change_begin(request->vault, file, NULL);
    json_t *watchers = state_list(cc->state, "watchers");
    set_watcher(watchers, request->who, on, file->version + 1);
    if (json_array_size(watchers) > WATCHERS_MAX) {
        case_change_drop(cc);
        request_fail(request, "conflict", "Too many people watch this case.", NULL);
        return;
    }
    audit_leaf(request->vault, cc->change, request->who, on ? "case.watch" : "case.unwatch", file->id, NULL);
    case_change_submit(cc, kept, request);
}
