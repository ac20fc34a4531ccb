/* ops_case.c -- operations on a case: show, give back, note, tell why, answer. Deciding: ops_decide.c; holding:
 * ops_hold.c. */
#include <string.h>

#include "common/base/clock.h"
#include "triage/vault/audit.h"
#include "triage/vault/case_change.h"
#include "triage/vault/case_state.h"
#include "triage/vault/case_view.h"
#include "triage/vault/decision.h"
#include "triage/vault/life.h"
#include "triage/vault/ops.h"
#include "triage/vault/outbox.h"
#include "triage/vault/texting.h"
#include "triage/vault/why.h"

enum { REASON_MAX = 2000, TEXT_MAX = 20000, SMS_MAX = 1000, LANGUAGE_MAX_BYTES = 20, NOTES_MAX = 1000 };

/* ---- show ---- */

static void opening_kept(void *room, enum err err)
{
    struct request *request = room;
    const struct case_file *file = err == ERR_OK ? case_asked(request, 0) : NULL;
    if (err != ERR_OK)
        request_fail_with(request, err);
    else if (file)
        case_answer_full(request, file);
}

void ops_case_show(struct request *request)
{
    const struct case_file *file = case_asked_as_second(request, 0);
    if (file)
        audit_alone(request->vault, request->who, "case.show", file->id, NULL, opening_kept, request);
}

/* ---- small changes, answered with nothing but ok ---- */

static void changed(void *room, enum err err)
{
    struct request *request = room;
    if (err == ERR_OK)
        request_ok(request, json_incref(request->kept));
    else
        request_fail_with(request, err);
}

void ops_case_return(struct request *request)
{
    const char *reason;
    struct case_file *file = case_asked(request, 1);
    if (!file || !request_text(request, "reason", 1, REASON_MAX, &reason))
        return;
    if (strcmp(file->taken_by, request->who) != 0) {
        request_deny(request, "Only who holds a case may give it back.");
        return;
    }
    struct case_change *cc = case_change_begin(request->vault, file, NULL);
    state_set_text(cc->state, "taken_by", "");
    state_history(cc->state, request->who, "Given back");
    json_array_append_new(state_list(cc->state, "notes"),
                          json_pack("{s:s,s:o,s:s}", "by", request->who, "at", state_now(), "text", reason));
    audit_leaf(request->vault, cc->change, request->who, "case.return", file->id, NULL);
    case_change_submit(cc, changed, request);
}

void ops_case_note(struct request *request)
{
    const char *text;
    struct case_file *file = case_asked(request, 1);
    if (!file || !request_text(request, "text", 1, TEXT_MAX, &text))
        return;
    struct case_change *cc = case_change_begin(request->vault, file, NULL);
    if (json_array_size(state_list(cc->state, "notes")) >= NOTES_MAX) {
        case_change_drop(cc);
        request_fail_with(request, ERR_TOO_BIG);
        return;
    }
    json_array_append_new(state_list(cc->state, "notes"),
                          json_pack("{s:s,s:o,s:s}", "by", request->who, "at", state_now(), "text", text));
    audit_leaf(request->vault, cc->change, request->who, "case.note", file->id, NULL);
    case_change_submit(cc, changed, request);
}

/* ---- why, in words to the person ---- */

/* For an officer to read and change; nothing is sent. What the person wrote is not in it: no opening. */
void ops_case_why(struct request *request)
{
    struct vault *vault = request->vault;
    const struct case_file *file = case_asked(request, 0);
    if (!file)
        return;
    struct why why;
    struct buf page = BUF_INIT(WHY_MAX), text = BUF_INIT(WHY_MAX);
    int64_t now = clock_wall();
    json_t *state = state_draft(file);
    const char *theirs = state_text(state, "language");
    const char *language = vault->texts && catalogue_has(vault->texts, theirs) ? theirs : "en";
    if (!why_of(&vault->office, state, &file->place.severity, now, &why)) {
        request_fail(request, "conflict", "Nobody has assessed this case yet.", NULL);
    } else {
        why_write(vault->texts, language, &why, now, &page, &text);
        request_ok(request,
                   json_pack("{s:s,s:s,s:s,s:b,s:b,s:b,s:s}", "text", buf_text(&page), "sms", buf_text(&text),
                             "language", language, "page_only", texting_may_send(state), "is_theirs",
                             strcmp(language, theirs) == 0, "is_older", json_is_object(json_object_get(state, "since")),
                             "state", life_name(life_now(state))));
    }
    buf_free(&page);
    buf_free(&text);
    json_decref(state);
}

/* ---- answer ---- */

/* The states that an answer may leave the case in; decisions have an operation of their own (ops_decide.c). Without one
 * an answer waits for what the person says to it, where that is a legal move. */
static int move_on(struct case_change *cc, const char *who, const char *asked)
{
    enum life now = life_now(cc->state), to = *asked ? life_of(asked) : LIFE_WAITING_FOR_YOU;
    unsigned needs = 0;
    if (to == now)
        return 1;
    if (life_comes_with_answer(to) && life_may(now, to, LIFE_BY_OFFICER, &needs) && !needs)
        return life_follow(cc->state, to, LIFE_BY_OFFICER, who);
    return !*asked;
}

json_t *ops_answer_draft(struct case_change *cc, const char *who, const char *text, const char *language,
                         const char *asked, const char *by_text)
{
    state_history(cc->state, who, "Answered");
    if (!move_on(cc, who, asked))
        return NULL;
    json_t *inside = json_pack("{s:i,s:o,s:s,s:s}", "v", 1, "at", state_now(), "text", text, "language", language);
    decision_say(cc, who, inside);
    json_t *message = json_pack("{s:s,s:O,s:s,s:s,s:s}", "from", "staff", "at", json_object_get(inside, "at"), "text",
                                text, "language", language, "by", who);
    json_decref(inside);
    case_change_notice(cc);
    if (*by_text)
        outbox_text(cc, by_text);
    return message;
}

void ops_case_answer(struct request *request)
{
    const char *text, *language, *asked = "", *by_text = "";
    int page_only = 0;
    struct case_file *file = case_asked(request, 1);
    if (!file || !request_text(request, "text", 1, TEXT_MAX, &text) ||
        !request_text(request, "language", 1, LANGUAGE_MAX_BYTES, &language) ||
        !request_text(request, "state", 0, 20, &asked) || !request_text(request, "sms", 0, SMS_MAX, &by_text) ||
        !request_flag(request, "page_only", 0, &page_only))
        return;
    if (*asked && life_of(asked) == LIFE_COUNT) {
        request_fail(request, "malformed", "There is no such state.", "state");
        return;
    }
    if (!book_key(file, ROOT_THREAD, 1)) { /* its wrap did not open */
        request_fail_with(request, ERR_CRYPTO);
        return;
    }
    if (!participant_is_reached(request, file))
        return;
    struct case_change *cc = case_change_begin(request->vault, file, NULL);
    json_t *message = ops_answer_draft(cc, request->who, text, language, asked, page_only || *by_text ? by_text : text);
    if (!message) {
        case_change_drop(cc);
        request_fail(request, "malformed", "An answer cannot bring the case into that state.", "state");
        return;
    }
    json_decref(request->kept);
    request->kept = json_pack("{s:o}", "message", message);
    audit_leaf(request->vault, cc->change, request->who, "case.answer", file->id,
               json_pack("{s:s}", "state", life_name(life_now(cc->state))));
    case_change_submit(cc, changed, request);
}
