/* ops_case.c -- operations on a case: show, give back, note, answer. */
#include <string.h>

#include "common/base/code.h"
#include "triage/vault/audit.h"
#include "triage/vault/case_change.h"
#include "triage/vault/case_state.h"
#include "triage/vault/case_view.h"
#include "triage/vault/ops.h"
#include "triage/vault/outbox.h"

enum { REASON_MAX = 2000, TEXT_MAX = 20000, LANGUAGE_MAX_BYTES = 20, NOTES_MAX = 1000 };

/* ---- show ---- */

static void opening_kept(void *room, enum err err)
{
    struct request *request = room;
    struct case_file *file = err == ERR_OK ? case_asked(request, 0) : NULL;
    if (err != ERR_OK)
        request_fail_with(request, err);
    else if (file)
        case_answer_full(request, file);
}

void ops_case_show(struct request *request)
{
    const struct case_file *file = case_asked(request, 0);
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

/* ---- answer ---- */

/* Closing a grave case takes a second person. 1: it may be closed now; 0: the first has asked. */
static int may_close(struct case_change *cc, const char *who)
{
    struct severity severity;
    const char *first = state_text(json_object_get(cc->state, "closing"), "by");
    state_severity(cc->state, &severity);
    if (!severity_is_floor(&severity) || (*first && strcmp(first, who) != 0)) {
        json_object_del(cc->state, "closing");
        return 1;
    }
    json_object_set_new(cc->state, "closing", json_pack("{s:s,s:o}", "by", who, "at", state_now()));
    state_history(cc->state, who, "Asked for a second person to close the case");
    return 0;
}

static const char *next_state(struct case_change *cc, const char *asked, const char *who, int *waits)
{
    *waits = strcmp(asked, "closed") == 0 && !may_close(cc, who);
    return *waits ? "answered" : asked;
}

static json_t *write_answer(struct case_change *cc, const char *who, const char *text, const char *language)
{
    char row[CODE_ID_SIZE];
    json_t *inside = json_pack("{s:i,s:o,s:s,s:s}", "v", 1, "at", state_now(), "text", text, "language", language);
    json_t *by = json_object_get(cc->state, "answered_by");
    if (!by) {
        by = json_object();
        json_object_set_new(cc->state, "answered_by", by);
    }
    case_change_row(cc, ROOT_THREAD, PART_MESSAGE, AUTHOR_STAFF, inside);
    code_id(cc->last_row, row);
    json_object_set_new(by, row, json_string(who));
    state_count_message(cc->state);
    json_t *message = json_pack("{s:s,s:O,s:s,s:s,s:s}", "from", "staff", "at", json_object_get(inside, "at"), "text",
                                text, "language", language, "by", who);
    json_decref(inside);
    return message;
}

void ops_case_answer(struct request *request)
{
    static const char *const states[] = {"in_progress", "answered", "closed"};
    const char *text, *language, *asked = "answered";
    int waits, known = 0;
    struct case_file *file = case_asked(request, 1);
    if (!file || !request_text(request, "text", 1, TEXT_MAX, &text) ||
        !request_text(request, "language", 1, LANGUAGE_MAX_BYTES, &language) ||
        !request_text(request, "state", 0, 20, &asked))
        return;
    for (size_t i = 0; i < sizeof states / sizeof *states; i++)
        known |= strcmp(asked, states[i]) == 0;
    if (!known) {
        request_fail(request, "malformed", "There is no such state.", "state");
        return;
    }
    if (!book_key(file, ROOT_THREAD, 1)) { /* its wrap did not open */
        request_fail_with(request, ERR_CRYPTO);
        return;
    }
    struct case_change *cc = case_change_begin(request->vault, file, NULL);
    json_t *message = write_answer(cc, request->who, text, language);
    const char *state = next_state(cc, asked, request->who, &waits);
    state_set_text(cc->state, "public", state);
    case_change_notice(cc);
    outbox_text(cc, text);
    state_history(cc->state, request->who, strcmp(state, "closed") == 0 ? "Answered and closed" : "Answered");
    json_decref(request->kept);
    request->kept = json_pack("{s:o,s:b}", "message", message, "waits_for_second", waits);
    audit_leaf(request->vault, cc->change, request->who, "case.answer", file->id, json_pack("{s:s}", "state", state));
    case_change_submit(cc, changed, request);
}
