/* says.h -- one sentence for whoever has to repair a template or a catalogue: which file, which line, what is wrong.
 *
 * Only for files that come with the program or that its operator wrote; never for what a stranger sent. */
#ifndef COMMON_TEXT_SAYS_H
#define COMMON_TEXT_SAYS_H

#include "common/base/err.h"

#define SAYS_SIZE 256

/* Write the sentence (cut at SAYS_SIZE) and give `err` back, so that a fault is one `return`. */
MUST_CHECK enum err says_fail(char says[static SAYS_SIZE], enum err err, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* Put "where: " before the sentence that is already there. */
void says_where(char says[static SAYS_SIZE], const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
