/* view_refer.c -- consent and referral on the page of a case (view.h). */
#include <string.h>

#include "common/base/clock.h"
#include "common/base/mem.h"
#include "common/text/utf8.h"
#include "triage/console/view.h"

/* ---- what the person was asked ---- */

static const char *state_of(const json_t *consent)
{
    const char *answer = view_text(consent, "answer");
    if (json_is_object(json_object_get(consent, "revoked")))
        return "revoked";
    return *answer ? answer : "open";
}

/* Who said it, when, and how it became known: by the page, by a text, or written down by staff. */
static json_t *said(const struct reader *reader, const json_t *from)
{
    static const char *const texts[] = {"by", "how", NULL};
    if (!json_is_object(from))
        return NULL;
    json_t *to = json_object();
    view_put_texts(to, from, texts);
    view_put(to, "at", words_time(reader, view_text(from, "at"), 0));
    view_put(to, "on_page", json_boolean(strcmp(view_text(from, "via"), "page") == 0));
    view_put(to, "by_text", json_boolean(strcmp(view_text(from, "via"), "text") == 0));
    return to;
}

static json_t *consent_of(const struct reader *reader, const json_t *consent)
{
    static const char *const texts[] = {"to", "purpose", "what", "by", NULL};
    const char *state = state_of(consent);
    json_t *to = json_object();
    view_put_texts(to, consent, texts);
    view_put_number(to, "n", consent);
    view_put(to, "at", words_time(reader, view_text(consent, "at"), 0));
    view_put(to, "state", json_string(words_label(reader, WORDS_CONSENT, state)));
    view_put(to, "is_open", json_boolean(strcmp(state, "open") == 0 || strcmp(state, "no") == 0));
    view_put(to, "holds", json_boolean(strcmp(state, "yes") == 0));
    view_put(to, "answered", said(reader, json_object_get(consent, "answered")));
    view_put(to, "stopped", json_boolean(*view_text(consent, "stopped") != 0));
    view_put(to, "revoked", said(reader, json_object_get(consent, "revoked")));
    return to;
}

/* [{"receiver","name"}] */
static json_t *places(const json_t *receivers)
{
    json_t *list = json_array();
    for (size_t i = 0; i < json_array_size(receivers); i++) {
        const json_t *one = json_array_get(receivers, i);
        need(json_array_append_new(list, json_pack("{s:s, s:s, s:s}", "receiver", view_text(one, "receiver"), "name",
                                                   view_text(one, "name"), "jurisdiction",
                                                   view_text(one, "jurisdiction"))) == 0);
    }
    return list;
}

void view_put_consents(const struct reader *reader, const json_t *answer, const json_t *receivers, json_t *to)
{
    const json_t *consents = json_object_get(answer, "consents");
    json_t *list = json_array();
    for (size_t i = 0; i < json_array_size(consents); i++)
        need(json_array_append_new(list, consent_of(reader, json_array_get(consents, i))) == 0);
    view_put_list(to, "consents", list);
    view_put_list(to, "places", places(receivers));
    const json_t *respondents = json_object_get(answer, "respondents");
    view_put_list(to, "respondents", json_is_array(respondents) ? json_deep_copy(respondents) : json_array());
    view_put(to, "is_sms", json_boolean(strcmp(view_text(answer, "channel"), "sms") == 0));
}

/* ---- referrals ---- */

json_t *view_referral_row(const struct reader *reader, const json_t *referral)
{
    static const char *const texts[] = {"to", "purpose", "by", "case", "ref", NULL};
    const json_t *notes = json_object_get(referral, "notes");
    const json_t *note = json_array_get(notes, json_array_size(notes) ? json_array_size(notes) - 1 : 0);
    json_t *to = json_object();
    view_put_texts(to, referral, texts);
    view_put_number(to, "n", referral);
    view_put_label(reader, to, "status", WORDS_REFERRAL, referral, "status");
    view_put(to, "at", words_time(reader, view_text(referral, "at"), 0));
    view_put(to, "noted", json_is_object(note) ? json_string(view_text(note, "words")) : NULL);
    int waits = json_is_true(json_object_get(referral, "waits"));
    view_put(to, "answer_due", waits ? words_time(reader, view_text(referral, "answer_due"), clock_wall()) : NULL);
    view_put(to, "is_overdue", json_boolean(waits && json_is_true(json_object_get(referral, "late"))));
    view_put(to, "wants_recall", json_boolean(json_is_true(json_object_get(referral, "wants_recall"))));
    return to;
}

/* What can be chosen from: each message by its number and how it begins. */
static json_t *parts_of(const json_t *conversation)
{
    enum { SHOWN = 60 };
    json_t *list = json_array();
    for (size_t i = 0; i < json_array_size(conversation); i++) {
        const json_t *message = json_array_get(conversation, i);
        const char *text = view_text(message, "text");
        size_t len = strlen(text), cut = utf8_cut(text, len, SHOWN);
        if (*text)
            need(json_array_append_new(list,
                                       json_pack("{s:o, s:o, s:b}", "n", json_sprintf("%zu", i + 1), "begin",
                                                 json_sprintf("%.*s%s", (int)cut, text, cut < len ? "…" : ""),
                                                 "from_staff", strcmp(view_text(message, "from"), "staff") == 0)) == 0);
    }
    return list;
}

/* Questions about a place of the directory that were not refused: what is drafted on them may go when they say yes. */
static json_t *grounds_of(const struct reader *reader, const json_t *consents)
{
    json_t *list = json_array();
    for (size_t i = 0; i < json_array_size(consents); i++) {
        const json_t *consent = json_array_get(consents, i);
        const char *state = state_of(consent);
        int is_to_nobody = !*view_text(consent, "receiver") && !*view_text(consent, "respondent");
        if (is_to_nobody || strcmp(state, "no") == 0 || strcmp(state, "revoked") == 0)
            continue;
        need(json_array_append_new(list, consent_of(reader, consent)) == 0);
    }
    return list;
}

void view_put_referrals(const struct reader *reader, const json_t *answer, json_t *to)
{
    const json_t *referrals = json_object_get(answer, "referrals");
    json_t *list = json_array();
    for (size_t i = 0; i < json_array_size(referrals); i++)
        need(json_array_append_new(list, view_referral_row(reader, json_array_get(referrals, i))) == 0);
    view_put_list(to, "referrals", list);
    view_put_list(to, "parts", parts_of(json_object_get(answer, "conversation")));
    view_put_list(to, "grounds", grounds_of(reader, json_object_get(answer, "consents")));
}

static json_t *warnings_of(const struct reader *reader, const json_t *warnings, int *unconfirmed)
{
    json_t *list = json_array();
    for (size_t i = 0; i < json_array_size(warnings); i++) {
        static const char *const texts[] = {"words", "id", NULL};
        const json_t *one = json_array_get(warnings, i);
        const char *by = view_text(one, "confirmed_by");
        json_t *to = json_object();
        view_put_texts(to, one, texts);
        view_put_label(reader, to, "kind", WORDS_FINDING, one, "kind");
        view_put(to, "confirmed", *by ? json_string(by) : NULL);
        *unconfirmed += !*by;
        need(json_array_append_new(list, to) == 0);
    }
    return list;
}

/* Steps of it: who, when, why; of notes also what and on which day. */
static json_t *steps_of(const struct reader *reader, const json_t *steps)
{
    static const char *const texts[] = {"by", "reason", "words", NULL};
    json_t *list = json_array();
    for (size_t i = 0; i < json_array_size(steps); i++) {
        const json_t *one = json_array_get(steps, i);
        json_t *to = json_object();
        view_put_texts(to, one, texts);
        view_put_label(reader, to, "status", WORDS_REFERRAL, one, "status");
        view_put(to, "at", words_time(reader, view_text(one, "at"), 0));
        view_put(to, "on", view_day(reader, view_text(one, "on"), 0));
        need(json_array_append_new(list, to) == 0);
    }
    return list;
}

static json_t *moves_of(const struct reader *reader, const json_t *moves)
{
    json_t *list = json_array();
    for (size_t i = 0; i < json_array_size(moves); i++) {
        const char *code = json_string_value(json_array_get(moves, i));
        if (code)
            need(json_array_append_new(list, json_pack("{s:s, s:s}", "code", code, "label",
                                                       words_label(reader, WORDS_REFERRAL, code))) == 0);
    }
    return list;
}

static json_t *approval_of(const struct reader *reader, const json_t *approved)
{
    static const char *const texts[] = {"by", "reason", "second", NULL};
    if (!json_is_object(approved))
        return NULL;
    json_t *to = json_object();
    view_put_texts(to, approved, texts);
    view_put(to, "at", words_time(reader, view_text(approved, "at"), 0));
    return to;
}

json_t *view_referral(const struct reader *reader, const json_t *referral)
{
    static const char *const texts[] = {"text", "ground", "untold", NULL};
    const char *status = view_text(referral, "status"), *lacks = view_text(referral, "lacks");
    const json_t *consent = json_object_get(referral, "agreed"), *asked = json_object_get(referral, "asked");
    int is_ready = strcmp(status, "approved") == 0 || strcmp(status, "sent") == 0;
    int is_draft = strcmp(status, "draft") == 0, unconfirmed = 0;
    json_t *to = view_referral_row(reader, referral);
    view_put_texts(to, referral, texts);
    view_put_number(to, "edition", referral);
    view_put_list(to, "warnings", warnings_of(reader, json_object_get(referral, "warnings"), &unconfirmed));
    view_put(to, "is_unsent",
             json_boolean(is_draft || strcmp(status, "approved") == 0 || strcmp(status, "waiting") == 0));
    view_put(to, "is_respondent", json_boolean(*view_text(referral, "respondent") != 0));
    view_put(to, "can_approve", json_boolean(is_draft && !unconfirmed));
    view_put(to, "can_send", json_boolean(is_ready && !*lacks));
    view_put(to, "lacks", *lacks && is_ready ? json_string(words_text(reader, lacks)) : NULL);
    view_put(to, "consent", json_is_object(consent) ? consent_of(reader, consent) : NULL);
    view_put(to, "asked", approval_of(reader, asked));
    view_put(to, "may_confirm", json_boolean(json_is_true(json_object_get(referral, "may_confirm"))));
    view_put(to, "approved", approval_of(reader, json_object_get(referral, "approved")));
    view_put_list(to, "sends", steps_of(reader, json_object_get(referral, "sends")));
    view_put_list(to, "notes", steps_of(reader, json_object_get(referral, "notes")));
    view_put_list(to, "moves", moves_of(reader, json_object_get(referral, "moves")));
    const json_t *place = json_object_get(referral, "place");
    view_put(to, "place", json_is_object(place) ? view_receiver(reader, place) : NULL);
    return to;
}
