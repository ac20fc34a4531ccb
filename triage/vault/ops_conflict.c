/* ops_conflict.c -- stepping back from a case, for oneself or said of a colleague, and taking that back. What a text
 * says by itself: conflict.h. */
#include <string.h>

#include "triage/vault/audit.h"
#include "triage/vault/case_change.h"
#include "triage/vault/case_state.h"
#include "triage/vault/case_view.h"
#include "triage/vault/conflict.h"
#include "triage/vault/ops.h"
#include "triage/vault/people.h"

enum { REASON_MAX = 2000, NAMED_MAX = 200 };

static void kept(void *room, enum err err)
{
    struct request *request = room;
    if (err == ERR_OK)
        request_ok(request, NULL);
    else
        request_fail_with(request, err);
}

/* Takes the change: it is given up, and the request answered. */
static void refuse(struct request *request, struct case_change *cc, const char *says)
{
    case_change_drop(cc);
    request_fail(request, "conflict", says, "who");
}

/* The draft says it; 0: the change was given up and the request answered. */
static int step_back(struct request *request, struct case_change *cc, const char *who, const char *reason)
{
    int is_room = json_array_size(json_object_get(cc->state, "named")) < NAMED_MAX;
    if (!is_room || !conflict_name(cc->state, vault_desk(request->vault), who, request->who, reason)) {
        refuse(request, cc, is_room ? "They are named in this case already." : "There are too many of them.");
        return 0;
    }
    if (!conflict_leaves_somebody(request->vault, cc->state)) {
        refuse(request, cc, "Nobody would be left who may take it. Move the case to another desk.");
        return 0;
    }
    state_history(cc->state, request->who, "Somebody stepped back, or was named: for them it does not exist");
    return 1;
}

static int take_back(struct request *request, struct case_change *cc, const char *who, const char *reason)
{
    if (!conflict_unname(cc->state, who, request->who, reason)) {
        refuse(request, cc, "They are not named in this case.");
        return 0;
    }
    state_history(cc->state, request->who, "Taken back: for somebody who was named it is there again");
    return 1;
}

/* Who is named cannot take it back: for them the case is not there. */
void ops_case_recuse(struct request *request)
{
    const char *who = request->who, *reason;
    int back = 0;
    struct case_file *file = case_asked(request, 1);
    if (!file || !request_text(request, "who", 0, VAULT_WHO_MAX, &who) ||
        !request_text(request, "reason", 1, REASON_MAX, &reason) || !request_flag(request, "back", 0, &back))
        return;
    const struct person *person = people_find(request->vault->people, who);
    if (!back && (!person || person->is_ended)) {
        request_fail(request, "not_found", "There is nobody of this name.", "who");
        return;
    }
    struct case_change *cc = case_change_begin(request->vault, file, NULL);
    if (!(back ? take_back(request, cc, who, reason) : step_back(request, cc, who, reason)))
        return;
    audit_leaf(request->vault, cc->change, request->who, back ? "case.recuse_back" : "case.recuse", file->id,
               json_pack("{s:s,s:s}", "name", who, "reason", reason));
    case_change_submit(cc, kept, request);
}
