/* queue.c -- see queue.h. */
#include "triage/vault/queue.h"

#include <stddef.h>
#include <string.h>

enum { OVERDUE_EVERY = 10 };

static const char *const lane_names[LANE_COUNT] = {"", "first_look", "assessed", "consultation", "mine", "aside"};

const char *queue_lane_name(enum queue_lane lane)
{
    return lane_names[lane];
}

enum queue_lane queue_lane_of(const char *name)
{
    for (int lane = LANE_FIRST_LOOK; lane < LANE_COUNT; lane++)
        if (strcmp(name, lane_names[lane]) == 0)
            return (enum queue_lane)lane;
    return LANE_COUNT;
}

#define PLACE_OF(node, member) ((struct queue_place *)((char *)(node)-offsetof(struct queue_place, member)))

/* Times before 1970 do not occur; the sign bit is moved so that they would still sort first. */
static uint64_t as_key(int64_t time)
{
    return (uint64_t)time ^ (uint64_t)1 << 63;
}

static struct order_key rank_key(const struct queue_place *place, int64_t now)
{
    return (struct order_key){UINT32_MAX - severity_weight(&place->severity, now), as_key(place->severity.arrived),
                              place->number};
}

static int is_worked(enum queue_lane lane)
{
    return lane == LANE_FIRST_LOOK || lane == LANE_ASSESSED;
}

void queue_remove(struct queue *queue, struct queue_place *place)
{
    order_remove(&queue->lanes[place->stands_in], &place->in_lane);
    place->stands_in = LANE_NONE;
    order_remove(&queue->due, &place->in_due);
    order_remove(&queue->move, &place->in_move);
}

void queue_put(struct queue *queue, struct queue_place *place, int64_t now)
{
    queue_remove(queue, place);
    if (place->lane == LANE_NONE)
        return;
    place->stands_in = place->lane;
    order_add(&queue->lanes[place->lane], &place->in_lane, rank_key(place, now));
    if (is_worked(place->lane) && !severity_is_floor(&place->severity))
        order_add(&queue->due, &place->in_due, (struct order_key){as_key(place->due), 0, place->number});
    int64_t next = severity_next_change(&place->severity, now);
    if (next)
        order_add(&queue->move, &place->in_move, (struct order_key){as_key(next), 0, place->number});
}

struct queue_place *queue_at(const struct queue *queue, enum queue_lane lane, size_t index)
{
    struct order_node *node = order_at(&queue->lanes[lane], index);
    return node ? PLACE_OF(node, in_lane) : NULL;
}

size_t queue_count(const struct queue *queue, enum queue_lane lane)
{
    return order_count(&queue->lanes[lane]);
}

size_t queue_index(const struct queue *queue, const struct queue_place *place)
{
    return order_index(&queue->lanes[place->stands_in], &place->in_lane);
}

static struct queue_place *more_severe(struct queue_place *a, struct queue_place *b, int64_t now)
{
    if (!a || !b)
        return a ? a : b;
    return severity_compare(&b->severity, &a->severity, now) < 0 ? b : a;
}

/* Who takes, and what they may be given. */
struct taker {
    queue_may_fn *may; /* NULL: everything */
    void *room;
};

static int may_have(const struct taker *taker, const struct queue_place *place)
{
    return !taker->may || taker->may(place, taker->room);
}

static struct queue_place *first_in(const struct queue *queue, enum queue_lane lane, const struct taker *taker)
{
    struct queue_place *place;
    for (size_t i = 0; (place = queue_at(queue, lane, i)); i++)
        if (may_have(taker, place))
            return place;
    return NULL;
}

static struct queue_place *most_overdue(const struct queue *queue, int64_t now, const struct taker *taker)
{
    struct order_node *node;
    for (size_t i = 0; (node = order_at(&queue->due, i)); i++) {
        struct queue_place *place = PLACE_OF(node, in_due);
        if (place->due > now)
            return NULL;
        if (may_have(taker, place))
            return place;
    }
    return NULL;
}

static struct queue_place *next_place(struct queue *queue, int64_t now, const struct taker *taker)
{
    struct queue_place *look = first_in(queue, LANE_FIRST_LOOK, taker);
    struct queue_place *assessed = first_in(queue, LANE_ASSESSED, taker), *first = more_severe(look, assessed, now);
    if (!first || severity_is_floor(&first->severity))
        return first;
    if (++queue->takes % OVERDUE_EVERY == 0) {
        struct queue_place *overdue = most_overdue(queue, now, taker);
        if (overdue)
            return overdue;
    }
    if (!look || !assessed)
        return first;
    queue->assessed_next = !queue->assessed_next;
    return queue->assessed_next ? look : assessed;
}

struct queue_place *queue_take_for(struct queue *queue, int64_t now, queue_may_fn *may, void *room)
{
    struct taker taker = {may, room};
    struct queue_place *place = next_place(queue, now, &taker);
    if (place)
        queue_remove(queue, place);
    return place;
}

struct queue_place *queue_take(struct queue *queue, int64_t now)
{
    return queue_take_for(queue, now, NULL, NULL);
}

unsigned queue_move(struct queue *queue, int64_t now, unsigned most)
{
    unsigned moved = 0;
    struct order_node *node;
    while (moved < most && (node = order_at(&queue->move, 0)) && node->key.first <= as_key(now)) {
        queue_put(queue, PLACE_OF(node, in_move), now);
        moved++;
    }
    return moved;
}
