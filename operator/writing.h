/* writing.h -- one etc/PROCESS.ini on its way: its lines, and the sections that several processes have. What cannot be
 * written dies with a sentence. The processes' own sections: settings.c. */
#ifndef OPERATOR_WRITING_H
#define OPERATOR_WRITING_H

#include "common/base/buf.h"
#include "operator/program.h"

/* How far behind the first port the health port of a room stands. */
enum { WRITING_HEALTH_BEHIND = 10 };

struct writing {
    const struct house *house;
    const struct program *program;
    int64_t port;
    const char *root; /* the pinned public key, base64 */
    struct buf text;
    const char *copying;        /* kind of the section that is being copied */
    const char *const *of_keys; /* these keys of it alone; NULL: all */
    char section[32];
};

/* Append lines; the last may have 196 bytes. */
__attribute__((format(printf, 2, 3))) void writing_line(struct writing *w, const char *format, ...);
/* Put what was written into etc/PROCESS.ini, and begin anew. */
void writing_save(struct writing *w, const char *process);

void writing_office(struct writing *w);
/* `behind`: how far behind the first port it listens. */
void writing_http(struct writing *w, const char *process, int behind);
void writing_database(struct writing *w, const char *process, const char *role);
void writing_keys(struct writing *w);
void writing_spool(struct writing *w, const char *process);
/* KEY = secrets/PROCESS/FILE */
void writing_secret(struct writing *w, const char *key, const char *process, const char *file);
/* KEY = what lies below the folder of shared files */
void writing_folder(struct writing *w, const char *key, const char *below);
/* A user's name where the kernel is asked who is at the other end; nothing when all share one. `desk` may be NULL. */
void writing_user(struct writing *w, const char *key, const char *name, const char *desk);
/* What the office calls the desk; else its code. */
void writing_title(struct writing *w, const char *desk);
/* The sections [kind NAME] of recourse.ini as they are; or `of_keys` of them alone (ends with NULL). */
void writing_copy(struct writing *w, const char *kind);
void writing_copy_of(struct writing *w, const char *kind, const char *const *of_keys);

#endif
