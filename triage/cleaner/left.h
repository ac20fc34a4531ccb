/* left.h -- is there still something in a file that tells of a person, a place or a device? exiftool looks, in whatever
 * a tool has made (craft.c), before it may be called clean. Runs inside a job, in its folder. */
#ifndef TRIAGE_CLEANER_LEFT_H
#define TRIAGE_CLEANER_LEFT_H

#include "triage/cleaner/report.h"

/* Of the file `name`, whose kind has `extension` (at most 31 bytes with the dot): REPORT_OK, nothing was found, in all
 * of it; REPORT_LEFT, something was, or the look did not get to its end; REPORT_NO_TOOL, exiftool or a part of it that
 * this kind needs is not installed; REPORT_LIMITS; REPORT_BROKEN, there is no such file. */
enum report_says left_in(const char *name, const char *extension);

#endif
