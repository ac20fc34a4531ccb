/* page_steps.c -- see page_steps.h. */
#include "intake/page_steps.h"

#include <stdio.h>
#include <string.h>

#include "common/base/mem.h"
#include "intake/drafting.h"
#include "intake/evidence.h"
#include "intake/limits.h"
#include "intake/pages.h"
#include "intake/report.h"
#include "intake/report_form.h"
#include "intake/sending.h"
#include "intake/step_page.h"

/* ---- what was wrong ---- */

static json_t *fault_notes(const struct step_visit *visit, const struct json_fault *fault)
{
    struct pages_words words = {visit->intake, visit->language};
    json_t *notes = json_object();
    metrics_add(COUNT_REPORTS_REFUSED, 1);
    report_form_explain(notes, fault, pages_says, &words);
    return notes;
}

/* Is what this step told as it should be? Other steps are not looked at: they were, or will be. */
static enum err check_step(const struct step_visit *visit, const struct step *step, struct json_fault *fault)
{
    const struct office *office = visit->intake->settings->office_says;
    struct form own = {0};
    struct report report;
    enum err err = ERR_OK;
    for (unsigned i = 0; i < visit->told.count && err == ERR_OK; i++) {
        const struct form_field *field = &visit->told.fields[i];
        if (steps_has(office, step, field->name))
            err = form_add(&own, field->name, field->value, field->value_len);
    }
    if (err == ERR_OK && !steps_has(office, step, "text"))
        err = form_add(&own, "text", "-", 1);
    json_t *body = err == ERR_OK ? report_form_body(office, &own, visit->language) : NULL;
    err = body ? report_read(office, body, &report, fault) : ERR_MALFORMED;
    if (err == ERR_OK)
        report_free(&report);
    json_decref(body);
    form_free(&own);
    return err;
}

static json_t *note_of(const struct step_visit *visit, const struct page_steps_note *note)
{
    struct pages_words words = {visit->intake, visit->language};
    char name[64];
    const char *says = pages_says(&words, note->says);
    snprintf(name, sizeof name, "error_%s", note->field);
    json_t *context = json_pack("{s:s, s:[{s:s, s:s}]}", name, says, "errors", "field", note->field, "says", says);
    need(context != NULL);
    return context;
}

/* ---- sending ---- */

static enum err visit_begin(struct step_visit *visit, const struct step *step);
static void send_all(struct step_visit *visit, json_t *kept);

static void failed(struct intake *intake, struct http_req *req, const struct form *posted, const char *language,
                   enum sending_fault fault)
{
    struct step_visit visit = {.intake = intake, .req = req, .language = language, .posted = posted};
    const struct step *check = steps_find("check");
    char seconds[16];
    enum err err = visit_begin(&visit, check);
    json_t *notes = json_object();
    need(json_object_set_new(notes, fault == SENDING_OTHER ? "again" : "away", json_true()) == 0);
    snprintf(seconds, sizeof seconds, "%d", LIMIT_RETRY_S);
    if (fault == SENDING_AWAY)
        http_set(req, "Retry-After", seconds);
    if (fault == SENDING_OTHER) { /* under a key of its own from here */
        visit.key = NULL;
        visit.is_kept = 0;
    }
    if (err == ERR_OK)
        step_page_show(&visit, fault == SENDING_OTHER ? 422 : 503, check, 0, notes);
    else
        json_decref(notes);
    form_free(&visit.told);
}

static const struct page_steps_note files_wrong = {
    422, "file", T("One of the files is not whole, or together they are too large. Remove it, or send it again.")};

/* Its files are kept first (evidence.h); then the same request is looked at once more. */
static void files_kept(void *room, enum err err, json_t *inside)
{
    struct waiter *waiter = room;
    struct http_req *req = intake_waiter_req(waiter);
    if (req) {
        struct form form;
        const struct buf *body = http_req_body(req);
        need(form_read(&form, buf_text(body), body->len) == ERR_OK); /* it was read before */
        struct step_visit visit = {.intake = waiter->intake,
                                   .req = req,
                                   .language = intake_language(waiter->intake, req, &form),
                                   .posted = &form};
        if (visit_begin(&visit, steps_find("check")) != ERR_OK)
            ; /* it has been answered */
        else if (err == ERR_OK)
            send_all(&visit, inside);
        else
            step_page_show(&visit, files_wrong.status, steps_find("files"), 1, note_of(&visit, &files_wrong));
        form_free(&visit.told);
        form_free(&form);
    }
    mem_free(waiter);
}

/* `kept`: what is sealed of its files, once they are kept. */
static void send_all(struct step_visit *visit, json_t *kept)
{
    struct json_fault fault = {.field = "text"};
    struct report report;
    struct form said;
    const json_t *files = NULL;
    enum err err = step_page_defaults(visit->intake, &visit->told, &said);
    json_t *body =
        err == ERR_OK ? report_form_body(visit->intake->settings->office_says, &said, visit->language) : NULL;
    err = body ? report_read(visit->intake->settings->office_says, body, &report, &fault) : ERR_MALFORMED;
    if (err == ERR_OK && !intake_offers(visit->intake, report.desk)) {
        fault = (struct json_fault){.field = "desk"};
        report_free(&report);
        err = ERR_MALFORMED;
    }
    if (err == ERR_OK)
        report.files = json_incref(kept);
    if (err == ERR_OK && !kept && evidence_read(visit->intake, body, &files, &fault) != ERR_OK) {
        step_page_show(visit, files_wrong.status, steps_find("files"), 1, note_of(visit, &files_wrong));
        report_free(&report);
    } else if (err == ERR_OK && files && !kept) {
        struct waiter *waiter = mem_new(sizeof *waiter);
        *waiter = intake_waiter(visit->intake, visit->req);
        evidence_keep(visit->intake, files, files_kept, waiter);
        report_free(&report);
    } else if (err == ERR_OK) {
        sending_begin(visit->intake, visit->req, visit->posted, &report, visit->language, failed);
        report_free(&report);
    } else {
        const struct step *at = steps_asking(visit->intake->settings->office_says, report_form_field(&fault));
        step_page_show(visit, 400, at ? at : steps_find("story"), 1, fault_notes(visit, &fault));
    }
    json_decref(body);
    form_free(&said);
}

/* ---- a step that was posted ---- */

/* Fills told. ERR_CONFLICT: it was ended, or ERR_DENIED: sent; the request is then answered. */
static enum err visit_begin(struct step_visit *visit, const struct step *step)
{
    struct form before;
    const char *key = form_get(visit->posted, "key");
    visit->key = pages_is_key(key) ? key : NULL;
    enum err err = drafting_told(visit->intake, visit->key, &before);
    visit->is_lost = err == ERR_NOT_FOUND && form_get(visit->posted, "kept") != NULL;
    if (err == ERR_NOT_FOUND || err == ERR_OK)
        err = steps_merge(visit->intake->settings->office_says, step, &before, visit->posted, &visit->told);
    form_free(&before);
    if (err == ERR_OK && visit->key)
        visit->is_kept = drafting_keep(visit->intake, visit->req, visit->key, &visit->told) == ERR_OK;
    if (err == ERR_CONFLICT || err == ERR_DENIED)
        step_page_ended(visit, err == ERR_DENIED);
    else if (err != ERR_OK)
        http_answer(visit->req, 413, "text/plain", "", 0);
    return err;
}

static const struct step *where_to(const struct step_visit *visit, const struct step *step, const char *go, int then)
{
    const struct step *named = steps_find(go);
    if (strcmp(go, "back") == 0)
        return then ? steps_find("check") : steps_back(visit->intake->settings->office_says, step, &visit->told);
    if (named && steps_is_asked(visit->intake->settings->office_says, named, &visit->told))
        return named;
    const struct step *next = steps_next(visit->intake->settings->office_says, step, &visit->told);
    /* What this answer opens is asked, also of someone who came from the check. */
    return then && !(next->is_asked && next[1].name) ? steps_find("check") : next;
}

void page_steps_post(struct intake *intake, struct http_req *req, const struct step *step, const struct form *form,
                     const char *language, const struct page_steps_note *note)
{
    struct step_visit visit = {.intake = intake, .req = req, .language = language, .posted = form};
    const char *go = form_get(form, "go");
    struct json_fault fault = {.field = "text"};
    int then = form_get(form, "then") != NULL, is_check = !step[1].name;
    if (visit_begin(&visit, step) == ERR_OK) {
        go = go ? go : "next";
        if (note)
            step_page_show(&visit, note->status, step, then, note_of(&visit, note));
        else if (form_get(form, "say"))
            step_page_show(&visit, 200, step, then, NULL);
        else if (is_check && strcmp(go, "send") == 0)
            send_all(&visit, NULL);
        else if (strcmp(go, "back") != 0 && check_step(&visit, step, &fault) != ERR_OK && !is_check)
            step_page_show(&visit, 400, step, then, fault_notes(&visit, &fault));
        else {
            const struct step *to = where_to(&visit, step, go, then);
            step_page_show(&visit, 200, to, is_check || (then && (to->is_asked || to == step)), NULL);
        }
    }
    form_free(&visit.told);
}
