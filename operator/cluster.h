/* cluster.h -- the installation's private PostgreSQL: made once, started and stopped by the launcher.
 *
 * It listens on a unix socket in DIR/run/pg alone, runs as recourse-db, keeps data checksums, and takes its settings
 * from migrations/postgresql.conf.sample. The operator comes in as recourse_operator, told by the kernel (peer); every
 * other role brings its password. */
#ifndef OPERATOR_CLUSTER_H
#define OPERATOR_CLUSTER_H

#include <sys/types.h>

#include "operator/house.h"

/* initdb, access rules, the operator's role and the empty database; nothing when pg/ is there. Dies with a sentence. */
void cluster_make(const struct house *house);
/* Write its settings anew from migrations/postgresql.conf.sample; where that cannot be, it is said. */
void cluster_settings(const struct house *house);
/* The same, and start it. Returns the postmaster's pid, or -1 (said on standard error). */
pid_t cluster_start(const struct house *house);
/* The program that runs it, for `recourse units`. Dies with a sentence when it is not installed. */
void cluster_program(const struct house *house, char out[static HOUSE_PATH]);
/* 1 when the postmaster of that pid takes connections. */
int cluster_is_ready(const struct house *house, pid_t postmaster);

#endif
