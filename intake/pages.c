/* pages.c -- see pages.h. */
#include "intake/pages.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "common/base/code.h"
#include "common/base/file.h"
#include "common/base/mem.h"
#include "common/base/rng.h"
#include "common/seal/once.h"
#include "common/seal/sign.h"
#include "intake/limits.h"

#define HTML      "text/html; charset=utf-8"
#define KEY_BYTES 16 /* 128 bits, as many as a person's own key must bring */

/* A file beside the pages that is served as it is. */
static enum err load_file(const struct intake *intake, const char *name, size_t most, struct buf *out,
                          char says[static SAYS_SIZE])
{
    char path[PATH_MAX];
    buf_init(out, most);
    enum err err = ERR_TOO_BIG;
    if ((size_t)snprintf(path, sizeof path, "%s/%s", intake->settings->pages, name) < sizeof path)
        err = file_read(path, out);
    return err == ERR_OK ? ERR_OK : says_fail(says, err, "%s %s", name, err_says(err));
}

/* What programs may ask is described by hand, beside the pages; a test holds it against the routes. */
static enum err load_files(struct intake *intake, char says[static SAYS_SIZE])
{
    enum err err = load_file(intake, "openapi.json", LIMIT_OPENAPI, &intake->openapi, says);
    return err == ERR_OK ? load_file(intake, "proof.js", LIMIT_SCRIPT, &intake->proof_script, says) : err;
}

enum err pages_load(struct intake *intake, char says[static SAYS_SIZE])
{
    struct buf style = BUF_INIT(LIMIT_PAGE);
    uint8_t digest[32];
    char hash[CODE_BASE64_SIZE(32)];
    enum err err = catalogue_load(intake->settings->languages, &intake->catalogues, says);
    if (err == ERR_OK)
        err = page_load(intake->settings->pages, intake->catalogues, &intake->pages, says);
    if (err == ERR_OK) {
        err = page_render(intake->pages, "style", LANGUAGE_ENGLISH, NULL, &style);
        if (err != ERR_OK)
            err = says_fail(says, err, "the template style is missing");
    }
    if (err == ERR_OK) {
        sign_sha256(buf_text(&style), style.len, digest);
        code_base64(digest, sizeof digest, hash);
        snprintf(intake->csp, sizeof intake->csp,
                 "default-src 'none'; script-src 'self'; style-src 'sha256-%s'; form-action 'self'; frame-ancestors "
                 "'none'; base-uri 'none'",
                 hash);
    }
    buf_free(&style);
    return err == ERR_OK ? load_files(intake, says) : err;
}

void pages_free(struct intake *intake)
{
    buf_free(&intake->openapi);
    buf_free(&intake->proof_script);
    page_free(intake->pages);
    catalogue_free(intake->catalogues);
}

const char *pages_says(void *arg, const char *english)
{
    const struct pages_words *words = arg;
    return catalogue_text(words->intake->catalogues, words->language, english);
}

static void put(json_t *context, const char *key, const char *text)
{
    json_t *value = json_string(text);
    need(value && json_object_set_new(context, key, value) == 0);
}

static void put_everywhere(const struct intake *intake, const char *path, const char *language, json_t *context)
{
    const char *emergency = settings_emergency(intake->settings, language);
    const char *hours = settings_hours(intake->settings, language);
    if (!*emergency)
        emergency =
            catalogue_text(intake->catalogues, language,
                           T("If you or someone else is in danger now, call the emergency number where you are."));
    if (!*hours)
        hours = catalogue_text(intake->catalogues, language,
                               T("We do not read messages around the clock. It can take days."));
    put(context, "emergency", emergency);
    put(context, "hours", hours);
    put(context, "office", intake->settings->office_name);
    put(context, "path", path);
}

/* Appends to `out`; takes `context`. */
static enum err render(const struct intake *intake, const char *name, const char *path, const char *language,
                       json_t *context, struct buf *out)
{
    if (!context)
        context = json_object();
    put_everywhere(intake, path, language, context);
    enum err err = page_render(intake->pages, name, language, context, out);
    json_decref(context);
    return err;
}

void pages_answer(struct intake *intake, struct http_req *req, unsigned status, const char *name, const char *path,
                  const char *language, json_t *context)
{
    struct buf page = BUF_INIT(LIMIT_PAGE);
    if (render(intake, name, path, language, context, &page) == ERR_OK) {
        http_set(req, "Content-Language", language);
        http_answer(req, status, HTML, buf_text(&page), page.len);
    } else {
        http_answer(req, 500, "text/plain", "", 0);
    }
    buf_free(&page);
}

void pages_clear_site(struct http_req *req)
{
    http_set(req, "Clear-Site-Data", "\"cache\", \"storage\"");
}

/* ---- what the server itself refuses ---- */

static const struct refusal {
    unsigned status;
    const char *title, *type, *says; /* title, type and says of a problem; pages show what is said */
} refusals[] = {
    {400, "Bad Request", "malformed", T("Something in what your browser sent was not as it should be.")},
    {404, "Not Found", "not-found", T("There is no such page.")},
    {405, "Method Not Allowed", "method", T("This page cannot be used in that way.")},
    {408, "Request Timeout", "too-slow", T("That took too long. Please try again.")},
    {413, "Content Too Large", "too-large", T("That was too long. Please write less, or send it in two parts.")},
    {415, "Unsupported Media Type", "media-type", T("This cannot be sent in that form.")},
    {503, "Service Unavailable", "busy",
     T("We cannot take this now. Nothing was stored. Please try again in a minute.")},
    {0, "Error", "fault", T("Something went wrong. Please try again.")},
};

/* Ours alone stands in it, so nothing needs escaping. */
static const char *problem_of(unsigned status, const struct refusal *refusal, struct buf *out)
{
    enum err err = buf_addf(out, "{\"type\":\"/problems/%s\",\"title\":\"%s\",\"status\":%u,\"detail\":\"%s\"}",
                            refusal->type, refusal->title, status, refusal->says);
    return err == ERR_OK ? "application/problem+json" : "text/plain";
}

const char *pages_error(struct http_req *req, void *room, unsigned status, struct buf *out)
{
    const struct intake *intake = room;
    const char *path = http_req_path(req), *language = intake_language(intake, req, NULL);
    size_t i = 0;
    while (refusals[i].status && refusals[i].status != status)
        i++;
    if (strncmp(path, "/api/", 5) == 0)
        return problem_of(status, &refusals[i], out);
    const char *says = catalogue_text(intake->catalogues, language, refusals[i].says);
    enum err err = render(intake, "error", "/", language, json_pack("{s:s}", "says", says), out);
    return err == ERR_OK ? HTML : "text/plain";
}

/* ---- forms ---- */

enum err pages_form(struct intake *intake, struct http_req *req, struct form *form)
{
    static const char wanted[] = "application/x-www-form-urlencoded";
    const char *type = http_req_header(req, "Content-Type");
    const struct buf *body = http_req_body(req);
    unsigned status = 0;
    if (!type || strncasecmp(type, wanted, sizeof wanted - 1) != 0) {
        *form = (struct form){0};
        status = 415;
    } else if (form_read(form, buf_text(body), body->len) != ERR_OK || form->count > LIMIT_FORM_FIELDS) {
        status = 400;
    }
    if (!status)
        return ERR_OK;
    struct buf page = BUF_INIT(LIMIT_PAGE);
    const char *answer_type = pages_error(req, intake, status, &page);
    http_answer(req, status, answer_type, buf_text(&page), page.len);
    buf_free(&page);
    return ERR_MALFORMED;
}

void pages_put_key(json_t *context, const char *old_key)
{
    uint8_t bytes[KEY_BYTES];
    char key[CODE_BASE64_SIZE(KEY_BYTES)];
    rng_bytes(bytes, sizeof bytes);
    code_base64url(bytes, sizeof bytes, key);
    put(context, "key", old_key && once_key_check(old_key, strlen(old_key)) == ERR_OK ? old_key : key);
}
