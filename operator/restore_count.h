/* restore_count.h -- what a restored copy has, against what was signed before: in plain words. */
#ifndef OPERATOR_RESTORE_COUNT_H
#define OPERATOR_RESTORE_COUNT_H

#include "operator/args.h"
#include "operator/house.h"

/* The database runs. Checkpoints: those in the copy, and of `more` files that were kept elsewhere. 1: all of it is
 * there and unchanged as far as anything signed tells; 0: something is missing or wrong, which is said. Dies with a
 * sentence when it cannot be read. */
int restore_count(const struct house *house, const struct args_list *more);

#endif
