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
    size_t digits; /* at most, of the number behind a colon: "agree:2" is about the second question; 0: none */
} acts[] = {
    {"review", T("You asked for a review."), T("Someone else will look at the decision again."), NULL, 0},
    {"withdraw", T("You want to withdraw this."),
     T("You want to withdraw this. It closes in seven days. Until then you can take that back."),
     /* TRANSLATORS: {{day}} is a date: 2026-12-01 */ T("You want to withdraw this. It closes on {{day}}."), 0},
    {"solved", T("You say that it is solved."),
     T("You say that it is solved. It closes in seven days. Until then you can take that back."),
     /* TRANSLATORS: {{day}} is a date: 2026-12-01 */ T("You say that it is solved. It closes on {{day}}."), 0},
    {"partly", T("You say that it is solved in part."),
     T("You say that it is solved in part. Somebody works on it again. Write what is missing."), NULL, 0},
    {"not_solved", T("You say that it is not solved."),
     T("You say that it is not solved. Somebody looks at it again. Write what is missing."), NULL, 0},
    {"erase", T("You asked us to erase this."),
     T("You asked us to erase this. For seven days you can take that back. Then somebody of ours decides."), NULL, 0},
    {"hide", NULL, T("What you have read is hidden here. You can show it again."), NULL, 4},
    {"show", NULL, T("All of it is shown here again."), NULL, 0},
    {"keep", T("You took that back."), T("You took that back. This stays open."), NULL, 0},
    {"accept", T("You accept what is offered."), T("You accept what is offered. Thank you. We will do it."), NULL, 0},
    {"refuse", T("You do not accept what is offered."),
     T("You do not accept what is offered. We will look for another way."), NULL, 0},
    {"helped", T("You say that it helped."),
     T("You say that it helped. This closes in seven days. Until then you can take that back."),
     /* TRANSLATORS: {{day}} is a date: 2026-12-01 */ T("You say that it helped. It closes on {{day}}."), 0},
    {"not_helped", T("You say that it did not help."), T("You say that it did not help. Someone works on it again."),
     NULL, 0},
    {"agree", T("You said yes to our question."),
     T("You said yes. You can take that back on the page of your conversation at any time."), NULL, 2},
    {"disagree", T("You said no to our question."), T("You said no. Nothing will be passed on."), NULL, 2},
    {"revoke", T("You took your yes back."),
     T("You took your yes back. Nothing more will be passed on. We tell those who have received something already."),
     NULL, 2},
    {"alone", T("You speak for yourself from now on."),
     T("You speak for yourself from now on. Nobody else is told anything more, and nobody else decides."), NULL, 0},
    {"together", T("You want somebody to speak for you again."),
     T("You want somebody to speak for you again. Somebody of ours will ask you who."), NULL, 0},
};

static const struct {
    const char *code, *says;
} pauses[] = {
    {"waiting_for_you", T("We need your answer before we can go on. Write to us below.")},
    {"no_safe_way", T("We know no safe way to reach you, so we do not call or write to you. Write to us here when you "
                      "can.")},
    {"other_proceedings", T("A court or another office has to decide first.")},
    {"asked_by_you", T("You asked us to wait.")},
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

/* There is nothing yet of which it could be said that it is solved in part; of what was delivered they say
 * "not_helped".
 */
static int may_be_partly(size_t i)
{
    return states[i].is_open && strcmp(states[i].state, "received") != 0 &&
           strcmp(states[i].state, "under_review") != 0;
}

json_t *states_can(const char *state, const struct states_waits *waits, const char *review_until, const char *today)
{
    json_t *can = json_array();
    int has_wish = waits->wish || waits->erase;
    size_t i = state ? find(state) : SIZE_MAX;
    add(can, "add");
    for (size_t a = 0; a < sizeof asked / sizeof *asked; a++)
        if (state && !has_wish && strcmp(asked[a].state, state) == 0)
            add(can, asked[a].act);
    if (i != SIZE_MAX && states[i].is_open && !has_wish) {
        add(can, "solved");
        if (may_be_partly(i))
            add(can, "partly");
        if (may_be_partly(i) && strcmp(state, "delivered") != 0)
            add(can, "not_solved");
        add(can, "withdraw");
    }
    if (state && !has_wish && strcmp(state, "verified") == 0)
        add(can, "not_solved");
    if (i != SIZE_MAX && !waits->erase)
        add(can, "erase");
    if (has_wish)
        add(can, "keep");
    if (review_until && strcmp(today, review_until) < 0)
        add(can, "review");
    return can;
}

static int fits(size_t i, const char *act)
{
    size_t len = strlen(acts[i].act);
    if (!acts[i].digits)
        return strcmp(acts[i].act, act) == 0;
    if (strncmp(acts[i].act, act, len) != 0 || act[len] != ':')
        return 0;
    size_t digits = strspn(act + len + 1, "0123456789");
    return digits >= 1 && digits <= acts[i].digits && act[len + 1 + digits] == 0;
}

static size_t find_act(const char *act)
{
    for (size_t i = 0; i < sizeof acts / sizeof *acts; i++)
        if (fits(i, act))
            return i;
    return SIZE_MAX;
}

int states_is_act(const char *act)
{
    return find_act(act) != SIZE_MAX;
}

int states_is_quiet(const char *act)
{
    size_t i = find_act(act);
    return i != SIZE_MAX && !acts[i].says;
}

void states_can_hide(json_t *can, size_t messages, int has_hidden)
{
    if (messages)
        need(json_array_append_new(can, json_sprintf("hide:%d", (int)messages)) == 0);
    if (has_hidden)
        add(can, "show");
}

void states_can_say(json_t *can, const json_t *questions)
{
    static const struct {
        const char *answer, *acts[2];
    } rows[] = {{"", {"agree", "disagree"}}, {"no", {"agree", NULL}}, {"yes", {"revoke", NULL}}};
    for (size_t q = 0; q < json_array_size(questions); q++) {
        const json_t *question = json_array_get(questions, q);
        const char *answer = json_string_value(json_object_get(question, "answer"));
        for (size_t i = 0; answer && i < sizeof rows / sizeof *rows; i++)
            for (size_t a = 0; strcmp(rows[i].answer, answer) == 0 && a < 2 && rows[i].acts[a]; a++)
                need(json_array_append_new(can,
                                           json_sprintf("%s:%d", rows[i].acts[a],
                                                        (int)json_integer_value(json_object_get(question, "n")))) == 0);
    }
}

void states_can_end(json_t *can, const char *represented)
{
    if (strcmp(represented, "now") == 0)
        add(can, "alone");
    else if (strcmp(represented, "ended") == 0)
        add(can, "together");
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

const char *states_passed_says(const char *status)
{
    static const struct {
        const char *status, *says;
    } rows[] = {{"sent", T("They have not answered yet.")},
                {"accepted", T("They take care of it.")},
                {"declined", T("They do not take care of it.")},
                {"returned", T("They gave it back to us.")},
                {"replied", T("They replied. Somebody of ours will tell you what matters of it.")},
                {"recalled", T("We told them that you took your yes back.")}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (strcmp(rows[i].status, status) == 0)
            return rows[i].says;
    return NULL;
}

const char *states_wish_says(const char *act)
{
    size_t i = find_act(act);
    return i == SIZE_MAX ? NULL : acts[i].wish;
}

const char *states_pause_says(const char *code)
{
    for (size_t i = 0; i < sizeof pauses / sizeof *pauses; i++)
        if (strcmp(pauses[i].code, code) == 0)
            return pauses[i].says;
    return NULL;
}
