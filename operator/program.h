/* program.h -- where the executables and what they read (pages, catalogues, rules, migrations) lie.
 *
 * They stand beside this command and in the source tree. Where the processes' users cannot reach that (a clone under
 * root's home), copies in DIR/program are used, renewed at every start. */
#ifndef OPERATOR_PROGRAM_H
#define OPERATOR_PROGRAM_H

#include "operator/house.h"

struct program {
    char bin[HOUSE_PATH];   /* folder of the executables */
    char share[HOUSE_PATH]; /* folder with intake/, triage/ ... as in the source tree */
};

/* Dies with a sentence when an executable is missing. */
void program_find(const struct house *house, struct program *out);
/* A file or folder that this command itself reads ("migrations"), where it is: other users need not reach it. */
void program_shared(char out[static HOUSE_PATH], const char *below);

#endif
