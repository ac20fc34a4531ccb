/* audit_chain.c -- see audit_chain.h. A hash table with open places, at most half full; the hashes are uniform already,
 * and a random factor keeps whoever writes the database from choosing our slots. */
#include "operator/audit_chain.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/mem.h"
#include "common/base/rng.h"

enum { FIRST_BITS = 10 };

struct link {
    uint8_t hash[32];
    int64_t where;
    uint32_t written, replaced, ended;
    int is_used, is_there;
};

struct audit_chain {
    struct link *links;
    size_t count;
    unsigned bits;
    uint64_t factor;
};

struct audit_chain *audit_chain_new(void)
{
    struct audit_chain *chain = mem_new(sizeof *chain);
    rng_bytes(&chain->factor, sizeof chain->factor);
    chain->factor |= 1;
    chain->bits = FIRST_BITS;
    chain->links = mem_new_array((size_t)1 << chain->bits, sizeof *chain->links);
    return chain;
}

void audit_chain_free(struct audit_chain *chain)
{
    if (!chain)
        return;
    mem_free(chain->links);
    mem_free(chain);
}

static struct link *slot_of(const struct audit_chain *chain, const uint8_t hash[static 32])
{
    uint64_t key;
    size_t mask = ((size_t)1 << chain->bits) - 1;
    memcpy(&key, hash, sizeof key);
    size_t at = (size_t)(key * chain->factor >> (64 - chain->bits));
    while (chain->links[at].is_used && memcmp(chain->links[at].hash, hash, 32) != 0)
        at = (at + 1) & mask;
    return &chain->links[at];
}

static void grow(struct audit_chain *chain)
{
    struct link *old = chain->links;
    size_t old_size = (size_t)1 << chain->bits++;
    chain->links = mem_new_array((size_t)1 << chain->bits, sizeof *chain->links);
    for (size_t i = 0; i < old_size; i++)
        if (old[i].is_used)
            *slot_of(chain, old[i].hash) = old[i];
    mem_free(old);
}

static struct link *take(struct audit_chain *chain, const uint8_t hash[static 32])
{
    if (chain->count * 2 >= (size_t)1 << chain->bits)
        grow(chain);
    struct link *link = slot_of(chain, hash);
    if (!link->is_used) {
        memcpy(link->hash, hash, 32);
        link->is_used = 1;
        chain->count++;
    }
    return link;
}

static int is_none(const uint8_t hash[static 32])
{
    static const uint8_t none[32];
    return memcmp(hash, none, sizeof none) == 0;
}

void audit_chain_leaf(struct audit_chain *chain, const uint8_t written[static 32], const uint8_t before[static 32],
                      int64_t where)
{
    if (!is_none(written)) {
        struct link *link = take(chain, written);
        link->where = where;
        link->written++;
    }
    if (!is_none(before)) {
        struct link *link = take(chain, before);
        if (!link->written)
            link->where = where;
        link->replaced++;
        link->ended += is_none(written) != 0;
    }
}

enum audit_chain_verdict audit_chain_there(struct audit_chain *chain, const uint8_t hash[static 32])
{
    struct link *link = slot_of(chain, hash);
    if (!link->is_used || !link->written)
        return AUDIT_CHAIN_UNKNOWN;
    link->is_there = 1;
    return link->replaced ? AUDIT_CHAIN_OLD : AUDIT_CHAIN_HEAD;
}

int audit_chain_is_ended(const struct audit_chain *chain, const uint8_t hash[static 32])
{
    const struct link *link = slot_of(chain, hash);
    return link->is_used && link->written && link->ended;
}

static int by_place(const void *a, const void *b)
{
    const struct link *const *one = a, *const *two = b;
    return ((*one)->where > (*two)->where) - ((*one)->where < (*two)->where);
}

static int is_faulty(const struct link *link, enum audit_chain_fault *out)
{
    if (link->written > 1)
        *out = AUDIT_CHAIN_TWICE;
    else if (link->replaced > 1)
        *out = AUDIT_CHAIN_FORK;
    else if (!link->written)
        *out = AUDIT_CHAIN_ROOTLESS;
    else if (!link->replaced && !link->is_there)
        *out = AUDIT_CHAIN_MISSING;
    else
        return 0;
    return 1;
}

void audit_chain_faults(const struct audit_chain *chain, audit_chain_fault_fn *each, void *room)
{
    size_t size = (size_t)1 << chain->bits, count = 0;
    const struct link **faulty = mem_new_array(chain->count + 1, sizeof *faulty);
    enum audit_chain_fault fault;
    for (size_t i = 0; i < size; i++)
        if (chain->links[i].is_used && is_faulty(&chain->links[i], &fault))
            faulty[count++] = &chain->links[i];
    qsort(faulty, count, sizeof *faulty, by_place);
    for (size_t i = 0; i < count; i++)
        if (is_faulty(faulty[i], &fault))
            each(room, fault, faulty[i]->where);
    mem_free(faulty);
}
