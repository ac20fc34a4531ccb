/* states.c -- see states.h. */
#include "intake/states.h"

#include <string.h>

#include "common/base/mem.h"
#include "common/text/catalogue.h"

static const struct {
    const char *state;
    int is_open; /* it goes on: it can be solved or withdrawn */
    const char *says;
} states[] = {
    {"received", 1, T("Your message has arrived safely. Nobody has answered yet.")},
    {"first_look", 1, T("Someone is reading what you wrote.")},
    {"acknowledged", 1, T("Someone has read what you wrote and takes care of it.")},
    {"assessed", 1, T("Someone has looked at how serious this is. The next step follows.")},
    {"in_action", 1, T("Someone is working on it.")},
    {"waiting_for_you", 1, T("There is an answer for you. Write if something is missing or not right.")},
    {"remedy_offered", 1, T("You are offered something to make it good. Say below whether you accept it.")},
    {"declined", 1, T("You did not accept what was offered. We look for another way.")},
    {"delivered", 1, T("It should be made good now. Tell us whether it is.")},
    {"verified", 0, T("This is noted as solved. If it is not, write to us.")},
    {"referred", 0, T("This is for another office that can do more. Read why below.")},
    {"out_of_scope", 0, T("We may not deal with this. Read below why, and who can.")},
    {"unfounded", 0, T("We looked into this and could not confirm it. Read why below.")},
    {"withdrawn", 0, T("You withdrew this. You can still write.")},
    {"unanswered", 0, T("We could not reach you safely, and closed this. You can still write.")},
    {"under_review", 1, T("Someone else looks at the decision again.")},
    {"reopened", 1, T("This is open again.")},
    /* of earlier versions */
    {"in_progress", 1, T("Someone is working on it.")},
    {"answered", 1, T("There is an answer for you.")},
    {"closed", 0, T("This is closed. You can still write if something is not right.")},
};

static const struct {
    const char *act, *says, *arrived, *wish;
} acts[] = {
    {"review", T("You asked for a review."), T("Someone else will look at the decision again."), NULL},
    {"withdraw", T("You want to withdraw this."),
     T("You want to withdraw this. It closes in seven days. Until then you can take that back."),
     T("You want to withdraw this. It closes on {{day}}.")},
    {"solved", T("You say that it is solved."),
     T("You say that it is solved. It closes in seven days. Until then you can take that back."),
     T("You say that it is solved. It closes on {{day}}.")},
    {"keep", T("You took that back."), T("You took that back. This stays open."), NULL},
    {"accept", T("You accept what is offered."), T("You accept what is offered. Thank you. We will do it."), NULL},
    {"refuse", T("You do not accept what is offered."),
     T("You do not accept what is offered. We will look for another way."), NULL},
    {"helped", T("You say that it helped."),
     T("You say that it helped. This closes in seven days. Until then you can take that back."),
     T("You say that it helped. It closes on {{day}}.")},
    {"not_helped", T("You say that it did not help."), T("You say that it did not help. Someone works on it again."),
     NULL},
};

static size_t find(const char *state)
{
    for (size_t i = 0; i < sizeof states / sizeof *states; i++)
        if (strcmp(states[i].state, state) == 0)
            return i;
    return SIZE_MAX;
}

int states_is_known(const char *state)
{
    return find(state) != SIZE_MAX;
}

const char *states_says(const char *state)
{
    size_t i = find(state);
    return states[i == SIZE_MAX ? 0 : i].says;
}

static void add(json_t *can, const char *act)
{
    need(json_array_append_new(can, json_string(act)) == 0);
}

/* What a remedy asks them. */
static const struct {
    const char *state, *act;
} asked[] = {
    {"remedy_offered", "accept"}, {"remedy_offered", "refuse"}, {"delivered", "helped"}, {"delivered", "not_helped"}};

json_t *states_can(const char *state, int has_wish, const char *review_until, const char *today)
{
    json_t *can = json_array();
    size_t i = state ? find(state) : SIZE_MAX;
    add(can, "add");
    for (size_t a = 0; a < sizeof asked / sizeof *asked; a++)
        if (state && !has_wish && strcmp(asked[a].state, state) == 0)
            add(can, asked[a].act);
    if (i != SIZE_MAX && states[i].is_open && !has_wish) {
        add(can, "solved");
        add(can, "withdraw");
    }
    if (has_wish)
        add(can, "keep");
    if (review_until && strcmp(today, review_until) < 0)
        add(can, "review");
    return can;
}

static size_t find_act(const char *act)
{
    for (size_t i = 0; i < sizeof acts / sizeof *acts; i++)
        if (strcmp(acts[i].act, act) == 0)
            return i;
    return SIZE_MAX;
}

int states_is_act(const char *act)
{
    return find_act(act) != SIZE_MAX;
}

const char *states_act_says(const char *act)
{
    size_t i = find_act(act);
    return i == SIZE_MAX ? NULL : acts[i].says;
}

const char *states_act_arrived(const char *act)
{
    size_t i = find_act(act);
    return i == SIZE_MAX ? NULL : acts[i].arrived;
}

const char *states_wish_says(const char *act)
{
    size_t i = find_act(act);
    return i == SIZE_MAX ? NULL : acts[i].wish;
}
