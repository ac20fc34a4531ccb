/* doctor.h -- what `recourse doctor` looks at, one file for each subject. A check prints one line for everything it
 * finds: good, or BAD with the command or the page that cures it. It changes nothing, and what it cannot look at is
 * BAD.
 */
#ifndef OPERATOR_DOCTOR_H
#define OPERATOR_DOCTOR_H

#include <sys/types.h>

#include "operator/house.h"

struct doctor {
    const struct house *house;
    int bad;
};

typedef void doctor_check_fn(struct doctor *doctor);
/* doctor_secrets.c */
doctor_check_fn doctor_secrets, doctor_keys, doctor_folders;
/* doctor_ends.c */
doctor_check_fn doctor_certificate, doctor_epochs, doctor_backups;
/* doctor_served.c */
doctor_check_fn doctor_served;
/* doctor_setup.c */
doctor_check_fn doctor_setup;
/* doctor_machine.c */
doctor_check_fn doctor_memory, doctor_clock, doctor_space;
/* doctor_processes.c */
doctor_check_fn doctor_processes;
/* doctor_cleaner.c */
doctor_check_fn doctor_cleaner;
/* doctor_desks.c */
doctor_check_fn doctor_desks;
/* doctor_spool.c */
doctor_check_fn doctor_spool;
/* doctor_database.c */
doctor_check_fn doctor_database;

void doctor_good(struct doctor *doctor, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* `cure` stands at the end of the line. */
void doctor_bad(struct doctor *doctor, const char *cure, const char *format, ...) __attribute__((format(printf, 3, 4)));
enum { DOCTOR_CURE = HOUSE_PATH * 2 };
/* "recourse --data DIR ..." */
void doctor_cure(const struct doctor *doctor, char out[static DOCTOR_CURE], const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The process that runs etc/NAME.ini: the first of its kind, or `*count` of them all. 0: none. */
pid_t doctor_process_of(const struct doctor *doctor, const char *name, size_t *count);
/* What stands behind `key` at the beginning of a line of /proc text; "" when there is no such line. Borrowed. */
const char *doctor_proc_line(const char *text, const char *key);
/* The content of a file below /proc, cut to fit; "" when it cannot be read. */
void doctor_proc(const char *path, char *out, size_t room);

#endif
