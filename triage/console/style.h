/* style.h -- the one stylesheet, inline in every page, the one script, served beside them, and the
 * Content-Security-Policy that allows just these. */
#ifndef TRIAGE_CONSOLE_STYLE_H
#define TRIAGE_CONSOLE_STYLE_H

#include "common/base/buf.h"

enum { STYLE_MAX = 64 * 1024, STYLE_CSP_MAX = 512, STYLE_INTEGRITY_MAX = 64 };

struct style {
    struct buf css, script;
    char integrity[STYLE_INTEGRITY_MAX]; /* of the script: "sha256-..." */
    char csp[STYLE_CSP_MAX];
};

/* Read console.css and passkey.js in the folder `pages`. ERR_NOT_FOUND, ERR_TOO_BIG, ERR_SYSTEM; ERR_MALFORMED: it
 * would end its own element.
 */
MUST_CHECK enum err style_load(const char *pages, struct style *out);
void style_free(struct style *style);

#endif
