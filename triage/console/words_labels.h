/* words_labels.h -- the table behind words.c, which alone includes this. */
#ifndef TRIAGE_CONSOLE_WORDS_LABELS_H
#define TRIAGE_CONSOLE_WORDS_LABELS_H

#include "triage/console/words.h"

struct words_row {
    enum words_group group;
    const char *code, *english;
};

/* Ends with a row whose code is NULL. */
extern const struct words_row words_rows[];
/* Sentences of vaults and rules that have translations; ends with NULL. */
extern const char *const words_of_vault[];

#endif
