/* words_han.h -- traditional Chinese characters as the simplified ones, so that both spellings of a word meet. For
 * words.c. */
#ifndef TRIAGE_VAULT_WORDS_HAN_H
#define TRIAGE_VAULT_WORDS_HAN_H

#include <stdint.h>

/* The simplified character for a traditional one, or `c` itself. Pure. */
uint32_t words_han(uint32_t c);

#endif
