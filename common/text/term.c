/* term.c -- see term.h. */
#include "common/text/term.h"

#include <string.h>

int term_read(const char *text, struct term *out)
{
    static const char letters[] = {[TERM_HOURS] = 'h', [TERM_DAYS] = 'd', [TERM_WORKDAYS] = 'w', [TERM_MONTHS] = 'm'};
    unsigned amount = 0, digits = 0;
    *out = (struct term){0};
    for (; *text >= '0' && *text <= '9' && digits < 4; digits++)
        amount = amount * 10 + (unsigned)(*text++ - '0');
    for (int unit = TERM_HOURS; unit <= TERM_MONTHS; unit++)
        if (*text == letters[unit])
            out->unit = (uint8_t)unit;
    if (amount == 0 || amount > TERM_AMOUNT_MOST || out->unit == TERM_NONE)
        return 0;
    out->amount = (uint16_t)amount;
    out->after_acknowledged = strcmp(text + 1, " after acknowledge") == 0;
    return text[1] == 0 || out->after_acknowledged;
}
