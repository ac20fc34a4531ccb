/* life.c -- see life.h. */
#include "triage/vault/life.h"

#include <string.h>

#include "common/base/mem.h"
#include "triage/vault/case_state.h"
#include "triage/vault/pauses.h"
#include "triage/vault/stages.h"

static const char *const names[LIFE_COUNT] = {
    [LIFE_RECEIVED] = "received",
    [LIFE_FIRST_LOOK] = "first_look",
    [LIFE_ACKNOWLEDGED] = "acknowledged",
    [LIFE_ASSESSED] = "assessed",
    [LIFE_IN_ACTION] = "in_action",
    [LIFE_WAITING_FOR_YOU] = "waiting_for_you",
    [LIFE_REMEDY_OFFERED] = "remedy_offered",
    [LIFE_DECLINED] = "declined",
    [LIFE_DELIVERED] = "delivered",
    [LIFE_VERIFIED] = "verified",
    [LIFE_REFERRED] = "referred",
    [LIFE_OUT_OF_SCOPE] = "out_of_scope",
    [LIFE_UNFOUNDED] = "unfounded",
    [LIFE_WITHDRAWN] = "withdrawn",
    [LIFE_UNANSWERED] = "unanswered",
    [LIFE_UNDER_REVIEW] = "under_review",
    [LIFE_REOPENED] = "reopened",
    [LIFE_CLOSED] = "closed",
};

#define BIT(life) (1U << (life))
enum {
    /* Somebody has looked at it, and it goes on. */
    LOOKED = BIT(LIFE_FIRST_LOOK) | BIT(LIFE_ACKNOWLEDGED) | BIT(LIFE_ASSESSED) | BIT(LIFE_IN_ACTION) |
             BIT(LIFE_WAITING_FOR_YOU) | BIT(LIFE_REMEDY_OFFERED) | BIT(LIFE_DECLINED) | BIT(LIFE_DELIVERED) |
             BIT(LIFE_REOPENED),
    OPEN = LOOKED | BIT(LIFE_RECEIVED) | BIT(LIFE_UNDER_REVIEW),
    ASKED = BIT(LIFE_WAITING_FOR_YOU) | BIT(LIFE_REMEDY_OFFERED) | BIT(LIFE_DELIVERED),
    DECIDED = BIT(LIFE_REFERRED) | BIT(LIFE_OUT_OF_SCOPE) | BIT(LIFE_UNFOUNDED) | BIT(LIFE_UNANSWERED),
    ENDED = DECIDED | BIT(LIFE_VERIFIED) | BIT(LIFE_WITHDRAWN) | BIT(LIFE_CLOSED),
    ANSWERED = BIT(LIFE_ACKNOWLEDGED) | BIT(LIFE_IN_ACTION) | BIT(LIFE_WAITING_FOR_YOU),
    ENDING_NEEDS = LIFE_REASON | LIFE_REMEDIES | LIFE_SECOND_IF_GRAVE,
    REVIEW_NEEDS = LIFE_REASON | LIFE_REMEDIES,
};

static const struct {
    unsigned from;
    enum life to;
    unsigned movers, needs;
} moves[] = {
    {BIT(LIFE_RECEIVED), LIFE_FIRST_LOOK, LIFE_BY_OFFICER, 0},
    {BIT(LIFE_RECEIVED) | BIT(LIFE_FIRST_LOOK), LIFE_ACKNOWLEDGED, LIFE_BY_OFFICER, 0},
    {BIT(LIFE_RECEIVED) | BIT(LIFE_FIRST_LOOK) | BIT(LIFE_ACKNOWLEDGED) | BIT(LIFE_REOPENED), LIFE_ASSESSED,
     LIFE_BY_OFFICER, 0},
    {LOOKED & ~BIT(LIFE_IN_ACTION), LIFE_IN_ACTION, LIFE_BY_OFFICER, 0},
    {BIT(LIFE_RECEIVED) | (LOOKED & ~ASKED), LIFE_WAITING_FOR_YOU, LIFE_BY_OFFICER, 0},
    /* They wrote: it is our turn again. */
    {BIT(LIFE_WAITING_FOR_YOU), LIFE_ACKNOWLEDGED, LIFE_BY_RULE, 0},
    {BIT(LIFE_WAITING_FOR_YOU), LIFE_ASSESSED, LIFE_BY_RULE, 0},
    /* remedy */
    {LOOKED & ~BIT(LIFE_REMEDY_OFFERED), LIFE_REMEDY_OFFERED, LIFE_BY_OFFICER, 0},
    {BIT(LIFE_REMEDY_OFFERED), LIFE_IN_ACTION, LIFE_BY_PERSON, 0},
    {BIT(LIFE_REMEDY_OFFERED), LIFE_DECLINED, LIFE_BY_PERSON, 0},
    {BIT(LIFE_REMEDY_OFFERED), LIFE_DECLINED, LIFE_BY_OFFICER, LIFE_REASON},
    {LOOKED & ~BIT(LIFE_DELIVERED), LIFE_DELIVERED, LIFE_BY_OFFICER, LIFE_REASON},
    {OPEN, LIFE_VERIFIED, LIFE_BY_PERSON, LIFE_SECOND_IF_GRAVE},
    {BIT(LIFE_DELIVERED), LIFE_VERIFIED, LIFE_BY_OFFICER, LIFE_REASON | LIFE_SECOND_ALWAYS},
    {BIT(LIFE_DELIVERED), LIFE_IN_ACTION, LIFE_BY_PERSON, 0}, /* it did not help */
    /* endings */
    {LOOKED, LIFE_REFERRED, LIFE_BY_OFFICER, ENDING_NEEDS},
    {LOOKED, LIFE_OUT_OF_SCOPE, LIFE_BY_OFFICER, ENDING_NEEDS},
    {LOOKED, LIFE_UNFOUNDED, LIFE_BY_OFFICER, ENDING_NEEDS},
    {ASKED, LIFE_UNANSWERED, LIFE_BY_OFFICER, ENDING_NEEDS},
    {OPEN, LIFE_WITHDRAWN, LIFE_BY_PERSON, LIFE_SECOND_IF_GRAVE},
    /* and what comes after them */
    {DECIDED, LIFE_UNDER_REVIEW, LIFE_BY_PERSON, 0},
    {BIT(LIFE_UNDER_REVIEW), LIFE_REFERRED, LIFE_BY_SECOND, REVIEW_NEEDS},
    {BIT(LIFE_UNDER_REVIEW), LIFE_OUT_OF_SCOPE, LIFE_BY_SECOND, REVIEW_NEEDS},
    {BIT(LIFE_UNDER_REVIEW), LIFE_UNFOUNDED, LIFE_BY_SECOND, REVIEW_NEEDS},
    {BIT(LIFE_UNDER_REVIEW), LIFE_UNANSWERED, LIFE_BY_SECOND, REVIEW_NEEDS},
    {BIT(LIFE_UNDER_REVIEW), LIFE_REOPENED, LIFE_BY_SECOND, LIFE_REASON},
    {ENDED, LIFE_REOPENED, LIFE_BY_RULE, 0},
    {ENDED, LIFE_REOPENED, LIFE_BY_OFFICER, LIFE_REASON},
};

const char *life_name(enum life life)
{
    return names[life];
}

enum life life_of(const char *name)
{
    int life = 0;
    while (life < LIFE_COUNT && strcmp(names[life], name) != 0)
        life++;
    return (enum life)life;
}

/* Earlier versions had four states. What was in progress had been taken by somebody; what was answered waited for the
 * person to write. */
static enum life of_earlier(const json_t *state)
{
    const char *public = state_text(state, "public");
    if (strcmp(public, "in_progress") == 0)
        return json_is_object(json_object_get(state, "assessment")) ? LIFE_ASSESSED : LIFE_FIRST_LOOK;
    if (strcmp(public, "answered") == 0)
        return LIFE_WAITING_FOR_YOU;
    return strcmp(public, "closed") == 0 ? LIFE_CLOSED : LIFE_RECEIVED;
}

enum life life_now(const json_t *state)
{
    enum life life = life_of(state_text(state, "life"));
    return life == LIFE_COUNT ? of_earlier(state) : life;
}

int life_is_ending(enum life life)
{
    return (ENDED & BIT(life)) != 0;
}

int life_waits_for_person(enum life life)
{
    return (ASKED & BIT(life)) != 0;
}

int life_comes_with_answer(enum life life)
{
    return (ANSWERED & BIT(life)) != 0;
}

int life_can_be_reviewed(enum life life)
{
    return (DECIDED & BIT(life)) != 0;
}

int life_may(enum life from, enum life to, enum life_mover mover, unsigned *needs)
{
    for (size_t i = 0; i < sizeof moves / sizeof *moves; i++)
        if ((moves[i].from & BIT(from)) && moves[i].to == to && (moves[i].movers & mover)) {
            if (needs)
                *needs = moves[i].needs;
            return 1;
        }
    return 0;
}

static int is_said(const char *text)
{
    return text && *text;
}

static void let_go(json_t *state)
{
    static const char *const over[] = {"closing", "wish", "unread"};
    state_set_text(state, "taken_by", "");
    (void)pauses_end(state, NULL);
    for (size_t i = 0; i < sizeof over / sizeof *over; i++)
        json_object_del(state, over[i]);
}

static void tell_history(json_t *state, const struct life_step *step)
{
    state_history(state, step->who, "The state changed");
    json_t *list = state_list(state, "history");
    json_t *line = json_array_get(list, json_array_size(list) - 1);
    state_set_text(line, "state", names[step->to]);
    if (is_said(step->reason))
        state_set_text(line, "reason", step->reason);
    if (is_said(step->second))
        state_set_text(line, "second", step->second);
}

enum life_end life_move(json_t *state, const struct life_step *step)
{
    unsigned needs;
    if (!life_may(life_now(state), step->to, step->mover, &needs))
        return LIFE_NO_SUCH_MOVE;
    if ((needs & LIFE_REASON) && !is_said(step->reason))
        return LIFE_WANTS_REASON;
    if ((needs & LIFE_REMEDIES) && !is_said(step->remedies))
        return LIFE_WANTS_REMEDIES;
    int wants_second = (needs & LIFE_SECOND_ALWAYS) || ((needs & LIFE_SECOND_IF_GRAVE) && step->is_grave);
    if (wants_second && (!is_said(step->second) || strcmp(step->second, step->who) == 0))
        return LIFE_WANTS_SECOND;
    state_set_text(state, "life", names[step->to]);
    json_object_del(state, "public");
    if (life_is_ending(step->to))
        let_go(state);
    if (step->mover != LIFE_BY_RULE)
        json_object_del(state, "unread");
    stages_moved(state, step->to, step->mover);
    tell_history(state, step);
    return LIFE_MOVED;
}

int life_follow(json_t *state, enum life to, enum life_mover mover, const char *who)
{
    struct life_step step = {.to = to, .mover = mover, .who = who};
    return life_move(state, &step) == LIFE_MOVED;
}
