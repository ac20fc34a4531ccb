/* ops_consent.c -- asking the person to agree, and writing down what they said elsewhere. What they say on their page
 * or by a text comes as an act (acts.c). */
#include <string.h>

#include "common/base/clock.h"
#include "common/base/code.h"
#include "triage/vault/audit.h"
#include "triage/vault/by_text.h"
#include "triage/vault/case_change.h"
#include "triage/vault/case_state.h"
#include "triage/vault/case_view.h"
#include "triage/vault/consent.h"
#include "triage/vault/entry.h"
#include "triage/vault/impacts.h"
#include "triage/vault/ops.h"
#include "triage/vault/outbox.h"
#include "triage/vault/respondent.h"
#include "triage/vault/stages.h"

enum { SMS_MAX = 1000, ANSWER_MAX = 10, HOW_MAX = 1000 };

static void changed(void *room, enum err err)
{
    struct request *request = room;
    if (err == ERR_OK)
        request_ok(request, json_incref(request->kept));
    else
        request_fail_with(request, err);
}

static void submit(struct request *request, struct case_change *cc, const char *op, int n)
{
    case_change_notice(cc);
    json_decref(request->kept);
    request->kept = json_pack("{s:i}", "consent", n);
    audit_leaf(request->vault, cc->change, request->who, op, cc->file->id, json_pack("{s:i}", "consent", n));
    case_change_submit(cc, changed, request);
}

/* The one that it is about; NULL: answered. */
static json_t *about_respondent(struct request *request, const struct case_file *file, const char *respondent,
                                const char *purpose, const char *what)
{
    json_t *state = state_draft(file), *name = respondent_name(request->vault, state, respondent);
    json_decref(state);
    if (!name) {
        request_fail(request, "not_found", "The case is not linked to such an entity.", "respondent");
        return NULL;
    }
    return json_pack("{s:s,s:s,s:o,s:s,s:s}", "receiver", "", "respondent", respondent, "to", name, "purpose", purpose,
                     "what", what);
}

/* What the person is to agree to; NULL: answered. */
static json_t *question(struct request *request, const struct case_file *file)
{
    const char *id = "", *to = "", *purpose, *what, *respondent = "";
    if (!request_text(request, "receiver", 0, CODE_ID_SIZE, &id) ||
        !request_text(request, "respondent", 0, RESPONDENT_MAX, &respondent) ||
        !request_text(request, "purpose", 1, CONSENT_PURPOSE_MAX, &purpose) ||
        !request_text(request, "what", 1, CONSENT_WHAT_MAX, &what))
        return NULL;
    if (*id && *respondent) { /* each is asked about by itself */
        request_fail(request, "malformed", "This is missing, or not in the form it must have.", "respondent");
        return NULL;
    }
    if (*respondent)
        return about_respondent(request, file, respondent, purpose, what);
    const struct receiver *receiver = *id ? receivers_find(impacts_receivers(request->vault->impacts), id) : NULL;
    if (*id && (!receiver || json_is_object(json_object_get(receiver->json, "ended")))) {
        request_fail(request, "not_found", "There is no such place in the directory.", "receiver");
        return NULL;
    }
    if (receiver)
        to = entry_text(receiver->json, "name");
    return json_pack("{s:s,s:s,s:s,s:s}", "receiver", id, "to", to, "purpose", purpose, "what", what);
}

/* The text of a phone is read by whoever holds it: unless the officer writes another, it says nothing but that there is
 * a question. What the officer writes can be answered by a text; but for what would be told to the one that it is
 * about, who may be the one who holds the phone. */
static void text_question(struct case_change *cc, const char *words, int n)
{
    if (*words && !*state_text(consent_at(cc->state, n), "respondent"))
        by_text_ask(cc, words, n);
    else
        outbox_text(cc, *words ? words
                               : outbox_sentence(cc->vault, state_text(cc->state, "language"),
                                                 T("There is a question for you. Send RECEIPT to read it on our page, "
                                                   "or write back when it is safe.")));
}

void ops_consent_ask(struct request *request)
{
    const char *words = "";
    struct case_file *file = case_asked(request, 1);
    if (!file || !request_text(request, "sms", 0, SMS_MAX, &words))
        return;
    if (!book_key(file, ROOT_THREAD, 1)) { /* its wrap did not open: nobody could read it */
        request_fail_with(request, ERR_CRYPTO);
        return;
    }
    if (!participant_is_reached(request, file))
        return;
    json_t *asked = question(request, file);
    if (!asked)
        return;
    struct case_change *cc = case_change_begin(request->vault, file, NULL);
    int n = consent_ask(cc->state, asked, request->who, clock_wall());
    if (!n) {
        case_change_drop(cc);
        request_fail(request, "malformed", "There are too many of them.", NULL);
        return;
    }
    state_history(cc->state, request->who, "Asked the person to agree");
    stages_did(cc->state, DEADLINE_CONTACT);
    text_question(cc, words, n);
    submit(request, cc, "consent.ask", n);
}

void ops_consent_record(struct request *request)
{
    const char *answer, *how;
    int64_t n = 0, now = clock_wall();
    struct case_file *file = case_asked(request, 1);
    if (!file || !request_int(request, "consent", 0, 1, CONSENTS_MAX, &n) ||
        !request_text(request, "answer", 1, ANSWER_MAX, &answer) || !request_text(request, "how", 1, HOW_MAX, &how) ||
        (strcmp(answer, "yes") == 0 && !participant_may_say(request, file, "agree:")))
        return;
    json_t *asked = n ? NULL : question(request, file); /* it was asked elsewhere, too */
    if (!n && !asked)
        return;
    struct case_change *cc = case_change_begin(request->vault, file, NULL);
    if (asked && !(n = consent_ask(cc->state, asked, request->who, now))) {
        case_change_drop(cc);
        request_fail(request, "malformed", "There are too many of them.", NULL);
    } else if (!consent_said(cc->state, n, answer, request->who, how, now)) {
        case_change_drop(cc);
        request_fail(request, "conflict", "That cannot be said of this question any more.", "answer");
    } else {
        submit(request, cc, "consent.record", (int)n);
    }
}
