/* rng.c -- see rng.h. RAND_bytes is seeded by getrandom(2) and reseeds itself after fork; our pool must too. It is told
 * of a fork, since asking who we are at each call is a system call each time. */
#include "common/base/rng.h"

#include <limits.h>
#include <openssl/rand.h>
#include <pthread.h>
#include <string.h>

#include "common/base/err.h"
#include "common/base/mem.h"

enum { POOL = 4096 };

/* One for each thread: the vault's password pool draws salts of its own. */
static _Thread_local uint8_t pool[POOL];
static _Thread_local size_t pool_left;

/* In the child, whose pool would serve the same bytes as its parent's. */
static void rng_forked(void)
{
    mem_wipe(pool, sizeof pool);
    pool_left = 0;
}

static void watch_forks(void)
{
    need(pthread_atfork(NULL, NULL, rng_forked) == 0);
}

void rng_bytes(void *out, size_t len)
{
    if (len > 256) {
        need(len <= INT_MAX && RAND_bytes(out, (int)len) == 1);
        return;
    }
    static pthread_once_t watched = PTHREAD_ONCE_INIT;
    if (pool_left < len) {
        need(pthread_once(&watched, watch_forks) == 0);
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
