/* step_page.c -- see step_page.h. */
#include "intake/step_page.h"

#include <stdio.h>
#include <string.h>

#include "common/base/mem.h"
#include "common/text/mustache.h"
#include "intake/file_list.h"
#include "intake/form_words.h"
#include "intake/pages.h"
#include "intake/report_form.h"
#include "intake/sending.h"

#define PATH "/report"

static const struct office *office_of(const struct step_visit *visit)
{
    return visit->intake->settings->office_says;
}

static void put_flag(json_t *context, const char *key)
{
    need(json_object_set_new(context, key, json_true()) == 0);
}

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

json_t *step_page_context(struct intake *intake, const struct step *step, const struct form *told, const char *language)
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

enum err step_page_defaults(const struct intake *intake, const struct form *told, struct form *out)
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
static void put_files(json_t *context, const struct step_visit *visit)
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

void step_page_show(const struct step_visit *visit, unsigned status, const struct step *step, int then, json_t *notes)
{
    struct pages_words words = {visit->intake, visit->language};
    struct form shown;
    char at[64];
    need(step_page_defaults(visit->intake, &visit->told, &shown) == ERR_OK); /* two more than a page may bring */
    int is_check = !step[1].name;
    json_t *context = step_page_context(visit->intake, step, is_check ? &shown : &visit->told, visit->language);
    if (strcmp(step->name, "readers") == 0) {
        json_decref(context);
        context = step_page_context(visit->intake, step, &shown, visit->language);
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

void step_page_begin(struct intake *intake, struct http_req *req, const char *language)
{
    struct form none = {0};
    json_t *context = step_page_context(intake, steps, &none, language);
    struct pages_words words = {intake, language};
    put_flag(context, "at_danger");
    put_title(context, steps, &none, &words);
    pages_put_key(context, NULL);
    need(json_object_update_missing_new(context, json_pack("{s:s, s:i}", "step", steps->name, "h", 1)) == 0);
    pages_answer(intake, req, 200, "step", PATH, language, context);
}

void step_page_ended(const struct step_visit *visit, int was_sent)
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
