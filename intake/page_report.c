/* page_report.c -- see page_report.h.
 *
 * The form with all questions on one page keeps nothing here: what was answered travels in it. After the receipt has
 * been shown the browser posts "I have written it down" and lands on a page without it. */
#include "intake/page_report.h"

#include <stdio.h>
#include <string.h>

#include "common/base/mem.h"
#include "intake/about.h"
#include "intake/drafting.h"
#include "intake/form_words.h"
#include "intake/limits.h"
#include "intake/page_busy.h"
#include "intake/page_steps.h"
#include "intake/pages.h"
#include "intake/report.h"
#include "intake/report_form.h"
#include "intake/sending.h"
#include "intake/step_page.h"
#include "intake/steps.h"

#define PATH "/report"

/* ---- the form ---- */

static void put_flag(json_t *context, const char *key)
{
    need(json_object_set_new(context, key, json_true()) == 0);
}

static json_t *form_context(struct intake *intake, const struct form *form, const char *language)
{
    struct form shown;
    need(step_page_defaults(intake, form, &shown) == ERR_OK); /* two more than a page may bring */
    json_t *context = step_page_context(intake, NULL, &shown, language);
    need(json_object_set_new(context, "h", json_integer(2)) == 0);
    /* On one page nobody knows yet for whom they speak. */
    put_flag(context, "behalf_group");
    put_flag(context, "behalf_person");
    put_flag(context, "behalf_agreed");
    form_free(&shown);
    return context;
}

static void show_form(struct intake *intake, struct http_req *req, unsigned status, const struct form *form,
                      const char *language, json_t *context)
{
    form_words_mark(context);
    if (!json_object_get(context, "key"))
        pages_put_key(context, form_get(form, "key"));
    put_flag(context, "keeps");
    pages_answer(intake, req, status, "report", PATH, language, context);
}

static void show_fault(struct intake *intake, struct http_req *req, const struct form *form, const char *language,
                       const struct json_fault *fault)
{
    struct pages_words words = {intake, language};
    json_t *context = form_context(intake, form, language);
    metrics_add(COUNT_REPORTS_REFUSED, 1);
    report_form_explain(context, fault, pages_says, &words);
    show_form(intake, req, 400, form, language, context);
}

static void show_away(struct intake *intake, struct http_req *req, const struct form *form, const char *language)
{
    json_t *context = form_context(intake, form, language);
    char seconds[16];
    snprintf(seconds, sizeof seconds, "%d", LIMIT_RETRY_S);
    http_set(req, "Retry-After", seconds);
    put_flag(context, "away");
    show_form(intake, req, 503, form, language, context);
}

/* The form was sent before, with another text: perhaps by Back. Nothing of it is lost. */
static void show_again(struct intake *intake, struct http_req *req, const struct form *form, const char *language)
{
    json_t *context = form_context(intake, form, language);
    put_flag(context, "again");
    pages_put_key(context, NULL);
    show_form(intake, req, 422, form, language, context);
}

static void failed(struct intake *intake, struct http_req *req, const struct form *posted, const char *language,
                   enum sending_fault fault)
{
    (fault == SENDING_OTHER ? show_again : show_away)(intake, req, posted, language);
}

/* ---- sending ---- */

/* Exit, then Back, then the same form sent again: nothing of it is taken or shown. */
static int is_ended(struct intake *intake, struct http_req *req, const struct form *form, const char *language)
{
    struct form told;
    enum err err = drafting_told(intake, form_get(form, "key"), &told);
    form_free(&told);
    if (err == ERR_CONFLICT)
        pages_answer(intake, req, 200, "ended", "/", language, NULL);
    return err == ERR_CONFLICT;
}

static void step_report(struct intake *intake, struct http_req *req, const struct form *form, const char *language)
{
    struct json_fault fault = {.field = "text"};
    struct report report;
    struct form said;
    if (is_ended(intake, req, form, language))
        return;
    const struct office *office = intake->settings->office_says;
    enum err err = steps_said(office, form, &said);
    json_t *body = err == ERR_OK ? report_form_body(office, &said, language) : NULL;
    err = body ? report_read(office, body, &report, &fault) : ERR_MALFORMED;
    if (err == ERR_OK && !intake_offers(intake, report.desk)) {
        fault = (struct json_fault){.field = "desk"};
        report_free(&report);
        err = ERR_MALFORMED;
    }
    if (err != ERR_OK) {
        show_fault(intake, req, form, language, &fault);
    } else {
        sending_begin(intake, req, form, &report, language, failed);
        report_free(&report);
    }
    json_decref(body);
    form_free(&said);
}

/* ---- the other steps ---- */

/* Also where another language was chosen in the middle of it. */
static void step_form(struct intake *intake, struct http_req *req, const struct form *form, const char *language)
{
    if (!is_ended(intake, req, form, language))
        show_form(intake, req, 200, form, language, form_context(intake, form, language));
}

/* From the form in steps: with what was told there, which the draft holds. */
static void step_all(struct intake *intake, struct http_req *req, const struct step *step, const struct form *form,
                     const char *language)
{
    struct form before, told = {0};
    enum err err = drafting_told(intake, form_get(form, "key"), &before);
    if (err == ERR_CONFLICT)
        pages_answer(intake, req, 200, "ended", "/", language, NULL);
    else if (steps_merge(intake->settings->office_says, step, &before, form, &told) != ERR_OK)
        http_answer(req, 413, "text/plain", "", 0);
    else
        show_form(intake, req, 200, form, language, form_context(intake, &told, language));
    form_free(&before);
    form_free(&told);
}

static void step_written(struct intake *intake, struct http_req *req, const struct form *form, const char *language)
{
    const char *key = form_get(form, "key");
    json_t *context = json_object();
    if (sending_written(intake, key))
        pages_put_key(context, key);
    pages_clear_site(req);
    pages_answer(intake, req, 200, "written", "/", language, context);
}

static void step_once_more(struct intake *intake, struct http_req *req, const struct form *form, const char *language)
{
    if (sending_show_again(intake, req, language, form_get(form, "key"), 1))
        return;
    pages_clear_site(req);
    pages_answer(intake, req, 200, "written", "/", language, NULL);
}

static const struct {
    const char *name;
    void (*fn)(struct intake *intake, struct http_req *req, const struct form *form, const char *language);
} others[] = {{"written", step_written}, {"once_more", step_once_more}, {"report", step_report}};

static void post(struct intake *intake, struct http_req *req, const struct form *form, const char *language)
{
    const char *name = form_get(form, "step"), *go = form_get(form, "go");
    const struct step *step = steps_find(name);
    size_t i = 0;
    if (page_busy_is(form) && form_get(form, "say")) {
        if (!is_ended(intake, req, form, language))
            page_busy_show(intake, req, form, language);
    } else if (step && go && strcmp(go, "all") == 0) {
        step_all(intake, req, step, form, language);
    } else if (step) {
        page_steps_post(intake, req, step, form, language, NULL);
    } else {
        while (i < sizeof others / sizeof *others - 1 && (!name || strcmp(others[i].name, name) != 0))
            i++;
        (form_get(form, "say") ? step_form : others[i].fn)(intake, req, form, language);
    }
}

void page_report_post(struct http_req *req, void *room)
{
    struct intake *intake = room;
    struct form form;
    if (pages_form(intake, req, &form) == ERR_OK)
        post(intake, req, &form, intake_language(intake, req, &form));
    form_free(&form);
}

void page_report_home(struct http_req *req, void *room)
{
    struct intake *intake = room;
    const char *language = intake_language(intake, req, NULL);
    json_t *context = json_object();
    about_put_welcome(intake, language, context);
    pages_answer(intake, req, 200, "home", "/", language, context);
}

static int wants_all(const struct http_req *req)
{
    struct form query;
    const char *text = http_req_query(req);
    int wants = form_read(&query, text, strlen(text)) == ERR_OK && form_get(&query, "all") != NULL;
    form_free(&query);
    return wants;
}

void page_report_begin(struct http_req *req, void *room)
{
    struct intake *intake = room;
    struct form none = {0};
    const char *language = intake_language(intake, req, NULL);
    if (wants_all(req))
        show_form(intake, req, 200, &none, language, form_context(intake, &none, language));
    else
        step_page_begin(intake, req, language);
}

void page_report_leave(struct http_req *req, void *room)
{
    struct intake *intake = room;
    const struct buf *body = http_req_body(req);
    struct form form;
    /* Whatever came with it, who wants to leave leaves. */
    if (form_read(&form, buf_text(body), body->len) == ERR_OK && intake->drafts && pages_is_key(form_get(&form, "key")))
        drafts_end(intake->drafts, form_get(&form, "key"));
    form_free(&form);
    pages_clear_site(req);
    pages_answer(intake, req, 200, "left", "/", intake_language(intake, req, NULL), NULL);
}
