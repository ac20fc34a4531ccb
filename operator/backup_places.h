/* backup_places.h -- which files of an installation go into which backup, and whose they are when they come back.
 *
 * Rows: what says how things are set up and what was vouched for, and sealed rows that wait for the database. Keys: all
 * secrets, with the certificate that belongs to the TLS keys. The two are never in one file. */
#ifndef OPERATOR_BACKUP_PLACES_H
#define OPERATOR_BACKUP_PLACES_H

#include <sys/types.h>

#include "operator/backup_lock.h"
#include "operator/crew.h"

struct backup_place {
    char path[HOUSE_PATH], folder[HOUSE_PATH]; /* below the installation's folder */
    char user[CREW_NAME];                      /* "" : ours */
    mode_t mode, folder_mode;
    int is_key; /* restoring is not possible without it: one that is newer than the last backup of keys is a finding */
};

/* Every file of that kind that is there, in order of name. `each` borrows; anything but ERR_OK ends it and is returned.
 * Files that processes are just writing (".new") are left out. ERR_SYSTEM: a folder cannot be read. */
typedef enum err backup_place_fn(void *room, const struct backup_place *place);
MUST_CHECK enum err backup_places(const struct house *house, enum backup_form form, backup_place_fn *each, void *room);
/* What a path out of a backup is here. ERR_NOT_FOUND: no such file belongs into a backup of that kind, or into this
 * installation. */
MUST_CHECK enum err backup_place_of(const struct house *house, enum backup_form form, const char *path,
                                    struct backup_place *out);

#endif
