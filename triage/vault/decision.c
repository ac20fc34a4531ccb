/* decision.c -- see decision.h. */
#include "triage/vault/decision.h"

#include <string.h>

#include "common/base/buf.h"
#include "common/base/clock.h"
#include "common/base/code.h"
#include "common/base/mem.h"
#include "triage/vault/case_state.h"
#include "triage/vault/outbox.h"
#include "triage/vault/participants.h"
#include "triage/vault/remedy_tell.h"
#include "triage/vault/stages.h"

enum { DAY_S = 24 * 3600, TEXT_BYTES = 64 * 1024 };

const json_t *decision_last(const json_t *state)
{
    const json_t *list = json_object_get(state, "decisions");
    size_t count = json_array_size(list);
    return count ? json_array_get(list, count - 1) : NULL;
}

static int64_t days_after(const char *at, int days)
{
    int64_t from = clock_parse(at);
    return from < 0 ? 0 : from + (int64_t)days * DAY_S;
}

int64_t decision_review_until(const json_t *state)
{
    const json_t *last = decision_last(state);
    if (!last || json_is_true(json_object_get(last, "final")) || !life_can_be_reviewed(life_now(state)))
        return 0;
    return days_after(state_text(last, "at"), DECISION_REVIEW_DAYS);
}

int64_t decision_review_due(const json_t *state)
{
    if (life_now(state) != LIFE_UNDER_REVIEW)
        return 0;
    return days_after(state_text(json_object_get(state, "review"), "at"), DECISION_REVIEW_DAYS);
}

int decision_is_of(const json_t *state, const char *who)
{
    const json_t *last = decision_last(state);
    return last && (strcmp(state_text(last, "by"), who) == 0 || strcmp(state_text(last, "second"), who) == 0);
}

/* ---- making one ---- */

void decision_write(struct case_change *cc, const char *who, json_t *inside)
{
    char row[CODE_ID_SIZE];
    json_t *by = json_object_get(cc->state, "answered_by");
    if (participant_is_ended(cc->state))
        return; /* nothing more goes to them */
    if (!by) {
        by = json_object();
        need(json_object_set_new(cc->state, "answered_by", by) == 0);
    }
    case_change_row(cc, ROOT_THREAD, PART_MESSAGE, AUTHOR_STAFF, inside);
    code_id(cc->last_row, row);
    state_set_text(by, row, who);
    state_count_message(cc->state);
}

void decision_say(struct case_change *cc, const char *who, json_t *inside)
{
    decision_write(cc, who, inside);
    stages_did(cc->state, DEADLINE_CONTACT);
    stages_did(cc->state, DEADLINE_ACKNOWLEDGE);
    json_object_del(cc->state, "unread");
}

/* A text has no room for headings: the words, the remedies, and what can be done about it. Who texts has no page to ask
 * for a review on: what they write opens the case again, which is more. */
static void send_text(struct case_change *cc, enum life_mover mover, const json_t *what)
{
    struct buf all = BUF_INIT(TEXT_BYTES);
    const char *remedies = state_text(what, "open_remedies"), *language = state_text(what, "language"), *after = "";
    if (life_can_be_reviewed(life_now(cc->state)))
        after = outbox_sentence(cc->vault, language,
                                mover == LIFE_BY_SECOND
                                    ? T("Someone else has looked at this decision again: it is final.")
                                    : T("If you think that this is wrong, write back: we will look at it again."));
    else if (remedy_ask_due(cc->state))
        after = remedy_tell_asked(cc, language);
    /* Lengths were checked where the texts came in. */
    need(buf_addf(&all, "%s%s%s%s%s", state_text(what, "text"), *remedies ? "\n\n" : "", remedies, *after ? "\n\n" : "",
                  after) == ERR_OK);
    outbox_text(cc, buf_text(&all));
    buf_free(&all);
}

static void tell(struct case_change *cc, enum life_mover mover, const json_t *what)
{
    const char *remedies = state_text(what, "open_remedies");
    json_t *inside = json_pack("{s:i,s:o,s:s,s:s,s:s}", "v", 1, "at", state_now(), "text", state_text(what, "text"),
                               "language", state_text(what, "language"), "decision", state_text(what, "state"));
    need(inside != NULL);
    if (*remedies)
        state_set_text(inside, "open_remedies", remedies);
    decision_say(cc, state_text(what, "by"), inside);
    json_decref(inside);
    send_text(cc, mover, what);
}

static void keep(json_t *state, const json_t *what, int is_final)
{
    json_t *kept = json_copy((json_t *)(uintptr_t)what);
    need(kept != NULL);
    json_object_del(kept, "text"); /* it stands in the conversation */
    json_object_del(kept, "what");
    json_object_del(kept, "confirmed");
    need(json_object_set_new(kept, "at", state_now()) == 0);
    if (is_final)
        need(json_object_set_new(kept, "final", json_true()) == 0);
    need(json_array_append_new(state_list(state, "decisions"), kept) == 0);
}

enum life_end decision_make(struct case_change *cc, enum life_mover mover, const json_t *what)
{
    struct severity severity;
    const char *second = state_text(what, "second");
    state_severity(cc->state, &severity);
    struct life_step step = {.to = life_of(state_text(what, "state")),
                             .mover = mover,
                             .who = state_text(what, "by"),
                             .second = *second ? second : NULL,
                             .reason = state_text(what, "reason"),
                             .remedies = state_text(what, "open_remedies"),
                             .is_grave = severity_is_floor(&severity)};
    enum life_end end = step.to == LIFE_COUNT ? LIFE_NO_SUCH_MOVE : life_move(cc->state, &step);
    if (end != LIFE_MOVED)
        return end;
    keep(cc->state, what, mover == LIFE_BY_SECOND);
    remedy_decided(cc->state, step.to, step.who, step.reason);
    if (mover != LIFE_BY_PERSON)
        tell(cc, mover, what);
    case_change_notice(cc);
    return LIFE_MOVED;
}
