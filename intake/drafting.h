/* drafting.h -- the public door's drafts: opened at boot, swept, and what happens where they cannot be kept. */
#ifndef INTAKE_DRAFTING_H
#define INTAKE_DRAFTING_H

#include "common/http/form.h"
#include "intake/intake.h"

/* What this door may write: the spool and the drafts, ended by NULL. Gives `out`. */
enum { DRAFTING_WRITES = 3 };
const char *const *drafting_writes(const struct settings *settings, const char *out[static DRAFTING_WRITES]);
/* How much of the room one network may take: before forking, in memory that the workers share (budget.h). */
struct budget *drafting_budget(const struct settings *settings);
/* Before the sandbox is entered. A folder that cannot be used is logged, and pages carry the answers. */
void drafting_open(struct intake *intake);
/* At every tick; does something once a minute. */
void drafting_sweep(struct intake *intake, int64_t now_ms);

/* The answers under the page's `key`: `told` is overwritten, form_free() it in every case. ERR_NOT_FOUND: none.
 * ERR_CONFLICT: ended. ERR_DENIED: they were sent. */
MUST_CHECK enum err drafting_told(struct intake *intake, const char *key, struct form *told);
/* Keep them. ERR_CONFLICT: ended meanwhile. Another error, also where the network of `req` takes too much of the room:
 * the page has to carry them. */
MUST_CHECK enum err drafting_keep(struct intake *intake, struct http_req *req, const char *key,
                                  const struct form *told);

#endif
