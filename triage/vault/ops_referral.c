/* ops_referral.c -- referrals shown, approved, sealed for their receiver and followed. Writing them: ops_packet.c. */
#include <stdlib.h>
#include <string.h>

#include "common/base/clock.h"
#include "common/base/code.h"
#include "common/base/mem.h"
#include "triage/vault/audit.h"
#include "triage/vault/case_change.h"
#include "triage/vault/case_state.h"
#include "triage/vault/case_view.h"
#include "triage/vault/cms.h"
#include "triage/vault/consent.h"
#include "triage/vault/decision.h"
#include "triage/vault/entry.h"
#include "triage/vault/escalation.h"
#include "triage/vault/impacts.h"
#include "triage/vault/ops.h"
#include "triage/vault/participants_keep.h"
#include "triage/vault/referral.h"
#include "triage/vault/second.h"
#include "triage/vault/seen.h"
#include "triage/vault/stages.h"

enum {
    REASON_MAX = 2000,
    WORDS_MAX = 2000,
    REPLY_MAX = 8000,
    STATUS_MAX = 20,
    LIST_MAX = 100,
    LIST_USUAL = 25,
    CASES_MAX = 500
};
enum { SEALED_MAX = 2 * REFERRAL_TEXT_MAX, DAY_MAX = 20 };

static void changed(void *room, enum err err)
{
    struct request *request = room;
    if (err == ERR_OK)
        request_ok(request, json_incref(request->kept));
    else
        request_fail_with(request, err);
}

/* The referral that the request names, in the draft of a change; NULL: answered, and the change dropped. */
static json_t *referral_asked(struct request *request, struct case_change *cc)
{
    int64_t n = json_integer_value(json_object_get(request->body, "referral"));
    json_t *referral = referral_at(cc->state, n);
    if (referral)
        return referral;
    case_change_drop(cc);
    request_fail(request, "not_found", "There is no such referral.", "referral");
    return NULL;
}

static void refuse(struct request *request, struct case_change *cc, const char *says)
{
    case_change_drop(cc);
    request_fail(request, "conflict", says, NULL);
}

/* Takes the change. `more` (taken, may be NULL) goes into the answer. */
static void submit(struct request *request, struct case_change *cc, const char *op, const json_t *referral,
                   json_t *more)
{
    json_decref(request->kept);
    request->kept = more ? more : json_object();
    need(json_object_set(request->kept, "referral", json_object_get(referral, "n")) == 0);
    need(json_object_set(request->kept, "status", json_object_get(referral, "status")) == 0);
    audit_leaf(request->vault, cc->change, request->who, op, cc->file->id,
               json_pack("{s:O,s:O,s:O}", "referral", json_object_get(referral, "n"), "receiver",
                         json_object_get(referral, "receiver"), "status", json_object_get(referral, "status")));
    case_change_submit(cc, changed, request);
}

/* ---- approving ---- */

void ops_referral_approve(struct request *request)
{
    const char *reason;
    int64_t n, edition;
    struct case_file *file = case_asked(request, 1);
    if (!file || !request_int(request, "referral", 1, 1, REFERRALS_MAX, &n) ||
        !request_int(request, "edition", 1, 1, INT32_MAX, &edition) ||
        !request_text(request, "reason", 1, REASON_MAX, &reason))
        return;
    struct case_change *cc = case_change_begin(request->vault, file, NULL);
    json_t *referral = referral_asked(request, cc);
    if (!referral)
        return;
    const char *lacks = referral_lacks_for_approval(referral);
    if (json_integer_value(json_object_get(referral, "edition")) != edition) {
        case_change_drop(cc);
        case_conflict(request, file);
    } else if (lacks) {
        refuse(request, cc, lacks);
    } else if (!referral_wants_second(cc->state, referral)) {
        referral_approve(referral, request->who, reason, "", clock_wall());
        state_history(cc->state, request->who, "Approved a referral");
        submit(request, cc, "referral.approve", referral, json_pack("{s:b}", "waits_for_second", 0));
    } else if (second_asked(cc->state, "referral")) {
        refuse(request, cc, "A second person is asked for already: confirm or refuse that first.");
    } else {
        second_ask(cc->state, "referral", request->who, reason, json_pack("{s:I}", "n", (json_int_t)n));
        state_set_text(referral, "status", "waiting");
        state_history(cc->state, request->who, "Asked for a second person to approve a referral");
        submit(request, cc, "referral.approval_asked", referral, json_pack("{s:b}", "waits_for_second", 1));
    }
}

void ops_referral_settled(json_t *state, const json_t *asked, int confirm)
{
    json_t *referral = referral_at(state, json_integer_value(json_object_get(asked, "n")));
    if (!referral || strcmp(state_text(referral, "status"), "waiting") != 0)
        return;
    if (!confirm) {
        state_set_text(referral, "status", "draft");
        return;
    }
    referral_approve(referral, state_text(asked, "by"), state_text(asked, "reason"), state_text(asked, "second"),
                     clock_wall());
    state_history(state, state_text(asked, "second"), "Approved a referral");
}

/* ---- sending ---- */

/* What was sent stands in the conversation, word for word: the person can hold it against what they agreed to. */
static void tell(struct request *request, struct case_change *cc, const json_t *referral)
{
    json_t *inside = json_pack("{s:i,s:o,s:s,s:s,s:s}", "v", 1, "at", state_now(), "text", state_text(referral, "text"),
                               "language", "und", "passed_on", state_text(referral, "to"));
    need(inside != NULL);
    decision_write(cc, request->who, inside);
    json_decref(inside);
}

static json_t *file_answer(const char *type, const struct buf *sealed)
{
    char *text = mem_new(CODE_BASE64_SIZE(sealed->len));
    code_base64(sealed->bytes, sealed->len, text);
    json_t *answer = json_pack("{s:s,s:s}", "type", type, "file", text);
    mem_free(text);
    need(answer != NULL);
    return answer;
}

static void send(struct request *request, struct case_change *cc, json_t *referral, const char *reason)
{
    int64_t now = clock_wall();
    const struct receiver *receiver =
        receivers_find(impacts_receivers(request->vault->impacts), state_text(referral, "receiver"));
    const char *lacks = referral_lacks_for_sending(cc->state, referral, receiver ? receiver->json : NULL, now);
    /* Who represents agreed to it before the person took part, or before they ended it. */
    enum participant_say say = participants_say(request->vault, cc->file, cc->state);
    if (!lacks && (say == SAY_BESIDE || say == SAY_ENDED))
        lacks = "The affected person takes part in this case themself: ask them, and pass it on from there.";
    if (lacks) {
        refuse(request, cc, lacks);
        return;
    }
    const int is_plain = referral_is_to_respondent(referral);
    need(is_plain || receiver != NULL); /* or it would lack one */
    struct buf file = BUF_INIT(SEALED_MAX);
    const json_t *certificate = is_plain ? NULL : json_object_get(receiver->json, "certificate");
    const char *pem = entry_text(certificate, "pem"), *text = state_text(referral, "text");
    enum err err =
        is_plain ? buf_add(&file, text, strlen(text)) : cms_seal(pem, strlen(pem), now, text, strlen(text), &file);
    if (err != ERR_OK) {
        buf_free(&file);
        case_change_drop(cc);
        request_fail_with(request, ERR_CRYPTO);
        return;
    }
    int is_first = referral_sent(referral, request->who, reason, entry_text(certificate, "sha256"), now);
    state_history(cc->state, request->who,
                  is_plain ? "Handed a packet to the one it is about" : "Sealed a referral, to be sent");
    stages_did(cc->state, DEADLINE_CONTACT);
    if (is_first) /* another clock runs, and can be late by itself */
        escalation_over(cc->state, 1U << DEADLINE_RECEIVER);
    if (is_first && referral_shows_words(cc->state, referral))
        tell(request, cc, referral);
    case_change_notice(cc);
    submit(request, cc, "referral.send", referral,
           file_answer(is_plain ? "text/plain; charset=utf-8" : "application/pkcs7-mime", &file));
    buf_free(&file);
}

void ops_referral_send(struct request *request)
{
    const char *reason;
    int64_t n;
    struct case_file *file = case_asked(request, 1);
    if (!file || !request_int(request, "referral", 1, 1, REFERRALS_MAX, &n) ||
        !request_text(request, "reason", 1, REASON_MAX, &reason))
        return;
    if (!book_key(file, ROOT_THREAD, 1)) { /* its wrap did not open: the person could not be told */
        request_fail_with(request, ERR_CRYPTO);
        return;
    }
    struct case_change *cc = case_change_begin(request->vault, file, NULL);
    json_t *referral = referral_asked(request, cc);
    if (referral)
        send(request, cc, referral, reason);
}

/* ---- what became of it ---- */

void ops_referral_note(struct request *request)
{
    const char *status, *words, *on = "";
    int64_t n;
    struct case_file *file = case_asked(request, 1);
    if (!file || !request_int(request, "referral", 1, 1, REFERRALS_MAX, &n) ||
        !request_text(request, "status", 1, STATUS_MAX, &status) ||
        !request_text(request, "words", 1, strcmp(status, "replied") == 0 ? REPLY_MAX : WORDS_MAX, &words) ||
        !request_text(request, "on", 0, DAY_MAX, &on))
        return;
    if (*on && clock_parse(on) < 0) {
        request_fail(request, "malformed", "This is missing, or not in the form it must have.", "on");
        return;
    }
    struct case_change *cc = case_change_begin(request->vault, file, NULL);
    json_t *referral = referral_asked(request, cc);
    if (!referral)
        return;
    int was_waiting = strcmp(state_text(referral, "status"), "waiting") == 0;
    if (!referral_note(referral, status, words, on, request->who, clock_wall())) {
        refuse(request, cc, "A referral cannot go from its state to this one.");
        return;
    }
    if (was_waiting)
        json_object_del(cc->state, "referral");
    state_history(cc->state, request->who, "Noted what became of a referral");
    if (json_array_size(json_object_get(referral, "sends")))
        case_change_notice(cc);
    submit(request, cc, "referral.note", referral, NULL);
}

/* ---- showing ---- */

static json_t *shown(const struct vault *vault, const struct case_file *file, const json_t *state,
                     const json_t *referral)
{
    json_t *row = case_referral_row(vault, file, state, referral);
    const struct receiver *receiver =
        receivers_find(impacts_receivers(vault->impacts), state_text(referral, "receiver"));
    const json_t *consent = consent_at(state, json_integer_value(json_object_get(referral, "consent")));
    const char *lacks = referral_lacks_for_sending(state, referral, receiver ? receiver->json : NULL, clock_wall());
    need(json_object_update_missing(row, (json_t *)(uintptr_t)referral) == 0);
    need(json_object_set_new(row, "moves", referral_moves(referral)) == 0);
    if (consent)
        need(json_object_set(row, "agreed", (json_t *)(uintptr_t)consent) == 0);
    if (receiver)
        need(json_object_set_new(row, "place", receiver_row(receiver, vault->codes, clock_wall())) == 0);
    if (receiver)
        need(json_object_set_new(json_object_get(row, "place"), "contact",
                                 json_string(entry_text(receiver->json, "contact"))) == 0);
    if (lacks)
        state_set_text(row, "lacks", lacks);
    return row;
}

static void opening_kept(void *room, enum err err)
{
    struct request *request = room;
    const struct case_file *file = err == ERR_OK ? case_asked(request, 0) : NULL;
    if (err != ERR_OK)
        request_fail_with(request, err);
    if (!file)
        return;
    json_t *state = state_draft(file);
    const json_t *referral = referral_at(state, json_integer_value(json_object_get(request->body, "referral")));
    if (referral) {
        const json_t *asked = second_asked(state, "referral");
        json_t *item = shown(request->vault, file, state, referral);
        int is_this = asked && json_integer_value(json_object_get(asked, "n")) ==
                                   json_integer_value(json_object_get(referral, "n"));
        if (is_this)
            need(json_object_set(item, "asked", (json_t *)(uintptr_t)asked) == 0);
        need(json_object_set_new(item, "may_confirm",
                                 json_boolean(is_this && second_may(state, "referral", request->who))) == 0);
        request_ok(request, json_pack("{s:o}", "item", item));
    } else {
        request_fail(request, "not_found", "There is no such referral.", "referral");
    }
    json_decref(state);
}

void ops_referral_show(struct request *request)
{
    int64_t n;
    const struct case_file *file = case_asked_as_second(request, 0);
    if (file && request_int(request, "referral", 1, 1, REFERRALS_MAX, &n))
        audit_alone(request->vault, request->who, "referral.show", file->id, NULL, opening_kept, request);
}

static int urgency(const json_t *row)
{
    int is_overdue = json_is_true(json_object_get(row, "waits")) && json_is_true(json_object_get(row, "late"));
    return 2 * json_is_true(json_object_get(row, "wants_recall")) + is_overdue;
}

/* Those whose consent is gone first, then those who have not answered in time, then the oldest. */
static int in_order(const void *a, const void *b)
{
    const json_t *const *x = a, *const *y = b;
    int more = urgency(*y) - urgency(*x);
    return more ? more : strcmp(state_text(*x, "at"), state_text(*y, "at"));
}

static void gather(const struct vault *vault, const struct case_file *file, const char *status, json_t *into)
{
    char id[CODE_ID_SIZE];
    json_t *state = state_draft(file), *one;
    size_t i;
    code_id(file->id, id);
    json_array_foreach(json_object_get(state, "referrals"), i, one)
    {
        if (*status ? strcmp(state_text(one, "status"), status) != 0 : !referral_is_open(state, one))
            continue;
        json_t *row = case_referral_row(vault, file, state, one);
        state_set_text(row, "case", id);
        need(json_array_append_new(into, row) == 0);
    }
    json_decref(state);
}

void ops_referral_list(struct request *request)
{
    const char *status = "";
    int64_t after = 0, limit = LIST_USUAL;
    const struct vault *vault = request->vault;
    const struct case_file *file;
    size_t index = 0;
    if (!request_text(request, "status", 0, STATUS_MAX, &status) ||
        !request_int(request, "after", 0, 0, INT32_MAX, &after) ||
        !request_int(request, "limit", 0, 1, LIST_MAX, &limit))
        return;
    json_t *all = json_array(), *items = json_array();
    for (size_t i = 0; i < CASES_MAX && (file = seen_side_next(vault, request->who, SIDES_REFERRAL, &index)); i++)
        gather(vault, file, status, all);
    size_t total = json_array_size(all);
    json_t **sorted = mem_new_array(total + 1, sizeof *sorted);
    for (size_t i = 0; i < total; i++)
        sorted[i] = json_array_get(all, i);
    qsort(sorted, total, sizeof *sorted, in_order);
    for (size_t i = (size_t)after; i < (size_t)(after + limit) && i < total; i++)
        need(json_array_append(items, sorted[i]) == 0);
    mem_free(sorted);
    json_decref(all);
    request_ok(request, json_pack("{s:o,s:I,s:b}", "items", items, "total", (json_int_t)total, "whole",
                                  seen_side_count(vault, request->who, SIDES_REFERRAL) <= CASES_MAX));
}
