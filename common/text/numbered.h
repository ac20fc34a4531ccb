/* numbered.h -- versioned data of an installation: files NAME-N.json in a folder, of which the highest N counts. */
#ifndef COMMON_TEXT_NUMBERED_H
#define COMMON_TEXT_NUMBERED_H

#include <jansson.h>

#include "common/text/says.h"

/* The highest N there is, 0 for none. */
unsigned numbered_newest(const char *folder, const char *name);
/* Read FOLDER/NAME-N.json, at most `most` bytes, as an object; a sentence names file and line. ERR_NOT_FOUND,
 * ERR_MALFORMED, ERR_TOO_BIG, ERR_SYSTEM. New reference in *out. */
MUST_CHECK enum err numbered_read(const char *folder, const char *name, unsigned number, size_t most, json_t **out,
                                  char says[static SAYS_SIZE]);

#endif
