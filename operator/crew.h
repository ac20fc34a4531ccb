/* crew.h -- the processes of an installation: which there are, under which system user each runs, and what may follow
 * it over the change of user.
 *
 * The table in crew.c is the one place that lists them; the launcher, the settings and `doctor` walk it. */
#ifndef OPERATOR_CREW_H
#define OPERATOR_CREW_H

#include <sys/types.h>

#include "operator/house.h"

enum { CREW_MAX = 3 + 3 * HOUSE_NAMED_MAX, CREW_NAME = 40 };
/* Above what the settings give a cleaner's folder of work: what its file system itself takes. */
enum { WORK_SPARE_MIB = 16 };

struct crew_kind {
    const char *name, *program, *user;
    int per_desk;      /* one for each desk; its code is put behind name and user */
    int holds_keys;    /* locks its memory: keeps CAP_IPC_LOCK */
    int after_unlock;  /* with --locked started behind the public doors */
    int health_behind; /* its health port lies so far behind the first port; 0: none */
    /* A file among its secrets that it reads at its start alone: at SIGHUP it is started again when that has changed.
     * NULL: it reads again what it needs. */
    const char *reads_once;
    int has_work; /* no secret of its own, and a folder run/NAME/work, in memory where it can be had */
};

struct crew_member {
    const struct crew_kind *kind;
    const char *desk; /* borrowed from the house; NULL */
    char name[CREW_NAME], user[CREW_NAME];
};

/* Fill `out` in the order of starting; returns how many. Names borrow from `house`. */
size_t crew_list(const struct house *house, struct crew_member out[static CREW_MAX]);

/* The user of the private cluster. */
#define CREW_DATABASE_USER "recourse-db"

/* Make the system users that are missing (useradd --system). Nothing without root. Dies with a sentence. */
void crew_make_users(const struct house *house);
/* The uid and gid of a system user; our own when the rooms share one user. Dies when there is no such user. */
void crew_ids(const struct house *house, const char *user, uid_t *uid, gid_t *gid);

/* In a child, before exec: become `user` for good, keep CAP_IPC_LOCK when `holds_keys`, and end with the parent by
 * `signal`. Returns only on success; else ends the child with status 127 and a sentence. */
void crew_become(const struct house *house, const char *user, int holds_keys, int signal, pid_t parent);

/* Make a folder (its parents must be there) of that owner and mode; what is there is put right. */
void crew_folder(const struct house *house, const char *path, const char *user, mode_t mode);
/* Write a secret of one process, or any text; owned by `user`, mode 0600. Dies with a sentence. */
void crew_secret(const struct house *house, const char *path, const char *user, const void *bytes, size_t len);
/* The same: `len` bytes, at most CREW_HEX_BYTES, as a line of hex that file_read_hex() reads. */
enum { CREW_HEX_BYTES = 64 };
void crew_secret_hex(const struct house *house, const char *path, const char *user, const uint8_t *bytes, size_t len);
/* `count` random bytes as hex, or what is there already. */
void crew_random_secret(const struct house *house, const char *path, const char *user, size_t count);
/* Give an existing file to `user`. */
void crew_give(const struct house *house, const char *path, const char *user);

#endif
