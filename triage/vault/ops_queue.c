/* ops_queue.c -- operations on the queue: list a lane or what one watches, take the next case. */
#include <string.h>

#include "common/base/clock.h"
#include "common/base/code.h"
#include "triage/vault/aside.h"
#include "triage/vault/audit.h"
#include "triage/vault/case_change.h"
#include "triage/vault/case_state.h"
#include "triage/vault/case_view.h"
#include "triage/vault/graphic.h"
#include "triage/vault/life.h"
#include "triage/vault/listing.h"
#include "triage/vault/ops.h"
#include "triage/vault/participants_keep.h"
#include "triage/vault/seen.h"

enum { LIST_MAX = 100, LIST_USUAL = 25 };

static json_int_t in_lane(const struct request *request, enum queue_lane lane)
{
    return (json_int_t)seen_lane_count(request->vault, request->who, lane);
}

static json_t *counts(const struct request *request, size_t mine)
{
    return json_pack("{s:I,s:I,s:I,s:I,s:I,s:I,s:I}", "aside", in_lane(request, LANE_ASIDE), "escalated",
                     (json_int_t)seen_side_count(request->vault, request->who, SIDES_ESCALATED), "first_look",
                     in_lane(request, LANE_FIRST_LOOK), "assessed", in_lane(request, LANE_ASSESSED), "consultation",
                     in_lane(request, LANE_CONSULTATION), "mine", (json_int_t)mine, "second",
                     (json_int_t)seen_side_count(request->vault, request->who, SIDES_SECOND));
}

/* What one officer holds is a handful among what all hold. */
static size_t list_mine(const struct request *request, int64_t after, int64_t limit, json_t *items)
{
    size_t mine = 0, index = 0;
    const struct case_file *file;
    while ((file = seen_lane_next(request->vault, request->who, LANE_HELD, &index))) {
        if (strcmp(file->taken_by, request->who) != 0)
            continue;
        if (mine >= (size_t)after && mine < (size_t)(after + limit) && items)
            json_array_append_new(items, case_item(request->vault, file));
        mine++;
    }
    return mine;
}

/* Of a lane, those that the filter lets through. */
static void list_some(struct request *request, struct filter *filter, enum queue_lane lane, int64_t after,
                      int64_t limit)
{
    size_t total;
    filter->lane = lane;
    const struct listing ask = {.filter = filter, .who = request->who, .after = (size_t)after, .limit = (size_t)limit};
    json_t *items = listing_page(request->vault, &ask, &total);
    json_t *of_lanes = counts(request, list_mine(request, 0, 0, NULL));
    request_ok(request, json_pack("{s:o,s:o,s:I}", "items", items, "counts", of_lanes, "total", (json_int_t)total));
}

static void list_lane(struct request *request, enum queue_lane lane)
{
    int64_t after = 0, limit = LIST_USUAL;
    struct vault *vault = request->vault;
    if (!request_int(request, "after", 0, 0, INT32_MAX, &after) ||
        !request_int(request, "limit", 0, 1, LIST_MAX, &limit))
        return;
    struct filter filter;
    if (!listing_asked(request, &filter))
        return;
    if (!filter_is_empty(&filter)) {
        list_some(request, &filter, lane, after < LISTING_AFTER_MAX ? after : LISTING_AFTER_MAX, limit);
        return;
    }
    json_t *items = json_array();
    size_t mine = list_mine(request, after, limit, lane == LANE_HELD ? items : NULL);
    if (lane != LANE_HELD) {
        size_t index = seen_lane_begin(vault, request->who, lane, (size_t)after);
        const struct case_file *file;
        while (limit-- > 0 && (file = seen_lane_next(vault, request->who, lane, &index)))
            json_array_append_new(items, case_item(vault, file));
    }
    json_int_t total = lane == LANE_HELD ? (json_int_t)mine : in_lane(request, lane);
    request_ok(request, json_pack("{s:o,s:o,s:I}", "items", items, "counts", counts(request, mine), "total", total));
}

/* ---- what one watches ---- */

/* With what happened last, and whether that is news to who asks. */
static json_t *watched_item(const struct request *request, const struct case_file *file, int64_t seen)
{
    json_t *item = case_item(request->vault, file), *state = state_draft(file);
    const json_t *history = json_object_get(state, "history");
    json_object_set_new(item, "is_news", json_boolean(file->told > seen));
    json_object_set(item, "last", json_array_get(history, json_array_size(history) - 1));
    json_decref(state);
    return item;
}

static void list_watched(struct request *request)
{
    int64_t after = 0, limit = LIST_USUAL, mine = 0;
    size_t index = 0;
    if (!request_int(request, "after", 0, 0, INT32_MAX, &after) ||
        !request_int(request, "limit", 0, 1, LIST_MAX, &limit))
        return;
    json_t *items = json_array();
    const struct case_file *file;
    while ((file = seen_side_next(request->vault, request->who, SIDES_WATCHED, &index))) {
        int64_t seen = sides_seen(file, request->who);
        if (seen < 0)
            continue;
        if (mine >= after && mine < after + limit)
            json_array_append_new(items, watched_item(request, file, seen));
        mine++;
    }
    json_t *of_lanes = counts(request, list_mine(request, 0, 0, NULL));
    request_ok(request, json_pack("{s:o,s:o,s:I}", "items", items, "counts", of_lanes, "total", (json_int_t)mine));
}

/* ---- what was escalated ---- */

static void list_escalated(struct request *request)
{
    int64_t after = 0, limit = LIST_USUAL;
    const struct vault *vault = request->vault;
    if (!request_int(request, "after", 0, 0, INT32_MAX, &after) ||
        !request_int(request, "limit", 0, 1, LIST_MAX, &limit))
        return;
    json_t *items = json_array();
    const struct case_file *file;
    size_t index = 0;
    for (int64_t n = 0; n < after + limit && (file = seen_side_next(vault, request->who, SIDES_ESCALATED, &index)); n++)
        if (n >= after)
            json_array_append_new(items, case_item(vault, file));
    json_t *of_lanes = counts(request, list_mine(request, 0, 0, NULL));
    request_ok(request, json_pack("{s:o,s:o,s:I}", "items", items, "counts", of_lanes, "total",
                                  (json_int_t)seen_side_count(vault, request->who, SIDES_ESCALATED)));
}

void ops_queue_list(struct request *request)
{
    const char *name = "first_look";
    if (!request_text(request, "lane", 0, 20, &name))
        return;
    if (strcmp(name, "watched") == 0) {
        list_watched(request);
        return;
    }
    if (strcmp(name, "escalated") == 0) {
        list_escalated(request);
        return;
    }
    enum queue_lane lane = queue_lane_of(name);
    if (lane == LANE_COUNT)
        request_fail(request, "malformed", "There is no such lane.", "lane");
    else
        list_lane(request, lane);
}

void ops_consultation_list(struct request *request)
{
    list_lane(request, LANE_CONSULTATION);
}

static void taken(void *room, enum err err)
{
    struct request *request = room;
    const struct case_file *file =
        err == ERR_OK ? seen_find(request->vault, request->who, json_string_value(request->kept)) : NULL;
    if (file && file->is_graphic)
        graphic_took(request->vault->graphic, request->vault, request->who, clock_wall());
    if (file)
        case_answer_full(request, file);
    else
        request_fail_with(request, err == ERR_OK ? ERR_CANCELLED : err);
}

/* Whom the next case is for, and what else they might be given in a moment. */
struct asking {
    struct request *request;
    struct case_file *soon;
};

/* One more that is hard to read would be too much: the answer says so, where nothing else waits. */
static int may_have(const struct queue_place *place, void *room)
{
    struct asking *asking = room;
    struct request *request = asking->request;
    const struct case_file *file = book_of_place((struct queue_place *)(uintptr_t)place);
    int64_t now = clock_wall();
    if (!sides_may_have(file, request->who, now) || participants_are_held(request->vault, file, request->who))
        return 0;
    struct case_file *soon = participants_in_the_making(request->vault, file);
    if (soon) {
        asking->soon = soon;
        return 0;
    }
    int may = graphic_may_take(request->vault, file, request->who, now);
    if (!may && !request->kept)
        request->kept = json_true();
    return may;
}

void ops_take_draft(struct case_change *cc, const char *who)
{
    aside_end(cc->state, "taken", who, "");
    state_set_text(cc->state, "taken_by", who);
    state_history(cc->state, who, "Taken");
    if (life_follow(cc->state, LIFE_FIRST_LOOK, LIFE_BY_OFFICER, who))
        case_change_notice(cc);
}

void ops_queue_take(struct request *request)
{
    struct vault *vault = request->vault;
    char id[CODE_ID_SIZE];
    struct asking asking = {.request = request};
    struct queue_place *place = queue_take_for(&vault->queue, clock_wall(), may_have, &asking);
    if (!place && asking.soon) {
        book_wait(asking.soon, request_again, request);
        return;
    }
    if (!place) {
        request_ok(request, json_pack("{s:b,s:b}", "empty", 1, "enough", json_is_true(request->kept)));
        return;
    }
    struct case_file *file = book_of_place(place);
    if (file->writing) {
        queue_put(&vault->queue, place, clock_wall());
        book_wait(file, request_again, request);
        return;
    }
    code_id(file->id, id);
    json_decref(request->kept);
    request->kept = json_string(id);
    struct case_change *cc = case_change_begin(vault, file, NULL);
    ops_take_draft(cc, request->who);
    audit_leaf(vault, cc->change, request->who, "queue.take", file->id, NULL);
    case_change_submit(cc, taken, request);
}
