/* left_behind.c -- see left_behind.h. */
#include "triage/vault/left_behind.h"

#include "triage/vault/audit.h"
#include "triage/vault/case_change.h"
#include "triage/vault/case_state.h"
#include "triage/vault/lane_round.h"
#include "triage/vault/people.h"

static void kept(void *room, enum err err)
{
    (void)room;
    (void)err; /* not kept: they have left still, and the next round finds it */
}

/* Of whom nothing is known (a record that was refused) nobody can say that they left. */
static int has_left(const struct vault *vault, const char *name)
{
    const struct person *person = people_find(vault->people, name);
    return person && person->is_ended;
}

static int let_go(struct vault *vault, struct case_file *file, int64_t now)
{
    (void)now;
    if (!has_left(vault, file->taken_by))
        return 0;
    struct case_change *cc = case_change_begin(vault, file, NULL);
    state_set_text(cc->state, "taken_by", "");
    state_history(cc->state, "", "Who held it has left: it waits for somebody else");
    audit_leaf(vault, cc->change, "", "case.left_behind", file->id, NULL);
    case_change_submit(cc, kept, NULL);
    return 1;
}

void left_behind_tick(struct vault *vault, int64_t now)
{
    lane_round(vault, LANE_HELD, &vault->held_upto, let_go, now);
}
