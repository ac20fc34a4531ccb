/* cookie.c -- see cookie.h. */
#include "common/http/cookie.h"

#include <string.h>

#include "common/http/http_chars.h"

enum err cookie_read(const char *header, const char *name, struct buf *out)
{
    size_t name_len = strlen(name);
    const char *found = NULL;
    size_t found_len = 0;
    for (const char *at = header; at && *at;) {
        at += strspn(at, " \t;");
        size_t len = strcspn(at, ";");
        if (len > name_len && strncmp(at, name, name_len) == 0 && at[name_len] == '=') {
            if (found)
                return ERR_CONFLICT;
            found = at + name_len + 1;
            found_len = len - name_len - 1;
            while (found_len && (found[found_len - 1] == ' ' || found[found_len - 1] == '\t'))
                found_len--;
        }
        at += len;
    }
    return found ? buf_add(out, found, found_len) : ERR_NOT_FOUND;
}

/* cookie-octet of RFC 6265 section 4.1.1. */
static int is_cookie_value(const char *value)
{
    for (; *value; value++)
        if (*value <= ' ' || *value >= 0x7f || strchr("\",;\\", *value))
            return 0;
    return 1;
}

enum err cookie_write(struct buf *out, const char *name, const char *value, long max_age_s)
{
    need(*name && http_chars_all((const uint8_t *)name, strlen(name), CHAR_TOKEN) && is_cookie_value(value));
    enum err err = buf_addf(out, "%s=%s; Path=/; Secure; HttpOnly; SameSite=Strict", name, value);
    if (err == ERR_OK && max_age_s >= 0)
        err = buf_addf(out, "; Max-Age=%ld", max_age_s);
    return err;
}
