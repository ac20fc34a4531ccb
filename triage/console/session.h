/* session.h -- what a browser or a program brings to say who it is: the vault's token and the desk that gave it.
 *
 * Pages carry "DESK.TOKEN" in the cookie __Host-session; the API carries the token in "Authorization: Bearer". The
 * console cannot check either: it hands the token to the desk's vault with every request. */
#ifndef TRIAGE_CONSOLE_SESSION_H
#define TRIAGE_CONSOLE_SESSION_H

#include "common/base/buf.h"
#include "triage/console/settings.h"

enum { SESSION_TOKEN_MAX = 512 };

#define SESSION_COOKIE   "__Host-session"
#define SESSION_DEVICE   "__Host-device"
#define SESSION_ENTRY    "__Host-entry"
#define SESSION_LANGUAGE "__Host-language"

struct session {
    char desk[SETTINGS_DESK_CODE]; /* "" behind session_from_bearer() */
    char token[SESSION_TOKEN_MAX + 1];
};

/* From the Cookie header (may be NULL). ERR_NOT_FOUND, ERR_MALFORMED; then `out` is empty. */
MUST_CHECK enum err session_from_cookie(const char *header, struct session *out);
/* From the Authorization header (may be NULL); it names no desk. Errors as above. */
MUST_CHECK enum err session_from_bearer(const char *header, struct session *out);
/* 1 if the vault's token can stand in a cookie and a header: letters, digits and - . _ ~ + / = */
int session_is_token(const char *token);
/* Append a Set-Cookie value that keeps the session, or (session NULL) ends it. */
MUST_CHECK enum err session_write(const struct session *session, struct buf *out);
/* One cookie of token characters, "" if there is none, it is over SESSION_TOKEN_MAX or came twice. */
void session_read_cookie(const char *header, const char *name, char out[static SESSION_TOKEN_MAX + 1]);
void session_wipe(struct session *session);

#endif
