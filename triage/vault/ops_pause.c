/* ops_pause.c -- the deadlines of a case stand still, and run again: always for a reason that the person is told. */
#include <string.h>

#include "triage/vault/audit.h"
#include "triage/vault/case_change.h"
#include "triage/vault/case_state.h"
#include "triage/vault/case_view.h"
#include "triage/vault/life.h"
#include "triage/vault/ops.h"
#include "triage/vault/outbox.h"
#include "triage/vault/pauses.h"

enum { CODE_MAX = 20, REASON_MAX = 2000, SAYS_MAX = 2000 };

static void kept(void *room, enum err err)
{
    struct request *request = room;
    if (err == ERR_OK)
        request_ok(request, NULL);
    else
        request_fail_with(request, err);
}

/* 1 if something is due that can stand still; else the request was answered. */
static int has_deadlines(struct request *request, const json_t *state)
{
    enum life life = life_now(state);
    if (life != LIFE_UNDER_REVIEW && !life_is_ending(life))
        return 1;
    request_fail(request, "conflict",
                 life == LIFE_UNDER_REVIEW ? "Under review the deadline of the review counts, and it cannot be paused."
                                           : "This case has ended: nothing is due.",
                 NULL);
    return 0;
}

void ops_case_pause(struct request *request)
{
    const char *code, *reason, *says;
    struct case_file *file = case_asked(request, 1);
    if (!file || !request_text(request, "code", 1, CODE_MAX, &code) ||
        !request_text(request, "reason", 1, REASON_MAX, &reason) || !request_text(request, "says", 1, SAYS_MAX, &says))
        return;
    if (!pauses_is_code(code)) {
        request_fail(request, "malformed", "This is missing, or not in the form it must have.", "code");
        return;
    }
    struct case_change *cc = case_change_begin(request->vault, file, NULL);
    if (!has_deadlines(request, cc->state)) {
        case_change_drop(cc);
        return;
    }
    if (!pauses_begin(cc->state, code, request->who, reason, says)) {
        case_change_drop(cc);
        request_fail(request, "conflict", "The deadlines of this case stand still already.", NULL);
        return;
    }
    case_change_notice(cc);
    if (strcmp(code, PAUSE_NO_SAFE_WAY) != 0)
        outbox_text(cc, says);
    audit_leaf(request->vault, cc->change, request->who, "case.pause", file->id, json_pack("{s:s}", "code", code));
    case_change_submit(cc, kept, request);
}

void ops_case_resume(struct request *request)
{
    struct case_file *file = case_asked(request, 1);
    if (!file)
        return;
    struct case_change *cc = case_change_begin(request->vault, file, NULL);
    if (!pauses_end(cc->state, request->who)) {
        case_change_drop(cc);
        request_fail(request, "conflict", "The deadlines of this case run.", NULL);
        return;
    }
    case_change_notice(cc);
    audit_leaf(request->vault, cc->change, request->who, "case.resume", file->id, NULL);
    case_change_submit(cc, kept, request);
}
