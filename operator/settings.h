/* settings.h -- write etc/PROCESS.ini for every process from recourse.ini and the layout of an installation. */
#ifndef OPERATOR_SETTINGS_H
#define OPERATOR_SETTINGS_H

#include "operator/program.h"

/* `port`: the first port, which --port may have changed for this run. Dies with a sentence. */
void settings_write(const struct house *house, const struct program *program, int64_t port);

#endif
