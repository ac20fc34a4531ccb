/* num.c -- see num.h. */
#include "common/base/num.h"

enum err num_parse(const char *text, size_t len, uint64_t min, uint64_t max, uint64_t *out)
{
    uint64_t value = 0;
    int is_over = 0;
    if (len == 0)
        return ERR_MALFORMED;
    for (size_t i = 0; i < len; i++) {
        if (text[i] < '0' || text[i] > '9')
            return ERR_MALFORMED;
        uint64_t digit = (uint64_t)(text[i] - '0');
        is_over |= value > (UINT64_MAX - digit) / 10;
        value = value * 10 + digit; /* of no meaning once it is over: what follows may still be no digit */
    }
    if (is_over || value < min || value > max)
        return ERR_TOO_BIG;
    *out = value;
    return ERR_OK;
}
