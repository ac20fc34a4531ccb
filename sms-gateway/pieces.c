/* pieces.c -- see pieces.h. What a character costs depends on the piece it stands in: the whole text is of one alphabet
 * here, the smaller one if any of its characters asks for it, so that no piece is larger than was counted. */
#include "sms-gateway/pieces.h"

#include <stdint.h>
#include <string.h>

#include "common/text/utf8.h"
#include "sms-gateway/provider.h"

/* Those of the extension table take two places. */
static unsigned cost_of(uint32_t c, int is_gsm)
{
    static const uint16_t twice[] = {0x0c, 0x5e, 0x7b, 0x7d, 0x5c, 0x5b, 0x7e, 0x5d, 0x7c, 0x20ac};
    if (!is_gsm)
        return c > 0xffff ? 2 : 1;
    for (size_t i = 0; i < sizeof twice / sizeof *twice; i++)
        if (twice[i] == c)
            return 2;
    return 1;
}

static int is_space(uint32_t c)
{
    return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

size_t pieces_first(const char *text, size_t *rest)
{
    size_t len = strlen(text), at = 0, word_end = 0;
    int is_gsm = provider_is_gsm(text);
    unsigned cost = 0, most = is_gsm ? PIECE_GSM : PIECE_UTF16;
    uint32_t c;
    size_t took;
    while ((took = utf8_next(text + at, len - at, &c)) > 0) {
        if (is_space(c) && at)
            word_end = at;
        cost += cost_of(c, is_gsm);
        if (cost > most)
            break;
        at += took;
    }
    if (at < len && cost <= most) /* not UTF-8: whoever made it is to blame, and it goes as it is */
        at = len;
    if (at == len) {
        *rest = len;
        return len;
    }
    /* A word as long as half a piece is not waited for. */
    if (word_end > at / 2)
        at = word_end;
    *rest = at + strspn(text + at, " \n\r\t");
    return at;
}
