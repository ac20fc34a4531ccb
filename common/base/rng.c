/* rng.c -- see rng.h. RAND_bytes is seeded by getrandom(2) and reseeds itself after fork; our pool must too. */
#include "common/base/rng.h"

#include <limits.h>
#include <openssl/rand.h>
#include <string.h>
#include <unistd.h>

#include "common/base/err.h"
#include "common/base/mem.h"

enum { POOL = 4096 };

/* One for each thread: the vault's password pool draws salts of its own. */
static _Thread_local uint8_t pool[POOL];
static _Thread_local size_t pool_left;
static _Thread_local pid_t pool_owner;

void rng_forked(void)
{
    mem_wipe(pool, sizeof pool);
    pool_left = 0;
    pool_owner = getpid();
}

void rng_bytes(void *out, size_t len)
{
    if (len > 256) {
        need(len <= INT_MAX && RAND_bytes(out, (int)len) == 1);
        return;
    }
    if (pool_owner != getpid())
        rng_forked();
    if (pool_left < len) {
        need(RAND_bytes(pool, sizeof pool) == 1);
        pool_left = sizeof pool;
    }
    pool_left -= len;
    memcpy(out, pool + pool_left, len);
    mem_wipe(pool + pool_left, len);
}

uint32_t rng_below(uint32_t below)
{
    need(below > 0);
    uint32_t floor = (uint32_t)(-below) % below;
    for (;;) {
        uint32_t v;
        rng_bytes(&v, sizeof v);
        if (v >= floor)
            return v % below;
    }
}
