/* page_steps.c -- see page_steps.h. */
#include "intake/page_steps.h"

#include <stdio.h>
#include <string.h>

#include "common/base/mem.h"
#include "common/text/mustache.h"
#include "intake/drafting.h"
#include "intake/evidence.h"
#include "intake/file_list.h"
#include "intake/form_words.h"
#include "intake/limits.h"
#include "intake/pages.h"
#include "intake/report.h"
#include "intake/report_form.h"
#include "intake/sending.h"

#define PATH "/report"

/* One step that was posted, and what is known with it. */
struct visit {
    struct intake *intake;
    struct http_req *req;
    const char *language, *key; /* key NULL: the page had none */
    const struct form *posted;
    struct form told;
    int is_kept, is_lost; /* a draft holds it; the draft that should have held the rest was gone */
};

static const struct office *office_of(const struct visit *visit)
{
    return visit->intake->settings->office_says;
}

static void put_flag(json_t *context, const char *key)
{
    need(json_object_set_new(context, key, json_true()) == 0);
}

/* ---- what a page shows ---- */

/* Which of the questions about those one speaks for are asked. Where it is not known yet, on the page with all
 * questions, every one. */
static void put_behalf(const struct form *told, json_t *context)
{
    const char *as = form_get(told, "speaking_as");
    int is_group = as && strcmp(as, "group") == 0, is_proxy = as && strcmp(as, "proxy") == 0;
    if (!as || is_group)
        put_flag(context, "behalf_group");
    if (!is_group)
        put_flag(context, "behalf_person");
    if (!is_proxy)
        put_flag(context, "behalf_agreed");
}

json_t *page_steps_context(struct intake *intake, const struct step *step, const struct form *told,
                           const char *language)
{
    struct pages_words words = {intake, language};
    json_t *context = report_form_context(told);
    int safeguarding = intake_offers(intake, "safeguarding"), oversight = intake_offers(intake, "oversight");
    form_words_put(context, step, told, &words);
    if (json_object_get(context, "danger_now_yes") || json_object_get(context, "danger_now_unsure"))
        put_flag(context, "danger");
    put_behalf(told, context);
    if (steps_asks(intake->settings->office_says, "number") || steps_asks(intake->settings->office_says, "email"))
        put_flag(context, "writes_elsewhere");
    if (safeguarding)
        put_flag(context, "offer_safeguarding");
    if (safeguarding || oversight)
        put_flag(context, "offer_choice");
    return context;
}

enum err page_steps_defaults(const struct intake *intake, const struct form *told, struct form *out)
{
    enum err err = steps_said(intake->settings->office_says, told, out);
    int is_young = form_get(out, "under_18") && intake_offers(intake, "safeguarding");
    const char *desk = is_young ? "safeguarding" : "usual";
    if (err == ERR_OK && !form_get(out, "desk"))
        err = form_add(out, "desk", desk, strlen(desk)); /* chosen for them, and theirs to change */
    if (err == ERR_OK && !form_get(out, "read_back"))
        err = form_add(out, "read_back", "no", 2);
    return err;
}

/* The files so far, and how many may come: "Up to 20 files, 200 MB together." */
static void put_files(json_t *context, const struct visit *visit)
{
    struct pages_words words = {visit->intake, visit->language};
    const struct settings *settings = visit->intake->settings;
    struct buf limits = BUF_INIT(1024);
    json_t *list = file_list_read(&visit->told, FILE_LIST_FIELD);
    json_t *values = json_pack("{s:I, s:I}", "files", (json_int_t)settings->files_most, "megabytes",
                               (json_int_t)settings->files_megabytes);
    if (mustache_fill(pages_says(&words, T("Up to {{files}} files, {{megabytes}} MB together.")), values, &limits) ==
        ERR_OK)
        need(json_object_set_new(context, "file_limits", json_string(buf_text(&limits))) == 0);
    file_list_show(list, context);
    json_decref(values);
    json_decref(list);
    buf_free(&limits);
}

static void carry(json_t *list, const char *name, const char *value)
{
    json_t *one = json_pack("{s:s, s:s}", "name", name, "value", value);
    need(one && json_array_append_new(list, one) == 0);
}

/* What is not answered travels too: a draft that could not be written anew may still hold an answer that was taken
 * back. */
static void carry_untold(const struct office *office, json_t *list, const struct step *step, const struct form *told)
{
    for (const struct step *other = steps; other->name; other++)
        for (const char *const *field = other->fields; other != step && *field; field++)
            if (!form_find(told, *field))
                carry(list, *field, "");
    for (size_t i = 0; i < office->own_count; i++)
        if (strcmp(office->own[i].step, step->name) != 0 && !form_find(told, office->own[i].field))
            carry(list, office->own[i].field, "");
}

/* Answers that no draft holds travel in the page, those of the step itself aside. */
static void put_carried(const struct office *office, json_t *context, const struct step *step, const struct form *told)
{
    json_t *list = json_array();
    carry_untold(office, list, step, told);
    for (unsigned i = 0; i < told->count; i++) {
        const struct form_field *field = &told->fields[i];
        if (!steps_has(office, step, field->name) && !memchr(field->value, 0, field->value_len))
            carry(list, field->name, field->value);
    }
    need(json_object_set_new(context, "carried", list) == 0);
}

static void put_check(json_t *context, const struct form *told, struct pages_words *words)
{
    need(json_object_set_new(context, "rows", form_words_answers(told, words)) == 0);
    json_t *open = form_words_open(told, words);
    need(json_object_set_new(context, "has_open", json_boolean(json_array_size(open) > 0)) == 0);
    need(json_object_set_new(context, "open", open) == 0);
}

static void put_title(json_t *context, const struct step *step, const struct form *told, struct pages_words *words)
{
    struct buf title = BUF_INIT(1024);
    json_t *values = json_pack("{s:i}", "page", (int)steps_page(words->intake->settings->office_says, step, told));
    const char *says = pages_says(words, T("Write to us: page {{page}}"));
    if (mustache_fill(says, values, &title) == ERR_OK)
        need(json_object_set_new(context, "title", json_string(buf_text(&title))) == 0);
    json_decref(values);
    buf_free(&title);
}

/* `context` is taken; `then`: this step leads back to the check. */
static void show_step(struct visit *visit, unsigned status, const struct step *step, int then, json_t *notes)
{
    struct pages_words words = {visit->intake, visit->language};
    struct form shown;
    char at[64];
    need(page_steps_defaults(visit->intake, &visit->told, &shown) == ERR_OK); /* two more than a page may bring */
    int is_check = !step[1].name;
    json_t *context = page_steps_context(visit->intake, step, is_check ? &shown : &visit->told, visit->language);
    if (strcmp(step->name, "readers") == 0) {
        json_decref(context);
        context = page_steps_context(visit->intake, step, &shown, visit->language);
    }
    snprintf(at, sizeof at, "at_%s", step->name);
    put_flag(context, at);
    put_title(context, step, &visit->told, &words);
    if (is_check)
        put_check(context, &shown, &words);
    if (!visit->is_kept)
        put_carried(office_of(visit), context, step, &visit->told);
    if (visit->is_lost)
        put_flag(context, "lost");
    if (then)
        put_flag(context, "then");
    if (strcmp(step->name, "story") == 0)
        put_flag(context, "asks_story");
    if (step != steps)
        put_flag(context, "has_back");
    if (form_find(&visit->told, FILE_LIST_FIELD)) /* the form on one page has none */
        put_flag(context, "has_files");
    if (strcmp(step->name, "files") == 0)
        put_files(context, visit);
    pages_put_key(context, visit->key);
    need(json_object_update_missing_new(context, json_pack("{s:s, s:i, s:b, s:b}", "step", step->name, "h", 1, "keeps",
                                                           1, "is_kept", visit->is_kept)) == 0);
    if (notes)
        need(json_object_update_new(context, notes) == 0);
    form_words_mark(context);
    pages_answer(visit->intake, visit->req, status, is_check ? "check" : "step", PATH, visit->language, context);
    form_free(&shown);
}

void page_steps_begin(struct intake *intake, struct http_req *req, const char *language)
{
    struct form none = {0};
    json_t *context = page_steps_context(intake, steps, &none, language);
    struct pages_words words = {intake, language};
    put_flag(context, "at_danger");
    put_title(context, steps, &none, &words);
    pages_put_key(context, NULL);
    need(json_object_update_missing_new(context, json_pack("{s:s, s:i}", "step", steps->name, "h", 1)) == 0);
    pages_answer(intake, req, 200, "step", PATH, language, context);
}

/* Nothing of it is shown any more. Who sends a second time, perhaps because the answer did not arrive, gets it again.
 */
static void show_ended(const struct visit *visit, int was_sent)
{
    const char *go = form_get(visit->posted, "go");
    if (was_sent && go && strcmp(go, "send") == 0 &&
        sending_show_again(visit->intake, visit->req, visit->language, visit->key, 0))
        return;
    json_t *context = json_object();
    if (was_sent) {
        put_flag(context, "was_sent");
        pages_put_key(context, visit->key);
    }
    pages_answer(visit->intake, visit->req, 200, "ended", PATH, visit->language, context);
}

/* ---- what was wrong ---- */

static json_t *fault_notes(const struct visit *visit, const struct json_fault *fault)
{
    struct pages_words words = {visit->intake, visit->language};
    json_t *notes = json_object();
    metrics_add(COUNT_REPORTS_REFUSED, 1);
    report_form_explain(notes, fault, pages_says, &words);
    return notes;
}

/* Is what this step told as it should be? Other steps are not looked at: they were, or will be. */
static enum err check_step(const struct visit *visit, const struct step *step, struct json_fault *fault)
{
    const struct office *office = office_of(visit);
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

static json_t *note_of(const struct visit *visit, const struct page_steps_note *note)
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

static enum err visit_begin(struct visit *visit, const struct step *step);
static void send_all(struct visit *visit, json_t *kept);

static void failed(struct intake *intake, struct http_req *req, const struct form *posted, const char *language,
                   enum sending_fault fault)
{
    struct visit visit = {.intake = intake, .req = req, .language = language, .posted = posted};
    const struct step *check = steps_find("check");
    char seconds[16];
    enum err err = visit_begin(&visit, check);
    json_t *notes = json_object();
    put_flag(notes, fault == SENDING_OTHER ? "again" : "away");
    snprintf(seconds, sizeof seconds, "%d", LIMIT_RETRY_S);
    if (fault == SENDING_AWAY)
        http_set(req, "Retry-After", seconds);
    if (fault == SENDING_OTHER) { /* under a key of its own from here */
        visit.key = NULL;
        visit.is_kept = 0;
    }
    if (err == ERR_OK)
        show_step(&visit, fault == SENDING_OTHER ? 422 : 503, check, 0, notes);
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
        struct visit visit = {.intake = waiter->intake,
                              .req = req,
                              .language = intake_language(waiter->intake, req, &form),
                              .posted = &form};
        if (visit_begin(&visit, steps_find("check")) != ERR_OK)
            ; /* it has been answered */
        else if (err == ERR_OK)
            send_all(&visit, inside);
        else
            show_step(&visit, files_wrong.status, steps_find("files"), 1, note_of(&visit, &files_wrong));
        form_free(&visit.told);
        form_free(&form);
    }
    mem_free(waiter);
}

/* `kept`: what is sealed of its files, once they are kept. */
static void send_all(struct visit *visit, json_t *kept)
{
    struct json_fault fault = {.field = "text"};
    struct report report;
    struct form said;
    const json_t *files = NULL;
    enum err err = page_steps_defaults(visit->intake, &visit->told, &said);
    json_t *body = err == ERR_OK ? report_form_body(office_of(visit), &said, visit->language) : NULL;
    err = body ? report_read(office_of(visit), body, &report, &fault) : ERR_MALFORMED;
    if (err == ERR_OK && !intake_offers(visit->intake, report.desk)) {
        fault = (struct json_fault){.field = "desk"};
        report_free(&report);
        err = ERR_MALFORMED;
    }
    if (err == ERR_OK)
        report.files = json_incref(kept);
    if (err == ERR_OK && !kept && evidence_read(visit->intake, body, &files, &fault) != ERR_OK) {
        show_step(visit, files_wrong.status, steps_find("files"), 1, note_of(visit, &files_wrong));
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
        const struct step *at = steps_asking(office_of(visit), report_form_field(&fault));
        show_step(visit, 400, at ? at : steps_find("story"), 1, fault_notes(visit, &fault));
    }
    json_decref(body);
    form_free(&said);
}

/* ---- a step that was posted ---- */

/* Fills told. ERR_CONFLICT: it was ended, or ERR_DENIED: sent; the request is then answered. */
static enum err visit_begin(struct visit *visit, const struct step *step)
{
    struct form before;
    const char *key = form_get(visit->posted, "key");
    visit->key = pages_is_key(key) ? key : NULL;
    enum err err = drafting_told(visit->intake, visit->key, &before);
    visit->is_lost = err == ERR_NOT_FOUND && form_get(visit->posted, "kept") != NULL;
    if (err == ERR_NOT_FOUND || err == ERR_OK)
        err = steps_merge(office_of(visit), step, &before, visit->posted, &visit->told);
    form_free(&before);
    if (err == ERR_OK && visit->key)
        visit->is_kept = drafting_keep(visit->intake, visit->req, visit->key, &visit->told) == ERR_OK;
    if (err == ERR_CONFLICT || err == ERR_DENIED)
        show_ended(visit, err == ERR_DENIED);
    else if (err != ERR_OK)
        http_answer(visit->req, 413, "text/plain", "", 0);
    return err;
}

static const struct step *where_to(const struct visit *visit, const struct step *step, const char *go, int then)
{
    const struct step *named = steps_find(go);
    if (strcmp(go, "back") == 0)
        return then ? steps_find("check") : steps_back(office_of(visit), step, &visit->told);
    if (named && steps_is_asked(office_of(visit), named, &visit->told))
        return named;
    const struct step *next = steps_next(office_of(visit), step, &visit->told);
    /* What this answer opens is asked, also of someone who came from the check. */
    return then && !(next->is_asked && next[1].name) ? steps_find("check") : next;
}

void page_steps_post(struct intake *intake, struct http_req *req, const struct step *step, const struct form *form,
                     const char *language, const struct page_steps_note *note)
{
    struct visit visit = {.intake = intake, .req = req, .language = language, .posted = form};
    const char *go = form_get(form, "go");
    struct json_fault fault = {.field = "text"};
    int then = form_get(form, "then") != NULL, is_check = !step[1].name;
    if (visit_begin(&visit, step) == ERR_OK) {
        go = go ? go : "next";
        if (note)
            show_step(&visit, note->status, step, then, note_of(&visit, note));
        else if (form_get(form, "say"))
            show_step(&visit, 200, step, then, NULL);
        else if (is_check && strcmp(go, "send") == 0)
            send_all(&visit, NULL);
        else if (strcmp(go, "back") != 0 && check_step(&visit, step, &fault) != ERR_OK && !is_check)
            show_step(&visit, 400, step, then, fault_notes(&visit, &fault));
        else {
            const struct step *to = where_to(&visit, step, go, then);
            show_step(&visit, 200, to, is_check || (then && (to->is_asked || to == step)), NULL);
        }
    }
    form_free(&visit.told);
}
