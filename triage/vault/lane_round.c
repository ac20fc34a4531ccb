/* lane_round.c -- see lane_round.h. */
#include "triage/vault/lane_round.h"

#include "triage/vault/book.h"

enum { LOOKED_AT_A_TICK = 2000, CHANGED_AT_A_TICK = 50 };

void lane_round(struct vault *vault, enum queue_lane lane, size_t *upto, lane_round_fn *tend, int64_t now)
{
    unsigned left = CHANGED_AT_A_TICK;
    size_t count = queue_count(&vault->queue, lane);
    if (count == 0 || !door_vault_is_up(vault->door))
        return;
    for (size_t i = 0; i < LOOKED_AT_A_TICK && left > 0; i++) {
        if (*upto >= count) {
            *upto = 0;
            return;
        }
        struct case_file *file = book_of_place(queue_at(&vault->queue, lane, (*upto)++));
        if (!file->writing && tend(vault, file, now))
            left--;
    }
}
