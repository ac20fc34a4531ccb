/* route.c -- see route.h. */
#include "triage/vault/route.h"

#include <string.h>

#include "common/base/log.h"
#include "common/base/mem.h"
#include "triage/vault/audit.h"
#include "triage/vault/case_state.h"
#include "triage/vault/conflict.h"
#include "triage/vault/life.h"
#include "triage/vault/linked.h"
#include "triage/vault/message.h"
#include "triage/vault/move.h"
#include "triage/vault/offers.h"
#include "triage/vault/people.h"

enum { AT_ONCE = 32 };

/* ---- where ---- */

int route_may_go(const struct vault *vault, const json_t *state, const char *desk)
{
    size_t i;
    json_t *move;
    json_array_foreach(json_object_get(state, "moves"), i,
                       move) if (strcmp(state_text(move, "from"), desk) == 0) return 0; /* a person sent it back */
    return offers_has(vault->offers, desk);
}

const char *route_by_rules(const struct vault *vault, const json_t *state)
{
    const json_t *fired = json_object_get(json_object_get(state, "proposal"), "fired");
    const char *to = NULL;
    for (size_t i = 0; i < json_array_size(fired); i++) {
        const char *desk = state_text(json_array_get(fired, i), "desk");
        if (strcmp(desk, vault_desk(vault)) == 0)
            return NULL;
        if (!to && *desk && route_may_go(vault, state, desk))
            to = desk;
    }
    return to;
}

/* Whoever sent it to a desk of their own choice, or a vault did, is not second-guessed. */
static int routes_by_rule(const struct vault *vault, const json_t *state)
{
    return vault->settings.route && !people_is_protected(vault_desk(vault)) &&
           strcmp(state_text(state, "kind"), "flag") != 0 && !rules_is_voice(state_text(state, "kind"));
}

static int is_danger_now(const json_t *state)
{
    struct severity severity;
    state_severity(state, &severity);
    return severity.danger_now;
}

/* ---- said in the draft ---- */

static void note(json_t *state, const char *to, const char *why)
{
    json_t *route = json_pack("{s:s,s:s,s:o}", "to", to, "why", why, "at", state_now());
    need(route && json_object_set_new(state, "route", route) == 0);
}

static int is_consultation(const json_t *state)
{
    return strcmp(state_text(state, "kind"), "consultation") == 0;
}

/* It stays where somebody can act at once, and the other desk has a case with the same words. Nobody waits for whether
 * a vault elsewhere is open. */
static int is_copied(const struct vault *vault, const json_t *state)
{
    return is_consultation(state) || (is_danger_now(state) && conflict_leaves_somebody(vault, state));
}

void route_first(struct case_change *cc, const struct message *message)
{
    struct vault *vault = cc->vault;
    int may_oversight = route_may_go(vault, cc->state, OFFERS_OVERSIGHT);
    int is_danger = json_is_true(json_object_get(json_object_get(cc->state, "proposal"), "danger"));
    int names = conflict_look(cc, message, 1, may_oversight) > 0;
    const char *to = names && may_oversight ? OFFERS_OVERSIGHT : NULL;
    if (!to && routes_by_rule(vault, cc->state))
        to = route_by_rules(vault, cc->state);
    int must_go = names && to && !conflict_leaves_somebody(vault, cc->state) && !is_consultation(cc->state);
    if (rules_is_voice(message->kind) && is_danger && !must_go)
        linked_open(cc, message, to ? to : offers_danger_desk(vault->offers));
    else if (to && is_copied(vault, cc->state))
        linked_open(cc, message, to);
    else if (to)
        note(cc->state, to, names ? "named" : "rule");
}

void route_further(struct case_change *cc, const struct message *message, int64_t number)
{
    int may_oversight = route_may_go(cc->vault, cc->state, OFFERS_OVERSIGHT);
    if (conflict_look(cc, message, number, may_oversight) == 0 || !may_oversight)
        return;
    if (is_copied(cc->vault, cc->state))
        linked_open(cc, message, OFFERS_OVERSIGHT);
    else
        note(cc->state, OFFERS_OVERSIGHT, "named");
}

void route_taken_up(struct case_change *cc, const struct names_text *text)
{
    int may_oversight = route_may_go(cc->vault, cc->state, OFFERS_OVERSIGHT);
    int is_thanks = strcmp(state_text(cc->state, "kind"), "thanks") == 0;
    if (conflict_look_through(cc, text, 0, is_thanks, may_oversight) && may_oversight)
        note(cc->state, OFFERS_OVERSIGHT, "named");
}

/* ---- going ---- */

struct going {
    struct vault *vault;
    uint64_t rebuilds; /* of then */
    uint8_t case_id[16];
};

static void stayed(void *room, enum err err)
{
    (void)err; /* not kept: it is on its way still, and the next tick tries again */
    mem_free(room);
}

/* That desk cannot have it: the case is here for who may have it. */
static void stay(struct going *g, struct case_file *file)
{
    struct case_change *cc = case_change_begin(g->vault, file, NULL);
    json_object_del(cc->state, "route");
    conflict_loosen(g->vault, cc->state);
    state_history(cc->state, "", "It could not be moved to another desk by rule");
    audit_leaf(g->vault, cc->change, "", "case.stays", file->id, NULL);
    case_change_submit(cc, stayed, g);
}

static void gone(void *room, enum err err)
{
    struct going *g = room;
    const struct vault *vault = g->vault;
    struct case_file *file =
        g->rebuilds == vault->rebuilds && vault->phase == PHASE_OPEN ? book_find(vault->book, g->case_id) : NULL;
    if (!file || file->version == 0 || err == ERR_OK) {
        mem_free(g);
        return;
    }
    file->is_going = 0;
    if (file->writing || (err != ERR_CRYPTO && err != ERR_NOT_FOUND && err != ERR_LOCKED && err != ERR_DB_REFUSED)) {
        mem_free(g); /* the database is away, or a text to the person: a tick tries again */
        return;
    }
    log_error("route_refused", LOG_ERR(err));
    stay(g, file);
}

/* Why it goes; the last is the usual one. What is held goes only where it may not stay. */
static const struct {
    const char *why, *reason, *what;
    int is_held_too;
} whys[] = {
    {"named", "It names staff", "Moved to another desk: it names staff", 1},
    {"participant", "Another participant of the case is there", "Moved to another desk: another participant is there",
     1},
    {"rule", "A rule names that desk", "Moved to another desk: a rule says that it belongs there", 0},
};

static void go(struct vault *vault, struct case_file *file)
{
    json_t *state = state_draft(file);
    const json_t *route = json_object_get(state, "route");
    const char *to = state_text(route, "to");
    size_t why = 0;
    while (why < sizeof whys / sizeof *whys - 1 && strcmp(whys[why].why, state_text(route, "why")) != 0)
        why++;
    struct going *g = mem_new(sizeof *g);
    *g = (struct going){.vault = vault, .rebuilds = vault->rebuilds};
    memcpy(g->case_id, file->id, sizeof g->case_id);
    if (!offers_is_known(vault->offers, to)) {
        mem_free(g); /* just started: it is asked */
    } else if (!offers_has(vault->offers, to) || (*file->taken_by && !whys[why].is_held_too)) {
        stay(g, file); /* or somebody was given it, because it could not go for so long */
    } else {
        const struct move_ask ask = {.to = to, .who = "", .reason = whys[why].reason, .what = whys[why].what};
        file->is_going = 1;
        move_case(vault, file->id, &ask, gone, g);
    }
    json_decref(state);
}

void route_go_on(struct vault *vault)
{
    struct case_file *file;
    size_t begun = 0;
    for (size_t i = 0;
         door_vault_is_up(vault->door) && begun < AT_ONCE && (file = sides_at(&vault->sides, SIDES_LEAVING, i)); i++) {
        if (file->is_going || file->writing || file->has_texts || file->is_unmatched || file->version == 0)
            continue;
        begun++;
        go(vault, file);
    }
}
