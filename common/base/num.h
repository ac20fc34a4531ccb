/* num.h -- text to number, with a minimum and a maximum: the only way a number enters from the wire. */
#ifndef COMMON_BASE_NUM_H
#define COMMON_BASE_NUM_H

#include <stddef.h>
#include <stdint.h>

#include "common/base/err.h"

/* Decimal digits only (no sign, no space), all `len` of them. ERR_MALFORMED, or ERR_TOO_BIG outside min..max. */
MUST_CHECK enum err num_parse(const char *text, size_t len, uint64_t min, uint64_t max, uint64_t *out);

#endif
