/* greet.h -- tell when everything answers, admit the first officer, print where to go. */
#ifndef OPERATOR_GREET_H
#define OPERATOR_GREET_H

#include "operator/house.h"

/* 1 when every process of that half (watch.h) answers: health listeners, and with `after_unlock` the vaults. The first
 * one that does not is named in *waiting_for. */
int greet_answers(const struct house *house, int64_t port, int after_unlock, char waiting_for[static HOUSE_PATH]);
/* 1 when every vault is unlocked and has rebuilt its memory. */
int greet_is_unlocked(const struct house *house);
void greet_addresses(const struct house *house, int64_t port);
/* When the first desk has no members, admit an officer and print the login, this once. 1: that was so. */
int greet_first_officer(const struct house *house);

#endif
