/* times.h -- within which times the office works on a complaint, for the page that tells people how this works.
 *
 * Of the profiles that recourse.ini names (docs/deadlines.md) the earliest time of each stage, for the classes in which
 * every grievance stands. Which case is due when is the vault's matter alone, and never later than this. */
#ifndef OPERATOR_TIMES_H
#define OPERATOR_TIMES_H

#include "operator/house.h"

enum { TIMES_TEXT = 32 };

/* As a profile writes it ("7d", "3m after acknowledge"); empty: the office has set none. */
struct times {
    char look[TIMES_TEXT], acknowledge[TIMES_TEXT], outcome[TIMES_TEXT];
};

/* `folder` has deadlines-N.json. Dies with a sentence when none can be read; a profile that it does not have is passed
 * over, because the vault refuses to start with it. */
void times_read(const struct house *house, const char *folder, struct times *out);

#endif
