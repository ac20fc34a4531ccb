/* session.c -- see session.h. */
#include "triage/vault/session.h"

#include <string.h>

#include "common/base/code.h"
#include "common/base/mem.h"
#include "common/base/rng.h"
#include "common/seal/sign.h"

struct sessions {
    uint8_t key[32];
    unsigned per_hour, per_day;
    struct session list[SESSIONS_MAX]; /* `since` 0: free */
};

struct sessions *sessions_new(unsigned per_hour, unsigned per_day)
{
    struct sessions *s = mem_new(sizeof *s);
    rng_bytes(s->key, sizeof s->key);
    s->per_hour = per_hour;
    s->per_day = per_day;
    return s;
}

void sessions_free(struct sessions *s)
{
    mem_free(s);
}

static void mac(const struct sessions *s, char use, const uint8_t id[static 16], uint8_t out[static 32])
{
    uint8_t bytes[17] = {(uint8_t)use};
    memcpy(bytes + 1, id, 16);
    sign_hmac(s->key, sizeof s->key, bytes, sizeof bytes, out);
}

static struct session *slot_for(struct sessions *s)
{
    struct session *oldest = &s->list[0];
    for (size_t i = 0; i < SESSIONS_MAX; i++) {
        if (!s->list[i].since)
            return &s->list[i];
        if (s->list[i].seen < oldest->seen)
            oldest = &s->list[i];
    }
    return oldest;
}

static struct session *begin(struct sessions *s, const uint8_t person[static 16], int64_t now)
{
    struct session *session = slot_for(s);
    *session = (struct session){.since = now, .seen = now};
    memcpy(session->person, person, sizeof session->person);
    return session;
}

struct session *session_begin(struct sessions *s, const uint8_t person[static 16], int64_t now,
                              char text[static SESSION_TEXT])
{
    uint8_t bytes[16 + 32];
    char padded[CODE_BASE64_SIZE(sizeof bytes)];
    struct session *session = begin(s, person, now);
    rng_bytes(session->id, sizeof session->id);
    memcpy(bytes, session->id, sizeof session->id);
    mac(s, 's', session->id, bytes + 16);
    code_base64url(bytes, sizeof bytes, padded);
    memcpy(text, padded, SESSION_TEXT);
    return session;
}

static struct session *by_id(struct sessions *s, const uint8_t id[static 16], int is_token)
{
    for (size_t i = 0; i < SESSIONS_MAX; i++)
        if (s->list[i].since && s->list[i].is_token == is_token && memcmp(s->list[i].id, id, 16) == 0)
            return &s->list[i];
    return NULL;
}

static int is_living(const struct session *session, int64_t now)
{
    return session->since && now - session->since < SESSION_LIFE_S && now - session->seen < SESSION_IDLE_S;
}

struct session *session_find(struct sessions *s, const char *text, int64_t now)
{
    struct buf bytes = BUF_INIT(16 + 32);
    uint8_t expected[32];
    struct session *session = NULL;
    if (strlen(text) == SESSION_TEXT - 1 && code_unbase64(text, SESSION_TEXT - 1, &bytes) == ERR_OK &&
        bytes.len == 16 + 32) {
        mac(s, 's', bytes.bytes, expected);
        if (mem_same(expected, bytes.bytes + 16, sizeof expected))
            session = by_id(s, bytes.bytes, 0);
    }
    buf_free(&bytes);
    if (session && !is_living(session, now)) {
        session_end(s, session);
        session = NULL;
    }
    if (session)
        session->seen = now;
    return session;
}

struct session *session_of_token(struct sessions *s, const uint8_t id[static 16], const uint8_t person[static 16],
                                 int64_t now)
{
    struct session *session = by_id(s, id, 1);
    if (!session) {
        session = begin(s, person, now);
        session->is_token = 1;
        memcpy(session->id, id, sizeof session->id);
    }
    session->seen = now;
    return session;
}

void session_end(struct sessions *s, struct session *session)
{
    (void)s;
    mem_wipe(session, sizeof *session);
}

void session_end_person(struct sessions *s, const uint8_t person[static 16])
{
    for (size_t i = 0; i < SESSIONS_MAX; i++)
        if (s->list[i].since && memcmp(s->list[i].person, person, 16) == 0)
            session_end(s, &s->list[i]);
}

void session_public(const struct sessions *s, const struct session *session, char out[static SESSION_PUBLIC])
{
    uint8_t bytes[32];
    mac(s, 'p', session->id, bytes);
    code_hex(bytes, (SESSION_PUBLIC - 1) / 2, out);
}

const struct session *session_at(const struct sessions *s, const uint8_t person[static 16], size_t index, int64_t now)
{
    for (size_t i = 0; i < SESSIONS_MAX; i++)
        if (is_living(&s->list[i], now) && !s->list[i].is_token && memcmp(s->list[i].person, person, 16) == 0 &&
            index-- == 0)
            return &s->list[i];
    return NULL;
}

int session_end_public(struct sessions *s, const struct session *session, const char *public_name)
{
    char name[SESSION_PUBLIC];
    for (size_t i = 0; i < SESSIONS_MAX; i++) {
        struct session *one = &s->list[i];
        if (!one->since || one->is_token || memcmp(one->person, session->person, 16) != 0)
            continue;
        session_public(s, one, name);
        if (strcmp(name, public_name) == 0) {
            session_end(s, one);
            return 1;
        }
    }
    return 0;
}

void session_end_others(struct sessions *s, const struct session *session)
{
    for (size_t i = 0; i < SESSIONS_MAX; i++)
        if (s->list[i].since && &s->list[i] != session && !s->list[i].is_token &&
            memcmp(s->list[i].person, session->person, 16) == 0)
            session_end(s, &s->list[i]);
}

void session_csrf(const struct sessions *s, const struct session *session, char out[static SESSION_CSRF])
{
    uint8_t bytes[32];
    char text[CODE_BASE64_SIZE(24)];
    mac(s, 'c', session->id, bytes);
    code_base64url(bytes, 24, text);
    memcpy(out, text, SESSION_CSRF);
}

void session_spent(const struct sessions *s, struct session *session, int64_t now, unsigned *hour, unsigned *day)
{
    (void)s;
    if (now - session->hour.from >= 3600) {
        session->hour.from = now;
        session->hour.count = 0;
    }
    if (now - session->day.from >= 86400) {
        session->day.from = now;
        session->day.count = 0;
    }
    *hour = session->hour.count;
    *day = session->day.count;
}

static int is_open(const struct session *session, const uint8_t what[static 16], int64_t now)
{
    for (size_t i = 0; i < SESSION_OPEN; i++)
        if (session->open[i].at && now - session->open[i].at < 3600 && memcmp(session->open[i].what, what, 16) == 0)
            return 1;
    return 0;
}

int session_spend(const struct sessions *s, struct session *session, const uint8_t what[16], int64_t now)
{
    unsigned hour, day;
    if (what && is_open(session, what, now))
        return 1;
    session_spent(s, session, now, &hour, &day);
    if (hour >= s->per_hour || day >= s->per_day)
        return 0;
    session->hour.count++;
    session->day.count++;
    if (what) {
        memcpy(session->open[session->next].what, what, 16);
        session->open[session->next].at = now;
        session->next = (session->next + 1) % SESSION_OPEN;
    }
    return 1;
}
