/* listing.c -- see listing.h. */
#include "triage/vault/listing.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/clock.h"
#include "common/base/mem.h"
#include "triage/vault/alike.h"
#include "triage/vault/case_state.h"
#include "triage/vault/case_view.h"
#include "triage/vault/impacts.h"
#include "triage/vault/life.h"
#include "triage/vault/request.h"
#include "triage/vault/search.h"
#include "triage/vault/seen.h"

/* ---- the roll ---- */

/* It stands in no lane, because another one stands there for it. */
static int waits_with_others(const struct vault *vault, const struct case_file *file)
{
    uint32_t first = alike_first(vault->alike, file->number);
    return file->place.lane == LANE_NONE && first != ALIKE_NONE && first != file->number;
}

void listing_know(struct vault *vault, const json_t *state, const struct case_file *file)
{
    enum life life = life_now(state);
    int waits = state_is_ours(state);
    const struct filter_facts facts = {.state = life_name(life),
                                       .kind = state_text(state, "kind"),
                                       .channel = state_text(state, "channel"),
                                       .language = state_text(state, "language"),
                                       .holder = file->taken_by,
                                       .lane = waits_with_others(vault, file) ? LANE_FIRST_LOOK : file->place.lane,
                                       .due = waits ? file->place.due : 0,
                                       .is_hidden = sides_is_hidden(file)};
    filter_roll_note(vault->roll, file->number, &facts);
}

void listing_forget(struct vault *vault, const uint8_t case_id[static 16])
{
    const struct case_file *file = book_find(vault->book, case_id);
    if (!file)
        return;
    filter_roll_note(vault->roll, file->number, NULL);
    search_forget(vault->search, file->number);
}

int listing_asked(struct request *request, struct filter *out)
{
    struct json_fault fault;
    if (filter_read(json_object_get(request->body, "filter"), out, &fault) == ERR_OK)
        return 1;
    request_fail(request, "malformed", "There is no such filter.", fault.field);
    return 0;
}

/* ---- who is in it ---- */

struct sifting {
    struct vault *vault;
    const struct listing *ask;
    struct filter_sieve sieve;
    const struct filter_line *lines;
    size_t line_count;
    size_t total;
    uint32_t *numbers; /* of the first LISTING_SORTED_MAX of them */
    size_t count;
};

static int is_in(const struct sifting *s, uint32_t number)
{
    return number < s->line_count && filter_lets_through(&s->sieve, &s->lines[number]) &&
           (!s->ask->found || search_run_has(s->ask->found, number)) &&
           (!s->lines[number].hidden || seen_at(s->vault, s->ask->who, number));
}

static void meet(struct sifting *s, uint32_t number)
{
    if (!is_in(s, number))
        return;
    s->total++;
    if (s->count < LISTING_SORTED_MAX)
        s->numbers[s->count++] = number;
}

static void sift(struct sifting *s)
{
    const struct filter *filter = s->ask->filter;
    if (s->sieve.is_hopeless)
        return;
    if (*filter->impact) {
        const struct impact *impact = impacts_find(s->vault->impacts, filter->impact);
        for (size_t i = 0; impact && i < impact->case_count; i++)
            meet(s, impact->cases[i]);
        return;
    }
    for (size_t i = 0; i < s->line_count; i++) {
        /* Sixty-four cases that were not found are passed over at once. */
        if (s->ask->found && i % 64 == 0 && i < s->ask->found->case_count && !s->ask->found->cases[i / 64])
            i += 63;
        else
            meet(s, (uint32_t)i);
    }
}

size_t listing_numbers(struct vault *vault, const struct filter *filter, const char *who, uint32_t **out)
{
    struct filter_sieve sieve;
    size_t line_count, count = 0;
    const struct filter_line *lines = filter_roll_lines(vault->roll, &line_count);
    const struct impact *impact = *filter->impact ? impacts_find(vault->impacts, filter->impact) : NULL;
    size_t most = *filter->impact ? (impact ? impact->case_count : 0) : line_count;
    uint32_t *numbers = mem_new_array(most + 1, sizeof *numbers);
    filter_sieve_make(filter, vault->roll, who, clock_wall(), &sieve);
    for (size_t i = 0; i < most; i++) {
        uint32_t number = impact ? impact->cases[i] : (uint32_t)i;
        if (number < line_count && filter_lets_through(&sieve, &lines[number]) &&
            (!lines[number].hidden || seen_at(vault, who, number)))
            numbers[count++] = number;
    }
    *out = mem_grow(numbers, (count + 1) * sizeof *numbers);
    return count;
}

/* ---- few: the first of them by a heap ---- */

struct entry {
    struct case_file *file;
    uint64_t first, second; /* the smaller goes first */
    float rank;
};

static int entry_compare(const struct entry *x, const struct entry *y)
{
    if (x->first != y->first)
        return x->first < y->first ? -1 : 1;
    if (x->rank < y->rank || x->rank > y->rank)
        return x->rank < y->rank ? -1 : 1;
    if (x->second != y->second)
        return x->second < y->second ? -1 : 1;
    return (x->file->number > y->file->number) - (x->file->number < y->file->number);
}

static int entry_order(const void *a, const void *b)
{
    return entry_compare(a, b);
}

static struct entry entry_of(const struct sifting *s, uint32_t number)
{
    struct case_file *file = book_at(s->vault->book, number);
    const struct order_key *key = &file->place.in_lane.key;
    float rank = s->ask->found ? search_run_rank(s->ask->found, number) : 0;
    if (file->place.stands_in == LANE_NONE)
        return (struct entry){.file = file, .first = UINT64_MAX, .rank = 0, .second = UINT64_MAX - number};
    return (struct entry){.file = file, .first = key->first, .second = key->second, .rank = rank};
}

/* The one that goes last stands at the top. */
static void sink(struct entry *heap, size_t count, size_t at)
{
    for (;;) {
        size_t last = at, left = 2 * at + 1, right = left + 1;
        if (left < count && entry_compare(&heap[left], &heap[last]) > 0)
            last = left;
        if (right < count && entry_compare(&heap[right], &heap[last]) > 0)
            last = right;
        if (last == at)
            return;
        struct entry kept = heap[at];
        heap[at] = heap[last];
        heap[last] = kept;
        at = last;
    }
}

static void page_of_few(const struct sifting *s, json_t *items)
{
    size_t wanted = s->ask->after + s->ask->limit, count = s->count < wanted ? s->count : wanted;
    struct entry *heap = mem_new_array(count + 1, sizeof *heap);
    for (size_t i = 0; i < count; i++)
        heap[i] = entry_of(s, s->numbers[i]);
    for (size_t i = count / 2; i-- > 0;)
        sink(heap, count, i);
    for (size_t i = count; i < s->count; i++) {
        struct entry entry = entry_of(s, s->numbers[i]);
        if (entry_compare(&entry, &heap[0]) < 0) {
            heap[0] = entry;
            sink(heap, count, 0);
        }
    }
    if (count > 0)
        qsort(heap, count, sizeof *heap, entry_order);
    for (size_t i = s->ask->after; i < count; i++)
        json_array_append_new(items, case_item(s->vault, heap[i].file));
    mem_free(heap);
}

/* ---- many: walk in the queue's order ---- */

struct walk {
    const struct sifting *sifting;
    size_t met;
    json_t *items;
};

/* 0: the page is full. */
static int walk_meets(struct walk *w, struct case_file *file)
{
    const struct listing *ask = w->sifting->ask;
    if (is_in(w->sifting, file->number) && w->met++ >= ask->after)
        json_array_append_new(w->items, case_item(w->sifting->vault, file));
    return w->met < ask->after + ask->limit;
}

static int goes_before(const struct order_key *x, const struct order_key *y)
{
    if (x->first != y->first)
        return x->first < y->first;
    if (x->second != y->second)
        return x->second < y->second;
    return x->third < y->third;
}

/* The lanes side by side: the next of all is the first of the lanes' next. */
static int walk_lanes(struct walk *w)
{
    const struct queue *queue = &w->sifting->vault->queue;
    enum queue_lane only = w->sifting->ask->filter->lane;
    size_t at[LANE_COUNT] = {0};
    struct queue_place *next[LANE_COUNT] = {NULL};
    for (int lane = LANE_FIRST_LOOK; lane < LANE_COUNT; lane++)
        next[lane] = only && only != (enum queue_lane)lane ? NULL : queue_at(queue, (enum queue_lane)lane, 0);
    for (;;) {
        int first = LANE_NONE;
        for (int lane = LANE_FIRST_LOOK; lane < LANE_COUNT; lane++)
            if (next[lane] && (!first || goes_before(&next[lane]->in_lane.key, &next[first]->in_lane.key)))
                first = lane;
        if (!first)
            return 1;
        if (!walk_meets(w, book_of_place(next[first])))
            return 0;
        next[first] = queue_at(queue, (enum queue_lane)first, ++at[first]);
    }
}

static void page_of_many(const struct sifting *s, json_t *items)
{
    struct walk w = {.sifting = s, .items = items};
    if (!walk_lanes(&w))
        return;
    for (size_t i = s->line_count; i-- > 0;) {
        if (s->lines[i].known && s->lines[i].lane != LANE_NONE)
            continue;
        struct case_file *file = is_in(s, (uint32_t)i) ? book_at(s->vault->book, i) : NULL;
        if (file && file->place.stands_in == LANE_NONE && !walk_meets(&w, file))
            return;
    }
}

json_t *listing_page(struct vault *vault, const struct listing *ask, size_t *out_total)
{
    struct sifting s = {.vault = vault, .ask = ask};
    json_t *items = json_array();
    filter_sieve_make(ask->filter, vault->roll, ask->who, clock_wall(), &s.sieve);
    s.lines = filter_roll_lines(vault->roll, &s.line_count);
    s.numbers = mem_new_array(LISTING_SORTED_MAX, sizeof *s.numbers);
    sift(&s);
    if (s.total > s.count)
        page_of_many(&s, items);
    else
        page_of_few(&s, items);
    mem_free(s.numbers);
    *out_total = s.total;
    return items;
}
