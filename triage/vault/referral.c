/* referral.c -- see referral.h. */
#include "triage/vault/referral.h"

#include <string.h>

#include "common/base/mem.h"
#include "triage/vault/case_state.h"
#include "triage/vault/consent.h"
#include "triage/vault/entry.h"
#include "triage/vault/receivers.h"

static void set(json_t *to, const char *key, json_t *value)
{
    need(json_object_set_new(to, key, value) == 0);
}

static int is(const json_t *referral, const char *status)
{
    return strcmp(state_text(referral, "status"), status) == 0;
}

int referral_add(json_t *state, json_t *referral, const char *who, int64_t now)
{
    json_t *list = state_list(state, "referrals");
    size_t count = json_array_size(list);
    if (count >= REFERRALS_MAX) {
        json_decref(referral);
        return 0;
    }
    set(referral, "n", json_integer((json_int_t)count + 1));
    set(referral, "by", json_string(who));
    set(referral, "at", entry_time(now));
    set(referral, "status", json_string("draft"));
    need(json_array_append_new(list, referral) == 0);
    return (int)count + 1;
}

json_t *referral_at(const json_t *state, int64_t n)
{
    return n < 1 ? NULL : json_array_get(json_object_get(state, "referrals"), (size_t)n - 1);
}

/* ---- the text ---- */

static const json_t *warning_of(const json_t *warnings, const char *id)
{
    for (size_t i = 0; i < json_array_size(warnings); i++)
        if (strcmp(state_text(json_array_get(warnings, i), "id"), id) == 0)
            return json_array_get(warnings, i);
    return NULL;
}

void referral_write(json_t *referral, const char *text, json_t *found, const json_t *confirm, const char *who,
                    int64_t now)
{
    const json_t *before = json_object_get(referral, "warnings");
    size_t i;
    json_t *one;
    json_array_foreach(found, i, one)
    {
        const json_t *known = warning_of(before, state_text(one, "id"));
        const char *by = known ? state_text(known, "confirmed_by") : "";
        if (entry_holds(confirm, state_text(one, "id")))
            state_set_text(one, "confirmed_by", *by ? by : who);
    }
    set(referral, "warnings", found);
    state_set_text(referral, "text", text);
    state_set_text(referral, "status", "draft");
    json_object_del(referral, "approved");
    set(referral, "edited", json_pack("{s:s,s:o}", "by", who, "at", entry_time(now)));
    set(referral, "edition", json_integer(json_integer_value(json_object_get(referral, "edition")) + 1));
}

int referral_is_unsent(const json_t *referral)
{
    return is(referral, "draft") || is(referral, "waiting") || is(referral, "approved");
}

/* ---- approving ---- */

const char *referral_lacks_for_approval(const json_t *referral)
{
    size_t i;
    json_t *one;
    if (!is(referral, "draft"))
        return "Only a draft can be approved.";
    if (!*state_text(referral, "text"))
        return "There is nothing in it yet.";
    json_array_foreach(json_object_get(referral, "warnings"), i,
                       one) if (!*state_text(one, "confirmed_by")) return "Look at each thing that may tell who "
                                                                          "somebody is: take it out, or say that it "
                                                                          "may stay.";
    return NULL;
}

int referral_wants_second(const json_t *state, const json_t *referral)
{
    struct severity severity;
    state_severity(state, &severity);
    return severity_is_floor(&severity) || *state_text(referral, "ground") || referral_is_to_respondent(referral);
}

int referral_is_to_respondent(const json_t *referral)
{
    return *state_text(referral, "respondent") != 0;
}

void referral_approve(json_t *referral, const char *who, const char *reason, const char *second, int64_t now)
{
    json_t *approved = json_pack("{s:s,s:o,s:s}", "by", who, "at", entry_time(now), "reason", reason);
    need(approved != NULL);
    if (*second)
        state_set_text(approved, "second", second);
    set(referral, "approved", approved);
    state_set_text(referral, "status", "approved");
}

/* ---- sending ---- */

static const json_t *consent_of(const json_t *state, const json_t *referral)
{
    return consent_at(state, json_integer_value(json_object_get(referral, "consent")));
}

static int has_consent(const json_t *state, const json_t *referral)
{
    return consent_holds(consent_of(state, referral));
}

const char *referral_lacks_for_sending(const json_t *state, const json_t *referral, const json_t *receiver, int64_t now)
{
    const json_t *approved = json_object_get(referral, "approved");
    if (!is(referral, "approved") && !is(referral, "sent"))
        return "Only what was approved can be sent.";
    if (referral_wants_second(state, referral) && !*state_text(approved, "second"))
        return "It takes two to approve this now: keep the text again, then have it approved.";
    if (!*state_text(referral, "ground") && !has_consent(state, referral))
        return "The person has not agreed to this, or has taken it back.";
    if (!*state_text(referral, "ground") && !consent_may_go(consent_of(state, referral)))
        return "They agreed by text and then asked for no more texts: ask them once more before it is sent.";
    if (json_array_size(json_object_get(referral, "sends")) >= REFERRAL_SENDS_MAX)
        return "There are too many of them.";
    if (referral_is_to_respondent(referral))
        return NULL;
    return receiver ? receiver_lacks(receiver, now) : "There is no such place in the directory.";
}

int referral_sent(json_t *referral, const char *who, const char *reason, const char *sha256, int64_t now)
{
    json_t *sends = state_list(referral, "sends");
    int is_first = json_array_size(sends) == 0;
    need(json_array_append_new(sends, json_pack("{s:s,s:o,s:s,s:s}", "by", who, "at", entry_time(now), "reason", reason,
                                                "sha256", sha256)) == 0);
    state_set_text(referral, "status", "sent");
    return is_first;
}

int referral_is_told(const json_t *referral)
{
    return !*state_text(referral, "untold");
}

int referral_shows_words(const json_t *state, const json_t *referral)
{
    return referral_is_told(referral) && json_is_true(json_object_get(state, "read_back"));
}

/* ---- what became of it ---- */

static const struct {
    const char *from, *to[4];
    int is_respondents; /* they are asked to answer, not to take it on */
} moves[] = {
    {"draft", {"dropped"}, 0},
    {"draft", {"dropped"}, 1},
    {"waiting", {"dropped"}, 0},
    {"waiting", {"dropped"}, 1},
    {"approved", {"dropped"}, 0},
    {"approved", {"dropped"}, 1},
    {"sent", {"accepted", "declined", "returned", "recalled"}, 0},
    {"sent", {"replied", "recalled"}, 1},
    {"accepted", {"declined", "returned", "recalled"}, 0},
    {"replied", {"replied", "recalled"}, 1},
};

static int goes(const json_t *referral, size_t row)
{
    return is(referral, moves[row].from) && moves[row].is_respondents == referral_is_to_respondent(referral);
}

int referral_note(json_t *referral, const char *status, const char *words, const char *on, const char *who, int64_t now)
{
    int may = json_array_size(json_object_get(referral, "notes")) < REFERRAL_NOTES_MAX, is_legal = 0;
    for (size_t i = 0; may && i < sizeof moves / sizeof *moves; i++)
        for (size_t t = 0; goes(referral, i) && t < 4 && moves[i].to[t]; t++)
            is_legal |= strcmp(moves[i].to[t], status) == 0;
    if (!is_legal)
        return 0;
    json_t *note = json_pack("{s:s,s:s,s:s,s:o}", "status", status, "words", words, "by", who, "at", entry_time(now));
    need(note && json_array_append_new(state_list(referral, "notes"), note) == 0);
    if (*on)
        state_set_text(note, "on", on);
    state_set_text(referral, "status", status);
    return 1;
}

json_t *referral_moves(const json_t *referral)
{
    json_t *list = json_array();
    for (size_t i = 0; i < sizeof moves / sizeof *moves; i++)
        for (size_t t = 0; goes(referral, i) && t < 4 && moves[i].to[t]; t++)
            need(json_array_append_new(list, json_string(moves[i].to[t])) == 0);
    return list;
}

int referral_wants_recall(const json_t *state, const json_t *referral)
{
    return (is(referral, "sent") || is(referral, "accepted") || is(referral, "replied")) &&
           !*state_text(referral, "ground") && !has_consent(state, referral);
}

int referral_is_open(const json_t *state, const json_t *referral)
{
    return referral_is_unsent(referral) || is(referral, "sent") || referral_wants_recall(state, referral);
}

/* The first that became of it. A day that staff name counts as far as it can be true: they may write it down later. */
int64_t referral_sent_at(const json_t *referral, int64_t *answered)
{
    const json_t *note = json_array_get(json_object_get(referral, "notes"), 0);
    int64_t sent = entry_when(json_array_get(json_object_get(referral, "sends"), 0), "at");
    *answered = 0;
    if (sent <= 0 || referral_is_to_respondent(referral))
        return 0;
    if (note) {
        int64_t at = entry_when(note, "at"), on = entry_when(note, "on");
        *answered = on >= sent && on <= at ? on : at;
    }
    return sent;
}

int64_t referral_oldest(const json_t *state)
{
    int64_t oldest = 0;
    size_t i;
    json_t *one;
    json_array_foreach(json_object_get(state, "referrals"), i, one)
    {
        int64_t at = referral_is_open(state, one) ? entry_when(one, "at") : 0;
        if (at && (!oldest || at < oldest))
            oldest = at;
    }
    return oldest;
}

/* ---- shown ---- */

json_t *referral_row(const json_t *state, const json_t *referral)
{
    json_t *row = json_copy((json_t *)(uintptr_t)referral);
    need(row != NULL);
    json_object_del(row, "text");
    json_object_del(row, "warnings");
    set(row, "wants_recall", json_boolean(referral_wants_recall(state, referral)));
    return row;
}

static json_t *last_of(const json_t *referral, const char *list)
{
    const json_t *all = json_object_get(referral, list);
    size_t count = json_array_size(all);
    return count ? json_array_get(all, count - 1) : NULL;
}

json_t *referral_notice(const json_t *state)
{
    json_t *list = json_array(), *one;
    size_t i;
    json_array_foreach(json_object_get(state, "referrals"), i, one)
    {
        const json_t *sent = json_array_get(json_object_get(one, "sends"), 0), *note = last_of(one, "notes");
        if (!sent || !referral_is_told(one))
            continue;
        json_t *told = json_pack("{s:s,s:s,s:s,s:s,s:O}", "to", state_text(one, "to"), "purpose",
                                 state_text(one, "purpose"), "at", state_text(sent, "at"), "status",
                                 state_text(one, "status"), "consent", json_object_get(one, "consent"));
        need(told && json_array_append_new(list, told) == 0);
        if (note) {
            state_set_text(told, "noted", state_text(note, "at"));
            /* A reply can be a threat: the person is told that there is one, and somebody tells them what it says. */
            if (strcmp(state_text(note, "status"), "replied") != 0)
                state_set_text(told, "words", state_text(note, "words"));
        }
        if (!referral_shows_words(state, one))
            set(told, "hidden", json_true());
        if (*state_text(one, "ground"))
            state_set_text(told, "ground", state_text(one, "ground"));
    }
    if (json_array_size(list))
        return list;
    json_decref(list);
    return NULL;
}
