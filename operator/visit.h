/* visit.h -- the database for as long as a command needs it: where it runs it is used as it is, and where the
 * installation stands still its own cluster is started for the time. */
#ifndef OPERATOR_VISIT_H
#define OPERATOR_VISIT_H

#include <sys/types.h>

#include "operator/house.h"

struct visit {
    pid_t postmaster; /* 0: it was running, or is a server of somebody else */
};

/* When it starts the cluster this process is the launcher until it ends, so that nobody else starts it. Dies with a
 * sentence. */
void visit_begin(struct visit *visit, const struct house *house);
/* Stop what was started, in order. A second time does nothing. */
void visit_end(struct visit *visit);

#endif
