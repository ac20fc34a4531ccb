/* verdict.h -- what became of each line of an upload: {"line","id","status","error"}. */
#ifndef INTAKE_VERDICT_H
#define INTAKE_VERDICT_H

#include "common/base/buf.h"

struct verdict {
    unsigned line, status; /* status 0: not known yet */
    char *id;              /* the partner's own; NULL when it could not be read */
    char *error;           /* a sentence; NULL when all is well */
    const char *field;     /* the one at fault, a literal; NULL */
};

struct verdicts {
    struct verdict *list; /* in the order of lines */
    size_t count, room;
};

/* Begin one; returns its place. */
size_t verdicts_add(struct verdicts *verdicts, unsigned line);
/* Borrowed until the next verdicts_add(). */
struct verdict *verdicts_at(struct verdicts *verdicts, size_t which);
/* Copies; NULL and what is too long to be ours leave it without. */
void verdict_set_id(struct verdict *verdict, const char *id);
/* `field` and `says` are literals; both NULL when all is well. Once for each. */
void verdict_end(struct verdict *verdict, unsigned status, const char *field, const char *says);
/* One JSON line for each; ERR_TOO_BIG. */
MUST_CHECK enum err verdicts_write(const struct verdicts *verdicts, struct buf *out);
void verdicts_free(struct verdicts *verdicts);

#endif
