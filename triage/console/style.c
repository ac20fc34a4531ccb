/* style.c -- see style.h. */
#include "triage/console/style.h"

#include <openssl/evp.h>
#include <stdio.h>
#include <string.h>

#include "common/base/code.h"
#include "common/base/file.h"

enum { HASH = 32 };

/* In hex, of the first bytes of its hash. */
static void tag_base(char tag[static STYLE_TAG_MAX])
{
    uint8_t hash[HASH];
    need(EVP_Digest(style_base, style_base_len, hash, NULL, EVP_sha256(), NULL) == 1);
    for (size_t i = 0; i < STYLE_TAG_MAX / 2; i++)
        snprintf(tag + 2 * i, 3, "%02x", hash[i]);
}

static enum err read(const char *pages, const char *name, struct buf *out,
                     char hash_text[static CODE_BASE64_SIZE(HASH)])
{
    char path[1024];
    uint8_t hash[HASH];
    if ((size_t)snprintf(path, sizeof path, "%s/%s", pages, name) >= sizeof path)
        return ERR_TOO_BIG;
    buf_init(out, STYLE_MAX);
    enum err err = file_read(path, out);
    if (err != ERR_OK)
        return err;
    need(EVP_Digest(out->bytes, out->len, hash, NULL, EVP_sha256(), NULL) == 1);
    code_base64(hash, sizeof hash, hash_text);
    return ERR_OK;
}

static const char *const script_files[STYLE_SCRIPTS] = {[STYLE_PASSKEY] = "passkey.js", [STYLE_FRESH] = "fresh.js"};

static enum err read_script(const char *pages, const char *name, struct style_script *out)
{
    char hash[CODE_BASE64_SIZE(HASH)];
    enum err err = read(pages, name, &out->text, hash);
    if (err == ERR_OK)
        snprintf(out->integrity, sizeof out->integrity, "sha256-%s", hash);
    return err;
}

enum err style_load(const char *pages, struct style *out)
{
    char css[CODE_BASE64_SIZE(HASH)];
    *out = (struct style){.css = BUF_INIT(STYLE_MAX)};
    for (size_t i = 0; i < STYLE_SCRIPTS; i++)
        buf_init(&out->scripts[i].text, STYLE_MAX);
    enum err err = read(pages, "console.css", &out->css, css);
    if (err == ERR_OK && strstr(buf_text(&out->css), "</"))
        err = ERR_MALFORMED;
    for (size_t i = 0; i < STYLE_SCRIPTS && err == ERR_OK; i++)
        err = read_script(pages, script_files[i], &out->scripts[i]);
    if (err != ERR_OK) {
        style_free(out);
        return err;
    }
    tag_base(out->base_tag);
    snprintf(out->csp, sizeof out->csp,
             "default-src 'none'; style-src 'self' 'sha256-%s'; script-src 'self'; connect-src 'self'; form-action "
             "'self'; base-uri 'none'; frame-ancestors 'none'",
             css);
    return ERR_OK;
}

void style_free(struct style *style)
{
    buf_free(&style->css);
    for (size_t i = 0; i < STYLE_SCRIPTS; i++)
        buf_free(&style->scripts[i].text);
}
