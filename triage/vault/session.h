/* session.h -- who is signed in: tokens under a key that lives in this process's memory, with budgets of openings.
 *
 * A session ends after 12 hours, 30 idle minutes, at sign-out and with the process. An API token has no session text;
 * its budget is kept here under its hash. Time is a parameter (wall seconds). */
#ifndef TRIAGE_VAULT_SESSION_H
#define TRIAGE_VAULT_SESSION_H

#include <stddef.h>
#include <stdint.h>

#include "common/base/err.h"

struct sessions;

enum {
    SESSION_TEXT = 65,
    SESSION_CSRF = 33,
    SESSIONS_MAX = 1024,
    SESSION_LIFE_S = 12 * 3600,
    SESSION_IDLE_S = 30 * 60,
    SESSION_DEVICE = 48,
    SESSION_SECRET = 33,
    SESSION_OPEN = 16,
    SESSION_PUBLIC = 17
};

struct session {
    uint8_t id[16], person[16];
    int64_t since, seen;
    int is_token;
    int is_enrolling;            /* only to set up a second factor */
    int64_t before;              /* of the sign-in before this one; 0: there was none */
    char device[SESSION_DEVICE]; /* "Firefox, Linux": as the console read it */
    char secret[SESSION_SECRET]; /* a TOTP secret that is shown and not confirmed yet */
    struct {
        int64_t from;
        unsigned count;
    } hour, day; /* openings in the current window */
    struct {
        uint8_t what[16];
        int64_t at;
    } open[SESSION_OPEN]; /* what was counted last */
    unsigned next;
};

struct sessions *sessions_new(unsigned per_hour, unsigned per_day);
void sessions_free(struct sessions *sessions);

/* Begin one; `text` is the token for the cookie. The one idle for longest makes room. */
struct session *session_begin(struct sessions *sessions, const uint8_t person[static 16], int64_t now,
                              char text[static SESSION_TEXT]);
/* The living session of a token, touched; NULL when it is forged, ended or idle for too long. */
struct session *session_find(struct sessions *sessions, const char *text, int64_t now);
/* The budget of an API token (`id`: the first 16 bytes of its SHA-256). */
struct session *session_of_token(struct sessions *sessions, const uint8_t id[static 16],
                                 const uint8_t person[static 16], int64_t now);
void session_end(struct sessions *sessions, struct session *session);
/* All sessions of a person: who leaves is signed out. */
void session_end_person(struct sessions *sessions, const uint8_t person[static 16]);
/* A name of a session that may be shown: it lets nobody in. */
void session_public(const struct sessions *sessions, const struct session *session, char out[static SESSION_PUBLIC]);
/* The n-th living session of that person, tokens not counted; NULL behind the last. */
const struct session *session_at(const struct sessions *sessions, const uint8_t person[static 16], size_t index,
                                 int64_t now);
/* End the one of the same person as `session` that is called `public_name`. 0: there is none. */
int session_end_public(struct sessions *sessions, const struct session *session, const char *public_name);
/* All sessions of a person but this one, API tokens not counted. */
void session_end_others(struct sessions *sessions, const struct session *session);
void session_csrf(const struct sessions *sessions, const struct session *session, char out[static SESSION_CSRF]);
/* Count one opening. `what`: of the last SESSION_OPEN of these, each is counted once an hour: the page of a case comes
 * again after everything that is done there. NULL is always counted. 0: the budget is spent, and nothing was counted.
 */
int session_spend(const struct sessions *sessions, struct session *session, const uint8_t what[16], int64_t now);
/* What is spent in the windows of now. */
void session_spent(const struct sessions *sessions, struct session *session, int64_t now, unsigned *hour,
                   unsigned *day);

#endif
