/* case_keys.h -- having the root keys of cases: asked of the keys process once, then kept with the case. */
#ifndef TRIAGE_VAULT_CASE_KEYS_H
#define TRIAGE_VAULT_CASE_KEYS_H

#include "triage/vault/book.h"

/* Unwrap those of `wraps` that are not known yet; keys stand in the book (files are made for cases it does not know).
 * What cannot be unwrapped is left out, and logged as a count. `wraps` is borrowed until return. Fires once, never
 * before the call returned: ERR_OK, ERR_LOCKED, ERR_SYSTEM, ERR_TIMEOUT, ERR_CANCELLED. */
typedef void case_keys_fn(void *room, enum err err);
void case_keys_want(struct vault *vault, const struct envelope_wrap *wraps, size_t count, case_keys_fn *done,
                    void *room);

#endif
