/* page_receipt.c -- see page_receipt.h. */
#include "intake/page_receipt.h"

#include <stdio.h>
#include <string.h>

#include "common/base/mem.h"
#include "common/text/mustache.h"
#include "intake/file_list.h"
#include "intake/limits.h"
#include "intake/page_add.h"
#include "intake/pages.h"
#include "intake/report.h"
#include "intake/states.h"
#include "intake/thread.h"

#define PATH "/receipt"

static void put(json_t *context, const char *key, const char *text)
{
    json_t *value = json_string(text);
    need(value && json_object_set_new(context, key, value) == 0);
}

static void show_begin(struct intake *intake, struct http_req *req, unsigned status, const char *language,
                       const char *english)
{
    json_t *context = json_pack("{s:b}", "keeps", 1);
    if (english)
        put(context, "error", catalogue_text(intake->catalogues, language, english));
    pages_answer(intake, req, status, "receipt", PATH, language, context);
}

static void show_away(struct intake *intake, struct http_req *req, const char *language)
{
    char seconds[16];
    snprintf(seconds, sizeof seconds, "%d", LIMIT_RETRY_S);
    http_set(req, "Retry-After", seconds);
    show_begin(intake, req, 503, language,
               T("We cannot look now. Your messages are safe. Please try again in a minute."));
}

/* Unknown and erased: one page, whatever the reason. */
void page_receipt_unknown(struct intake *intake, struct http_req *req, const char *language)
{
    show_begin(intake, req, 404, language,
               T("There is nothing under this number. Compare it with what you wrote down, digit by digit."));
}

static const char *says(const struct intake *intake, const char *language, const char *english)
{
    return catalogue_text(intake->catalogues, language, english);
}

/* "photo.jpg (1.2 MB)": what the person sent with a message. */
static void file_says(const struct intake *intake, const char *language, const json_t *file, char out[static FILE_SAYS])
{
    const char *name = json_string_value(json_object_get(file, "name"));
    const json_t *size = json_object_get(file, "size");
    /* TRANSLATORS: In place of the name of a file, where the name is not known */
    const char *shown = *name ? name : says(intake, language, T("A file"));
    file_list_says(shown, json_is_integer(size) ? json_integer_value(size) : -1, out);
}

static void put_files(const struct intake *intake, const char *language, json_t *message)
{
    json_t *rows = json_array(), *each;
    size_t i;
    json_array_foreach(json_object_get(message, "files"), i, each)
    {
        char text[FILE_SAYS];
        file_says(intake, language, each, text);
        need(json_array_append_new(rows, json_pack("{s:s}", "says", text)) == 0);
    }
    need(json_object_set_new(message, "has_files", json_boolean(json_array_size(rows) > 0)) == 0);
    need(json_object_set_new(message, "file_rows", rows) == 0);
}

static json_t *message_context(const struct intake *intake, const char *language, const json_t *message)
{
    json_t *copy = json_copy((json_t *)(uintptr_t)message);
    const char *act = json_string_value(json_object_get(message, "act"));
    int staff = strcmp(json_string_value(json_object_get(message, "from")), "staff") == 0;
    need(copy && json_object_set_new(copy, "staff", json_boolean(staff)) == 0);
    put(copy, "act_says", act ? says(intake, language, states_act_says(act)) : "");
    put_files(intake, language, copy);
    return copy;
}

/* "You say that it is solved. It closes on 2026-12-01." */
static void put_wish(const struct intake *intake, const char *language, const json_t *wish, json_t *context)
{
    const char *act = json_string_value(json_object_get(wish, "act"));
    const char *english = act ? states_wish_says(act) : NULL;
    struct buf text = BUF_INIT(1024);
    if (!english)
        return;
    json_t *values = json_pack("{s:O}", "day", json_object_get(wish, "until"));
    if (mustache_fill(says(intake, language, english), values, &text) == ERR_OK)
        put(context, "wish", buf_text(&text));
    json_decref(values);
    buf_free(&text);
}

/* That it is erased: until when it can be taken back, and how long a copy can be opened. */
static void put_erase(const struct intake *intake, const char *language, const json_t *erase, json_t *context)
{
    struct buf text = BUF_INIT(1024);
    if (!erase)
        return;
    const char *english =
        json_is_true(json_object_get(erase, "asked"))
            ? T("You asked us to erase this. Somebody of ours decides on it now.")
            : T("You asked us to erase this. You can take that back until {{until}}. Then somebody of "
                "ours decides.");
    if (mustache_fill(says(intake, language, english), erase, &text) == ERR_OK)
        put(context, "erase", buf_text(&text));
    put(context, "copies_until", json_string_value(json_object_get(erase, "copies_until")));
    buf_free(&text);
}

/* "can_solved" and the others, for the forms. */
static void put_can(const json_t *can, json_t *context)
{
    size_t i;
    json_t *each;
    json_array_foreach((json_t *)(uintptr_t)can, i, each)
    {
        char key[32];
        const char *act = json_string_value(each);
        if (strncmp(act, "hide:", 5) == 0) { /* with how many messages there are to hide */
            put(context, "hide", act);
            continue;
        }
        snprintf(key, sizeof key, "can_%s", act);
        need(json_object_set_new(context, key, json_true()) == 0);
    }
}

/* Why nothing has to happen by a certain day now. */
static void put_pause(const struct intake *intake, const char *language, const json_t *pause, json_t *context)
{
    const char *code = json_string_value(json_object_get(pause, "code"));
    const char *english = code ? states_pause_says(code) : NULL;
    if (!english)
        return;
    json_t *told = json_pack("{s:s, s:O, s:O}", "why", says(intake, language, english), "since",
                             json_object_get(pause, "since"), "says", json_object_get(pause, "says"));
    need(told && json_object_set_new(context, "pause", told) == 0);
}

/* Questions that wait for an answer, and those that were answered, for the page. */
static void put_questions(const json_t *consents, json_t *context)
{
    static const struct {
        const char *answer, *list;
    } lists[] = {{"", "questions"}, {"yes", "agreed"}, {"no", "refused"}};
    for (size_t l = 0; l < sizeof lists / sizeof *lists; l++) {
        json_t *list = json_array(), *each;
        size_t i;
        json_array_foreach((json_t *)(uintptr_t)consents, i,
                           each) if (strcmp(json_string_value(json_object_get(each, "answer")), lists[l].answer) == 0)
            need(json_array_append(list, each) == 0);
        char key[32];
        snprintf(key, sizeof key, "has_%s", lists[l].list);
        need(json_object_set_new(context, key, json_boolean(json_array_size(list) > 0)) == 0);
        need(json_object_set_new(context, lists[l].list, list) == 0);
    }
}

static void put_referrals(const struct intake *intake, const char *language, const json_t *referrals, json_t *context)
{
    json_t *list = json_array(), *each;
    size_t i;
    json_array_foreach((json_t *)(uintptr_t)referrals, i, each)
    {
        const char *status = json_string_value(json_object_get(each, "status"));
        const char *english = status ? states_passed_says(status) : NULL;
        json_t *one = json_copy(each);
        need(one && json_array_append_new(list, one) == 0);
        put(one, "status_says", english ? says(intake, language, english) : "");
    }
    need(json_object_set_new(context, "has_referrals", json_boolean(json_array_size(list) > 0)) == 0);
    need(json_object_set_new(context, "referrals", list) == 0);
}

static json_t *thread_context(const struct intake *intake, const char *language, const struct thread *thread)
{
    const json_t *shown = thread->shown;
    const char *english =
        thread->is_stored
            ? T("Your report is stored safely. It waits on our server to be brought in, and nobody has read "
                "it yet.")
            : states_says(json_string_value(json_object_get(shown, "state")));
    json_t *messages = json_array(), *each;
    size_t i;
    json_array_foreach(json_object_get(shown, "messages"), i, each)
        need(json_array_append_new(messages, message_context(intake, language, each)) == 0);
    json_t *context = json_pack("{s:s, s:O, s:o}", "state", says(intake, language, english), "since",
                                json_object_get(shown, "since"), "messages", messages);
    need(context != NULL);
    put_wish(intake, language, json_object_get(shown, "wish"), context);
    put_erase(intake, language, json_object_get(shown, "erase"), context);
    need(json_object_set_new(context, "notes", json_boolean(thread->read_back && json_array_size(messages))) == 0);
    put_pause(intake, language, json_object_get(shown, "pause"), context);
    put_can(json_object_get(shown, "can"), context);
    put_questions(json_object_get(shown, "consents"), context);
    put_referrals(intake, language, json_object_get(shown, "referrals"), context);
    json_object_set(context, "review_until", json_object_get(shown, "review_until"));
    json_object_set(context, "final", json_object_get(shown, "final"));
    json_object_set(context, "speaks_for", json_object_get(shown, "speaks_for"));
    return context;
}

/* ---- a copy to keep ---- */

/* Below the words: "Your files: photo.jpg (1.2 MB)", one a line. */
static enum err note_files(const struct intake *intake, const char *language, const json_t *message, struct buf *out)
{
    const json_t *files = json_object_get(message, "files");
    enum err err = ERR_OK;
    size_t i;
    json_t *each;
    if (json_array_size(files))
        err = buf_addf(out, "%s\r\n", says(intake, language, T("Your files:")));
    json_array_foreach((json_t *)(uintptr_t)files, i, each)
    {
        char text[FILE_SAYS];
        file_says(intake, language, each, text);
        if (err == ERR_OK)
            err = buf_addf(out, "%s\r\n", text);
    }
    return err == ERR_OK ? buf_add_text(out, "\r\n") : err;
}

/* Only for who chose that their own words can be read with the number: the file says no more than the page. */
static void answer_notes(struct intake *intake, struct http_req *req, const char *language, const struct thread *thread)
{
    struct buf text = BUF_INIT(LIMIT_PAGE);
    enum err err = ERR_OK;
    size_t i;
    json_t *each;
    json_array_foreach(json_object_get(thread->shown, "messages"), i, each)
    {
        int staff = strcmp(json_string_value(json_object_get(each, "from")), "staff") == 0;
        const char *act = json_string_value(json_object_get(each, "act"));
        const char *remedies = json_string_value(json_object_get(each, "open_remedies"));
        const char *done = act ? says(intake, language, states_act_says(act)) : "";
        if (err == ERR_OK)
            err = buf_addf(&text, "%s  %s\r\n%s%s%s\r\n", json_string_value(json_object_get(each, "at_day")),
                           says(intake, language, staff ? T("Answer") : T("You")), done, *done ? "\r\n" : "",
                           json_string_value(json_object_get(each, "text")));
        if (err == ERR_OK)
            err = note_files(intake, language, each, &text);
        if (err == ERR_OK && remedies)
            err = buf_addf(&text, "%s\r\n%s\r\n\r\n", says(intake, language, T("Other ways that stay open to you")),
                           remedies);
    }
    if (err == ERR_OK) {
        http_set(req, "Content-Disposition", "attachment; filename=\"notes.txt\"");
        http_answer(req, 200, "text/plain; charset=utf-8", buf_text(&text), text.len);
    } else {
        show_away(intake, req, language);
    }
    buf_free(&text);
}

/* ---- looking ---- */

static void looked(void *room, enum err err, const struct thread *thread)
{
    struct waiter *waiter = room;
    struct http_req *req = intake_waiter_req(waiter);
    if (err != ERR_NOT_FOUND)
        (void)intake_store_is_away(err);
    if (req) {
        struct form form;
        const struct buf *body = http_req_body(req);
        need(form_read(&form, buf_text(body), body->len) == ERR_OK); /* it was read before */
        const char *language = intake_language(waiter->intake, req, &form);
        const char *step = form_get(&form, "step");
        if (err == ERR_OK && thread->read_back && step && strcmp(step, "notes") == 0) {
            answer_notes(waiter->intake, req, language, thread);
        } else if (err == ERR_OK) {
            json_t *context = thread_context(waiter->intake, language, thread);
            put(context, "receipt", form_get(&form, "receipt"));
            int is_other_language = form_get(&form, "say") != NULL; /* in the middle of writing */
            need(json_object_set_new(context, "keeps", json_true()) == 0);
            if (is_other_language)
                page_add_put_typed(&form, context);
            pages_put_key(context, is_other_language ? form_get(&form, "key") : NULL);
            pages_answer(waiter->intake, req, 200, "thread", PATH, language, context);
        } else if (err == ERR_NOT_FOUND) {
            page_receipt_unknown(waiter->intake, req, language);
        } else {
            show_away(waiter->intake, req, language);
        }
        form_free(&form);
    }
    mem_free(waiter);
}

static void step_look(struct intake *intake, struct http_req *req, const struct form *form,
                      const struct receipt *receipt)
{
    struct waiter *waiter = mem_new(sizeof *waiter);
    (void)form;
    *waiter = intake_waiter(intake, req);
    thread_open(intake, receipt, LIMIT_STORE_MS, looked, waiter);
}

void page_receipt_begin(struct http_req *req, void *room)
{
    struct intake *intake = room;
    show_begin(intake, req, 200, intake_language(intake, req, NULL), NULL);
}

static void show_typed(struct intake *intake, struct http_req *req, const struct form *form, const char *language)
{
    json_t *context = json_pack("{s:b}", "keeps", 1);
    const struct form_field *typed = form_find(form, "receipt");
    if (typed && !memchr(typed->value, 0, typed->value_len))
        put(context, "receipt", typed->value);
    pages_answer(intake, req, 200, "receipt", PATH, language, context);
}

void page_receipt_form(struct intake *intake, struct http_req *req, const struct form *form)
{
    struct receipt receipt = {0};
    const struct form_field *typed = form_find(form, "receipt");
    const char *step = form_get(form, "step"), *language = intake_language(intake, req, form);
    enum err err = typed ? receipt_parse(typed->value, typed->value_len, &receipt) : ERR_MALFORMED;
    int is_other_language = form_get(form, "say") != NULL;
    if (is_other_language && err != ERR_OK)
        show_typed(intake, req, form, language);
    else if (is_other_language)
        step_look(intake, req, form, &receipt);
    else if (step && strcmp(step, "leave") == 0)
        pages_clear_site(req), pages_answer(intake, req, 200, "left", "/", language, NULL);
    else if (err == ERR_CONFLICT)
        show_begin(intake, req, 400, language,
                   T("One digit is mistyped. Compare the number with what you wrote down."));
    else if (err != ERR_OK)
        show_begin(intake, req, 400, language, T("The number has 28 digits. Spaces between them do not matter."));
    else if (step && (strcmp(step, "add") == 0 || states_is_act(step)))
        page_add_step(intake, req, form, &receipt);
    else
        step_look(intake, req, form, &receipt);
    receipt_wipe(&receipt);
}

void page_receipt_post(struct http_req *req, void *room)
{
    struct intake *intake = room;
    struct form form;
    if (pages_form(intake, req, &form) == ERR_OK)
        page_receipt_form(intake, req, &form);
    form_free(&form);
}
