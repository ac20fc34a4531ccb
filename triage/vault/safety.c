/* safety.c -- see safety.h. */
#include "triage/vault/safety.h"

#include <string.h>

#include "common/base/clock.h"
#include "common/base/mem.h"
#include "triage/vault/case_state.h"
#include "triage/vault/life.h"

enum { DAY = 86400, HARMED_LOOK_S = DAY, AGAIN_DAYS = 7, CHECKINS_MAX = 4 * SAFETY_STEPS_MAX };

static int is_one_of(const char *const *codes, const char *code)
{
    while (*codes && strcmp(*codes, code) != 0)
        codes++;
    return *codes != NULL;
}

int safety_is_level(const char *code)
{
    static const char *const codes[] = {"low", "medium", "high", "unknown", NULL};
    return is_one_of(codes, code);
}

int safety_is_step(const char *code)
{
    static const char *const codes[] = {"contact", "visit", "referral", "respondent", "publication", NULL};
    return is_one_of(codes, code);
}

int safety_is_outcome(const char *code)
{
    static const char *const codes[] = {"well", "harmed", "not_reached", NULL};
    return is_one_of(codes, code);
}

void safety_assess(json_t *state, const char *level, const char *plan, const char *who)
{
    json_t *safety = json_pack("{s:s,s:s,s:s,s:o}", "level", level, "plan", plan, "by", who, "at", state_now());
    need(safety && json_object_set_new(state, "safety", safety) == 0);
    state_history(state, who, "Said how safe the person is");
}

/* ---- steps outside ---- */

static void add_checkin(json_t *state, size_t step, int64_t due)
{
    char text[CLOCK_TEXT_SIZE];
    clock_text(due, text);
    json_t *checkin = json_pack("{s:I,s:s}", "step", (json_int_t)step, "due", text);
    need(checkin && json_array_append_new(state_list(state, "checkins"), checkin) == 0);
}

int safety_take_step(json_t *state, const struct safety_step *step, const char *who, int64_t now)
{
    json_t *list = state_list(state, "outside");
    size_t number = json_array_size(list);
    if (number >= SAFETY_STEPS_MAX)
        return 0;
    json_t *kept = json_pack("{s:s,s:s,s:s,s:b,s:s,s:s,s:o}", "what", step->what, "says", step->says, "could_tell",
                             step->could_tell, "consent", step->is_consented, "consent_how", step->consent_how, "by",
                             who, "at", state_now());
    need(kept && json_array_append_new(list, kept) == 0);
    add_checkin(state, number, now + SAFETY_FIRST_S);
    add_checkin(state, number, now + SAFETY_SECOND_S);
    state_history(state, who, "A step outside was taken");
    return 1;
}

/* ---- check-ins ---- */

static int is_open(const json_t *checkin)
{
    return !json_is_object(json_object_get(checkin, "done"));
}

int64_t safety_due_first(const json_t *state, size_t *index)
{
    size_t i;
    json_t *checkin;
    int64_t first = 0;
    json_array_foreach(json_object_get(state, "checkins"), i, checkin)
    {
        int64_t due = is_open(checkin) ? clock_parse(state_text(checkin, "due")) : 0;
        if (due > 0 && (!first || due < first)) {
            first = due;
            *index = i;
        }
    }
    return first;
}

int64_t safety_due(const json_t *state)
{
    size_t index;
    return safety_due_first(state, &index);
}

/* Somebody made them pay for it: whoever reads this case next has a day. */
static void was_harmed(json_t *state, const char *says, const char *who)
{
    json_t *safety = json_object_get(state, "safety");
    struct life_step again = {.to = LIFE_REOPENED, .mover = LIFE_BY_OFFICER, .who = who, .reason = says};
    safety_assess(state, "high", state_text(safety, "plan"), who);
    if (life_is_ending(life_now(state)))
        need(life_move(state, &again) == LIFE_MOVED);
    state_look_within(state, HARMED_LOOK_S);
    state_history(state, who, "They were punished for complaining");
}

int safety_check_in(json_t *state, size_t index, const char *outcome, const char *says, const char *who, int64_t now)
{
    json_t *list = json_object_get(state, "checkins"), *checkin = json_array_get(list, index);
    if (!checkin || !is_open(checkin))
        return 0;
    json_t *done = json_pack("{s:s,s:s,s:s,s:o}", "outcome", outcome, "says", says, "by", who, "at", state_now());
    need(done && json_object_set_new(checkin, "done", done) == 0);
    state_history(state, who, "Asked whether they are safe");
    if (strcmp(outcome, "harmed") == 0)
        was_harmed(state, says, who);
    if (strcmp(outcome, "not_reached") == 0 && json_array_size(list) < CHECKINS_MAX)
        add_checkin(state, (size_t)json_integer_value(json_object_get(checkin, "step")), now + AGAIN_DAYS * DAY);
    return 1;
}
