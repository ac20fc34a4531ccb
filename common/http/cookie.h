/* cookie.h -- read one cookie by its name, write one Set-Cookie (RFC 6265). */
#ifndef COMMON_HTTP_COOKIE_H
#define COMMON_HTTP_COOKIE_H

#include <stddef.h>

#include "common/base/buf.h"

/* Append the value of cookie `name` in the Cookie header `header` (NULL: none came). ERR_NOT_FOUND, ERR_TOO_BIG over
 * the buf's maximum, ERR_CONFLICT when the name comes twice: somebody else may have planted one. */
MUST_CHECK enum err cookie_read(const char *header, const char *name, struct buf *out);
/* Append "name=value; Path=/; Secure; HttpOnly; SameSite=Strict", with Max-Age unless `max_age_s` is negative (a cookie
 * of the browser's session); 0 deletes it. Name and value must be of cookie characters (a bug otherwise). */
MUST_CHECK enum err cookie_write(struct buf *out, const char *name, const char *value, long max_age_s);

#endif
