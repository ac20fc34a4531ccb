/* restore_keys.h -- put a backup of keys back. */
#ifndef OPERATOR_RESTORE_KEYS_H
#define OPERATOR_RESTORE_KEYS_H

#include "operator/restore_fill.h"

/* Those that are missing, each for the process that needs it; and note that they are saved. Dies with a sentence. */
void restore_keys_put(const struct house *house, struct restore_read *secrets, struct restore_filled *filled);

#endif
