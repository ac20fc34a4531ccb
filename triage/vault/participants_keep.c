/* participants_keep.c -- see participants_keep.h. */
#include "triage/vault/participants_keep.h"

#include <string.h>

#include "common/base/code.h"
#include "common/base/mem.h"
#include "triage/vault/audit.h"
#include "triage/vault/case_state.h"
#include "triage/vault/conflict.h"
#include "triage/vault/life.h"
#include "triage/vault/outbox.h"
#include "triage/vault/seen.h"
#include "triage/vault/sides.h"
#include "triage/vault/together.h"

/* ---- who is beside whom ---- */

/* The other of that place in the circle; NULL: it is `file` itself, or has gone. */
static struct case_file *other_at(const struct vault *vault, const struct group *circle, size_t i,
                                  const struct case_file *file)
{
    struct case_file *other = book_at(vault->book, circle->cases[i]);
    return other && other != file && other->version > 0 ? other : NULL;
}

struct participants_others participants_others(const struct vault *vault, const struct case_file *file,
                                               const json_t *state)
{
    struct participants_others others = {0};
    const char *id = participant_id(state);
    const struct group *circle = *id ? groups_find(vault->circles, id) : NULL;
    for (size_t i = 0; circle && i < circle->case_count; i++) {
        const struct case_file *other = other_at(vault, circle, i, file);
        json_t *said = other ? state_draft(other) : NULL;
        if (said)
            participant_count(said, &others);
        json_decref(said);
    }
    return others;
}

enum participant_say participants_say(const struct vault *vault, const struct case_file *file, const json_t *state)
{
    const struct participants_others others = participants_others(vault, file, state);
    return participant_say(state, &others);
}

int participants_are_held(const struct vault *vault, const struct case_file *file, const char *who)
{
    const struct group *circle = file->circle ? groups_of(vault->circles, file) : NULL;
    for (size_t i = 0; circle && i < circle->case_count; i++) {
        const struct case_file *other = other_at(vault, circle, i, file);
        if (other && *other->taken_by && strcmp(other->taken_by, who) != 0)
            return 1;
    }
    return 0;
}

struct case_file *participants_in_the_making(const struct vault *vault, const struct case_file *file)
{
    const struct group *circle = file->circle ? groups_of(vault->circles, file) : NULL;
    for (size_t i = 0; circle && i < circle->case_count; i++) {
        struct case_file *other = other_at(vault, circle, i, file);
        if (other && !*other->taken_by && other->writing)
            return other;
    }
    return NULL;
}

uint8_t (*participants_beside(const struct vault *vault, const char *who, const struct case_file *file,
                              size_t *count))[16]
{
    const struct group *circle = file->circle ? groups_of(vault->circles, file) : NULL;
    uint8_t(*ids)[16] = mem_new_array(circle ? circle->case_count : 1, sizeof *ids);
    *count = 0;
    for (size_t i = 0; circle && i < circle->case_count; i++) {
        const struct case_file *other = other_at(vault, circle, i, file);
        if (other && (!who || seen_by(other, who)))
            memcpy(ids[(*count)++], other->id, sizeof *ids);
    }
    return ids;
}

/* What they were offered last, and what they say of it. */
static const char *of_remedy(const json_t *state)
{
    const json_t *remedies = json_object_get(state, "remedies"), *noted = json_object_get(state, "noted");
    size_t count = json_array_size(remedies);
    const json_t *answer = count ? json_object_get(json_array_get(remedies, count - 1), "answer") : NULL;
    if (!count)
        return "";
    if (answer)
        return json_is_true(json_object_get(answer, "accepted")) ? "accepted" : "refused";
    for (size_t i = json_array_size(noted); i-- > 0;) {
        const json_t *one = json_array_get(noted, i);
        if (json_integer_value(json_object_get(one, "remedy")) != (json_int_t)count)
            break;
        if (strcmp(state_text(one, "act"), "accept") == 0)
            return "says_yes";
        if (strcmp(state_text(one, "act"), "refuse") == 0)
            return "says_no";
    }
    return "offered";
}

static json_t *view_one(const struct vault *vault, const struct case_file *file, const json_t *state)
{
    static const char *const objects[] = {"mandate", "ended", "alone"};
    char id[CODE_ID_SIZE];
    const json_t *part = json_object_get(state, "participant");
    code_id(file->id, id);
    json_t *one = json_pack(
        "{s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:s}", "case", id, "role", participant_role_name(participant_role(state)), "say",
        participant_say_name(participants_say(vault, file, state)), "channel", state_text(state, "channel"), "language",
        state_text(state, "language"), "state", life_name(life_now(state)), "remedy", of_remedy(state), "reason",
        state_text(part, "reason"));
    need(one != NULL);
    for (size_t i = 0; i < sizeof objects / sizeof *objects; i++)
        if (json_object_get(part, objects[i]))
            need(json_object_set(one, objects[i], json_object_get(part, objects[i])) == 0);
    return one;
}

json_t *participants_view(const struct vault *vault, const char *who, const struct case_file *file, const json_t *state)
{
    json_t *view = view_one(vault, file, state), *others = json_array();
    size_t count;
    uint8_t(*ids)[16] = participants_beside(vault, who, file, &count);
    for (size_t i = 0; i < count; i++) {
        const struct case_file *other = book_find(vault->book, ids[i]);
        json_t *said = other ? state_draft(other) : NULL;
        if (said)
            need(json_array_append_new(others, view_one(vault, other, said)) == 0);
        json_decref(said);
    }
    mem_free(ids);
    need(json_object_set_new(view, "others", others) == 0);
    if (json_object_get(state, "noted"))
        need(json_object_set(view, "noted", json_object_get(state, "noted")) == 0);
    return view;
}

json_t *participants_named(const struct vault *vault, const struct case_file *file, const json_t *state)
{
    const json_t *own = json_object_get(state, "named");
    json_t *named = json_is_array(own) ? json_deep_copy(own) : json_array();
    const struct group *circle = file->circle ? groups_of(vault->circles, file) : NULL;
    need(named != NULL);
    for (size_t i = 0; circle && i < circle->case_count; i++) {
        const struct case_file *other = other_at(vault, circle, i, file);
        if (!other || !sides_is_hidden(other))
            continue;
        json_t *said = state_draft(other), *list = json_object_get(said, "named");
        need(!list || json_array_extend(named, list) == 0);
        json_decref(said);
    }
    return named;
}

/* ---- what follows ---- */

void participants_end(struct case_change *cc, const char *who, const char *reason)
{
    outbox_take_back(cc); /* while who they are, and what waits, is known */
    participant_end(cc->state, who, reason);
}

/* What one of them needs to be even with the others: the leaf's name; the draft is changed, but for an end, which takes
 * rows back as well (is_even()). NULL: nothing. */
static const char *even(const struct vault *vault, const struct case_file *file, json_t *state)
{
    const struct participants_others others = participants_others(vault, file, state);
    json_t *part = json_object_get(state, "participant");
    if (*file->taken_by && sides_hides(file, file->taken_by)) { /* nobody holds what does not exist for them */
        state_set_text(state, "taken_by", "");
        return "participant.released";
    }
    if (participant_role(state) == PARTICIPANT_REPRESENTATIVE) {
        if (participant_is_ended(state) || participant_say(state, &others) != SAY_ENDED)
            return NULL;
        return "participant.ended";
    }
    const char *told = json_object_get(part, "alone") ? "ended" : others.representatives ? "now" : "";
    if (strcmp(state_text(part, "told"), told) == 0)
        return NULL;
    state_set_text(part, "told", told);
    return "participant.told";
}

static void evened(void *room, enum err err)
{
    (void)room; /* kept: what follows from it was begun when it was placed. Not kept: a tick tries again */
    (void)err;
}

/* 1: nothing is to be done for it. */
static int is_even(struct vault *vault, struct case_file *file)
{
    if (sides_stands(file, SIDES_LEAVING))
        return 1; /* where it goes, or when it stays */
    if (file->writing || file->is_unmatched)
        return 0;
    json_t *state = state_draft(file);
    const char *leaf = even(vault, file, state);
    if (!leaf) {
        json_decref(state);
        return 1;
    }
    struct case_change *cc = case_change_begin(vault, file, state);
    if (strcmp(leaf, "participant.ended") == 0)
        participants_end(cc, "", "The affected person ended it");
    if (strcmp(leaf, "participant.told") == 0)
        case_change_notice(cc);
    audit_leaf(vault, cc->change, "", leaf, file->id, NULL);
    case_change_submit(cc, evened, NULL);
    return 0;
}

void participants_go_on(struct vault *vault)
{
    struct group *circle;
    vault->circles_due = 0;
    for (size_t n = 0; door_vault_is_up(vault->door) && (circle = groups_at(vault->circles, n)); n++) {
        int all = 1;
        for (size_t i = 0; circle->is_changed && i < circle->case_count; i++) {
            struct case_file *file = book_at(vault->book, circle->cases[i]);
            all &= !file || file->version == 0 || is_even(vault, file);
        }
        circle->is_changed &= !all;
    }
}

static void go_on(void *arg)
{
    struct vault *vault = arg;
    if (vault->circles_due && vault->phase == PHASE_OPEN)
        participants_go_on(vault);
}

/* Who may not have one of them may have none. */
static void hide_others(struct vault *vault, const struct group *circle, const struct case_file *file)
{
    for (size_t i = 0; i < circle->case_count; i++) {
        struct case_file *other = other_at(vault, circle, i, file);
        if (!other || (!sides_is_hidden(file) && !sides_is_hidden(other)))
            continue;
        json_t *state = state_draft(other);
        sides_know(vault, state, other);
        json_decref(state);
    }
}

void participants_placed(struct vault *vault, struct case_file *file, struct group *left)
{
    struct group *const circles[] = {left, file->circle ? groups_of(vault->circles, file) : NULL};
    for (size_t i = 0; i < sizeof circles / sizeof *circles; i++) {
        if (!circles[i])
            continue;
        circles[i]->is_changed = 1;
        hide_others(vault, circles[i], file);
        if (!vault->circles_due && vault->phase == PHASE_OPEN) {
            vault->circles_due = 1;
            loop_later(vault->loop, go_on, vault);
        }
    }
}

/* ---- to another desk ---- */

struct following {
    char to[16 + 1];
    json_t *named; /* of the one that went: for them the others exist no more than before */
};

static void name_too(json_t *state, const json_t *named)
{
    for (size_t i = 0; i < json_array_size(named); i++) {
        json_t *one = json_array_get(named, i);
        if (!conflict_is(state, state_text(one, "name")))
            need(json_array_append(state_list(state, "named"), one) == 0);
    }
}

static int follow_one(void *errand, struct vault *vault, struct case_file *file, change_done_fn *done, void *room)
{
    const struct following *following = errand;
    struct case_change *cc = case_change_begin(vault, file, NULL);
    json_t *route = json_pack("{s:s,s:s,s:o}", "to", following->to, "why", "participant", "at", state_now());
    need(route && json_object_set_new(cc->state, "route", route) == 0);
    name_too(cc->state, following->named);
    audit_leaf(vault, cc->change, "", "participant.follows", file->id, NULL);
    case_change_submit(cc, done, room);
    return 1;
}

static void followed(void *errand)
{
    struct following *following = errand;
    json_decref(following->named);
    mem_free(following);
}

void participants_follow(struct vault *vault, const struct case_file *file, const char *to)
{
    size_t count;
    uint8_t(*ids)[16] = participants_beside(vault, NULL, file, &count);
    if (!count) {
        mem_free(ids);
        return;
    }
    struct following *following = mem_new(sizeof *following);
    need(strlen(to) < sizeof following->to);
    memcpy(following->to, to, strlen(to) + 1);
    json_t *state = state_draft(file);
    following->named = participants_named(vault, file, state);
    json_decref(state);
    together_begin(vault, ids, count, follow_one, followed, following);
}
