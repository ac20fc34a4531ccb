/* queue.h -- which case comes next: lanes in order of severity, and a fair way to take from them.
 *
 * Knows places, not cases: a place is embedded in the case and carries its severity, due time and lane. What is in the
 * floor goes first, whichever of the two worked lanes it stands in. Outside it takes alternate between first look and
 * assessed, and every tenth serves the most overdue, while nobody in the floor waits; the order itself never changes.
 * A place that was taken is in no lane, so no case is given to two officers. Time is a parameter. */
#ifndef TRIAGE_VAULT_QUEUE_H
#define TRIAGE_VAULT_QUEUE_H

#include "triage/vault/order.h"
#include "triage/vault/severity.h"

enum queue_lane { LANE_NONE, LANE_FIRST_LOOK, LANE_ASSESSED, LANE_CONSULTATION, LANE_HELD, LANE_ASIDE, LANE_COUNT };

struct queue_place {
    struct order_node in_lane, in_due, in_move;
    struct severity severity;
    int64_t due;
    uint32_t number;           /* of the case: tells equals apart, unique */
    enum queue_lane lane;      /* where it belongs; the owner sets it before queue_put() */
    enum queue_lane stands_in; /* where it is; the queue's own */
};

struct queue {
    struct order lanes[LANE_COUNT];
    struct order due;  /* of the two worked lanes, outside the floor */
    struct order move; /* by the time of the next change of rank */
    unsigned takes;
    int assessed_next; /* whose turn it is outside the floor */
};

/* Where a lane stands in requests and answers: "first_look", "assessed", "consultation", "mine", "aside"; "" for none.
 */
const char *queue_lane_name(enum queue_lane lane);
/* LANE_COUNT for an unknown name. */
enum queue_lane queue_lane_of(const char *name);

/* Put the place where its severity, due and lane say (LANE_NONE: nowhere), wherever it was before. */
void queue_put(struct queue *queue, struct queue_place *place, int64_t now);
void queue_remove(struct queue *queue, struct queue_place *place);
/* Who is next, and out of its lane; NULL when nobody waits. The caller puts it back when the taking fails. */
struct queue_place *queue_take(struct queue *queue, int64_t now);
/* The same for somebody who may not have every case: the first in this order for which `may` says 1. */
typedef int queue_may_fn(const struct queue_place *place, void *room);
struct queue_place *queue_take_for(struct queue *queue, int64_t now, queue_may_fn *may, void *room);
/* The n-th of a lane in its order; NULL behind the last. */
struct queue_place *queue_at(const struct queue *queue, enum queue_lane lane, size_t index);
size_t queue_count(const struct queue *queue, enum queue_lane lane);
/* Where the place stands in its lane, from 0; it stands in one. */
size_t queue_index(const struct queue *queue, const struct queue_place *place);
/* Time alone moves cases up: put again those whose moment has come (at most `most`). How many there were. */
unsigned queue_move(struct queue *queue, int64_t now, unsigned most);

#endif
