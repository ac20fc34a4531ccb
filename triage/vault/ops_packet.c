/* ops_packet.c -- writing what another mechanism is to be told: out of chosen messages and words of staff, cut, and
 * looked through for what tells who somebody is. For that the conversation is opened: the words that are known of the
 * person stand in it alone. Sending: ops_referral.c. */
#include <string.h>

#include "common/base/clock.h"
#include "common/base/code.h"
#include "common/base/mem.h"
#include "common/base/num.h"
#include "common/base/rng.h"
#include "triage/vault/audit.h"
#include "triage/vault/case_change.h"
#include "triage/vault/case_state.h"
#include "triage/vault/case_view.h"
#include "triage/vault/consent.h"
#include "triage/vault/conversation.h"
#include "triage/vault/entry.h"
#include "triage/vault/identify.h"
#include "triage/vault/impacts.h"
#include "triage/vault/ops.h"
#include "triage/vault/referral.h"

enum { GROUND_MAX = 2000, MESSAGES_MAX = 50, KNOWN_MAX = 64 * 1024, REFERENCE_LETTERS = 8 };

static void changed(void *room, enum err err)
{
    struct request *request = room;
    if (err == ERR_OK)
        request_ok(request, json_incref(request->kept));
    else
        request_fail_with(request, err);
}

/* Takes the change. */
static void submit(struct request *request, struct case_change *cc, const char *op, const json_t *referral)
{
    json_decref(request->kept);
    request->kept = json_pack("{s:O,s:O}", "referral", json_object_get(referral, "n"), "edition",
                              json_object_get(referral, "edition"));
    audit_leaf(request->vault, cc->change, request->who, op, cc->file->id,
               json_pack("{s:O}", "referral", json_object_get(referral, "n")));
    case_change_submit(cc, changed, request);
}

/* ---- what is known of the person, and of staff ---- */

static json_t *known_words(const struct vault *vault, const json_t *state, const json_t *first)
{
    json_t *known = identify_known(state, first);
    struct buf names = BUF_INIT(KNOWN_MAX);
    for (size_t i = 0; i < people_count(vault->people); i++)
        (void)!buf_addf(&names, "%s ", people_at(vault->people, i)->name); /* more names than that, no desk has */
    need(json_array_append_new(known, json_pack("{s:s,s:s}", "kind", "staff", "text", buf_text(&names))) == 0);
    buf_free(&names);
    return known;
}

static void write_text(struct request *request, json_t *state, json_t *referral, const json_t *first, const char *text)
{
    json_t *known = known_words(request->vault, state, first);
    referral_write(referral, text, identify_find(text, strlen(text), known), json_object_get(request->body, "confirm"),
                   request->who, clock_wall());
    json_decref(known);
}

/* ---- a draft ---- */

/* Letters by which receiver and office can speak of it; nothing of the case is in them. */
static void reference(char out[static REFERENCE_LETTERS + 2])
{
    static const char letters[] = "bcdfghjkmnpqrstv";
    uint8_t bytes[REFERENCE_LETTERS];
    size_t at = 0;
    rng_bytes(bytes, sizeof bytes);
    for (size_t i = 0; i < sizeof bytes; i++) {
        if (i == REFERENCE_LETTERS / 2)
            out[at++] = '-';
        out[at++] = letters[bytes[i] % (sizeof letters - 1)];
    }
    out[at] = 0;
}

/* The n-th that was chosen: a number, or one as text. 0: it is none. */
static uint64_t chosen_at(const json_t *chosen, size_t i)
{
    const json_t *one = json_array_get(chosen, i);
    uint64_t n = 0;
    if (json_is_integer(one))
        return json_integer_value(one) > 0 ? (uint64_t)json_integer_value(one) : 0;
    if (!json_is_string(one) ||
        num_parse(json_string_value(one), json_string_length(one), 1, MESSAGES_MAX * 1000, &n) != ERR_OK)
        return 0;
    return n;
}

/* 0: answered. */
static int compose(struct request *request, const json_t *messages, const char *ref, struct buf *text)
{
    const json_t *chosen = json_object_get(request->body, "messages");
    const char *words = state_text(request->body, "text"), *fault = NULL;
    enum err err = buf_addf(text, "Reference: %s\n", ref);
    if (json_array_size(chosen) > MESSAGES_MAX || (chosen && !json_is_array(chosen)))
        fault = "This is missing, or not in the form it must have.";
    for (size_t i = 0; !fault && err == ERR_OK && i < json_array_size(chosen); i++) {
        uint64_t n = chosen_at(chosen, i);
        const json_t *message = n ? json_array_get(messages, (size_t)n - 1) : NULL;
        if (!message || json_is_true(json_object_get(message, "unopened")))
            fault = "There is no such message.";
        else
            err = buf_addf(text, "\n%s\n", state_text(message, "text"));
    }
    if (!fault && err == ERR_OK && *words)
        err = buf_addf(text, "\n%s\n", words);
    if (!fault && err != ERR_OK)
        fault = "That is too long.";
    if (fault)
        request_fail(request, "malformed", fault, "messages");
    return !fault;
}

/* Receiver and purpose: of the consent, or said with a ground where there is none. NULL: answered. */
static json_t *begun(struct request *request, const json_t *state)
{
    int64_t n = 0;
    const char *id, *purpose, *ground, *untold = "";
    if (!request_int(request, "consent", 0, 1, CONSENTS_MAX, &n))
        return NULL;
    const json_t *consent = consent_at(state, n);
    if (n && (!consent || (!*state_text(consent, "receiver") && !*state_text(consent, "respondent")))) {
        request_fail(request, "not_found", "There is no such question about somebody else.", "consent");
        return NULL;
    }
    if (n)
        return json_pack("{s:s,s:s,s:s,s:s,s:I}", "receiver", state_text(consent, "receiver"), "respondent",
                         state_text(consent, "respondent"), "to", state_text(consent, "to"), "purpose",
                         state_text(consent, "purpose"), "consent", (json_int_t)n);
    if (!request_text(request, "receiver", 1, CODE_ID_SIZE, &id) ||
        !request_text(request, "purpose", 1, CONSENT_PURPOSE_MAX, &purpose) ||
        !request_text(request, "ground", 1, GROUND_MAX, &ground) ||
        !request_text(request, "untold", 0, GROUND_MAX, &untold))
        return NULL;
    const struct receiver *receiver = ops_receiver_asked(request);
    return receiver ? json_pack("{s:s,s:s,s:s,s:i,s:s,s:s}", "receiver", id, "to", entry_text(receiver->json, "name"),
                                "purpose", purpose, "consent", 0, "ground", ground, "untold", untold)
                    : NULL;
}

static void drafted(void *room, enum err err, json_t *messages, const json_t *first)
{
    struct request *request = room;
    char ref[REFERENCE_LETTERS + 2];
    struct buf text = BUF_INIT(REFERRAL_TEXT_MAX);
    struct case_file *file = NULL;
    if (err != ERR_OK)
        request_fail_with(request, err);
    else
        file = case_asked(request, 1);
    reference(ref);
    if (!file || !compose(request, messages, ref, &text)) {
        buf_free(&text);
        return;
    }
    struct case_change *cc = case_change_begin(request->vault, file, NULL);
    json_t *referral = begun(request, cc->state);
    if (!referral) {
        case_change_drop(cc);
    } else if (state_set_text(referral, "ref", ref),
               !referral_add(cc->state, json_incref(referral), request->who, clock_wall())) {
        case_change_drop(cc);
        request_fail(request, "malformed", "There are too many of them.", NULL);
    } else {
        write_text(request, cc->state, referral, first, buf_text(&text));
        state_history(cc->state, request->who, "Drafted a referral");
        submit(request, cc, "referral.draft", referral);
    }
    json_decref(referral);
    buf_free(&text);
}

void ops_referral_draft(struct request *request)
{
    const char *words = "";
    const struct case_file *file = case_asked(request, 1);
    if (file && request_text(request, "text", 0, REFERRAL_TEXT_MAX, &words))
        conversation_open(request->vault, file->id, drafted, request);
}

/* ---- the draft edited ---- */

static void edited(void *room, enum err err, json_t *messages, const json_t *first)
{
    struct request *request = room;
    int64_t edition = json_integer_value(json_object_get(request->body, "edition"));
    struct case_file *file = NULL;
    (void)messages;
    if (err != ERR_OK)
        request_fail_with(request, err);
    else
        file = case_asked(request, 1);
    if (!file)
        return;
    struct case_change *cc = case_change_begin(request->vault, file, NULL);
    json_t *referral = referral_at(cc->state, json_integer_value(json_object_get(request->body, "referral")));
    int is_same = referral && json_integer_value(json_object_get(referral, "edition")) == edition;
    if (!is_same || !referral_is_unsent(referral)) {
        case_change_drop(cc);
        if (referral && !is_same)
            case_conflict(request, file);
        else
            request_fail(request, "not_found", "There is no such draft.", "referral");
        return;
    }
    /* Whoever was to confirm would confirm another text. */
    if (strcmp(state_text(referral, "status"), "waiting") == 0)
        json_object_del(cc->state, "referral");
    write_text(request, cc->state, referral, first, state_text(request->body, "text"));
    submit(request, cc, "referral.edit", referral);
}

void ops_referral_edit(struct request *request)
{
    const char *text;
    int64_t n, edition;
    const json_t *confirm = json_object_get(request->body, "confirm");
    const struct case_file *file = case_asked(request, 1);
    if (!file || !request_int(request, "referral", 1, 1, REFERRALS_MAX, &n) ||
        !request_int(request, "edition", 1, 1, INT32_MAX, &edition) ||
        !request_text(request, "text", 1, REFERRAL_TEXT_MAX, &text))
        return;
    if (confirm && (!json_is_array(confirm) || json_array_size(confirm) > IDENTIFY_MOST)) {
        request_fail(request, "malformed", "This is missing, or not in the form it must have.", "confirm");
        return;
    }
    conversation_open(request->vault, file->id, edited, request);
}
