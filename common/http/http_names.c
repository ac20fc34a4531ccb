/* http_names.c -- see http_names.h. */
#include "common/http/http_names.h"

#include <string.h>
#include <strings.h>

enum rule { RULE_SINGLE = 1, RULE_FRAMING = 2, RULE_NOT_BEHIND = 4 };

/* Not behind the content: framing, routing and authentication, the kinds of RFC 9110 section 6.5.1 with which something
 * could be gained if anybody merged them into the header. The other kinds there (content format, response controls) are
 * ignored like every trailer. */
static const struct {
    const char *name;
    unsigned rules;
} names[] = {
    {"Content-Length", RULE_FRAMING | RULE_NOT_BEHIND},
    {"Transfer-Encoding", RULE_FRAMING | RULE_NOT_BEHIND},
    {"Host", RULE_NOT_BEHIND},
    {"Connection", RULE_NOT_BEHIND},
    {"Expect", RULE_NOT_BEHIND},
    {"Authorization", RULE_SINGLE | RULE_NOT_BEHIND},
    {"Proxy-Authorization", RULE_NOT_BEHIND},
    {"Cookie", RULE_NOT_BEHIND},
    {"Origin", RULE_SINGLE},
    {"Idempotency-Key", RULE_SINGLE},
    {"Content-Type", RULE_SINGLE},
};

static unsigned rules_of(const uint8_t *name, size_t len)
{
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strlen(names[i].name) == len && strncasecmp((const char *)name, names[i].name, len) == 0)
            return names[i].rules;
    return 0;
}

int http_name_is_single(const uint8_t *name, size_t len)
{
    return (rules_of(name, len) & RULE_SINGLE) != 0;
}

int http_name_is_disguised(const uint8_t *name, size_t len)
{
    uint8_t plain[32];
    if (len > sizeof plain || !memchr(name, '_', len))
        return 0;
    for (size_t i = 0; i < len; i++)
        plain[i] = name[i] == '_' ? '-' : name[i];
    return (rules_of(plain, len) & RULE_FRAMING) != 0;
}

int http_name_may_trail(const uint8_t *name, size_t len)
{
    return !(rules_of(name, len) & RULE_NOT_BEHIND) && !http_name_is_disguised(name, len);
}
