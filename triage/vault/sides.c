/* sides.c -- see sides.h. */
#include "triage/vault/sides.h"

#include <stddef.h>
#include <string.h>

#include "common/base/clock.h"
#include "common/base/mem.h"
#include "triage/vault/acts.h"
#include "triage/vault/audit.h"
#include "triage/vault/book.h"
#include "triage/vault/case_change.h"
#include "triage/vault/case_state.h"
#include "triage/vault/decision.h"
#include "triage/vault/referral.h"
#include "triage/vault/second.h"

enum { A_TICK_MOST = 50 };

struct case_side {
    struct order_node in_second, in_watched, in_wishes, in_referrals;
    struct case_file *file;
    json_t *watchers; /* [{"who","seen"}] */
    json_t *bars;     /* [{"who","until"}], wall seconds */
};

#define SIDE_OF(node, member) ((struct case_side *)((char *)(node)-offsetof(struct case_side, member)))

/* ---- reading a state ---- */

static void bar(json_t *bars, const char *who, int64_t until)
{
    json_t *one = json_pack("{s:s,s:I}", "who", who, "until", (json_int_t)until);
    need(one && json_array_append_new(bars, one) == 0);
}

/* Skips of more than four hours ago are over; the newest stand last. */
static void read_bars(const json_t *state, json_t *bars)
{
    const json_t *skips = json_object_get(state, "skips"), *last = decision_last(state);
    int64_t now = clock_wall();
    for (size_t i = json_array_size(skips); i-- > 0;) {
        const json_t *skip = json_array_get(skips, i);
        int64_t until = clock_parse(state_text(skip, "at")) + SIDES_SKIP_S;
        if (until <= now)
            break;
        bar(bars, state_text(skip, "by"), until);
    }
    if (life_now(state) != LIFE_UNDER_REVIEW)
        return;
    bar(bars, state_text(last, "by"), INT64_MAX);
    if (*state_text(last, "second"))
        bar(bars, state_text(last, "second"), INT64_MAX);
}

static void leave_lists(struct sides *sides, struct case_side *side)
{
    order_remove(&sides->second, &side->in_second);
    order_remove(&sides->watched, &side->in_watched);
    order_remove(&sides->wishes, &side->in_wishes);
    order_remove(&sides->referrals, &side->in_referrals);
}

static void side_free(struct case_side *side)
{
    json_decref(side->watchers);
    json_decref(side->bars);
    mem_free(side);
}

static struct order_key rank_of(const struct case_file *file, int64_t now)
{
    const struct severity *severity = &file->place.severity;
    return (struct order_key){UINT32_MAX - severity_weight(severity, now), (uint64_t)severity->arrived, file->number};
}

/* `referral`: since when the oldest one is open; -1: there are some, none is. They are listed all the same. */
static void stand_in_lists(struct sides *sides, struct case_side *side, int wants_second, int64_t due, int64_t referral)
{
    struct case_file *file = side->file;
    if (wants_second)
        order_add(&sides->second, &side->in_second, rank_of(file, clock_wall()));
    if (json_array_size(side->watchers))
        order_add(&sides->watched, &side->in_watched, (struct order_key){file->number, 0, 0});
    if (due)
        order_add(&sides->wishes, &side->in_wishes, (struct order_key){(uint64_t)due, file->number, 0});
    if (referral)
        order_add(&sides->referrals, &side->in_referrals, (struct order_key){(uint64_t)referral, file->number, 0});
}

void sides_know(struct vault *vault, const json_t *state, struct case_file *file)
{
    struct sides *sides = &vault->sides;
    json_t *watchers = json_object_get(state, "watchers"), *bars = json_array();
    int wants_second = second_is_wanted(state) || life_now(state) == LIFE_UNDER_REVIEW;
    int64_t due = acts_due(state), referral = referral_oldest(state);
    if (!referral && json_array_size(json_object_get(state, "referrals")))
        referral = -1;
    read_bars(state, bars);
    if (file->side)
        leave_lists(sides, file->side);
    if (!wants_second && !due && !referral && !json_array_size(watchers) && !json_array_size(bars)) {
        sides_free(file);
        json_decref(bars);
        return;
    }
    struct case_side *side = file->side;
    if (!side) {
        side = file->side = mem_new(sizeof *side);
        side->file = file;
    }
    json_decref(side->watchers);
    json_decref(side->bars);
    side->watchers = json_is_array(watchers) ? json_deep_copy(watchers) : json_array();
    side->bars = bars;
    stand_in_lists(sides, side, wants_second, due, referral);
}

void sides_free(struct case_file *file)
{
    if (file->side)
        side_free(file->side);
    file->side = NULL;
}

/* ---- asking ---- */

static const struct order *list_of(const struct sides *sides, enum sides_list list)
{
    return list == SIDES_SECOND ? &sides->second : list == SIDES_WATCHED ? &sides->watched : &sides->referrals;
}

struct case_file *sides_at(const struct sides *sides, enum sides_list list, size_t index)
{
    struct order_node *node = order_at(list_of(sides, list), index);
    if (!node)
        return NULL;
    if (list == SIDES_REFERRAL)
        return SIDE_OF(node, in_referrals)->file;
    return list == SIDES_SECOND ? SIDE_OF(node, in_second)->file : SIDE_OF(node, in_watched)->file;
}

size_t sides_count(const struct sides *sides, enum sides_list list)
{
    return order_count(list_of(sides, list));
}

int sides_wants_second(const struct case_file *file)
{
    return file->side && file->side->in_second.size > 0;
}

int64_t sides_seen(const struct case_file *file, const char *who)
{
    size_t i;
    json_t *one;
    if (file->side)
        json_array_foreach(file->side->watchers, i, one) if (strcmp(state_text(one, "who"), who) ==
                                                             0) return json_integer_value(json_object_get(one, "seen"));
    return -1;
}

int sides_may_have(const struct case_file *file, const char *who, int64_t now)
{
    size_t i;
    json_t *one;
    if (file->side)
        json_array_foreach(file->side->bars, i,
                           one) if (strcmp(state_text(one, "who"), who) == 0 &&
                                    json_integer_value(json_object_get(one, "until")) > now) return 0;
    return 1;
}

/* ---- wishes whose time has come ---- */

struct ending {
    struct vault *vault;
    uint64_t fence;
    uint8_t case_id[16];
};

static void ended(void *room, enum err err)
{
    (void)err; /* not kept: it is due still, and the next tick tries again */
    mem_free(room);
}

static void end_one(void *arg)
{
    struct ending *e = arg;
    struct vault *vault = e->vault;
    struct case_file *file =
        e->fence == vault->fence && vault->phase == PHASE_OPEN ? book_find(vault->book, e->case_id) : NULL;
    if (file && file->writing) {
        book_wait(file, end_one, e);
        return;
    }
    json_t *state = file ? state_draft(file) : NULL;
    int64_t due = state ? acts_due(state) : 0;
    if (!due || due > clock_wall()) { /* taken back, or ended otherwise, meanwhile */
        json_decref(state);
        mem_free(e);
        return;
    }
    struct case_change *cc = case_change_begin(vault, file, state);
    acts_end(cc->state);
    case_change_notice(cc);
    audit_leaf(vault, cc->change, "", "case.wish_due", file->id, NULL);
    case_change_submit(cc, ended, e);
}

void sides_tick(struct vault *vault, int64_t now)
{
    for (size_t i = 0; i < A_TICK_MOST && door_vault_is_up(vault->door); i++) {
        struct order_node *node = order_at(&vault->sides.wishes, i);
        if (!node || node->key.first > (uint64_t)now)
            return;
        const struct case_file *file = SIDE_OF(node, in_wishes)->file;
        if (file->writing)
            continue;
        struct ending *e = mem_new(sizeof *e);
        *e = (struct ending){.vault = vault, .fence = vault->fence};
        memcpy(e->case_id, file->id, sizeof e->case_id);
        loop_later(vault->loop, end_one, e);
    }
}
