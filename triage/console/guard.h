/* guard.h -- is this form our own? Three signs, each able to refuse: where the browser says it comes from (Origin,
 * Sec-Fetch-Site), and the token that the vault gave to this session. Pure. */
#ifndef TRIAGE_CONSOLE_GUARD_H
#define TRIAGE_CONSOLE_GUARD_H

/* 1 unless a header says that another site sent the form. Browsers write "Origin: null" under our Referrer-Policy, and
 * old ones no Sec-Fetch-Site: then the token alone decides. Arguments may be NULL (header absent). */
int guard_same_origin(const char *origin, const char *fetch_site, const char *host);
/* 1 if the form's token is the session's; in constant time. NULL or an empty expected token never matches. */
int guard_csrf(const char *expected, const char *given);

#endif
