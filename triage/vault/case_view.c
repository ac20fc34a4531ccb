/* case_view.c -- see case_view.h. */
#include "triage/vault/case_view.h"

#include <string.h>

#include "common/base/clock.h"
#include "common/base/code.h"
#include "triage/vault/alike.h"
#include "triage/vault/case_place.h"
#include "triage/vault/case_state.h"
#include "triage/vault/conversation.h"
#include "triage/vault/decision.h"
#include "triage/vault/groups.h"
#include "triage/vault/impacts.h"
#include "triage/vault/participants_keep.h"
#include "triage/vault/pauses.h"
#include "triage/vault/permit.h"
#include "triage/vault/referral.h"
#include "triage/vault/remedy.h"
#include "triage/vault/respondent.h"
#include "triage/vault/second.h"
#include "triage/vault/seen.h"

enum { ALIKE_SHOWN = 25 };
#define ANYBODY ~0U

struct case_file *case_asked(struct request *request, int to_write)
{
    const char *text;
    if (!request_text(request, "case", 1, CODE_ID_SIZE, &text))
        return NULL;
    struct case_file *file = seen_find(request->vault, request->who, text);
    if (!file) {
        request_fail(request, "not_found", "There is no such case at this desk.", "case");
        return NULL;
    }
    if (to_write && file->state_len > STATE_FULL) {
        request_fail_with(request, ERR_TOO_BIG);
        return NULL;
    }
    if (to_write && file->writing) {
        book_wait(file, request_again, request);
        return NULL;
    }
    return file;
}

struct case_file *case_asked_as_second(struct request *request, int to_write)
{
    struct case_file *file = case_asked(request, to_write);
    if (file && request->role == ROLE_REVIEWER && !sides_wants_second(file)) {
        request_deny(request, "You see a case only while a second person is asked for.");
        return NULL;
    }
    return file;
}

void case_conflict(struct request *request, const struct case_file *file)
{
    json_t *state = state_draft(file);
    const json_t *history = json_object_get(state, "history");
    size_t count = json_array_size(history);
    request_conflict(request, count ? json_array_get(history, count - 1) : NULL);
    json_decref(state);
}

/* ---- parts of the whole ---- */

/* The first of those that say nearly the same: [case id]. */
static json_t *alike_of(const struct request *request, const struct case_file *file)
{
    const struct vault *vault = request->vault;
    const uint32_t *members;
    size_t count = alike_members(vault->alike, file->number, &members);
    json_t *list = json_array();
    char id[CODE_ID_SIZE];
    for (size_t i = 0; count >= ALIKE_FROM && i < count && json_array_size(list) < ALIKE_SHOWN; i++) {
        const struct case_file *other = seen_at(vault, request->who, members[i]);
        if (!other || other == file)
            continue;
        code_id(other->id, id);
        json_array_append_new(list, json_string(id));
    }
    return list;
}

/* Cases that belong together; one that is here and hidden is not told of. */
static json_t *linked_of(const struct request *request, const json_t *state)
{
    json_t *list = json_array(), *one;
    const struct vault *vault = request->vault;
    uint8_t raw[16];
    size_t i;
    json_array_foreach(json_object_get(state, "linked"), i, one)
    {
        const char *id = json_string_value(one);
        if (id && !seen_hides(vault, request->who, id, raw))
            json_array_append(list, one);
    }
    return list;
}

/* The group case that it is in, with how many are in it; null: none. */
static json_t *group_of(const struct request *request, const struct case_file *file, const json_t *state)
{
    const struct group *group = groups_of(request->vault->groups, file);
    size_t seen = 0;
    const json_t *said = json_object_get(state, "group");
    if (!group)
        return json_null();
    json_t *shown = json_copy((json_t *)(uintptr_t)said);
    state_set_text(shown, "title", group->title);
    json_object_del(shown, "renamed");
    for (size_t i = 0; i < group->case_count; i++)
        seen += seen_at(request->vault, request->who, group->cases[i]) != NULL;
    json_object_set_new(shown, "cases", json_integer((json_int_t)seen));
    return shown;
}

json_t *case_links(const struct vault *vault, const json_t *state)
{
    json_t *links = json_array(), *link;
    size_t i;
    json_array_foreach(json_object_get(state, "links"), i, link)
    {
        const struct impact *impact = impacts_find(vault->impacts, state_text(link, "impact"));
        json_t *shown = json_copy(link);
        json_object_set_new(shown, "title", json_string(impact ? state_text(impact->json, "title") : ""));
        json_array_append_new(links, shown);
    }
    return links;
}

/* ---- the whole case ---- */

static void add_op(json_t *can, const char *op)
{
    json_array_append_new(can, json_string(op));
}

static void add_remedies(json_t *can, const json_t *state)
{
    enum life now = life_now(state);
    if (life_may(now, LIFE_REMEDY_OFFERED, LIFE_BY_OFFICER, NULL) && remedy_has_room(state))
        add_op(can, "remedy.offer");
    if (life_may(now, LIFE_DELIVERED, LIFE_BY_OFFICER, NULL) && remedy_to_deliver(state, 0))
        add_op(can, "remedy.deliver");
    if (now == LIFE_REMEDY_OFFERED || now == LIFE_DELIVERED)
        add_op(can, "remedy.heard");
}

/* What this person may do with the case now; the operations check again. */
static json_t *can(const struct request *request, const struct case_file *file, const json_t *state)
{
    json_t *can = json_array();
    enum life life = life_now(state);
    int is_review = life == LIFE_UNDER_REVIEW, is_officer = request->role == ROLE_OFFICER;
    static const char *const always[] = {"case.look",       "case.assess",    "case.note",         "case.link",
                                         "case.watch",      "case.join",      "case.safety",       "case.graphic",
                                         "translation.ask", "referral.draft", "participant.change"};
    static const char *const told[] = {"case.answer", "consent.ask"};
    int is_told = participants_say(request->vault, file, state) != SAY_ENDED;
    static const char *const held[] = {"case.return", "case.skip", "case.hand_over"};
    for (size_t i = 0; i < sizeof always / sizeof *always; i++)
        if (permit_find(always[i], SOCKET_CONSOLE)->roles & request->role)
            add_op(can, always[i]);
    for (size_t i = 0; is_told && (request->role & ROLES_MEMBER) && i < sizeof told / sizeof *told; i++)
        add_op(can, told[i]);
    for (size_t i = 0; strcmp(file->taken_by, request->who) == 0 && i < sizeof held / sizeof *held; i++)
        add_op(can, held[i]);
    if ((request->role & ROLES_MEMBER) && json_is_object(json_object_get(state, "assessment")))
        add_op(can, "case.why");
    if (request->role & ROLES_MEMBER)
        add_op(can, "case.recuse");
    if (request->role & ROLES_MEMBER)
        add_op(can, "file.download");
    if ((request->role & ROLES_MEMBER) && (!*file->taken_by || strcmp(file->taken_by, request->who) == 0))
        add_op(can, "case.move");
    if (is_officer && !is_review && !life_is_ending(life))
        add_op(can, pauses_now(state) ? "case.resume" : "case.pause");
    if (is_review ? !decision_is_of(state, request->who) : is_officer && !second_asked(state, "closing"))
        add_op(can, "case.decide");
    if (second_may(state, "closing", request->who) || second_may(state, "lowering", request->who) ||
        second_may(state, "referral", request->who) || second_may(state, "erasure", request->who))
        add_op(can, "case.second");
    if (is_told && (is_officer || request->role == ROLE_HANDLER))
        add_remedies(can, state);
    return can;
}

/* The states that a decision may bring it into, with what each needs: [{"state","needs":["reason",...]}]. */
static json_t *moves(const json_t *state)
{
    static const char *const needs[] = {"reason", "open_remedies", "second_if_grave", "second"};
    json_t *list = json_array();
    enum life now = life_now(state);
    enum life_mover mover = now == LIFE_UNDER_REVIEW ? LIFE_BY_SECOND : LIFE_BY_OFFICER;
    for (int to = 0; to < LIFE_COUNT; to++) {
        unsigned bits = 0;
        if (!life_may(now, (enum life)to, mover, &bits) || !bits)
            continue;
        json_t *one = json_pack("{s:s,s:[]}", "state", life_name((enum life)to), "needs");
        for (unsigned i = 0; i < sizeof needs / sizeof *needs; i++)
            if (bits & 1U << i)
                json_array_append_new(json_object_get(one, "needs"), json_string(needs[i]));
        json_array_append_new(list, one);
    }
    return list;
}

/* The states that an answer may leave it in: the present one first. */
static json_t *answer_states(const json_t *state)
{
    enum life now = life_now(state);
    json_t *list = json_pack("[s]", life_name(now));
    for (int to = 0; to < LIFE_COUNT; to++) {
        unsigned needs = 0;
        if (life_comes_with_answer((enum life)to) && (enum life)to != now &&
            life_may(now, (enum life)to, LIFE_BY_OFFICER, &needs) && !needs)
            json_array_append_new(list, json_string(life_name((enum life)to)));
    }
    return list;
}

/* Names of those of these roles for whom the case is there: to whom it may be handed or given to translate, who may be
 * named (ANYBODY). Who asks is among them where `with_self`. */
static json_t *names(const struct request *request, const struct case_file *file, unsigned roles, int with_self)
{
    json_t *list = json_array();
    const struct people *people = request->vault->people;
    for (size_t i = 0; i < people_count(people); i++) {
        const struct person *p = people_at(people, i);
        /* Who has yet to be admitted can be named, and be given nothing. */
        if ((p->role & roles) && !p->is_ended && (roles == ANYBODY || !p->is_waiting) &&
            (with_self || strcmp(p->name, request->who) != 0) && seen_by(file, p->name))
            json_array_append_new(list, json_string(p->name));
    }
    return list;
}

json_t *case_referral_row(const struct vault *vault, const struct case_file *file, const json_t *state,
                          const json_t *referral)
{
    char due_text[CLOCK_TEXT_SIZE];
    int64_t answered, now = clock_wall(), sent = referral_sent_at(referral, &answered);
    int64_t due = sent ? stages_receiver_due(&vault->office, state, &file->place.severity, now, sent) : STAGES_NEVER;
    json_t *row = referral_row(state, referral);
    if (due < STAGES_NEVER) {
        clock_text(due, due_text);
        state_set_text(row, "answer_due", due_text);
        need(json_object_set_new(row, "waits", json_boolean(!answered)) == 0);
        need(json_object_set_new(row, "late", json_boolean((answered ? answered : now) > due)) == 0);
    }
    return row;
}

static json_t *referral_rows(const struct vault *vault, const struct case_file *file, const json_t *state)
{
    json_t *list = json_array(), *one;
    size_t i;
    json_array_foreach(json_object_get(state, "referrals"), i, one)
        need(json_array_append_new(list, case_referral_row(vault, file, state, one)) == 0);
    return list;
}

/* What is decided, asked for, wished and watched. */
static void add_life(const struct request *request, const struct case_file *file, const json_t *state, json_t *answer)
{
    static const char *const lists[] = {"decisions", "seconds", "skips",  "outside", "checkins", "translations",
                                        "remedies",  "named",   "hinted", "unnamed", "consents"};
    static const char *const objects[] = {"closing", "lowering", "referral", "erasure", "wish",
                                          "handed",  "safety",   "erase",    "solved"};
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        json_object_set_new(answer, lists[i], case_or_empty(state, lists[i], json_array()));
    for (size_t i = 0; i < sizeof objects / sizeof *objects; i++)
        json_object_set_new(answer, objects[i], case_or_empty(state, objects[i], json_null()));
    for (size_t i = 0; i < 4; i++) /* what one asked for another may confirm; the state is a copy of our own */
        if (second_asked(state, objects[i]))
            json_object_set_new(json_object_get(answer, objects[i]), "may",
                                json_boolean(second_may(state, objects[i], request->who)));
    if (strcmp(file->taken_by, state_text(json_object_get(state, "handed"), "to")) != 0)
        json_object_set_new(answer, "handed", json_null()); /* it went on since */
    int64_t due = decision_review_due(state);
    char text[CLOCK_TEXT_SIZE];
    if (due) {
        clock_text(due, text);
        json_object_set_new(answer, "review_due", json_string(text));
    }
    json_object_set_new(answer, "deadlines",
                        stages_json(&request->vault->office, state, &file->place.severity, clock_wall()));
    json_object_set_new(answer, "pauses", case_or_empty(state, "pauses", json_array()));
    json_object_set_new(answer, "referrals", referral_rows(request->vault, file, state));
    json_object_set_new(answer, "respondents", respondents_of(request->vault, state));
    json_object_set_new(answer, "can", can(request, file, state));
    json_object_set_new(answer, "moves", moves(state));
    json_object_set_new(answer, "answer_states", answer_states(state));
    json_object_set_new(answer, "colleagues", names(request, file, ROLE_OFFICER, 0));
    json_object_set_new(answer, "staff", names(request, file, ANYBODY, 0));
    json_object_set_new(answer, "translators", names(request, file, ROLE_TRANSLATOR | ROLES_MEMBER, 1));
    json_object_set_new(answer, "participant", participants_view(request->vault, request->who, file, state));
    json_object_set_new(answer, "watched", json_boolean(sides_seen(file, request->who) >= 0));
}

/* Who wrote an answer stands in the sealed state, not in the row that the person reads. */
static void name_authors(json_t *messages, const json_t *state)
{
    size_t i;
    json_t *message;
    json_array_foreach(messages, i, message)
    {
        const json_t *by = json_object_get(json_object_get(state, "answered_by"), state_text(message, "row"));
        if (by)
            json_object_set_new(message, "by", json_string(json_string_value(by)));
    }
}

static void opened(void *room, enum err err, json_t *messages, const json_t *first)
{
    struct request *request = room;
    struct vault *vault = request->vault;
    const struct case_file *file =
        err == ERR_OK ? seen_find(vault, request->who, json_string_value(request->kept)) : NULL;
    if (!file) {
        request_fail_with(request, err == ERR_OK ? ERR_NOT_FOUND : err);
        return;
    }
    json_t *state = state_draft(file);
    name_authors(messages, state);
    json_t *answer = json_pack(
        "{s:o,s:O,s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:s,s:s,s:s,s:s,s:s,s:s,s:I,s:o,s:o,s:o,s:o,s:o,s:o}", "item",
        case_item_of(vault, file, state), "conversation", messages, "proposal",
        case_or_empty(state, "proposal", json_object()), "assessment", case_or_empty(state, "assessment", json_null()),
        "notes", case_or_empty(state, "notes", json_array()), "links", case_links(vault, state), "history",
        case_or_empty(state, "history", json_array()), "contact", case_or_empty(first, "contact", json_object()),
        "answers", case_or_empty(first, "answers", json_object()), "on_behalf_of",
        case_or_empty(first, "on_behalf_of", json_object()), "channel", state_text(state, "channel"), "language",
        state_text(state, "language"), "kind", state_text(state, "kind"), "speaking_as",
        state_text(state, "speaking_as"), "organisation", state_text(state, "organisation"), "round",
        state_text(state, "round"), "version", (json_int_t)file->version, "taken_by",
        *file->taken_by ? json_string(file->taken_by) : json_null(), "linked", linked_of(request, state), "copy",
        json_boolean(state_is_copy(state)), "look", case_or_empty(state, "look", json_null()), "alike",
        alike_of(request, file), "group", group_of(request, file, state));
    need(answer != NULL);
    add_life(request, file, state, answer);
    json_decref(state);
    request_ok(request, answer);
}

void case_answer_full(struct request *request, const struct case_file *file)
{
    char id[CODE_ID_SIZE];
    code_id(file->id, id);
    json_decref(request->kept);
    request->kept = json_string(id);
    conversation_open_with_files(request->vault, file->id, opened, request);
}
