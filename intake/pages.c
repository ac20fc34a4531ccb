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
#include "common/http/urlencoded.h"
#include "common/seal/once.h"
#include "common/seal/sign.h"
#include "intake/limits.h"

#define HTML      "text/html; charset=utf-8"
#define KEY_BYTES 32 /* drafts are sealed under it; a person's own key must bring 128 bits */

/* What is served as it lies beside the pages. What programs may ask is described by hand; a test holds it against the
 * routes. */
static enum err load_beside(const struct intake *intake, const char *name, size_t most, struct buf *out,
                            char says[static SAYS_SIZE])
{
    char path[PATH_MAX];
    buf_init(out, most);
    enum err err = ERR_TOO_BIG;
    if ((size_t)snprintf(path, sizeof path, "%s/%s", intake->settings->pages, name) < sizeof path)
        err = file_read(path, out);
    return err == ERR_OK ? ERR_OK : says_fail(says, err, "%s %s", name, err_says(err));
}

/* Small, our own, and never needed: each does better what works without it. */
static const char *const scripts[INTAKE_SCRIPTS] = {"script.js", "upload.js", "proof.js"};

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
                 "default-src 'none'; style-src 'sha256-%s'; script-src 'self'; connect-src 'self'; form-action "
                 "'self'; frame-ancestors "
                 "'none'; base-uri 'none'",
                 hash);
    }
    buf_free(&style);
    if (err == ERR_OK)
        err = load_beside(intake, "openapi.json", LIMIT_OPENAPI, &intake->openapi, says);
    for (size_t i = 0; i < INTAKE_SCRIPTS && err == ERR_OK; i++)
        err = load_beside(intake, scripts[i], LIMIT_SCRIPT, &intake->scripts[i], says);
    return err;
}

void pages_free(struct intake *intake)
{
    buf_free(&intake->openapi);
    for (size_t i = 0; i < INTAKE_SCRIPTS; i++)
        buf_free(&intake->scripts[i]);
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

int pages_put_office(json_t *to, const char *key, const struct office_words *words, const char *language)
{
    const char *in, *text = office_says(words, language, &in);
    char name[32];
    if (!text)
        return 0;
    put(to, key, text);
    need((size_t)snprintf(name, sizeof name, "%s_in", key) < sizeof name);
    const char *direction = strcmp(in, language) == 0 ? "auto" : language_find(in)->direction;
    need(json_object_set_new(to, name, json_pack("{s:s, s:s}", "lang", in, "dir", direction)) == 0);
    return 1;
}

/* What the office says, else `ours`. */
static void put_said(const struct intake *intake, enum office_text which, const char *language, const char *ours,
                     const char *key, json_t *context)
{
    if (!pages_put_office(context, key, &intake->settings->office_says->texts[which], language))
        put(context, key, catalogue_text(intake->catalogues, language, ours));
}

/* A desk of ours where nobody works: it is not offered, and the page says who else there is. */
static void put_nobody(const struct intake *intake, const char *language, json_t *context)
{
    static const struct {
        const char *desk, *says;
    } desks[] = {
        {"usual", T("At the moment nobody here can read what you write. It is kept safely until somebody can.")},
        {"safeguarding", T("At the moment nobody reads reports about sexual exploitation or abuse, or harm to a child, "
                           "apart from the usual team.")},
        {"oversight", T("At the moment nobody reads reports about the people who run this, apart from those people.")},
    };
    const struct envelope_desk *key;
    json_t *list = json_array();
    for (size_t i = 0; i < sizeof desks / sizeof *desks; i++)
        if (manifest_desk_today(&intake->manifest, desks[i].desk, 0, &key) != ERR_NOT_FOUND &&
            !intake_has_members(intake, desks[i].desk))
            need(json_array_append_new(list,
                                       json_string(catalogue_text(intake->catalogues, language, desks[i].says))) == 0);
    if (json_array_size(list))
        put_said(intake, OFFICE_INSTEAD, language,
                 T("Others who can help: a court, the police where they are safe for you, an ombuds office, or an "
                   "organisation that stands by people like you."),
                 "instead", context);
    need(json_object_set_new(context, "nobody", list) == 0);
}

static void put_everywhere(const struct intake *intake, const char *path, const char *language, json_t *context)
{
    put_said(intake, OFFICE_EMERGENCY, language,
             T("If you or someone else is in danger now, call the emergency number where you are."), "emergency",
             context);
    put_said(intake, OFFICE_HOURS, language, T("We do not read messages around the clock. It can take days."), "hours",
             context);
    put_nobody(intake, language, context);
    need(json_object_set_new(context, "takes_files", json_boolean(intake->settings->files_most > 0)) == 0);
    put(context, "onion", intake->settings->onion);
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

/* For a browser that can use it, where it came without. */
static void set_onion(const struct intake *intake, struct http_req *req)
{
    char address[160];
    if (*intake->settings->onion && http_req_server(req) == intake->servers[0] &&
        (size_t)snprintf(address, sizeof address, "http://%s%s", intake->settings->onion, http_req_path(req)) <
            sizeof address)
        http_set(req, "Onion-Location", address);
}

void pages_safety(struct http_req *req, void *room)
{
    struct intake *intake = room;
    pages_answer(intake, req, 200, "safety", "/safety", intake_language(intake, req, NULL), NULL);
}

void pages_answer(struct intake *intake, struct http_req *req, unsigned status, const char *name, const char *path,
                  const char *language, json_t *context)
{
    struct buf page = BUF_INIT(LIMIT_PAGE);
    if (render(intake, name, path, language, context, &page) == ERR_OK) {
        http_set(req, "Content-Language", language);
        set_onion(intake, req);
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

void pages_script(struct http_req *req, void *room)
{
    const struct intake *intake = room;
    size_t i = 0;
    while (strcmp(http_req_path(req) + 1, scripts[i]) != 0) /* its routes name no other */
        need(++i < INTAKE_SCRIPTS);
    http_answer(req, 200, "text/javascript; charset=utf-8", buf_text(&intake->scripts[i]), intake->scripts[i].len);
}

/* ---- what the server itself refuses ---- */

static const struct {
    unsigned status;
    const char *says;
} refusals[] = {
    {400, T("Something in what your browser sent was not as it should be.")},
    {404, T("There is no such page.")},
    {405, T("This page cannot be used in that way.")},
    {408, T("That took too long. Please try again.")},
    {413, T("That was too long. Please write less, or send it in two parts.")},
    {415, T("This cannot be sent in that form.")},
    {503, T("We cannot take this now. Nothing was stored. Please try again in a minute.")},
    {0, T("Something went wrong. Please try again.")},
};

const char *pages_error(struct http_req *req, void *room, unsigned status, struct buf *out)
{
    const struct intake *intake = room;
    const char *language = intake_language(intake, req, NULL);
    size_t i = 0;
    if (http_req_is_under(req, "/api/"))
        return http_refusal_problem(req, status, out);
    while (refusals[i].status && refusals[i].status != status)
        i++;
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
    } else if (form_read(form, buf_text(body), body->len) != ERR_OK || form->count > LIMIT_FORM_FIELDS ||
               !urlencoded_is_utf8(buf_text(body), body->len)) {
        status = 400; /* words with holes in them would not be theirs */
    }
    if (!status)
        return ERR_OK;
    struct buf page = BUF_INIT(LIMIT_PAGE);
    const char *answer_type = pages_error(req, intake, status, &page);
    http_answer(req, status, answer_type, buf_text(&page), page.len);
    buf_free(&page);
    return ERR_MALFORMED;
}

int pages_is_key(const char *key)
{
    return key && once_key_check(key, strlen(key)) == ERR_OK;
}

void pages_put_key(json_t *context, const char *old_key)
{
    uint8_t bytes[KEY_BYTES];
    char key[CODE_BASE64_SIZE(KEY_BYTES)];
    rng_bytes(bytes, sizeof bytes);
    code_base64url(bytes, sizeof bytes, key);
    put(context, "key", pages_is_key(old_key) ? old_key : key);
}
