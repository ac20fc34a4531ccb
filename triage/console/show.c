/* show.c -- see show.h. */
#include "triage/console/show.h"

#include <stdio.h>
#include <string.h>

#include "common/base/mem.h"
#include "common/http/cookie.h"

enum { PAGE_BYTES = 4 * 1024 * 1024, YEAR_S = 365 * 24 * 3600 };

/* The navigation of each role. A page belongs to the first entry whose path begins its own. */
static const struct {
    const char *role, *path, *english;
} nav_rows[] = {
    {"officer", "/queue", T("Queue")},
    {"officer", "/impacts", T("Impacts")},
    {"officer", "/actions", T("Actions")},
    {"officer", "/search", T("Search")},
    {"officer", "/consultations", T("Consultations")},
    {"officer", "/walkin", T("Register someone")},
    {"administrator", "/people", T("People")},
    {"officer", "/help", T("Help")},
    {"administrator", "/help", T("Help")},
};

/* What stands in the window's title, where the page's own context has none. */
static const struct {
    const char *page, *english;
} titles[] = {
    {"signin", T("Sign in")},  {"queue", T("Queue")},
    {"case", T("Case")},       {"preview", T("Answer")},
    {"impacts", T("Impacts")}, {"impact_new", T("New impact")},
    {"search", T("Search")},   {"consultations", T("Consultations")},
    {"receipt", T("Receipt")}, {"walkin", T("Register someone")},
    {"people", T("People")},   {"help", T("Help")},
    {"actions", T("Actions")},
};

static void put_title(const struct reader *reader, const char *page, json_t *context)
{
    for (size_t i = 0; i < sizeof titles / sizeof *titles; i++)
        if (strcmp(titles[i].page, page) == 0)
            need(json_object_set_new(context, "title", json_string(words_text(reader, titles[i].english))) == 0);
}

static json_t *nav_of(const struct reader *reader, const char *role, const char *path)
{
    json_t *list = json_array();
    for (size_t i = 0; i < sizeof nav_rows / sizeof *nav_rows; i++) {
        if (strcmp(nav_rows[i].role, role) != 0)
            continue;
        int here = strncmp(path, nav_rows[i].path, strlen(nav_rows[i].path)) == 0;
        json_t *entry = json_pack("{s:s, s:s, s:b}", "path", nav_rows[i].path, "label",
                                  words_text(reader, nav_rows[i].english), "here", here);
        need(entry && json_array_append_new(list, entry) == 0);
    }
    return list;
}

static void put(json_t *context, const char *key, json_t *value)
{
    need(json_object_set_new(context, key, value) == 0);
}

static void put_who(struct call *call, const char *path, json_t *context)
{
    const char *role = json_string_value(json_object_get(call->who, "role"));
    const struct desk *desk = settings_desk(call->console->settings, call->session.desk);
    json_t *who = json_pack("{s:s*, s:s}", "name", json_string_value(json_object_get(call->who, "name")), "desk",
                            desk ? desk->title : "");
    need(who != NULL);
    static const char *const numbers[] = {"openings_hour", "budget_hour", "openings_day", "budget_day"};
    int opens = role && strcmp(role, "officer") == 0;
    for (size_t i = 0; opens && i < sizeof numbers / sizeof *numbers; i++)
        if (json_is_integer(json_object_get(call->who, numbers[i])))
            put(who, numbers[i], json_sprintf("%lld", json_integer_value(json_object_get(call->who, numbers[i]))));
    put(context, "who", who);
    put(context, "csrf", json_string(json_string_value(json_object_get(call->who, "csrf"))));
    put(context, "nav", nav_of(&call->reader, role ? role : "", path));
}

enum err show_render(const struct console *console, const struct reader *reader, const char *name, json_t *context,
                     struct buf *out)
{
    const struct buf *css = &console->texts->style.css;
    put(context, "css", json_stringn(buf_text(css), css->len));
    return page_render(console->texts->pages, name, reader->language, context, out);
}

void show_page(struct call *call, struct http_req *req, unsigned status, const char *name, json_t *context)
{
    struct buf out = BUF_INIT(PAGE_BYTES);
    const char *said = words_find(&call->reader, WORDS_SAID, call_query(call, "said"));
    need(context != NULL);
    put_title(&call->reader, name, context);
    put(context, "office", json_string(call->console->settings->office_name));
    if (call->who)
        put_who(call, http_req_path(req), context);
    show_put_waiting(call, context);
    if (said && status == 200)
        put(context, "said", json_string(said));
    /* A link "?lang=fr" leads to the same page: only where that is read by GET. */
    put(context, "choose_language", json_boolean(call->action->method == HTTP_GET && status == 200));
    enum err err = show_render(call->console, &call->reader, name, context, &out);
    json_decref(context);
    if (err == ERR_OK)
        http_answer(req, status, "text/html; charset=utf-8", out.bytes, out.len);
    else
        http_busy(req, 60);
    buf_free(&out);
}

void show_then(struct http_req *req, const char *path, const char *said)
{
    char to[256];
    need((size_t)snprintf(to, sizeof to, "%s?said=%s", path, said) < sizeof to);
    http_see_other(req, to);
}

/* ---- cookies ---- */

void show_set_cookie(struct http_req *req, const char *name, const char *value, long max_age_s)
{
    struct buf cookie = BUF_INIT(2048);
    need(cookie_write(&cookie, name, value, max_age_s) == ERR_OK);
    http_set(req, "Set-Cookie", buf_text(&cookie));
    buf_free(&cookie);
}

void show_forget_session(struct http_req *req)
{
    show_set_cookie(req, SESSION_COOKIE, "", 0);
}

void show_keep_language(struct http_req *req, const char *language)
{
    show_set_cookie(req, SESSION_LANGUAGE, language, YEAR_S);
}

/* ---- pages without anything of their own ---- */

void show_home(struct call *call, struct http_req *req, const json_t *answer)
{
    (void)answer;
    const char *role = json_string_value(json_object_get(call->who, "role"));
    http_see_other(req, role && strcmp(role, "administrator") == 0 ? "/people" : "/queue");
}

void show_help(struct call *call, struct http_req *req, const json_t *answer)
{
    (void)answer;
    show_page(call, req, 200, "help", json_object());
}
