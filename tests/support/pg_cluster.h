/* pg_cluster.h -- a PostgreSQL server of a test's own: on a unix socket, data checksums on, gone afterwards.
 *
 * As root it runs under another user, as PostgreSQL demands. Its settings are those of
 * migrations/postgresql.conf.sample, its roles have passwords, so tests meet what an installation meets. Everything
 * stops the test (cmocka's fail is not used: setup functions are no tests) with a sentence when it cannot be had. */
#ifndef TESTS_SUPPORT_PG_CLUSTER_H
#define TESTS_SUPPORT_PG_CLUSTER_H

#include <libpq-fe.h>

struct pg_cluster;

/* initdb, start, create role recourse_operator and database recourse. 5 s or so. Never NULL. */
struct pg_cluster *pg_cluster_new(void);
/* Stop at once and remove. */
void pg_cluster_free(struct pg_cluster *cluster);

/* Apply the project's migrations, add the desks usual and safeguarding, give each role a password file. */
void pg_cluster_migrate(struct pg_cluster *cluster);
/* Database, role without password; the text lives as long as the cluster. */
const char *pg_cluster_conninfo(struct pg_cluster *cluster, const char *role);
/* File with the role's password; NULL for the superuser, "postgres". */
const char *pg_cluster_password(struct pg_cluster *cluster, const char *role);
const char *pg_cluster_folder(const struct pg_cluster *cluster);

/* "fast" or "immediate"; and again. */
void pg_cluster_stop(struct pg_cluster *cluster, const char *mode);
void pg_cluster_start(struct pg_cluster *cluster);
/* 1: every process of the server stops answering without closing anything (SIGSTOP); 0: goes on. */
void pg_cluster_pause(struct pg_cluster *cluster, int paused);

/* A blocking connection as `role`; the superuser is "postgres". Never NULL and connected. */
PGconn *pg_cluster_connect(struct pg_cluster *cluster, const char *role);
/* As superuser: run, and stop the test when it fails. */
void pg_cluster_run(struct pg_cluster *cluster, const char *sql);
/* As superuser: the one number that `sql` selects. */
long pg_cluster_number(struct pg_cluster *cluster, const char *sql);

#endif
