/* term.h -- "4h", "7d", "15w", "3m", "3m after acknowledge": a time within which an office does something, as profiles
 * of deadlines (docs/deadlines.md) and settings write it. Reading alone; what it means on a calendar is its reader's. */
#ifndef COMMON_TEXT_TERM_H
#define COMMON_TEXT_TERM_H

#include <stdint.h>

enum term_unit { TERM_NONE, TERM_HOURS, TERM_DAYS, TERM_WORKDAYS, TERM_MONTHS };

enum { TERM_AMOUNT_MOST = 1000 };

struct term {
    uint16_t amount;
    uint8_t unit;               /* TERM_NONE: no time is set */
    uint8_t after_acknowledged; /* counted from the acknowledgement, or from when that was due */
};

/* 1 if `text` is one. *out is overwritten. */
int term_read(const char *text, struct term *out);

#endif
