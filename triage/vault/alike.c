/* alike.c -- see alike.h. Two texts that share a part s of their triples of words have each minimum in common with
 * chance s. Eight bands of three find 99.8 % of those with s = 0.82 (a letter with another name under it), and what is
 * found is then compared whole: of those with s = 0.4 some 2 % are taken for alike. */
#include "triage/vault/alike.h"

#include <string.h>

#include "common/base/err.h"
#include "common/base/mem.h"
#include "common/base/rng.h"
#include "triage/vault/words.h"

enum { ROWS = 3, BANDS = 8, MINIMA = ALIKE_MINIMA, LEAST_ALIKE = 14, SHINGLE = 3, WORDS_MAX = 2000 };
enum { SLOTS_FIRST = 256, MEMBERS_FIRST = 4 };
_Static_assert(MINIMA == ROWS * BANDS, "every minimum is in one band");

struct group {
    uint32_t minima[MINIMA];
    uint32_t *members;
    size_t count, room;
};

struct slot {
    uint64_t key;
    uint32_t group; /* plus one; 0: empty */
};

struct hash {
    uint64_t seed, factor[MINIMA], offset[MINIMA];
};
_Static_assert(sizeof(struct hash) == ALIKE_KEY, "kept as it is: a snapshot is read on the machine that wrote it");

struct alike {
    struct hash hash;
    struct group **groups; /* NULL where one ended */
    size_t group_count, group_room, living;
    uint32_t *ended; /* their numbers, to be used again; as much room as for groups */
    uint32_t *of;    /* group of a number, plus one; 0: none */
    size_t of_room;
    struct slot *slots;
    size_t slot_count, used;
};

struct alike *alike_new(void)
{
    struct alike *a = mem_new(sizeof *a);
    rng_bytes(&a->hash, sizeof a->hash);
    for (size_t i = 0; i < MINIMA; i++)
        a->hash.factor[i] |= 1;
    a->slot_count = SLOTS_FIRST;
    a->slots = mem_new_array(a->slot_count, sizeof *a->slots);
    return a;
}

static void group_free(struct group *group)
{
    if (!group)
        return;
    mem_free(group->members);
    mem_free(group);
}

void alike_free(struct alike *a)
{
    if (!a)
        return;
    for (size_t i = 0; i < a->group_count; i++)
        group_free(a->groups[i]);
    mem_free(a->groups);
    mem_free(a->ended);
    mem_free(a->of);
    mem_free(a->slots);
    mem_free(a);
}

/* ---- the signature ---- */

/* The finalizer of MurmurHash3: every bit of the input changes half of the output. */
static uint64_t mix(uint64_t h)
{
    h ^= h >> 33;
    h *= 0xff51afd7ed558ccdu;
    h ^= h >> 33;
    h *= 0xc4ceb9fe1a85ec53u;
    return h ^ h >> 33;
}

static uint64_t hash_word(const struct alike *a, const struct word *word)
{
    uint64_t h = a->hash.seed;
    for (size_t i = 0; i < word->len; i++)
        h = (h ^ (uint8_t)word->text[i]) * 0x100000001b3u;
    return mix(h ^ a->hash.seed);
}

static void take_shingle(const struct alike *a, uint64_t shingle, uint32_t minima[static MINIMA])
{
    for (size_t i = 0; i < MINIMA; i++) {
        uint32_t h = (uint32_t)(mix(shingle * a->hash.factor[i] + a->hash.offset[i]) >> 32);
        if (h < minima[i])
            minima[i] = h;
    }
}

/* Texts of one or two words are one shingle: they are alike when they are the same. */
static void sign(const struct alike *a, const char *text, size_t len, uint32_t minima[static MINIMA])
{
    struct words words;
    struct word word;
    uint64_t last[SHINGLE] = {0};
    size_t count = 0;
    memset(minima, 0xff, MINIMA * sizeof *minima);
    words_begin(&words, text, len);
    while (count < WORDS_MAX && words_next(&words, &word)) {
        memmove(last, last + 1, (SHINGLE - 1) * sizeof *last);
        last[SHINGLE - 1] = hash_word(a, &word);
        if (++count >= SHINGLE)
            take_shingle(a, mix(last[0]) + mix(last[1] + 1) + mix(last[2] + 2), minima);
    }
    if (count < SHINGLE)
        take_shingle(a, mix(last[1] + count) + last[2], minima);
}

static unsigned shared(const uint32_t *one, const uint32_t *other)
{
    unsigned count = 0;
    for (size_t i = 0; i < MINIMA; i++)
        count += one[i] == other[i];
    return count;
}

/* ---- bands to groups ---- */

static uint64_t band_key(const struct alike *a, const uint32_t *minima, size_t band)
{
    uint64_t h = a->hash.seed + band;
    for (size_t row = 0; row < ROWS; row++)
        h = mix(h ^ minima[band * ROWS + row]);
    return h;
}

static size_t slot_of(const struct alike *a, uint64_t key)
{
    size_t at = (size_t)(key % a->slot_count);
    while (a->slots[at].group && a->slots[at].key != key)
        at = (at + 1) % a->slot_count;
    return at;
}

static void more_slots(struct alike *a)
{
    struct slot *old = a->slots;
    size_t count = a->slot_count;
    a->slot_count *= 2;
    a->slots = mem_new_array(a->slot_count, sizeof *a->slots);
    for (size_t i = 0; i < count; i++)
        if (old[i].group)
            a->slots[slot_of(a, old[i].key)] = old[i];
    mem_free(old);
}

/* A band that another group has already stays that group's. */
static void put_bands(struct alike *a, uint32_t group)
{
    for (size_t band = 0; band < BANDS; band++) {
        if (a->used * 2 >= a->slot_count)
            more_slots(a);
        struct slot *slot = &a->slots[slot_of(a, band_key(a, a->groups[group]->minima, band))];
        if (slot->group)
            continue;
        *slot = (struct slot){band_key(a, a->groups[group]->minima, band), group + 1};
        a->used++;
    }
}

/* Empties the slot, and moves up what had to step aside for it. */
static void empty_slot(struct alike *a, size_t at)
{
    a->slots[at] = (struct slot){0};
    a->used--;
    for (size_t next = (at + 1) % a->slot_count; a->slots[next].group; next = (next + 1) % a->slot_count) {
        struct slot moved = a->slots[next];
        a->slots[next] = (struct slot){0};
        a->slots[slot_of(a, moved.key)] = moved;
    }
}

static void drop_bands(struct alike *a, uint32_t group)
{
    for (size_t band = 0; band < BANDS; band++) {
        size_t at = slot_of(a, band_key(a, a->groups[group]->minima, band));
        if (a->slots[at].group == group + 1)
            empty_slot(a, at);
    }
}

static uint32_t find(const struct alike *a, const uint32_t *minima)
{
    for (size_t band = 0; band < BANDS; band++) {
        const struct slot *slot = &a->slots[slot_of(a, band_key(a, minima, band))];
        if (slot->group && shared(a->groups[slot->group - 1]->minima, minima) >= LEAST_ALIKE)
            return slot->group - 1;
    }
    return ALIKE_NONE;
}

/* ---- groups ---- */

static uint32_t group_new(struct alike *a, const uint32_t *minima)
{
    size_t dead = a->group_count - a->living;
    if (!dead && a->group_count == a->group_room) {
        a->group_room = a->group_room ? a->group_room * 2 : SLOTS_FIRST;
        a->groups = mem_grow(a->groups, a->group_room * sizeof *a->groups);
        a->ended = mem_grow(a->ended, a->group_room * sizeof *a->ended);
    }
    struct group *group = mem_new(sizeof *group);
    memcpy(group->minima, minima, sizeof group->minima);
    uint32_t at = dead ? a->ended[dead - 1] : (uint32_t)a->group_count++;
    a->groups[at] = group;
    a->living++;
    put_bands(a, at);
    return at;
}

static uint32_t group_of(const struct alike *a, uint32_t number)
{
    return number < a->of_room && a->of[number] ? a->of[number] - 1 : ALIKE_NONE;
}

static void set_group(struct alike *a, uint32_t number, uint32_t group)
{
    size_t before = a->of_room;
    if (number >= before) {
        a->of_room = before * 2 > number ? before * 2 : (size_t)number + SLOTS_FIRST;
        a->of = mem_grow(a->of, a->of_room * sizeof *a->of);
        memset(a->of + before, 0, (a->of_room - before) * sizeof *a->of);
    }
    a->of[number] = group + 1;
}

uint32_t alike_add(struct alike *a, uint32_t number, const char *text, size_t len)
{
    uint32_t minima[MINIMA];
    sign(a, text, len, minima);
    return alike_add_minima(a, number, minima);
}

uint32_t alike_add_minima(struct alike *a, uint32_t number, const uint32_t minima[static MINIMA])
{
    need(number != ALIKE_NONE && group_of(a, number) == ALIKE_NONE);
    uint32_t at = find(a, minima);
    if (at == ALIKE_NONE)
        at = group_new(a, minima);
    struct group *group = a->groups[at];
    if (group->count == group->room) {
        group->room = group->room ? group->room * 2 : MEMBERS_FIRST;
        group->members = mem_grow(group->members, group->room * sizeof *group->members);
    }
    group->members[group->count++] = number;
    set_group(a, number, at);
    return group->members[0];
}

uint32_t alike_remove(struct alike *a, uint32_t number)
{
    uint32_t at = group_of(a, number);
    if (at == ALIKE_NONE)
        return ALIKE_NONE;
    struct group *group = a->groups[at];
    size_t i = 0;
    while (group->members[i] != number)
        i++;
    memmove(group->members + i, group->members + i + 1, (group->count - i - 1) * sizeof *group->members);
    a->of[number] = 0;
    if (--group->count > 0)
        return group->members[0];
    drop_bands(a, at);
    group_free(group);
    a->groups[at] = NULL;
    a->ended[a->group_count - a->living--] = at;
    return ALIKE_NONE;
}

uint32_t alike_first(const struct alike *a, uint32_t number)
{
    uint32_t at = group_of(a, number);
    return at == ALIKE_NONE ? ALIKE_NONE : a->groups[at]->members[0];
}

size_t alike_members(const struct alike *a, uint32_t number, const uint32_t **out)
{
    uint32_t at = group_of(a, number);
    *out = at == ALIKE_NONE ? NULL : a->groups[at]->members;
    return at == ALIKE_NONE ? 0 : a->groups[at]->count;
}

size_t alike_groups(const struct alike *a)
{
    return a->living;
}

/* ---- for a snapshot ---- */

const uint32_t *alike_minima(const struct alike *a, uint32_t number)
{
    uint32_t at = group_of(a, number);
    return at == ALIKE_NONE ? NULL : a->groups[at]->minima;
}

void alike_key(const struct alike *a, uint8_t out[static ALIKE_KEY])
{
    memcpy(out, &a->hash, sizeof a->hash);
}

void alike_take_key(struct alike *a, const uint8_t key[static ALIKE_KEY])
{
    need(a->living == 0);
    memcpy(&a->hash, key, sizeof a->hash);
}
