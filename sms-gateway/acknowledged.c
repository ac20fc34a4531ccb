/* acknowledged.c -- see acknowledged.h. Open addressing in an anonymous shared mapping; each slot is claimed with one
 * compare-and-swap, so that two workers which hear the same number at once send one acknowledgement. */
#include "sms-gateway/acknowledged.h"

#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>

#include "common/base/err.h"
#include "common/base/rng.h"
#include "common/seal/sign.h"

enum { SLOTS = 1 << 16, PROBES = 16 };
static const int64_t DAY_MS = 24LL * 3600 * 1000;

struct slot {
    _Atomic uint64_t hash;
    _Atomic int64_t until_ms;
};

static struct slot *slots;
static uint8_t hash_key[32];

void acknowledged_open(void)
{
    slots = mmap(NULL, SLOTS * sizeof *slots, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    need(slots != MAP_FAILED);
    rng_bytes(hash_key, sizeof hash_key);
}

static uint64_t hash_of(const char *channel, const char *number)
{
    uint8_t inner[32], outer[32], both[64];
    uint64_t hash;
    sign_hmac(hash_key, sizeof hash_key, channel, strlen(channel), inner);
    sign_hmac(hash_key, sizeof hash_key, number, strlen(number), outer);
    memcpy(both, inner, 32);
    memcpy(both + 32, outer, 32);
    sign_sha256(both, sizeof both, inner);
    memcpy(&hash, inner, sizeof hash);
    return hash ? hash : 1;
}

int acknowledged_first(const char *channel, const char *number, int64_t now_ms)
{
    need(slots != NULL);
    uint64_t hash = hash_of(channel, number);
    struct slot *oldest = NULL;
    for (unsigned i = 0; i < PROBES; i++) {
        struct slot *slot = &slots[(hash + i) % SLOTS];
        uint64_t there = atomic_load(&slot->hash);
        int64_t until = atomic_load(&slot->until_ms);
        if (there == hash && until > now_ms)
            return 0;
        if (!oldest || until < atomic_load(&oldest->until_ms))
            oldest = slot;
    }
    uint64_t before = atomic_load(&oldest->hash);
    /* Lost the race: another worker has just put a number here; if it was this one, it has acknowledged it. */
    if (!atomic_compare_exchange_strong(&oldest->hash, &before, hash) && before == hash)
        return 0;
    atomic_store(&oldest->hash, hash);
    atomic_store(&oldest->until_ms, now_ms + DAY_MS);
    return 1;
}
