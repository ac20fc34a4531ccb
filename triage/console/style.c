/* style.c -- see style.h. */
#include "triage/console/style.h"

#include <openssl/evp.h>
#include <stdio.h>
#include <string.h>

#include "common/base/code.h"
#include "common/base/file.h"

enum err style_load(const char *path, struct style *out)
{
    uint8_t hash[32];
    char text[CODE_BASE64_SIZE(sizeof hash)];
    buf_init(&out->css, STYLE_MAX);
    enum err err = file_read(path, &out->css);
    if (err == ERR_OK && strstr(buf_text(&out->css), "</"))
        err = ERR_MALFORMED;
    if (err != ERR_OK) {
        buf_free(&out->css);
        return err;
    }
    need(EVP_Digest(out->css.bytes, out->css.len, hash, NULL, EVP_sha256(), NULL) == 1);
    code_base64(hash, sizeof hash, text);
    snprintf(out->csp, sizeof out->csp,
             "default-src 'none'; style-src 'sha256-%s'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
             text);
    return ERR_OK;
}

void style_free(struct style *style)
{
    buf_free(&style->css);
}
