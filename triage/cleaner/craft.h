/* craft.h -- clean a file, or draw it: which tools are run, in which order, and whether what came out may be called
 * clean. Runs inside a job, in its folder (runner.c). The kinds: trade.h. */
#ifndef TRIAGE_CLEANER_CRAFT_H
#define TRIAGE_CLEANER_CRAFT_H

#include "triage/cleaner/report.h"
#include "triage/cleaner/trade.h"

/* The longer side of what is drawn, and the file that holds what was made. */
#define CRAFT_SIDE   "1600"
#define CRAFT_RESULT "result"

/* Both fill all of `report` but its type, and leave CRAFT_RESULT behind when its status is REPORT_CLEANED. `in` names
 * the file; a picture of over `pixels_max` is not opened. */
void craft_clean(const struct trade *trade, const char *in, uint64_t pixels_max, struct report *report);
void craft_draw(const struct trade *trade, const char *in, uint64_t pixels_max, struct report *report);

#endif
