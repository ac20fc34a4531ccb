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
#include "triage/vault/participants_keep.h"
#include "triage/vault/people.h"
#include "triage/vault/referral.h"
#include "triage/vault/remedy_tell.h"
#include "triage/vault/safety.h"
#include "triage/vault/second.h"
#include "triage/vault/translation.h"

enum { A_TICK_MOST = 50 };

struct case_side {
    struct order_node in[SIDES_COUNT];
    struct case_file *file;
    json_t *watchers;     /* [{"who","seen"}] */
    json_t *bars;         /* [{"who","until"}], wall seconds */
    json_t *named;        /* [{"name"}]: for them it does not exist, nor do those of the other participants */
    int64_t leaves_until; /* until then it is given to nobody */
};

static struct case_side *side_of(struct order_node *node, enum sides_list list)
{
    return (struct case_side *)(void *)((char *)(node - list) - offsetof(struct case_side, in));
}

/* ---- which lists a state stands in, and where ---- */

/* When the next thing happens by time; 0: nothing does. */
static int64_t next_of(const json_t *state)
{
    int64_t wish = acts_due(state), ask = remedy_ask_due(state);
    return !wish || (ask && ask < wish) ? ask : wish;
}

static int at_time(int64_t time, struct order_key *key)
{
    key->first = (uint64_t)time;
    return time != 0;
}

static int by_rank(const struct case_file *file, int stands, struct order_key *key)
{
    const struct severity *severity = &file->place.severity;
    if (stands)
        *key = (struct order_key){UINT32_MAX - severity_weight(severity, clock_wall()), (uint64_t)severity->arrived,
                                  file->number};
    return stands;
}

static int in_second(const struct vault *vault, const json_t *state, const struct case_file *file,
                     struct order_key *key)
{
    (void)vault;
    return by_rank(file, second_is_wanted(state) || life_now(state) == LIFE_UNDER_REVIEW, key);
}

static int in_watched(const struct vault *vault, const json_t *state, const struct case_file *file,
                      struct order_key *key)
{
    (void)vault;
    *key = (struct order_key){file->number, 0, 0};
    return json_array_size(json_object_get(state, "watchers")) > 0;
}

static int in_timed(const struct vault *vault, const json_t *state, const struct case_file *file, struct order_key *key)
{
    (void)vault;
    (void)file;
    return at_time(next_of(state), key);
}

static int in_promised(const struct vault *vault, const json_t *state, const struct case_file *file,
                       struct order_key *key)
{
    (void)vault;
    (void)file;
    return at_time(remedy_due(state), key);
}

static int in_checkins(const struct vault *vault, const json_t *state, const struct case_file *file,
                       struct order_key *key)
{
    (void)vault;
    (void)file;
    return at_time(safety_due(state), key);
}

static int in_translations(const struct vault *vault, const json_t *state, const struct case_file *file,
                           struct order_key *key)
{
    (void)vault;
    *key = (struct order_key){file->number, 0, 0};
    return translation_open(state) > 0;
}

static int in_hidden(const struct vault *vault, const json_t *state, const struct case_file *file,
                     struct order_key *key)
{
    *key = (struct order_key){file->number, 0, 0};
    json_t *named = participants_named(vault, file, state);
    int is_hidden = json_array_size(named) || file->is_unmatched;
    json_decref(named);
    return is_hidden;
}

static int in_leaving(const struct vault *vault, const json_t *state, const struct case_file *file,
                      struct order_key *key)
{
    (void)vault;
    *key = (struct order_key){file->number, 0, 0};
    return json_is_object(json_object_get(state, "route"));
}

static int in_escalated(const struct vault *vault, const json_t *state, const struct case_file *file,
                        struct order_key *key)
{
    (void)vault;
    (void)state;
    return by_rank(file, file->is_escalated, key);
}

/* Those that are over are listed all the same, behind the others. */
static int in_referrals(const struct vault *vault, const json_t *state, const struct case_file *file,
                        struct order_key *key)
{
    int64_t oldest = referral_oldest(state);
    (void)vault;
    (void)file;
    key->first = oldest ? (uint64_t)oldest : UINT64_MAX;
    return json_array_size(json_object_get(state, "referrals")) > 0;
}

/* 1 if it stands there; `key`, whose second part is the file's number, receives where. */
typedef int stands_fn(const struct vault *vault, const json_t *state, const struct case_file *file,
                      struct order_key *key);
static stands_fn *const stands[SIDES_COUNT] = {
    [SIDES_SECOND] = in_second,      [SIDES_WATCHED] = in_watched,   [SIDES_TIMED] = in_timed,
    [SIDES_PROMISED] = in_promised,  [SIDES_CHECKINS] = in_checkins, [SIDES_TRANSLATIONS] = in_translations,
    [SIDES_HIDDEN] = in_hidden,      [SIDES_LEAVING] = in_leaving,   [SIDES_ESCALATED] = in_escalated,
    [SIDES_REFERRAL] = in_referrals,
};

/* ---- who may not have it ---- */

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

/* ---- reading a state ---- */

static void side_free(struct case_side *side)
{
    json_decref(side->watchers);
    json_decref(side->bars);
    json_decref(side->named);
    mem_free(side);
}

static json_t *copy_of(const json_t *list)
{
    return json_is_array(list) ? json_deep_copy(list) : json_array();
}

static void leave_lists(struct sides *sides, struct case_side *side)
{
    for (size_t i = 0; i < SIDES_COUNT; i++)
        order_remove(&sides->lists[i], &side->in[i]);
}

void sides_know(struct vault *vault, const json_t *state, struct case_file *file)
{
    int is_in[SIDES_COUNT], any = 0;
    struct order_key keys[SIDES_COUNT];
    json_t *bars = json_array();
    for (size_t i = 0; i < SIDES_COUNT; i++) {
        keys[i] = (struct order_key){0, file->number, 0};
        any |= is_in[i] = stands[i](vault, state, file, &keys[i]);
    }
    read_bars(state, bars);
    if (file->side)
        leave_lists(&vault->sides, file->side);
    if (!any && !json_array_size(bars)) {
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
    json_decref(side->named);
    side->watchers = copy_of(json_object_get(state, "watchers"));
    side->named = participants_named(vault, file, state);
    side->bars = bars;
    side->leaves_until = clock_parse(state_text(json_object_get(state, "route"), "at")) + SIDES_LEAVING_S;
    for (size_t i = 0; i < SIDES_COUNT; i++)
        if (is_in[i])
            order_add(&vault->sides.lists[i], &side->in[i], keys[i]);
}

void sides_free(struct case_file *file)
{
    if (file->side)
        side_free(file->side);
    file->side = NULL;
}

/* ---- asking ---- */

struct case_file *sides_at(const struct sides *sides, enum sides_list list, size_t index)
{
    struct order_node *node = order_at(&sides->lists[list], index);
    return node ? side_of(node, list)->file : NULL;
}

size_t sides_count(const struct sides *sides, enum sides_list list)
{
    return order_count(&sides->lists[list]);
}

int sides_stands(const struct case_file *file, enum sides_list list)
{
    return file->side && file->side->in[list].size > 0;
}

int sides_wants_second(const struct case_file *file)
{
    return sides_stands(file, SIDES_SECOND);
}

int64_t sides_promised(const struct case_file *file)
{
    return sides_stands(file, SIDES_PROMISED) ? (int64_t)file->side->in[SIDES_PROMISED].key.first : 0;
}

size_t sides_overdue(const struct sides *sides, int64_t now)
{
    const struct order *promised = &sides->lists[SIDES_PROMISED];
    size_t low = 0, high = order_count(promised);
    while (low < high) { /* they stand by their day */
        size_t middle = low + (high - low) / 2;
        if (order_at(promised, middle)->key.first <= (uint64_t)now)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
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

int sides_hides(const struct case_file *file, const char *who)
{
    size_t i;
    json_t *one;
    if (!file->side)
        return 0;
    json_array_foreach(file->side->named, i, one) if (strcmp(state_text(one, "name"), who) == 0) return 1;
    return file->is_unmatched;
}

int sides_is_hidden(const struct case_file *file)
{
    return sides_stands(file, SIDES_HIDDEN);
}

int sides_hides_here(const struct vault *vault, const struct case_file *file)
{
    size_t i;
    json_t *one;
    if (!file->side)
        return 0;
    json_array_foreach(file->side->named, i, one) if (people_find(vault->people, state_text(one, "name"))) return 1;
    return file->is_unmatched;
}

int sides_may_have(const struct case_file *file, const char *who, int64_t now)
{
    size_t i;
    json_t *one;
    if (sides_hides(file, who) || (sides_stands(file, SIDES_LEAVING) && now < file->side->leaves_until))
        return 0;
    if (file->side)
        json_array_foreach(file->side->bars, i,
                           one) if (strcmp(state_text(one, "who"), who) == 0 &&
                                    json_integer_value(json_object_get(one, "until")) > now) return 0;
    return 1;
}

/* ---- what happens by time ---- */

struct timed {
    struct vault *vault;
    uint64_t fence;
    uint8_t case_id[16];
};

static void timed_kept(void *room, enum err err)
{
    (void)err; /* not kept: it is due still, and a later tick tries again */
    mem_free(room);
}

static void timed_one(void *arg)
{
    struct timed *e = arg;
    struct vault *vault = e->vault;
    struct case_file *file =
        e->fence == vault->fence && vault->phase == PHASE_OPEN ? book_find(vault->book, e->case_id) : NULL;
    if (file && file->writing) {
        book_wait(file, timed_one, e);
        return;
    }
    json_t *state = file ? state_draft(file) : NULL;
    int64_t due = state ? next_of(state) : 0;
    if (!due || due > clock_wall()) { /* taken back, said, or ended otherwise, meanwhile */
        json_decref(state);
        mem_free(e);
        return;
    }
    int is_wish = acts_due(state) == due;
    struct case_change *cc = case_change_begin(vault, file, state);
    if (is_wish)
        acts_end(cc->state);
    else
        remedy_tell_question(cc, "");
    case_change_notice(cc);
    audit_leaf(vault, cc->change, "", is_wish ? "case.wish_due" : "remedy.asked", file->id, NULL);
    case_change_submit(cc, timed_kept, e);
}

void sides_tick(struct vault *vault, int64_t now)
{
    const struct order *timed = &vault->sides.lists[SIDES_TIMED];
    for (size_t i = 0; i < A_TICK_MOST && door_vault_is_up(vault->door); i++) {
        struct order_node *node = order_at(timed, i);
        if (!node || node->key.first > (uint64_t)now)
            return;
        const struct case_file *file = side_of(node, SIDES_TIMED)->file;
        if (file->writing)
            continue;
        struct timed *e = mem_new(sizeof *e);
        *e = (struct timed){.vault = vault, .fence = vault->fence};
        memcpy(e->case_id, file->id, sizeof e->case_id);
        loop_later(vault->loop, timed_one, e);
    }
}
