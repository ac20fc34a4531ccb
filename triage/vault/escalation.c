/* escalation.c -- see escalation.h. */
#include "triage/vault/escalation.h"

#include <string.h>

#include "common/base/clock.h"
#include "common/base/mem.h"
#include "triage/vault/alike.h"
#include "triage/vault/audit.h"
#include "triage/vault/book.h"
#include "triage/vault/breaches.h"
#include "triage/vault/case_change.h"
#include "triage/vault/case_state.h"

enum { LOOKED_AT_A_TICK = 50000, A_TICK_MOST = 50, HOUR = 3600 };

static const char *const says[DEADLINE_STAGES] = {
    [DEADLINE_LOOK] = "Escalated: nobody has looked in time",
    [DEADLINE_CONTACT] = "Escalated: no safe contact in time",
    [DEADLINE_ACKNOWLEDGE] = "Escalated: the person was not told in time that it was read",
    [DEADLINE_OUTCOME] = "Escalated: the person was not told in time what became of it",
    [DEADLINE_RECEIVER] = "Escalated: whom it was referred to has not answered in time",
};

unsigned escalation_done(const json_t *state)
{
    const json_t *done = json_object_get(state, "escalated");
    unsigned bits = 0;
    for (int stage = 0; stage < DEADLINE_STAGES; stage++)
        if (json_object_get(done, deadlines_stage_name((enum deadline_stage)stage)))
            bits |= 1U << stage;
    return bits;
}

unsigned escalation_due(const json_t *state, const struct stage_fact facts[static DEADLINE_STAGES],
                        const int64_t after_s[static DEADLINE_STAGES], int64_t now)
{
    unsigned done = escalation_done(state), bits = 0;
    for (int stage = 0; stage < DEADLINE_STAGES; stage++)
        if (after_s[stage] > 0 && !(done & 1U << stage) && facts[stage].standing == STAGE_OPEN &&
            facts[stage].due + after_s[stage] < now)
            bits |= 1U << stage;
    return bits;
}

void escalation_make(json_t *state, enum deadline_stage stage)
{
    json_t *done = json_object_get(state, "escalated");
    if (!json_is_object(done)) {
        done = json_object();
        need(json_object_set_new(state, "escalated", done) == 0);
    }
    need(json_object_set_new(done, deadlines_stage_name(stage), state_now()) == 0);
    state_history(state, "", says[stage]);
}

void escalation_over(json_t *state, unsigned stages)
{
    json_t *done = json_object_get(state, "escalated");
    for (int stage = 0; stage < DEADLINE_STAGES; stage++)
        if (stages & 1U << stage)
            json_object_del(done, deadlines_stage_name((enum deadline_stage)stage));
}

int escalation_stands(const json_t *state, const struct stage_fact facts[static DEADLINE_STAGES])
{
    unsigned done = escalation_done(state);
    for (int stage = 0; stage < DEADLINE_STAGES; stage++)
        if (done & 1U << stage && facts[stage].standing == STAGE_OPEN)
            return 1;
    return 0;
}

/* ---- when it is time ---- */

void escalation_after(const struct vault *vault, int64_t after_s[static DEADLINE_STAGES])
{
    const struct settings *s = &vault->settings;
    after_s[DEADLINE_LOOK] = s->escalate_look_h * HOUR;
    after_s[DEADLINE_CONTACT] = s->escalate_contact_h * HOUR;
    after_s[DEADLINE_ACKNOWLEDGE] = s->escalate_acknowledge_h * HOUR;
    after_s[DEADLINE_OUTCOME] = s->escalate_outcome_h * HOUR;
    after_s[DEADLINE_RECEIVER] = s->escalate_receiver_h * HOUR;
}

static void kept(void *room, enum err err)
{
    (void)room;
    (void)err; /* not kept: it is due still, and the next round finds it */
}

static void escalate(struct vault *vault, struct case_file *file, const int64_t after_s[static DEADLINE_STAGES],
                     int64_t now)
{
    struct stage_fact facts[DEADLINE_STAGES];
    struct case_change *cc = case_change_begin(vault, file, NULL);
    stages_facts(&vault->office, cc->state, &file->place.severity, now, facts);
    unsigned due = escalation_due(cc->state, facts, after_s, now);
    for (int stage = 0; stage < DEADLINE_STAGES; stage++) {
        if (!(due & 1U << stage))
            continue;
        escalation_make(cc->state, (enum deadline_stage)stage);
        audit_leaf(vault, cc->change, "", "case.escalated", file->id,
                   json_pack("{s:s}", "stage", deadlines_stage_name((enum deadline_stage)stage)));
    }
    if (due)
        case_change_submit(cc, kept, NULL);
    else
        case_change_drop(cc);
}

struct round {
    struct vault *vault;
    int64_t now;
    const int64_t *after_s;
    unsigned found;
};

/* Those that say nearly the same are one item: the first stands for them here too. */
static int waits_behind(const struct vault *vault, const struct case_file *file)
{
    uint32_t first = alike_first(vault->alike, file->number);
    return file->place.lane == LANE_NONE && first != ALIKE_NONE && first != file->number;
}

/* 0: enough for this tick. */
static int found(void *room, uint32_t number)
{
    struct round *r = room;
    struct case_file *file = book_at(r->vault->book, number);
    if (!file || waits_behind(r->vault, file) || file->version == 0 || file->writing || file->state_len > STATE_FULL)
        return 1;
    escalate(r->vault, file, r->after_s, r->now);
    return ++r->found < A_TICK_MOST;
}

void escalation_tick(struct vault *vault, int64_t now)
{
    int64_t after_s[DEADLINE_STAGES];
    if (!door_vault_is_up(vault->door))
        return;
    escalation_after(vault, after_s);
    struct round round = {.vault = vault, .now = now, .after_s = after_s};
    vault->escalated_upto =
        breaches_overdue(vault->breaches, vault->escalated_upto, LOOKED_AT_A_TICK, now, after_s, found, &round);
}
