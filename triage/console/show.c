/* show.c -- see show.h. */
#include "triage/console/show.h"

#include <stdio.h>
#include <string.h>

#include "common/base/mem.h"
#include "common/http/cookie.h"

enum { PAGE_BYTES = 8 * 1024 * 1024, YEAR_S = 365 * 24 * 3600 };

/* The navigation of each role. A page belongs to the first entry whose path begins its own. */
static const struct {
    unsigned roles;
    const char *path, *english;
} nav_rows[] = {
    {ROLE_MEMBER, "/queue", T("Queue")},
    {ROLE_MEMBER, "/work", T("My work")},
    {ROLE_OFFICER | ROLE_REVIEWER, "/second", T("For a second person")},
    {ROLE_MEMBER, "/remedies", T("Remedies")},
    {ROLE_MEMBER, "/impacts", T("Impacts")},
    {ROLE_MEMBER, "/actions", T("Actions")},
    {ROLE_MEMBER, "/referrals", T("Referrals")},
    {ROLE_MEMBER | ROLE_REVIEWER, "/receivers", T("Directory")},
    {ROLE_MEMBER, "/search", T("Search")},
    {ROLE_MEMBER, "/consultations", T("Consultations")},
    {ROLE_MEMBER, "/export", T("Export")},
    {ROLE_TRANSLATOR, "/translations", T("Translations")},
    {ROLE_OFFICER, "/walkin", T("Register someone")},
    {ROLE_MEMBER | ROLE_ADMINISTRATOR, "/oncall", T("On call")},
    {ROLE_ADMINISTRATOR, "/people", T("People")},
    {ROLE_MEMBER | ROLE_MANAGER | ROLE_AUDITOR, "/dashboard", T("Dashboard")},
    {ROLE_AUDITOR, "/log", T("Log")},
    {ROLE_MEMBER | ROLE_ADMINISTRATOR, "/settings", T("Settings")},
    {ROLE_ANY, "/help", T("Help")},
};

/* Access keys: shortcuts that need no script, and never a single key that a screen reader wants. Said on the help page.
 */
static const struct {
    const char *path, *key;
} nav_keys[] = {{"/queue", "q"}, {"/work", "w"}, {"/search", "s"}, {"/dashboard", "d"}};

static json_t *key_of(const char *path)
{
    for (size_t i = 0; i < sizeof nav_keys / sizeof *nav_keys; i++)
        if (strcmp(nav_keys[i].path, path) == 0)
            return json_string(nav_keys[i].key);
    return json_null();
}

/* Where each begins. */
static const struct {
    unsigned roles;
    const char *path;
} homes[] = {
    {ROLE_MEMBER, "/queue"}, {ROLE_ADMINISTRATOR, "/people"},    {ROLE_MANAGER, "/dashboard"},
    {ROLE_AUDITOR, "/log"},  {ROLE_TRANSLATOR, "/translations"}, {ROLE_REVIEWER, "/second"},
};

/* What stands in the window's title, where the page's own context has none. */
static const struct {
    const char *page, *english;
} titles[] = {
    {"signin", T("Sign in")},
    {"queue", T("Queue")},
    {"case", T("Case")},
    {"preview", T("Answer")},
    {"impacts", T("Impacts")},
    {"impact_new", T("New impact")},
    {"search", T("Search")},
    {"consultations", T("Consultations")},
    {"receipt", T("Receipt")},
    {"walkin", T("Register someone")},
    {"people", T("People")},
    {"help", T("Help")},
    {"second", T("For a second person")},
    {"remedies", T("Remedies")},
    {"account", T("My account")},
    {"app", T("Authenticator app")},
    {"codes", T("Recovery codes")},
    {"passkey_new", T("Add a passkey")},
    {"token", T("Token")},
    {"recovery", T("Let someone in anew")},
    {"admissions", T("New members")},
    {"figures", T("Figures")},
    {"oncall", T("On call")},
    {"dashboard", T("Dashboard")},
    {"work", T("My work")},
    {"settings", T("Settings")},
    {"log", T("Log")},
    {"trail", T("What happened to the case")},
    {"actions", T("Actions")},
    {"export", T("Export")},
    {"file", T("A file")},
    {"groups", T("Group cases")},
    {"group", T("Group case")},
    {"checkins", T("Are they safe?")},
    {"asides", T("Set aside")},
    {"translations", T("Translations")},
    {"translation", T("Translations")},
    {"receivers", T("Directory")},
    {"referrals", T("Referrals")},
    {"referral", T("Referral")},
};

static void put_title(const struct reader *reader, const char *page, json_t *context)
{
    for (size_t i = 0; i < sizeof titles / sizeof *titles; i++)
        if (strcmp(titles[i].page, page) == 0)
            need(json_object_set_new(context, "title", json_string(words_text(reader, titles[i].english))) == 0);
}

static json_t *nav_of(const struct reader *reader, enum call_role role, const char *path)
{
    json_t *list = json_array();
    for (size_t i = 0; i < sizeof nav_rows / sizeof *nav_rows; i++) {
        if (!(nav_rows[i].roles & role))
            continue;
        int here = strncmp(path, nav_rows[i].path, strlen(nav_rows[i].path)) == 0;
        json_t *entry =
            json_pack("{s:s, s:s, s:b, s:o}", "path", nav_rows[i].path, "label",
                      words_text(reader, nav_rows[i].english), "here", here, "key", key_of(nav_rows[i].path));
        need(entry && json_array_append_new(list, entry) == 0);
    }
    return list;
}

static void put(json_t *context, const char *key, json_t *value)
{
    need(json_object_set_new(context, key, value) == 0);
}

/* Others want to let this account in anew, or have: nobody else would be told so well. */
static void put_recovery(const struct call *call, json_t *context)
{
    static const char *const keys[] = {"recovery", "recovered"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        const json_t *told = json_object_get(call->who, keys[i]);
        if (!json_is_object(told))
            continue;
        json_t *shown = json_deep_copy(told);
        const char *due = json_string_value(json_object_get(told, "due"));
        json_t *time = due && *due ? words_time(&call->reader, due, 0) : NULL;
        if (time)
            need(json_object_set(shown, "due_text", json_object_get(time, "text")) == 0);
        json_decref(time);
        put(context, keys[i], shown);
    }
}

/* Of a protected desk: who was admitted since this person was last here, and whether somebody waits for a member. */
static void put_news(struct call *call, json_t *context)
{
    const json_t *news = json_object_get(call->who, "news");
    json_t *list = json_array();
    for (size_t i = 0; i < json_array_size(news); i++) {
        const json_t *one = json_array_get(news, i);
        const char *role = json_string_value(json_object_get(one, "role"));
        json_t *row = json_pack("{s:s*, s:s, s:s*}", "name", json_string_value(json_object_get(one, "name")), "role",
                                words_label(&call->reader, WORDS_ROLE, role ? role : ""), "by",
                                json_string_value(json_object_get(one, "by")));
        need(row && json_array_append_new(list, row) == 0);
    }
    put(context, "has_news", json_boolean(json_array_size(list) > 0));
    put(context, "news", list);
    put(context, "has_admissions", json_boolean(json_integer_value(json_object_get(call->who, "admissions")) > 0));
}

static void put_who(struct call *call, const char *path, json_t *context)
{
    enum call_role role = call_role(call);
    const struct desk *desk = settings_desk(call->console->settings, call->session.desk);
    json_t *who = json_pack("{s:s*, s:s}", "name", json_string_value(json_object_get(call->who, "name")), "desk",
                            desk ? desk->title : "");
    need(who != NULL);
    static const char *const numbers[] = {"openings_hour", "budget_hour", "openings_day", "budget_day"};
    for (size_t i = 0; (role & (ROLE_MEMBER | ROLE_REVIEWER)) && i < sizeof numbers / sizeof *numbers; i++)
        if (json_is_integer(json_object_get(call->who, numbers[i])))
            put(who, numbers[i], json_sprintf("%lld", json_integer_value(json_object_get(call->who, numbers[i]))));
    put(context, "who", who);
    put(context, "csrf", json_string(json_string_value(json_object_get(call->who, "csrf"))));
    int is_enrolling = json_is_true(json_object_get(call->who, "enrolling"));
    put(context, "nav", nav_of(&call->reader, is_enrolling ? ROLE_NONE : role, path));
    put_recovery(call, context);
    if (is_enrolling)
        return;
    put_news(call, context);
    json_t *alarm = show_alarm(&call->reader, json_object_get(call->who, "on_call"));
    if (alarm)
        put(context, "alarm", alarm);
}

enum err show_render(const struct console *console, const struct reader *reader, const char *name, json_t *context,
                     struct buf *out)
{
    const struct buf *css = &console->texts->style.css;
    put(context, "css", json_stringn(buf_text(css), css->len));
    put(context, "base_tag", json_string(console->texts->style.base_tag));
    put(context, "script_integrity", json_string(console->texts->style.scripts[STYLE_PASSKEY].integrity));
    put(context, "fresh_integrity", json_string(console->texts->style.scripts[STYLE_FRESH].integrity));
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
    enum call_role role = call_role(call);
    size_t i = 0;
    while (i + 1 < sizeof homes / sizeof *homes && !(homes[i].roles & role))
        i++;
    http_see_other(req, homes[i].path);
}

void show_help(struct call *call, struct http_req *req, const json_t *answer)
{
    (void)answer;
    show_page(call, req, 200, "help", json_object());
}
