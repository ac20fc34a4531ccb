/* office_file.h -- office.yaml of an installation: what the office says to people and asks them. */
#ifndef OPERATOR_OFFICE_FILE_H
#define OPERATOR_OFFICE_FILE_H

#include "operator/house.h"

/* What a new installation says, for the operator to change; `is_demo`: what the demonstration's office says. Dies with a
 * sentence. */
void office_file_write_new(const struct house *house, int is_demo);
/* Hold the file against what may stand in it and copy it to etc/office.yaml, which the processes read; where there is
 * none, an empty one. Dies after telling every fault with its line. */
void office_file_publish(const struct house *house);
/* Tell every fault of the file at `path`, as "NAME:LINE: ...". 1: it has none. */
int office_file_check(const char *path);

#endif
