/* conflict.c -- see conflict.h. */
#include "triage/vault/conflict.h"

#include <string.h>

#include "common/base/mem.h"
#include "triage/vault/audit.h"
#include "triage/vault/case_state.h"
#include "triage/vault/message.h"
#include "triage/vault/people.h"

enum { HINTED_MAX = 50 };

/* The place of `name` in a list of {"name"}; its size where it is not there. */
static size_t place_of(const json_t *list, const char *name)
{
    size_t i = 0;
    while (i < json_array_size(list) && strcmp(state_text(json_array_get(list, i), "name"), name) != 0)
        i++;
    return i;
}

static int is_in(const json_t *list, const char *name)
{
    return place_of(list, name) < json_array_size(list);
}

int conflict_is(const json_t *state, const char *who)
{
    return is_in(json_object_get(state, "named"), who);
}

static void put(json_t *state, const char *key, json_t *entry)
{
    need(entry && json_array_append_new(state_list(state, key), entry) == 0);
}

/* Nobody holds what does not exist for them. */
static void let_go(json_t *state, const char *name)
{
    if (strcmp(state_text(state, "taken_by"), name) == 0)
        state_set_text(state, "taken_by", "");
}

int conflict_leaves_somebody(const struct vault *vault, const json_t *state)
{
    for (size_t i = 0; i < people_count(vault->people); i++) {
        const struct person *p = people_at(vault->people, i);
        if (p->role == ROLE_OFFICER && !p->is_ended && !p->is_waiting && !conflict_is(state, p->name))
            return 1;
    }
    return 0;
}

/* ---- a person says so ---- */

int conflict_name(json_t *state, const char *desk, const char *name, const char *by, const char *reason)
{
    if (conflict_is(state, name))
        return 0;
    put(state, "named",
        json_pack("{s:s,s:s,s:s,s:s,s:s,s:o}", "name", name, "desk", desk, "by", "person", "who", by, "reason", reason,
                  "at", state_now()));
    let_go(state, name);
    return 1;
}

int conflict_unname(json_t *state, const char *name, const char *by, const char *reason)
{
    json_t *named = json_object_get(state, "named");
    size_t at = place_of(named, name);
    json_t *entry = at < json_array_size(named) ? json_deep_copy(json_array_get(named, at)) : NULL;
    if (!entry)
        return 0;
    json_t *back = json_pack("{s:s,s:s,s:o}", "by", by, "reason", reason, "at", state_now());
    need(back && json_object_set_new(entry, "back", back) == 0);
    json_array_remove(named, at);
    put(state, "unnamed", entry);
    return 1;
}

/* ---- a text does ---- */

struct found {
    enum names_found *of; /* of each of the staff */
    size_t hits;
};

/* An account elsewhere under the same name is the same person, whoever named them there. */
static int is_same_as_named(const json_t *state, const char *name)
{
    size_t i;
    json_t *one;
    json_array_foreach(json_object_get(state, "named"), i, one) if (names_same(state_text(one, "name"), name)) return 1;
    return 0;
}

static void look_at(const json_t *state, const struct conflict_ask *ask, struct found *found)
{
    for (size_t i = 0; i < ask->count; i++) {
        const struct conflict_staff *one = &ask->staff[i];
        if (conflict_is(state, one->name) || is_in(json_object_get(state, "unnamed"), one->name))
            continue;
        found->of[i] = is_same_as_named(state, one->name) ? NAMES_HIT : names_look(ask->text, one->name, one->aliases);
        if (found->of[i] == NAMES_HIT && ask->only_hints)
            found->of[i] = NAMES_HINT;
        found->hits += found->of[i] == NAMES_HIT;
    }
}

/* Somebody who may take it is neither named nor hit. */
static int somebody_is_left(const json_t *state, const struct conflict_ask *ask, const struct found *found)
{
    for (size_t i = 0; i < ask->count; i++)
        if (ask->staff[i].may_take && found->of[i] != NAMES_HIT && !conflict_is(state, ask->staff[i].name))
            return 1;
    return 0;
}

static void note_hint(json_t *state, const struct conflict_ask *ask, const char *name)
{
    const json_t *hinted = json_object_get(state, "hinted");
    if (!is_in(hinted, name) && json_array_size(hinted) < HINTED_MAX)
        put(state, "hinted",
            json_pack("{s:s,s:s,s:I,s:o}", "name", name, "desk", ask->desk, "message", (json_int_t)ask->message, "at",
                      state_now()));
}

static void note_hit(json_t *state, const struct conflict_ask *ask, const char *name)
{
    put(state, "named",
        json_pack("{s:s,s:s,s:s,s:I,s:o}", "name", name, "desk", ask->desk, "by", "rule", "message",
                  (json_int_t)ask->message, "at", state_now()));
    let_go(state, name);
}

size_t conflict_find(json_t *state, const struct conflict_ask *ask)
{
    struct found found = {.of = mem_new_array(ask->count + 1, sizeof *found.of)};
    look_at(state, ask, &found);
    if (found.hits && !ask->may_take_all && !somebody_is_left(state, ask, &found))
        found.hits = 0;
    for (size_t i = 0; i < ask->count; i++) {
        if (found.of[i] == NAMES_HIT && found.hits)
            note_hit(state, ask, ask->staff[i].name);
        else if (found.of[i] != NAMES_NONE)
            note_hint(state, ask, ask->staff[i].name);
    }
    if (found.hits)
        state_history(state, "", "It names staff: for them it does not exist");
    mem_free(found.of);
    return found.hits;
}

void conflict_loosen(const struct vault *vault, json_t *state)
{
    json_t *named = json_object_get(state, "named");
    if (conflict_leaves_somebody(vault, state))
        return;
    for (size_t i = json_array_size(named); i-- > 0;) {
        json_t *one = json_array_get(named, i);
        if (strcmp(state_text(one, "by"), "rule") != 0 || strcmp(state_text(one, "desk"), vault_desk(vault)) != 0)
            continue;
        put(state, "hinted", json_deep_copy(one));
        json_array_remove(named, i);
    }
}

/* ---- on its way in ---- */

/* Whoever has left signs in no more. */
static struct conflict_staff *staff_of(const struct people *people, size_t *count)
{
    struct conflict_staff *staff = mem_new_array(people_count(people) + 1, sizeof *staff);
    *count = 0;
    for (size_t i = 0; i < people_count(people); i++) {
        const struct person *p = people_at(people, i);
        if (!p->is_ended)
            staff[(*count)++] = (struct conflict_staff){.name = p->name,
                                                        .aliases = json_object_get(p->json, "aliases"),
                                                        .may_take = p->role == ROLE_OFFICER && !p->is_waiting};
    }
    return staff;
}

size_t conflict_look_through(struct case_change *cc, const struct names_text *text, int64_t number, int only_hints,
                             int may_take_all)
{
    struct conflict_ask ask = {.text = text,
                               .desk = vault_desk(cc->vault),
                               .message = number,
                               .only_hints = only_hints,
                               .may_take_all = may_take_all};
    struct conflict_staff *staff = staff_of(cc->vault->people, &ask.count);
    ask.staff = staff;
    size_t hits = conflict_find(cc->state, &ask);
    if (hits)
        audit_leaf(cc->vault, cc->change, "", "case.named", cc->file->id,
                   json_pack("{s:O}", "named", json_object_get(cc->state, "named")));
    mem_free(staff);
    return hits;
}

size_t conflict_look(struct case_change *cc, const struct message *message, int64_t number, int may_take_all)
{
    struct rules_input *input = mem_new(sizeof *input);
    struct names_text *text = names_text_new();
    message_rules_input(message, input);
    for (size_t i = 0; i < input->text_count; i++)
        names_text_add(text, input->texts[i].text, input->texts[i].len);
    /* Whoever is thanked by name is not complained of, unless there is danger in it. */
    int is_thanks = strcmp(message->kind, "thanks") == 0 &&
                    !json_is_true(json_object_get(json_object_get(cc->state, "proposal"), "danger"));
    size_t hits = conflict_look_through(cc, text, number, is_thanks, may_take_all);
    names_text_free(text);
    mem_free(input);
    return hits;
}
