/* page_report.c -- see page_report.h.
 *
 * No step is remembered here: what was answered travels in the form. After the receipt has been shown the browser posts
 * "I have written it down" and lands on a page without it. */
#include "intake/page_report.h"

#include <stdio.h>
#include <string.h>

#include "common/base/clock.h"
#include "common/base/mem.h"
#include "intake/limits.h"
#include "intake/page_busy.h"
#include "intake/pages.h"
#include "intake/report.h"
#include "intake/report_form.h"
#include "intake/submit.h"

#define PATH "/report"

/* A report on its way to the store. */
struct sending {
    struct waiter waiter;
    struct receipt receipt;
};

static void put_flag(json_t *context, const char *key)
{
    need(json_object_set_new(context, key, json_true()) == 0);
}

/* ---- the form ---- */

static void put_desks(const struct intake *intake, json_t *context)
{
    int safeguarding = intake_offers(intake, "safeguarding"), oversight = intake_offers(intake, "oversight");
    if (safeguarding)
        put_flag(context, "offer_safeguarding");
    if (oversight)
        put_flag(context, "offer_oversight");
    if (safeguarding || oversight)
        put_flag(context, "offer_choice");
}

static json_t *form_context(const struct intake *intake, const struct form *form)
{
    json_t *context = report_form_context(form);
    if (json_object_get(context, "danger_now_yes") || json_object_get(context, "danger_now_unsure"))
        put_flag(context, "danger");
    put_desks(intake, context);
    /* Chosen for them, and theirs to change. */
    if (json_object_get(context, "under_18_yes") && !form_get(form, "desk") && intake_offers(intake, "safeguarding"))
        put_flag(context, "desk_safeguarding");
    return context;
}

static void show_form(struct intake *intake, struct http_req *req, unsigned status, const struct form *form,
                      const char *language, json_t *context)
{
    if (!json_object_get(context, "key"))
        pages_put_key(context, form_get(form, "key"));
    put_flag(context, "keeps");
    pages_answer(intake, req, status, "report", PATH, language, context);
}

static void show_fault(struct intake *intake, struct http_req *req, const struct form *form, const char *language,
                       const struct json_fault *fault)
{
    struct pages_words words = {intake, language};
    json_t *context = form_context(intake, form);
    metrics_add(COUNT_REPORTS_REFUSED, 1);
    report_form_explain(context, fault, pages_says, &words);
    show_form(intake, req, 400, form, language, context);
}

static void show_away(struct intake *intake, struct http_req *req, const struct form *form, const char *language)
{
    json_t *context = form_context(intake, form);
    char seconds[16];
    snprintf(seconds, sizeof seconds, "%d", LIMIT_RETRY_S);
    http_set(req, "Retry-After", seconds);
    put_flag(context, "away");
    show_form(intake, req, 503, form, language, context);
}

/* The form was sent before, with another text: perhaps by Back. Nothing of it is lost. */
static void show_again(struct intake *intake, struct http_req *req, const struct form *form, const char *language)
{
    json_t *context = form_context(intake, form);
    put_flag(context, "again");
    pages_put_key(context, NULL);
    show_form(intake, req, 422, form, language, context);
}

static void show_receipt(struct intake *intake, struct http_req *req, const char *language,
                         const struct receipt *receipt)
{
    json_t *groups = json_array();
    for (size_t at = 0; at < RECEIPT_DIGITS; at += 4)
        need(json_array_append_new(groups, json_stringn(receipt->digits + at, 4)) == 0);
    /* Shown once: a link to another language would lead away from it for good. */
    pages_answer(intake, req, 201, "stored", PATH, language, json_pack("{s:o, s:b}", "groups", groups, "stays", 1));
}

/* ---- sending ---- */

static void sent(void *room, uint64_t tag, enum err err, enum append_outcome outcome)
{
    struct sending *sending = room;
    struct intake *intake = sending->waiter.intake;
    struct http_req *req = intake_waiter_req(&sending->waiter);
    int stored = err == ERR_OK && append_is_kept(outcome);
    (void)tag;
    if (stored)
        metrics_add(outcome == APPEND_ALREADY ? COUNT_REPORTS_AGAIN : COUNT_REPORTS, 1);
    (void)intake_store_is_away(err);
    if (req) {
        struct form form;
        const struct buf *body = http_req_body(req);
        need(form_read(&form, buf_text(body), body->len) == ERR_OK); /* it was read before */
        const char *language = intake_language(intake, req, &form);
        if (stored)
            show_receipt(intake, req, language, &sending->receipt);
        else if (err == ERR_OK && outcome == APPEND_OTHER_BODY)
            show_again(intake, req, &form, language);
        else
            show_away(intake, req, &form, language);
        form_free(&form);
    }
    receipt_wipe(&sending->receipt);
    mem_free(sending);
}

static enum err send_report(struct intake *intake, struct http_req *req, const struct form *form,
                            const struct report *report, const char *aside)
{
    const struct report_origin web = {.channel = "web", .aside = aside};
    const char *key = form_get(form, "key");
    struct submit_case what = {.desk = report->desk, .read_back = report->read_back, .author = AUTHOR_REPORTER};
    struct sending *sending = mem_new(sizeof *sending);
    struct buf inside = BUF_INIT(LIMIT_INSIDE);
    struct once once;
    sending->waiter = intake_waiter(intake, req);
    what.is_once = key && once_key_check(key, strlen(key)) == ERR_OK;
    if (what.is_once) {
        uint8_t digest[32];
        report_digest(report, digest);
        once_derive(intake->once_secret, key, strlen(key), digest, &once);
    } else {
        once_random(&once);
    }
    receipt_from_bytes(once.receipt_seed, &sending->receipt);
    what.once = &once;
    what.receipt = &sending->receipt;
    what.inside = &inside;
    enum err err = report_inside(report, &web, clock_wall(), &inside);
    if (err == ERR_OK)
        err = submit_case(intake, &what, sent, sending, 0);
    if (err != ERR_OK) {
        receipt_wipe(&sending->receipt);
        mem_free(sending);
    }
    mem_wipe(&once, sizeof once);
    buf_free(&inside);
    return err;
}

static void step_report(struct intake *intake, struct http_req *req, const struct form *form, const char *language)
{
    struct json_fault fault = {.field = "text"};
    struct report report;
    json_t *body = report_form_body(form, language);
    enum err err = body ? report_read(body, &report, &fault) : ERR_MALFORMED;
    if (err == ERR_OK && !intake_offers(intake, report.desk)) {
        fault = (struct json_fault){.field = "desk"};
        report_free(&report);
        err = ERR_MALFORMED;
    }
    const char *aside = NULL;
    int is_ours = err == ERR_OK;
    if (!is_ours) {
        show_fault(intake, req, form, language, &fault);
    } else if (!page_busy_stops(intake, req, form, language, &aside)) {
        err = send_report(intake, req, form, &report, aside);
        if (err != ERR_OK) {
            (void)intake_store_is_away(err);
            show_away(intake, req, form, language);
        }
    }
    if (is_ours)
        report_free(&report);
    json_decref(body);
}

/* ---- the other steps ---- */

/* Also where another language was chosen in the middle of it. */
static void step_form(struct intake *intake, struct http_req *req, const struct form *form, const char *language)
{
    show_form(intake, req, 200, form, language, form_context(intake, form));
}

static void step_written(struct intake *intake, struct http_req *req, const struct form *form, const char *language)
{
    (void)form;
    pages_clear_site(req);
    pages_answer(intake, req, 200, "written", "/", language, NULL);
}

static const struct {
    const char *name;
    void (*fn)(struct intake *intake, struct http_req *req, const struct form *form, const char *language);
} steps[] = {{"danger", step_form}, {"written", step_written}, {"report", step_report}};

void page_report_post(struct http_req *req, void *room)
{
    struct intake *intake = room;
    struct form form;
    if (pages_form(intake, req, &form) == ERR_OK) {
        const char *step = form_get(&form, "step"), *language = intake_language(intake, req, &form);
        size_t i = 0;
        while (i < sizeof steps / sizeof *steps - 1 && (!step || strcmp(steps[i].name, step) != 0))
            i++;
        if (!form_get(&form, "say") || !page_busy_again(intake, req, &form, language))
            (form_get(&form, "say") ? step_form : steps[i].fn)(intake, req, &form, language);
    }
    form_free(&form);
}

void page_report_home(struct http_req *req, void *room)
{
    struct intake *intake = room;
    pages_answer(intake, req, 200, "home", "/", intake_language(intake, req, NULL), NULL);
}

void page_report_begin(struct http_req *req, void *room)
{
    struct intake *intake = room;
    json_t *context = json_object();
    put_desks(intake, context);
    pages_answer(intake, req, 200, "danger", PATH, intake_language(intake, req, NULL), context);
}

void page_report_leave(struct http_req *req, void *room)
{
    struct intake *intake = room;
    pages_clear_site(req);
    pages_answer(intake, req, 200, "left", "/", intake_language(intake, req, NULL), NULL);
}
