/* sequencer_child.h -- the child's whole life. Only for sequencer.c. */
#ifndef TRIAGE_VAULT_SEQUENCER_CHILD_H
#define TRIAGE_VAULT_SEQUENCER_CHILD_H

#include "triage/vault/settings.h"

/* Runs until the parent closes `fd`. Gives the exit code. */
int sequencer_child(const struct settings *settings, int fd);

#endif
