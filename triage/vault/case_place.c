/* case_place.c -- see case_place.h. */
#include "triage/vault/case_place.h"

#include <string.h>

#include "common/base/clock.h"
#include "common/base/mem.h"
#include "common/text/json.h"
#include "triage/vault/affected.h"
#include "triage/vault/alike.h"
#include "triage/vault/aside.h"
#include "triage/vault/breaches.h"
#include "triage/vault/case_state.h"
#include "triage/vault/decision.h"
#include "triage/vault/escalation.h"
#include "triage/vault/groups.h"
#include "triage/vault/indexer.h"
#include "triage/vault/item.h"
#include "triage/vault/listing.h"
#include "triage/vault/outbox.h"
#include "triage/vault/pager.h"
#include "triage/vault/participants_keep.h"
#include "triage/vault/sides.h"
#include "triage/vault/tally.h"
#include "triage/vault/texting.h"

/* As assessed, or by how many the register counts. */
static uint8_t scope_of(const struct vault *vault, const struct impact *impact)
{
    struct affected_people people = {.is_whole = impact_is_whole_group(impact)};
    (void)impact_people(impact, &people.low, &people.high);
    int64_t from[SEVERITY_AXIS_MAX];
    json_int_t said = json_integer_value(json_object_get(impact->json, "scope"));
    rules_people(vault->rules, from);
    uint8_t counted = affected_scope(&people, from);
    uint8_t level = said >= 1 && said <= SEVERITY_AXIS_MAX ? (uint8_t)said : SEVERITY_UNKNOWN;
    return counted > level ? counted : level;
}

/* Each case of a group is at least one more who is affected. */
static uint8_t scope_of_group(const struct vault *vault, const struct group *group)
{
    int64_t from[SEVERITY_AXIS_MAX];
    const struct affected_people people = {.low = (int64_t)group->case_count, .high = (int64_t)group->case_count};
    rules_people(vault->rules, from);
    return group->case_count > 1 ? affected_scope(&people, from) : SEVERITY_UNKNOWN;
}

static void take_scope(const struct vault *vault, struct case_file *file)
{
    struct severity wide = {0};
    const struct group *group = groups_of(vault->groups, file);
    file->place.severity.scope = file->own_scope;
    for (size_t i = 0; i < file->impact_count; i++) {
        wide.scope = scope_of(vault, impacts_at(vault->impacts, file->impacts[i]));
        severity_raise(&file->place.severity, &wide);
    }
    if (group) {
        wide.scope = scope_of_group(vault, group);
        severity_raise(&file->place.severity, &wide);
    }
}

static void place_with_scope(struct vault *vault, const uint32_t *numbers, size_t count)
{
    int64_t now = clock_wall();
    for (size_t i = 0; i < count; i++) {
        struct case_file *file = book_at(vault->book, numbers[i]);
        take_scope(vault, file);
        if (!file->writing)
            queue_put(&vault->queue, &file->place, now);
    }
}

/* The group has another number of cases now: where that is another scope, all of them take it. */
static void place_group(struct vault *vault, const struct group *group, int was)
{
    struct group before = *group;
    before.case_count = (size_t)((int64_t)group->case_count - was);
    if (scope_of_group(vault, group) == scope_of_group(vault, &before))
        return;
    place_with_scope(vault, group->cases, group->case_count);
}

/* ---- those that say nearly the same ---- */

/* `file` as state_read() left it. What is hidden from one of us stands for itself: behind another, or for others, it
 * would be counted for who may not know of it. */
static int may_wait_with_others(const struct vault *vault, const struct case_file *file)
{
    return (file->place.lane == LANE_FIRST_LOOK || file->place.lane == LANE_HELD || file->place.lane == LANE_ASIDE) &&
           file->is_like_any && !sides_hides_here(vault, file) && !severity_is_floor(&file->place.severity);
}

/* Nobody waits behind one that is lighter, nor with a clock of its own, nor where there are only a few. */
static int waits_behind(const struct vault *vault, uint32_t first, const struct case_file *file, int64_t now)
{
    const uint32_t *members;
    const struct severity *s = &file->place.severity;
    return first != file->number && !s->by && alike_members(vault->alike, first, &members) >= ALIKE_FROM &&
           severity_weight(s, now) <= severity_weight(&book_at(vault->book, first)->place.severity, now);
}

/* Behind the first of its group, or in the queue: lists show it in the lane of first looks either way. */
static void put(struct vault *vault, struct case_file *file, enum queue_lane lane)
{
    file->place.lane = lane;
    pager_lane(vault->pager, file);
    if (!file->writing)
        queue_put(&vault->queue, &file->place, clock_wall());
}

/* The group is another one now: `first` stands for it and is in the queue, and so are those that it cannot stand for.
 */
static void sort_group(struct vault *vault, uint32_t first)
{
    const uint32_t *members;
    int64_t now = clock_wall();
    size_t count = first == ALIKE_NONE ? 0 : alike_members(vault->alike, first, &members);
    for (size_t i = 0; i < count; i++) {
        struct case_file *file = book_at(vault->book, members[i]);
        int waits = waits_behind(vault, first, file, now);
        if (waits ? file->place.lane == LANE_FIRST_LOOK : file->place.lane == LANE_NONE)
            put(vault, file, waits ? LANE_NONE : LANE_FIRST_LOOK);
    }
}

/* It leaves its group, if it is in one. Those that stay need another look only where the first went, or few are left.
 */
static void leave_group(struct vault *vault, const struct case_file *file)
{
    const uint32_t *members;
    uint32_t first = alike_first(vault->alike, file->number);
    size_t count = alike_members(vault->alike, file->number, &members);
    uint32_t next = alike_remove(vault->alike, file->number);
    if (first == file->number || count == ALIKE_FROM)
        sort_group(vault, next);
}

/* It has joined those for whom `first` stands. */
static void joined(struct vault *vault, struct case_file *file, uint32_t first)
{
    const uint32_t *members;
    if (alike_members(vault->alike, first, &members) == ALIKE_FROM)
        sort_group(vault, first);
    else if (waits_behind(vault, first, file, clock_wall()) && file->place.lane == LANE_FIRST_LOOK)
        put(vault, file, LANE_NONE);
}

/* Those that are set aside have groups of their own, which are lists and move nobody. Who leaves joins the others with
 * what is known of its words. */
static void leave_aside(struct vault *vault, struct case_file *file)
{
    uint32_t kept[ALIKE_MINIMA];
    const uint32_t *minima = alike_minima(vault->alike_aside, file->number);
    if (!minima || (file->place.lane == LANE_ASIDE && may_wait_with_others(vault, file)))
        return;
    memcpy(kept, minima, sizeof kept);
    (void)alike_remove(vault->alike_aside, file->number);
    if (file->place.lane != LANE_ASIDE && may_wait_with_others(vault, file))
        joined(vault, file, alike_add_minima(vault->alike, file->number, kept));
}

/* Behind another of its group it stands in no lane; one that may not, or need not any more, leaves the group. */
static void place_among_alike(struct vault *vault, const json_t *state, struct case_file *file)
{
    const char *lane = state_text(state, "lane");
    file->is_like_any = (strcmp(lane, "first_look") == 0 || aside_is(state)) &&
                        !json_is_true(json_object_get(json_object_get(state, "proposal"), "danger"));
    leave_aside(vault, file);
    uint32_t first = alike_first(vault->alike, file->number);
    if (first == ALIKE_NONE)
        return;
    if (!may_wait_with_others(vault, file))
        leave_group(vault, file);
    else if (file->place.lane == LANE_FIRST_LOOK && waits_behind(vault, first, file, clock_wall()))
        file->place.lane = LANE_NONE;
}

void case_says(struct vault *vault, struct case_file *file, const char *text, size_t len)
{
    if (file->version == 0 || alike_first(vault->alike, file->number) != ALIKE_NONE)
        return;
    if (!may_wait_with_others(vault, file))
        return;
    if (file->place.lane == LANE_ASIDE && alike_first(vault->alike_aside, file->number) == ALIKE_NONE)
        (void)alike_add(vault->alike_aside, file->number, text, len);
    else if (file->place.lane != LANE_ASIDE)
        joined(vault, file, alike_add(vault->alike, file->number, text, len));
}

void case_says_as(struct vault *vault, struct case_file *file, const uint32_t *minima)
{
    if (!may_wait_with_others(vault, file))
        return;
    if (file->place.lane == LANE_ASIDE)
        (void)alike_add_minima(vault->alike_aside, file->number, minima);
    else
        joined(vault, file, alike_add_minima(vault->alike, file->number, minima));
}

/* Demonstrations are in no figures, nor is what is set aside or was closed as part of a flood. */
static int is_counted(const json_t *state)
{
    return !json_is_true(json_object_get(state, "synthetic")) && !aside_is(state) && !aside_is_flood(state);
}

/* Under review one time counts: that of the review. */
static void take_due(const struct vault *vault, const json_t *state, struct case_file *file,
                     struct stage_fact facts[static DEADLINE_STAGES])
{
    int64_t review = decision_review_due(state);
    stages_facts(&vault->office, state, &file->place.severity, clock_wall(), facts);
    file->place.due = stages_next(facts, &file->next_stage);
    breaches_know(vault->breaches, file->number, is_counted(state) ? facts : NULL, escalation_done(state));
    if (aside_is(state))
        file->place.due = aside_until(state);
    if (review) {
        file->place.due = review;
        file->next_stage = DEADLINE_OUTCOME;
    }
}

/* It was moved here, and has not been looked through for names of our staff (take_up.c). */
static int is_unmatched(const struct vault *vault, const json_t *state)
{
    return json_array_size(json_object_get(state, "moves")) > 0 &&
           strcmp(state_text(state, "matched"), vault_desk(vault)) != 0;
}

/* What is measured is measured by the severity that counts, before the impacts widen it. */
static void take_figures(struct vault *vault, const json_t *state, const struct case_file *file,
                         const struct stage_fact stages[static DEADLINE_STAGES])
{
    struct tally_facts facts;
    int counts = tally_read(state, &facts) && is_counted(state);
    for (int stage = 0; stage < DEADLINE_STAGES; stage++)
        facts.stages[stage] = stages[stage].standing;
    tally_note(vault->tally, file->number, counts ? &facts : NULL, vault->office.calendar.ahead_s);
}

/* Each message and each line of the history is something that happened. */
static void note_what_happened(const json_t *state, struct case_file *file)
{
    size_t happened = json_array_size(json_object_get(state, "history")) +
                      (size_t)json_integer_value(json_object_get(state, "messages"));
    if (happened == file->happened && file->told > 0)
        return;
    file->happened = happened;
    file->told = file->version;
}

void case_place(struct vault *vault, const json_t *state, struct case_file *file)
{
    struct stage_fact facts[DEADLINE_STAGES];
    vault->placed++;
    int is_real = is_counted(state);
    state_read(state, file);
    note_what_happened(state, file);
    file->is_unmatched = is_unmatched(vault, state);
    take_due(vault, state, file, facts);
    file->is_escalated = escalation_stands(state, facts);
    take_figures(vault, state, file, facts);
    texting_know(vault->texting, state, file);
    outbox_know(vault->outbox, state, file);
    impacts_know(vault->impacts, state, file);
    struct group *left;
    int is_other = groups_know(vault->groups, state, file, &left);
    struct group *circle;
    (void)groups_know(vault->circles, state, file, &circle);
    file->own_scope = file->place.severity.scope;
    take_scope(vault, file);
    sides_know(vault, state, file);
    participants_placed(vault, file, circle);
    place_among_alike(vault, state, file);
    pager_know(vault->pager, file, is_real ? &facts[DEADLINE_LOOK] : NULL);
    queue_put(&vault->queue, &file->place, clock_wall());
    listing_know(vault, state, file);
    if (is_other && left)
        place_group(vault, left, -1);
    if (is_other && file->group)
        place_group(vault, groups_of(vault->groups, file), 1);
}

/* The last move says where it was meant to go: no state that somebody else put here is ours. */
static int is_for_us(const struct vault *vault, const struct vault_item *item, const json_t *state)
{
    const json_t *moves = json_object_get(state, "moves");
    size_t count = json_array_size(moves);
    return strcmp(item->desk, vault_desk(vault)) == 0 ||
           (count > 0 && strcmp(state_text(json_array_get(moves, count - 1), "to"), vault_desk(vault)) == 0);
}

static void keep(struct case_file *file, const struct vault_item *item, const struct buf *text)
{
    mem_free(file->state);
    file->state = mem_copy(buf_text(text), text->len);
    file->state_len = text->len;
    file->version = item->version;
    file->rows = item->messages;
    file->last_position = -1;
    memcpy(file->rows_hash, item->rows_hash, sizeof file->rows_hash);
}

enum err case_place_item(struct vault *vault, const struct vault_item *item)
{
    struct item_check check;
    item_check_begin(vault, SHELF_STATE, item, &check);
    item_check_run(&check);
    return case_place_checked(vault, item, &check);
}

enum err case_place_checked(struct vault *vault, const struct vault_item *item, const struct item_check *check)
{
    struct json_fault fault;
    json_t *state = NULL;
    struct buf text = BUF_INIT(ITEM_TEXT_MAX);
    struct case_file *file = book_add(vault->book, item->id);
    const uint8_t *key = book_key(file, ROOT_STAFF, 1);
    if (file->version >= item->version)
        return ERR_OK;
    enum err err = key ? item_open_checked(vault, SHELF_STATE, item, check, key, &text) : ERR_CRYPTO;
    if (err == ERR_OK)
        err = json_read_object(text.bytes, text.len, &state, &fault);
    if (err == ERR_OK && !is_for_us(vault, item, state))
        err = ERR_CRYPTO;
    file->is_refused = key && err != ERR_OK; /* a key may come */
    if (err == ERR_OK) {
        if (file->version == 0)
            book_note_known(vault->book, 1);
        keep(file, item, &text);
        memcpy(file->state_hash, check->hash, sizeof file->state_hash);
        case_place(vault, state, file);
    }
    json_decref(state);
    buf_free(&text);
    return err;
}

void case_forget(struct vault *vault, struct case_file *file)
{
    json_t *nothing = json_object(), *state = state_draft(file);
    vault->placed++;
    texting_forget(vault->texting, state, file);
    json_decref(state);
    leave_group(vault, file);
    (void)alike_remove(vault->alike_aside, file->number);
    queue_remove(&vault->queue, &file->place);
    pager_forget(file);
    outbox_know(vault->outbox, nothing, file);
    impacts_know(vault->impacts, nothing, file);
    struct group *left;
    if (groups_know(vault->groups, nothing, file, &left))
        place_group(vault, left, -1);
    file->is_unmatched = file->is_escalated = 0;
    (void)groups_know(vault->circles, nothing, file, &left);
    sides_know(vault, nothing, file);
    if (left) /* the others stay hidden from whoever it named: it may have gone for that, and they follow */
        left->is_changed = 1;
    json_decref(nothing);
    listing_forget(vault, file->id);
    breaches_know(vault->breaches, file->number, NULL, 0);
    tally_note(vault->tally, file->number, NULL, 0);
    indexer_lost(vault->indexer, file);
    mem_free(file->state);
    file->state = NULL;
    file->state_len = 0;
    book_keys_forget(file);
    file->version = file->rows = file->told = 0;
    file->happened = 0;
    memset(file->taken_by, 0, sizeof file->taken_by);
    memset(file->rows_hash, 0, sizeof file->rows_hash);
    memset(file->state_hash, 0, sizeof file->state_hash);
    file->place.lane = LANE_NONE;
    book_note_known(vault->book, 0);
    book_forget(file);
}

void case_place_with_impact(struct vault *vault, const struct impact *impact)
{
    place_with_scope(vault, impact->cases, impact->case_count);
}
