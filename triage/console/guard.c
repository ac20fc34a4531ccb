/* guard.c -- see guard.h. */
#include "triage/console/guard.h"

#include <string.h>
#include <strings.h>

#include "common/base/mem.h"

static const char SCHEME[] = "https://";

int guard_same_origin(const char *origin, const char *fetch_site, const char *host)
{
    if (fetch_site && strcmp(fetch_site, "same-origin") != 0)
        return 0;
    if (!origin || strcmp(origin, "null") == 0)
        return 1;
    return host && strncmp(origin, SCHEME, sizeof SCHEME - 1) == 0 && strcasecmp(origin + sizeof SCHEME - 1, host) == 0;
}

int guard_csrf(const char *expected, const char *given)
{
    if (!expected || !given || !*expected)
        return 0;
    size_t len = strlen(expected);
    return strlen(given) == len && mem_same(expected, given, len);
}
