/* style.h -- the stylesheet inline in every page, the base behind it (vendored, built in, served beside the pages and
 * kept by browsers), the two scripts, and the Content-Security-Policy that allows just these. */
#ifndef TRIAGE_CONSOLE_STYLE_H
#define TRIAGE_CONSOLE_STYLE_H

#include "common/base/buf.h"

enum { STYLE_MAX = 64 * 1024, STYLE_CSP_MAX = 512, STYLE_INTEGRITY_MAX = 64, STYLE_TAG_MAX = 17 };

enum style_script_name { STYLE_PASSKEY, STYLE_FRESH, STYLE_SCRIPTS };

/* base.css, written by style/build. */
extern const unsigned char style_base[];
extern const size_t style_base_len;

struct style {
    struct buf css;
    struct style_script {
        struct buf text;
        char integrity[STYLE_INTEGRITY_MAX]; /* "sha256-..." */
    } scripts[STYLE_SCRIPTS];
    char base_tag[STYLE_TAG_MAX]; /* of the base: another base has another address */
    char csp[STYLE_CSP_MAX];
};

/* Read console.css, passkey.js and fresh.js in the folder `pages`. ERR_NOT_FOUND, ERR_TOO_BIG, ERR_SYSTEM;
 * ERR_MALFORMED: it would end its own element.
 */
MUST_CHECK enum err style_load(const char *pages, struct style *out);
void style_free(struct style *style);

#endif
