/* session.c -- see session.h. */
#include "triage/console/session.h"

#include <string.h>
#include <strings.h>

#include "common/base/mem.h"
#include "common/http/cookie.h"

int session_is_token(const char *token)
{
    size_t len = strlen(token);
    return len > 0 && len <= SESSION_TOKEN_MAX &&
           strspn(token, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~+/=") == len;
}

void session_read_cookie(const char *header, const char *name, char out[static SESSION_TOKEN_MAX + 1])
{
    struct buf value = BUF_INIT(SESSION_TOKEN_MAX);
    out[0] = 0;
    if (cookie_read(header, name, &value) == ERR_OK && session_is_token(buf_text(&value)))
        memcpy(out, buf_text(&value), value.len + 1);
    buf_free(&value);
}

enum err session_from_cookie(const char *header, struct session *out)
{
    struct buf value = BUF_INIT(SESSION_TOKEN_MAX + SETTINGS_DESK_CODE);
    memset(out, 0, sizeof *out);
    enum err err = cookie_read(header, SESSION_COOKIE, &value);
    const char *text = buf_text(&value), *dot = strchr(text, '.');
    if (err == ERR_OK && (!dot || dot == text || dot - text >= SETTINGS_DESK_CODE || !session_is_token(dot + 1)))
        err = ERR_MALFORMED;
    else if (err != ERR_OK && err != ERR_NOT_FOUND)
        err = ERR_MALFORMED;
    if (err == ERR_OK) {
        memcpy(out->desk, text, (size_t)(dot - text));
        memcpy(out->token, dot + 1, strlen(dot + 1) + 1);
    }
    buf_free(&value);
    return err;
}

enum err session_from_bearer(const char *header, struct session *out)
{
    static const char SCHEME[] = "Bearer ";
    memset(out, 0, sizeof *out);
    if (!header)
        return ERR_NOT_FOUND;
    if (strncasecmp(header, SCHEME, sizeof SCHEME - 1) != 0)
        return ERR_MALFORMED;
    const char *token = header + sizeof SCHEME - 1;
    token += strspn(token, " ");
    if (!session_is_token(token))
        return ERR_MALFORMED;
    memcpy(out->token, token, strlen(token) + 1);
    return ERR_OK;
}

enum err session_write(const struct session *session, struct buf *out)
{
    struct buf value = BUF_INIT(SESSION_TOKEN_MAX + SETTINGS_DESK_CODE);
    enum err err = ERR_OK;
    if (session)
        err = buf_addf(&value, "%s.%s", session->desk, session->token);
    if (err == ERR_OK)
        err = cookie_write(out, SESSION_COOKIE, buf_text(&value), session ? -1 : 0);
    buf_free(&value);
    return err;
}

void session_wipe(struct session *session)
{
    mem_wipe(session, sizeof *session);
}
