/* action.c -- see action.h. The states are a table; ops_action.c sets them. */
#include "triage/vault/action.h"

#include <string.h>

#include "common/base/err.h"
#include "triage/vault/entry.h"

const char *const action_states[] = {"planned",   "consulted",     "under_way", "done",
                                     "effective", "not_effective", "dropped",   NULL};

/* What was checked and does not work is taken up again or dropped; what is dropped can be planned again. */
static const struct {
    const char *from, *to[5];
} moves[] = {
    {"planned", {"consulted", "under_way", "dropped"}},
    {"consulted", {"under_way", "dropped"}},
    {"under_way", {"done", "dropped"}},
    {"done", {"effective", "not_effective", "under_way"}},
    {"effective", {"not_effective"}},
    {"not_effective", {"planned", "under_way", "dropped"}},
    {"dropped", {"planned"}},
};
enum { MOVES = sizeof moves / sizeof *moves };

int action_may_move(const char *from, const char *to)
{
    for (size_t i = 0; i < MOVES; i++)
        for (size_t t = 0; strcmp(moves[i].from, from) == 0 && moves[i].to[t]; t++)
            if (strcmp(moves[i].to[t], to) == 0)
                return 1;
    return 0;
}

json_t *action_moves(const char *from)
{
    json_t *list = json_array();
    for (size_t i = 0; i < MOVES; i++)
        for (size_t t = 0; strcmp(moves[i].from, from) == 0 && moves[i].to[t]; t++)
            need(json_array_append_new(list, json_string(moves[i].to[t])) == 0);
    return list;
}

/* ---- what a state asks for ---- */

enum { S_CONSULTED = 1, S_UNDER_WAY = 2, S_DONE = 4, S_CHECKED = 8, S_DROPPED = 16 };

static unsigned bit_of(const char *state)
{
    static const unsigned bits[] = {0, S_CONSULTED, S_UNDER_WAY, S_DONE, S_CHECKED, S_CHECKED, S_DROPPED};
    size_t i = 0;
    while (action_states[i] && strcmp(action_states[i], state) != 0)
        i++;
    return action_states[i] ? bits[i] : 0;
}

static int was_asked(const json_t *action)
{
    return strcmp(entry_text(action, "consulted"), "yes") == 0;
}

static int has_consultation(const json_t *action)
{
    return *entry_text(action, "consulted") && *entry_text(action, "consultation");
}

static int has_asked_record(const json_t *action)
{
    return was_asked(action) && has_consultation(action);
}

static int has_outcome(const json_t *action)
{
    return *entry_text(action, "outcome") != 0;
}

static int has_reason(const json_t *action)
{
    return *entry_text(action, "reason") != 0;
}

static const struct {
    unsigned states;
    int (*is_there)(const json_t *action);
    const char *says, *field;
} gates[] = {
    {S_CONSULTED, has_asked_record, "Say whom you asked, and what they said.", "consultation"},
    {S_UNDER_WAY | S_DONE | S_CHECKED, has_consultation,
     "Ask the people who are affected before something is done, or say why they were not asked.", "consultation"},
    {S_DONE | S_CHECKED, has_outcome, "Say what came of it.", "outcome"},
    {S_DROPPED, has_reason, "Say why the action is dropped.", "reason"},
};

const char *action_lacks(const json_t *action, const char **field)
{
    unsigned state = bit_of(entry_text(action, "state"));
    for (size_t i = 0; i < sizeof gates / sizeof *gates; i++)
        if ((gates[i].states & state) && !gates[i].is_there(action)) {
            *field = gates[i].field;
            return gates[i].says;
        }
    return NULL;
}

/* ---- on the board ---- */

int action_is_open(const json_t *action)
{
    const char *state = entry_text(action, "state");
    return strcmp(state, "effective") != 0 && strcmp(state, "dropped") != 0;
}

int action_is_overdue(const json_t *action, int64_t now)
{
    return action_is_open(action) && strcmp(entry_text(action, "state"), "done") != 0 &&
           entry_when(action, "due") <= now;
}

int action_holds(const json_t *action, int64_t now)
{
    const char *state = entry_text(action, "state");
    if (strcmp(state, "dropped") == 0 || strcmp(state, "not_effective") == 0)
        return 0;
    return !action_is_overdue(action, now);
}
