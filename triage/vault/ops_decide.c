/* ops_decide.c -- decisions about a case: made by one, for a grave case asked by one and confirmed by a second; and the
 * list of what waits for a second person. */
#include <string.h>

#include "triage/vault/acts.h"
#include "triage/vault/audit.h"
#include "triage/vault/case_change.h"
#include "triage/vault/case_state.h"
#include "triage/vault/case_view.h"
#include "triage/vault/decision.h"
#include "triage/vault/erase.h"
#include "triage/vault/ops.h"
#include "triage/vault/referral.h"
#include "triage/vault/second.h"
#include "triage/vault/seen.h"

enum { REASON_MAX = 2000, TEXT_MAX = 20000, REMEDIES_MAX = 8000, LANGUAGE_MAX_BYTES = 20, STATE_MAX = 20 };
enum { LIST_MAX = 100, LIST_USUAL = 25 };

static void decided(void *room, enum err err)
{
    struct request *request = room;
    if (err == ERR_OK)
        request_ok(request, json_incref(request->kept));
    else
        request_fail_with(request, err);
}

static const struct {
    enum life_end end;
    const char *code, *says, *field;
} refusals[] = {
    {LIFE_NO_SUCH_MOVE, "conflict", "From the state that the case is in now, this cannot be decided.", "state"},
    {LIFE_WANTS_REASON, "malformed", "A decision needs a reason.", "reason"},
    {LIFE_WANTS_REMEDIES, "malformed", "Say which other remedies stay open.", "open_remedies"},
};

static void refuse(struct request *request, enum life_end end)
{
    for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++)
        if (refusals[i].end == end)
            request_fail(request, refusals[i].code, refusals[i].says, refusals[i].field);
}

/* ---- one decides ---- */

/* What the request asks for; NULL when it was answered. */
static json_t *asked_decision(struct request *request)
{
    const char *state, *reason, *text, *language, *remedies = "";
    if (!request_text(request, "state", 1, STATE_MAX, &state) ||
        !request_text(request, "reason", 1, REASON_MAX, &reason) ||
        !request_text(request, "text", 1, TEXT_MAX, &text) ||
        !request_text(request, "language", 1, LANGUAGE_MAX_BYTES, &language) ||
        !request_text(request, "open_remedies", 0, REMEDIES_MAX, &remedies))
        return NULL;
    if (life_of(state) == LIFE_COUNT) {
        request_fail(request, "malformed", "There is no such state.", "state");
        return NULL;
    }
    return json_pack("{s:s,s:s,s:s,s:s,s:s,s:s}", "state", state, "by", request->who, "reason", reason, "text", text,
                     "language", language, "open_remedies", remedies);
}

/* A first person asks; the second sees all of it. */
static void ask_second(struct request *request, struct case_change *cc, json_t *what)
{
    state_history(cc->state, request->who, "Asked for a second person to close the case");
    second_ask(cc->state, "closing", request->who, state_text(what, "reason"), json_incref(what));
    audit_leaf(request->vault, cc->change, request->who, "case.closing_asked", cc->file->id,
               json_pack("{s:s}", "state", state_text(what, "state")));
}

static void decide(struct request *request, struct case_file *file, json_t *what)
{
    struct case_change *cc = case_change_begin(request->vault, file, NULL);
    enum life_mover mover = life_now(cc->state) == LIFE_UNDER_REVIEW ? LIFE_BY_SECOND : LIFE_BY_OFFICER;
    enum life_end end = decision_make(cc, mover, what);
    if (end == LIFE_WANTS_SECOND) {
        ask_second(request, cc, what);
    } else if (end == LIFE_MOVED) {
        audit_leaf(request->vault, cc->change, request->who, "case.decide", file->id,
                   json_pack("{s:s}", "state", state_text(what, "state")));
    } else {
        case_change_drop(cc);
        refuse(request, end);
        return;
    }
    json_decref(request->kept);
    request->kept =
        json_pack("{s:b,s:s}", "waits_for_second", end == LIFE_WANTS_SECOND, "state", life_name(life_now(cc->state)));
    case_change_submit(cc, decided, request);
}

/* 1 if this person may decide it at all; else the request was answered. */
static int may_decide(struct request *request, const struct case_file *file)
{
    json_t *state = state_draft(file);
    int is_review = life_now(state) == LIFE_UNDER_REVIEW, is_own = decision_is_of(state, request->who);
    int waits = second_asked(state, "closing") != NULL;
    json_decref(state);
    if (is_review && is_own)
        request_deny(request, "A review is for someone else than those who decided.");
    else if (!is_review && request->role == ROLE_REVIEWER)
        request_deny(request, "Your role does not include this.");
    else if (waits)
        request_fail(request, "conflict", "A second person is asked for already: confirm or refuse that first.", NULL);
    else if (!book_key(file, ROOT_THREAD, 1)) /* its wrap did not open: nobody could read it */
        request_fail_with(request, ERR_CRYPTO);
    else
        return 1;
    return 0;
}

void ops_case_decide(struct request *request)
{
    int64_t version = 0; /* none: the one that is there */
    struct case_file *file = case_asked_as_second(request, 1);
    if (!file || !request_int(request, "version", 0, 1, INT64_MAX, &version))
        return;
    if (version && book_is_stale(file, version)) {
        case_conflict(request, file);
        return;
    }
    json_t *what = may_decide(request, file) ? asked_decision(request) : NULL;
    /* That the person said so elsewhere is said by whoever may say it. */
    const char *state = state_text(what, "state");
    const char *act = strcmp(state, "verified") == 0 ? "helped" : strcmp(state, "declined") == 0 ? "refuse" : "";
    if (what && participant_may_say(request, file, act))
        decide(request, file, what);
    json_decref(what);
}

/* ---- another confirms or refuses ---- */

/* What the person wished and the time has come for needs no words of ours. */
static enum life_mover mover_of(const json_t *asked)
{
    return *state_text(asked, "by") ? LIFE_BY_OFFICER : LIFE_BY_PERSON;
}

/* Refused: a wish of the person's is over; another one that waited behind it goes on. */
static void refuse_closing(json_t *state, const json_t *asked)
{
    if (mover_of(asked) == LIFE_BY_PERSON)
        json_object_del(state, "wish");
    else
        json_object_del(json_object_get(state, "wish"), "asked");
}

/* It is not erased: the person is told why, in the words of who decided. */
static void refuse_erasing(struct case_change *cc, const char *who, const char *reason)
{
    json_t *inside = json_pack("{s:i,s:o,s:s,s:s}", "v", 1, "at", state_now(), "text", reason, "language",
                               state_text(cc->state, "language"));
    need(inside != NULL);
    acts_erase_over(cc->state);
    decision_write(cc, who, inside);
    json_decref(inside);
    case_change_notice(cc);
}

/* 1 if it was settled; else the request was answered and the change dropped. */
static int settle(struct request *request, struct case_change *cc, const char *what, const char *reason, int confirm)
{
    json_t *asked = second_settle(cc->state, what, request->who, reason, confirm);
    int is_closing = strcmp(what, "closing") == 0;
    if (confirm && strcmp(what, "lowering") == 0)
        ops_assess_draft(cc, state_text(asked, "by"), json_object_get(asked, "to"), state_text(asked, "reason"));
    enum life_end end = confirm && is_closing ? decision_make(cc, mover_of(asked), asked) : LIFE_MOVED;
    if (strcmp(what, "referral") == 0)
        ops_referral_settled(cc->state, asked, confirm);
    if (!confirm && strcmp(what, "erasure") == 0)
        refuse_erasing(cc, request->who, reason);
    if (!confirm) {
        state_history(cc->state, request->who, "Refused as the second person");
        if (is_closing) {
            refuse_closing(cc->state, asked);
            if (mover_of(asked) == LIFE_BY_PERSON)
                case_change_notice(cc);
        }
    }
    json_decref(asked);
    if (end == LIFE_MOVED)
        return 1;
    case_change_drop(cc);
    refuse(request, end);
    return 0;
}

/* What the second person has seen: 1 if it is what waits now. Of a referral its number and edition say it. */
static int is_seen(const struct case_file *file, const json_t *state, int64_t version, int64_t n, int64_t edition)
{
    int64_t asked = json_integer_value(json_object_get(second_asked(state, "referral"), "n"));
    const json_t *referral = referral_at(state, asked);
    return !(version && book_is_stale(file, version)) && !(n && n != asked) &&
           !(edition && edition != json_integer_value(json_object_get(referral, "edition")));
}

void ops_case_second(struct request *request)
{
    const char *what, *reason;
    int confirm = 0;
    int64_t version = 0, n = 0, edition = 0; /* none: what is there */
    struct case_file *file = case_asked_as_second(request, 1);
    if (!file || !request_text(request, "what", 1, STATE_MAX, &what) ||
        !request_flag(request, "confirm", 1, &confirm) || !request_text(request, "reason", 1, REASON_MAX, &reason) ||
        !request_int(request, "version", 0, 1, INT64_MAX, &version) ||
        !request_int(request, "referral", 0, 1, REFERRALS_MAX, &n) ||
        !request_int(request, "edition", 0, 1, INT32_MAX, &edition))
        return;
    json_t *state = state_draft(file);
    int is_asked = second_is_key(what) && second_asked(state, what);
    int may = is_asked && second_may(state, what, request->who);
    int seen = is_seen(file, state, version, n, edition);
    json_decref(state);
    if (!seen) {
        case_conflict(request, file);
    } else if (!is_asked) {
        request_fail(request, "conflict", "Nothing waits for a second person here.", "what");
    } else if (!may) {
        request_deny(request, "Nobody is their own second person.");
    } else if (confirm && strcmp(what, "erasure") == 0) {
        erase_case(request, file);
    } else {
        struct case_change *cc = case_change_begin(request->vault, file, NULL);
        if (!settle(request, cc, what, reason, confirm))
            return;
        json_decref(request->kept);
        request->kept = json_pack("{s:s}", "state", life_name(life_now(cc->state)));
        audit_leaf(request->vault, cc->change, request->who, confirm ? "case.confirmed" : "case.refused", file->id,
                   json_pack("{s:s}", "what", what));
        case_change_submit(cc, decided, request);
    }
}

/* ---- what waits for one ---- */

void ops_second_list(struct request *request)
{
    int64_t after = 0, limit = LIST_USUAL;
    const struct vault *vault = request->vault;
    if (!request_int(request, "after", 0, 0, INT32_MAX, &after) ||
        !request_int(request, "limit", 0, 1, LIST_MAX, &limit))
        return;
    json_t *items = json_array();
    const struct case_file *file;
    size_t index = 0;
    int64_t total = 0;
    for (; (file = seen_side_next(vault, request->who, SIDES_SECOND, &index)); total++)
        if (total >= after && total < after + limit)
            json_array_append_new(items, case_item(vault, file));
    request_ok(request, json_pack("{s:o,s:I}", "items", items, "total", (json_int_t)total));
}
