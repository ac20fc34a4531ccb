/* throttle.c -- see throttle.h. */
#include "triage/vault/throttle.h"

#include <string.h>

#include "common/base/mem.h"
#include "common/base/rng.h"
#include "common/seal/sign.h"

enum { BUCKETS = 4096, WHO_BYTES = 256 };

struct bucket {
    uint8_t tag[16];
    int64_t at; /* last touched; 0: free */
    int64_t left;
};

struct throttle {
    uint8_t key[32];
    struct bucket buckets[BUCKETS];
};

struct throttle *throttle_new(void)
{
    struct throttle *t = mem_new(sizeof *t);
    rng_bytes(t->key, sizeof t->key);
    return t;
}

void throttle_free(struct throttle *t)
{
    mem_free(t);
}

static void tag_of(const struct throttle *t, const char *name, const char *device, uint8_t out[static 32])
{
    char who[WHO_BYTES];
    size_t name_len = strnlen(name, 100), device_len = strnlen(device, 150);
    memcpy(who, name, name_len);
    who[name_len] = 0;
    memcpy(who + name_len + 1, device, device_len);
    sign_hmac(t->key, sizeof t->key, who, name_len + 1 + device_len, out);
}

static struct bucket *bucket_of(struct throttle *t, const char *name, const char *device, int64_t now)
{
    uint8_t tag[32];
    struct bucket *oldest = &t->buckets[0];
    tag_of(t, name, device, tag);
    for (size_t i = 0; i < BUCKETS; i++) {
        struct bucket *b = &t->buckets[i];
        if (b->at && memcmp(b->tag, tag, sizeof b->tag) == 0)
            return b;
        if (b->at < oldest->at)
            oldest = b;
    }
    *oldest = (struct bucket){.at = now, .left = THROTTLE_TRIES};
    memcpy(oldest->tag, tag, sizeof oldest->tag);
    return oldest;
}

int throttle_try(struct throttle *t, const char *name, const char *device, int64_t now)
{
    struct bucket *b = bucket_of(t, name, device, now);
    int64_t more = (now - b->at) / THROTTLE_REFILL_S;
    if (more > 0) {
        b->left = b->left + more < THROTTLE_TRIES ? b->left + more : THROTTLE_TRIES;
        b->at += more * THROTTLE_REFILL_S;
    }
    if (b->left <= 0)
        return 0;
    b->left--;
    return 1;
}

void throttle_good(struct throttle *t, const char *name, const char *device, int64_t now)
{
    struct bucket *b = bucket_of(t, name, device, now);
    if (b->left < THROTTLE_TRIES)
        b->left++;
}
