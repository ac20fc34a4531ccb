/* challenge.c -- see challenge.h. */
#include "triage/vault/challenge.h"

#include <string.h>

#include "common/base/code.h"
#include "common/base/mem.h"
#include "common/base/rng.h"
#include "common/seal/sign.h"

enum { ENDS = 8, RANDOM = 16, MAC = 32, WHOLE = ENDS + RANDOM + MAC, SIGNED = 1 + 16 + ENDS + RANDOM };

struct challenges {
    uint8_t key[32];
    struct {
        int64_t ends; /* 0: free */
        uint8_t random[RANDOM];
    } spent[CHALLENGES_SPENT];
};

struct challenges *challenges_new(void)
{
    struct challenges *c = mem_new(sizeof *c);
    rng_bytes(c->key, sizeof c->key);
    return c;
}

void challenges_free(struct challenges *c)
{
    mem_free(c);
}

static void mac_of(const struct challenges *c, enum challenge_use use, const uint8_t *person,
                   const uint8_t bytes[static ENDS + RANDOM], uint8_t out[static MAC])
{
    uint8_t text[SIGNED] = {(uint8_t)use};
    if (person)
        memcpy(text + 1, person, 16);
    memcpy(text + 17, bytes, ENDS + RANDOM);
    sign_hmac(c->key, sizeof c->key, text, sizeof text, out);
}

void challenge_new(const struct challenges *c, enum challenge_use use, const uint8_t *person, int64_t now,
                   char out[static CHALLENGE_TEXT])
{
    uint8_t bytes[WHOLE];
    char text[CODE_BASE64_SIZE(WHOLE)];
    uint64_t ends = (uint64_t)(now + CHALLENGE_LIFE_S);
    for (int i = 0; i < ENDS; i++)
        bytes[i] = (uint8_t)(ends >> (8 * (ENDS - 1 - i)));
    rng_bytes(bytes + ENDS, RANDOM);
    mac_of(c, use, person, bytes, bytes + ENDS + RANDOM);
    code_base64url(bytes, sizeof bytes, text);
    memcpy(out, text, strlen(text) + 1);
}

/* 0: it was spent before, or there is no room among those that have not ended: then nobody is let in by this way. */
static int spend(struct challenges *c, int64_t ends, const uint8_t random[static RANDOM], int64_t now)
{
    size_t place = CHALLENGES_SPENT;
    for (size_t i = 0; i < CHALLENGES_SPENT; i++) {
        if (c->spent[i].ends <= now)
            place = i;
        else if (memcmp(c->spent[i].random, random, RANDOM) == 0)
            return 0;
    }
    if (place == CHALLENGES_SPENT)
        return 0;
    c->spent[place].ends = ends;
    memcpy(c->spent[place].random, random, RANDOM);
    return 1;
}

int challenge_spend(struct challenges *c, enum challenge_use use, const uint8_t *person, const char *text, int64_t now)
{
    uint8_t bytes[WHOLE], expected[MAC];
    uint64_t ends = 0;
    if (code_unbase64_exact(text, strlen(text), bytes, sizeof bytes) != ERR_OK)
        return 0;
    mac_of(c, use, person, bytes, expected);
    for (int i = 0; i < ENDS; i++)
        ends = ends << 8 | bytes[i];
    return mem_same(expected, bytes + ENDS + RANDOM, MAC) && (int64_t)ends > now &&
           spend(c, (int64_t)ends, bytes + ENDS, now);
}
