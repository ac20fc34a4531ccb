/* budget.c -- see budget.h.
 *
 * A count is one word that is changed by compare and swap: 24 bits tell the network, 16 when it was last changed, 24
 * the level in sixteenths of a report. The level drains at the rate of the budget. Two processes that come at the same
 * moment may let one report too many through; nobody ever waits for another. */
#include "intake/budget.h"

#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>

#include "common/base/mem.h"
#include "common/base/rng.h"
#include "common/seal/sign.h"
#include "intake/limits.h"

enum { WAYS = 4, KEY_WORDS = 4, PART = 16, LEVEL_MOST = (1 << 24) - 1 };
_Static_assert((BUDGET_TIMES_MOST + 1) * BUDGET_MOST * PART <= LEVEL_MOST, "the highest level fits");

struct key {
    _Atomic uint64_t words[KEY_WORDS];
};

struct budget {
    struct budget_limits limits;
    uint8_t sign_key[32];
    _Atomic int64_t key_until; /* who moves it on makes the next key */
    _Atomic uint32_t turn;     /* which of the two keys holds */
    struct key keys[2];
    _Atomic uint64_t office;
    _Atomic uint64_t rows[LIMIT_BUDGET_ROWS][WAYS];
};

/* ---- one count ---- */

static uint64_t word_of(uint32_t tag, int64_t when, int64_t level)
{
    return (uint64_t)(tag & 0xffffff) << 40 | (uint64_t)((uint16_t)when) << 24 | (uint64_t)level;
}

static uint32_t tag_of(uint64_t word)
{
    return (uint32_t)(word >> 40);
}

/* What is left of it by `now`. *when, if not NULL: the moment up to which it has drained, in whole steps. */
static int64_t level_at(uint64_t word, int64_t budget, int64_t now, int64_t *when)
{
    int64_t level = (int64_t)(word & LEVEL_MOST), rate = budget * PART;
    int64_t passed = (uint16_t)((uint16_t)now - (uint16_t)(word >> 24));
    int64_t drained = passed * rate / LIMIT_BUDGET_WINDOW_S;
    if (when)
        *when = drained < level ? now - passed + drained * LIMIT_BUDGET_WINDOW_S / rate : now;
    return drained < level ? level - drained : 0;
}

/* `count` more, but never so many that it would take hours to drain. */
static uint64_t more(const struct budget_limits *limits, uint64_t word, uint32_t tag, int64_t budget, int64_t count,
                     int64_t now)
{
    int64_t when, level = level_at(word, budget, now, &when) + count * PART,
                  most = (limits->aside_times + 1) * budget * PART;
    return word_of(tag, when, level < most ? level : most);
}

static void add(const struct budget_limits *limits, _Atomic uint64_t *at, uint32_t tag, int64_t budget, int64_t count,
                int64_t now)
{
    uint64_t was = atomic_load_explicit(at, memory_order_relaxed), is;
    do {
        is = more(limits, tag_of(was) == tag ? was : 0, tag, budget, count, now);
    } while (!atomic_compare_exchange_weak_explicit(at, &was, is, memory_order_relaxed, memory_order_relaxed));
}

/* ---- the key of the hour ---- */

static void key_write(struct key *key, const uint8_t bytes[static 32])
{
    for (int i = 0; i < KEY_WORDS; i++) {
        uint64_t word;
        memcpy(&word, bytes + 8 * i, sizeof word);
        atomic_store_explicit(&key->words[i], word, memory_order_relaxed);
    }
}

/* Whoever comes first after the hour makes the next key, forgets the counts and then the key. A process that is killed
 * in the middle of it leaves the old key for another hour; one that counts meanwhile counts for nothing. */
static void key_renew(struct budget *budget, int64_t now)
{
    static const uint8_t nothing[32];
    uint8_t fresh[32];
    int64_t until = atomic_load(&budget->key_until);
    if (now < until || !atomic_compare_exchange_strong(&budget->key_until, &until, now + LIMIT_BUDGET_KEY_S))
        return;
    uint32_t turn = atomic_load(&budget->turn);
    rng_bytes(fresh, sizeof fresh);
    key_write(&budget->keys[(turn + 1) & 1], fresh);
    mem_wipe(fresh, sizeof fresh);
    atomic_store(&budget->turn, turn + 1);
    for (size_t row = 0; row < LIMIT_BUDGET_ROWS; row++)
        for (int way = 0; way < WAYS; way++)
            atomic_store_explicit(&budget->rows[row][way], 0, memory_order_relaxed);
    key_write(&budget->keys[turn & 1], nothing);
}

/* ---- networks ---- */

/* The row of a network, and its tag there: never 0, which is the tag of an empty place. */
static _Atomic uint64_t *row_of(struct budget *budget, const uint8_t *network, uint32_t *tag)
{
    uint8_t key[32], hash[32];
    uint32_t row;
    const struct key *now = &budget->keys[atomic_load(&budget->turn) & 1];
    for (int i = 0; i < KEY_WORDS; i++) {
        uint64_t word = atomic_load_explicit(&now->words[i], memory_order_relaxed);
        memcpy(key + 8 * i, &word, sizeof word);
    }
    sign_hmac(key, sizeof key, network, HTTP_NETWORK, hash);
    memcpy(&row, hash, sizeof row);
    *tag = ((uint32_t)hash[4] << 16 | (uint32_t)hash[5] << 8 | hash[6]) | 1;
    mem_wipe(key, sizeof key);
    mem_wipe(hash, sizeof hash);
    return budget->rows[row % LIMIT_BUDGET_ROWS];
}

/* Its own place, or the one of whoever has sent least: so that many networks cannot crowd out one that sends much. */
static _Atomic uint64_t *place_of(struct budget *budget, const uint8_t *network, int64_t now, uint32_t *tag)
{
    _Atomic uint64_t *row = row_of(budget, network, tag), *least = row;
    int64_t least_level = INT64_MAX;
    for (int way = 0; way < WAYS; way++) {
        uint64_t word = atomic_load_explicit(&row[way], memory_order_relaxed);
        int64_t level = level_at(word, budget->limits.network, now, NULL);
        if (tag_of(word) == *tag)
            return &row[way];
        if (level < least_level) {
            least = &row[way];
            least_level = level;
        }
    }
    return least;
}

/* ---- the three together ---- */

struct counted {
    _Atomic uint64_t *at; /* NULL: not counted */
    uint32_t tag;
    int64_t budget, level;
};

static void look(struct counted *counted, int64_t now)
{
    uint64_t word = atomic_load_explicit(counted->at, memory_order_relaxed);
    counted->level = tag_of(word) == counted->tag ? level_at(word, counted->budget, now, NULL) : 0;
}

static int is_over(const struct counted *counted, int64_t times)
{
    return counted->at && counted->level + PART > times * counted->budget * PART;
}

/* The connection's own word is nobody else's: counted as if it were shared, so that there is one way to count. */
static enum budget_says take(const struct budget_limits *limits, struct counted all[static 3], int is_paid, int64_t now)
{
    struct counted *network = &all[1], *office = &all[2];
    int over = 0;
    for (int i = 0; i < 3; i++) {
        if (all[i].at)
            look(&all[i], now);
        over |= is_over(&all[i], 1);
    }
    if (over && !is_paid)
        return BUDGET_ASKS;
    for (int i = 0; i < 3; i++)
        if (all[i].at)
            add(limits, all[i].at, all[i].tag, all[i].budget, 1, now);
    int is_few = network->at && network->level < LIMIT_BUDGET_FEW * PART;
    int aside = is_over(&all[0], limits->aside_times) || is_over(network, limits->aside_times) ||
                (is_over(office, limits->aside_times) && !is_few);
    return aside ? BUDGET_ASIDE : BUDGET_TAKES;
}

enum budget_says budget_take(struct budget *budget, const struct budget_who *who, int is_paid, int64_t now)
{
    const struct budget_limits *limits = &budget->limits;
    _Atomic uint64_t connection = *who->connection;
    struct counted all[3] = {{.budget = limits->connection}, {.budget = limits->network}, {.budget = limits->office}};
    if (!limits->connection && !limits->network && !limits->office)
        return BUDGET_TAKES;
    key_renew(budget, now);
    if (limits->connection)
        all[0].at = &connection;
    if (limits->network && who->network && who->network[0])
        all[1].at = place_of(budget, who->network, now, &all[1].tag);
    if (limits->office)
        all[2].at = &budget->office;
    enum budget_says says = take(limits, all, is_paid, now);
    *who->connection = atomic_load(&connection);
    return says;
}

int budget_fits(struct budget *budget, const uint8_t *network, int64_t count, int64_t now)
{
    struct counted one = {.budget = budget->limits.network};
    if (!one.budget || !network || !network[0])
        return 1;
    key_renew(budget, now);
    one.at = place_of(budget, network, now, &one.tag);
    look(&one, now);
    if (one.level + count * PART > one.budget * PART)
        return 0;
    add(&budget->limits, one.at, one.tag, one.budget, count, now);
    return 1;
}

/* ---- life ---- */

struct budget *budget_new(const struct budget_limits *limits)
{
    uint8_t fresh[32];
    struct budget *budget = mmap(NULL, sizeof *budget, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    need(budget != MAP_FAILED);
    (void)madvise(budget, sizeof *budget, MADV_DONTDUMP); /* it is in no core file */
    budget->limits = *limits;
    if (!limits->connection && !limits->network && !limits->office)
        return budget; /* nothing is counted, and nothing will be signed */
    rng_bytes(budget->sign_key, sizeof budget->sign_key);
    rng_bytes(fresh, sizeof fresh);
    key_write(&budget->keys[0], fresh);
    mem_wipe(fresh, sizeof fresh);
    return budget;
}

void budget_free(struct budget *budget)
{
    if (!budget)
        return;
    mem_wipe(budget, sizeof *budget);
    munmap(budget, sizeof *budget);
}

const uint8_t *budget_sign_key(const struct budget *budget)
{
    return budget->sign_key;
}
