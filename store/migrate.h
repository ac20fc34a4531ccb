/* migrate.h -- the database's history: numbered files, each applied once, in order, in a transaction of its own.
 *
 * For the operator's command; blocking. Two at a time wait for one another (advisory lock). A file that was applied and
 * has been edited since is refused, and so is a folder with a gap. */
#ifndef STORE_MIGRATE_H
#define STORE_MIGRATE_H

#include "common/base/err.h"

enum { MIGRATE_SAYS = 256 };

/* Apply what is missing of `folder` ("001_roles.sql", "002_...") to the database of `conninfo` (role
 * recourse_operator). *applied: how many were. `says` gets a sentence for the operator on every error: ERR_DB_DOWN,
 * ERR_CONFLICT (edited, missing, or from a newer version), ERR_DB_REFUSED (file, line and SQLSTATE), ERR_NOT_FOUND,
 * ERR_SYSTEM. */
MUST_CHECK enum err migrate_run(const char *conninfo, const char *password_path, const char *folder, unsigned *applied,
                                char says[static MIGRATE_SAYS]);
/* The same, and no further than number `last`: for rows that were written under an older version. */
MUST_CHECK enum err migrate_run_to(const char *conninfo, const char *password_path, const char *folder, unsigned last,
                                   unsigned *applied, char says[static MIGRATE_SAYS]);
/* What `folder` holds, in order; `sha256` in hex. Borrowed. ERR_CONFLICT: a gap; ERR_NOT_FOUND, ERR_SYSTEM. */
typedef void migrate_file_fn(void *room, unsigned number, const char *name, const char *sha256);
MUST_CHECK enum err migrate_files(const char *folder, migrate_file_fn *each, void *room,
                                  char says[static MIGRATE_SAYS]);

#endif
