/* left_behind.c -- see left_behind.h. */
#include "triage/vault/left_behind.h"

#include "triage/vault/audit.h"
#include "triage/vault/case_change.h"
#include "triage/vault/case_state.h"
#include "triage/vault/people.h"

enum { LOOKED_AT_A_TICK = 500, A_TICK_MOST = 50 };

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

static void let_go(struct vault *vault, struct case_file *file)
{
    struct case_change *cc = case_change_begin(vault, file, NULL);
    state_set_text(cc->state, "taken_by", "");
    state_history(cc->state, "", "Who held it has left: it waits for somebody else");
    audit_leaf(vault, cc->change, "", "case.left_behind", file->id, NULL);
    case_change_submit(cc, kept, NULL);
}

void left_behind_tick(struct vault *vault)
{
    unsigned most = A_TICK_MOST;
    size_t count = queue_count(&vault->queue, LANE_HELD);
    if (count == 0 || !door_vault_is_up(vault->door))
        return;
    for (size_t i = 0; i < LOOKED_AT_A_TICK && most > 0; i++) {
        if (vault->held_upto >= count) {
            vault->held_upto = 0;
            return;
        }
        struct case_file *file = book_of_place(queue_at(&vault->queue, LANE_HELD, vault->held_upto++));
        if (!file->writing && has_left(vault, file->taken_by)) {
            let_go(vault, file);
            most--;
        }
    }
}
