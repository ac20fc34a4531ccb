/* launcher.h -- one launcher for an installation, and how other commands find it: DIR/run/lock is locked for as long as
 * it runs and holds its process number. */
#ifndef OPERATOR_LAUNCHER_H
#define OPERATOR_LAUNCHER_H

#include <sys/types.h>

#include "operator/house.h"

/* Be the launcher until this process ends, however it ends. Dies with a sentence when there is one already. */
void launcher_hold(const struct house *house);
/* Its process number; 0: none runs. Dies with a sentence when one runs and cannot be told. */
pid_t launcher_find(const struct house *house);
/* Have the launcher and all processes read again what they can (SIGHUP; watch.h). 0: none runs. Dies with a sentence
 * when it may not be signalled. */
int launcher_reload(const struct house *house);

#endif
