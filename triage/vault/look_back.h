/* look_back.h -- whoever is new here, or is given another name, is looked for in the cases that were here before.
 *
 * The index of words (search.h) says which cases may name them; those are opened and looked through (take_up.h). In the
 * background, one name after the other, once all cases are in the index. Should the vault stop meanwhile, it begins
 * again when the names are given again. */
#ifndef TRIAGE_VAULT_LOOK_BACK_H
#define TRIAGE_VAULT_LOOK_BACK_H

#include "triage/vault/people.h"

struct look_back;

struct look_back *look_back_new(struct vault *vault);
void look_back_free(struct look_back *back);
/* For their name and all aliases. */
void look_back_for(struct look_back *back, const struct person *person);

#endif
