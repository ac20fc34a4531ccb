/* hidden.h -- the cases that a sum leaves out, because they do not exist for who asks (seen.h). */
#ifndef TRIAGE_VAULT_HIDDEN_H
#define TRIAGE_VAULT_HIDDEN_H

#include <stddef.h>
#include <stdint.h>

/* Numbers of cases, rising. Mostly there are none. */
struct hidden {
    uint32_t *numbers;
    size_t count;
};

#endif
