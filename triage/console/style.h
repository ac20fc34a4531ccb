/* style.h -- the one stylesheet, inline in every page, and the Content-Security-Policy that allows just this one. */
#ifndef TRIAGE_CONSOLE_STYLE_H
#define TRIAGE_CONSOLE_STYLE_H

#include "common/base/buf.h"

enum { STYLE_MAX = 64 * 1024, STYLE_CSP_MAX = 512 };

struct style {
    struct buf css;
    char csp[STYLE_CSP_MAX];
};

/* Read the stylesheet at `path`. ERR_NOT_FOUND, ERR_TOO_BIG, ERR_SYSTEM; ERR_MALFORMED: it would end its own element.
 */
MUST_CHECK enum err style_load(const char *path, struct style *out);
void style_free(struct style *style);

#endif
