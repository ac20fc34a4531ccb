/* init.h -- make an installation, or finish one that was begun: every step leaves alone what is there. */
#ifndef OPERATOR_INIT_H
#define OPERATOR_INIT_H

#include "operator/house.h"

struct init_options {
    const char *port, *database, *name; /* NULL: default */
    int locked;                         /* keys under a passphrase, which is asked for */
    int no_budgets;                     /* reports are not counted (docs/abuse.md) */
    int demo;                           /* its office says that it is a demonstration */
};

/* Afterwards `house` is read. Dies with a sentence. */
void init_house(struct house *house, const struct init_options *options);

/* The folders that every installation has; its users must be there. For a restore. Dies with a sentence. */
void init_folders(const struct house *house);

#endif
