/* page_add.c -- see page_add.h. */
#include "intake/page_add.h"

#include <string.h>

#include "common/base/mem.h"
#include "common/http/urlencoded.h"
#include "common/text/utf8.h"
#include "intake/add.h"
#include "intake/file_list.h"
#include "intake/limits.h"
#include "intake/page_receipt.h"
#include "intake/pages.h"
#include "intake/report.h"
#include "intake/states.h"

#define PATH "/receipt"

static void put(json_t *context, const char *key, const char *text)
{
    json_t *value = json_string(text);
    need(value && json_object_set_new(context, key, value) == 0);
}

static const char *arrived_says(const struct intake *intake, const char *language, const struct form *form)
{
    const char *step = form_get(form, "step"), *english = step ? states_act_arrived(step) : NULL;
    const char *for_whom = form_get(form, "for");
    if (english && for_whom && strcmp(for_whom, "other") == 0) /* whether it counts is not theirs to know */
        english = T("It is noted. What the person you speak for says counts.");
    return catalogue_text(intake->catalogues, language, english ? english : T("Your message has arrived."));
}

/* What the form itself has brought, and what scripts have sent before it. */
static json_t *files_of(const struct form *form)
{
    json_t *list = file_list_read(form, FILE_LIST_FIELD);
    file_list_join(list, form, "uploaded");
    return list;
}

void page_add_put_typed(const struct form *form, json_t *context)
{
    const struct form_field *text = form_find(form, "text");
    json_t *files = files_of(form);
    if (text && !memchr(text->value, 0, text->value_len))
        put(context, "text", text->value);
    file_list_show(files, context);
    json_decref(files);
}

/* What it did besides writing, which it still does when it is sent again. */
static void put_act(const struct intake *intake, const char *language, const struct form *form, json_t *context)
{
    const char *step = form_get(form, "step"), *for_whom = form_get(form, "for");
    if (!step || !states_is_act(step))
        return;
    put(context, "act", step);
    if (states_act_says(step))
        put(context, "act_says", catalogue_text(intake->catalogues, language, states_act_says(step)));
    if (for_whom)
        put(context, "for", for_whom);
}

/* The page with all that was typed and sent; `english` NULL: nothing is wrong. */
static void show_again(struct intake *intake, struct http_req *req, const struct form *form, unsigned status,
                       const char *english)
{
    const char *language = intake_language(intake, req, form), *receipt = form_get(form, "receipt");
    json_t *context = json_pack("{s:b, s:s}", "keeps", 1, "receipt", receipt ? receipt : "");
    need(context != NULL);
    page_add_put_typed(form, context);
    put_act(intake, language, form, context);
    if (english)
        put(context, "error", catalogue_text(intake->catalogues, language, english));
    pages_put_key(context, status == 503 ? form_get(form, "key") : NULL);
    if (status == 503)
        http_set(req, "Retry-After", "10");
    pages_answer(intake, req, status, "add", PATH, language, context);
}

static void show_add(struct intake *intake, struct http_req *req, const struct form *form, enum add_end end)
{
    static const struct {
        unsigned status;
        const char *says;
    } faults[] = {
        [ADD_AWAY] = {503,
                      T("Your message could not be stored now. It is still here: please send it again in a minute.")},
        [ADD_OTHER_BODY] =
            {422, T("You sent another message with this page before, and it is stored. Send this one as well?")},
        [ADD_FILES] = {422, T("One of the files is not whole, or together they are too large. Remove it, or send it "
                              "again.")},
        [ADD_TEXT] = {400, T("Write a message. It cannot be empty or longer than 20,000 characters.")},
    };
    if (end != ADD_STORED) {
        show_again(intake, req, form, faults[end].status, faults[end].says);
        return;
    }
    const char *language = intake_language(intake, req, form);
    json_t *context = json_pack("{s:b}", "keeps", 1);
    put(context, "receipt", form_get(form, "receipt"));
    put(context, "arrived", arrived_says(intake, language, form));
    pages_answer(intake, req, 201, "added", PATH, language, context);
}

static void added(void *room, enum add_end end)
{
    struct waiter *waiter = room;
    struct http_req *req = intake_waiter_req(waiter);
    if (req) {
        struct form form;
        const struct buf *body = http_req_body(req);
        need(form_read(&form, buf_text(body), body->len) == ERR_OK); /* it was read before */
        if (end == ADD_UNKNOWN)
            page_receipt_unknown(waiter->intake, req, intake_language(waiter->intake, req, &form));
        else
            show_add(waiter->intake, req, &form, end);
        form_free(&form);
    }
    mem_free(waiter);
}

void page_add_step(struct intake *intake, struct http_req *req, const struct form *form, const struct receipt *receipt)
{
    const struct form_field *text = form_find(form, "text");
    const char *key = form_get(form, "key");
    const char *step = form_get(form, "step"), *act = step && states_is_act(step) ? step : NULL;
    int is_empty = !text || utf8_blank(text->value, text->value_len);
    json_t *files = files_of(form), *keys = file_list_keys(files);
    struct form_field instead = {.value = (char *)(uintptr_t)catalogue_text(
                                     intake->catalogues, intake_language(intake, req, form), T("I send you files."))};
    if (is_empty && json_array_size(keys)) {
        instead.value_len = strlen(instead.value);
        text = &instead;
        is_empty = 0;
    }
    if (act ? !is_empty && !report_text_fits(text->value, text->value_len, LIMIT_TEXT)
            : is_empty || !report_text_fits(text->value, text->value_len, LIMIT_TEXT)) {
        show_add(intake, req, form, ADD_TEXT);
        goto out;
    }
    struct waiter *waiter = mem_new(sizeof *waiter);
    struct add_message what = {.receipt = receipt,
                               .channel = "web",
                               .language = intake_language(intake, req, form),
                               .act = act,
                               .text = is_empty ? "" : text->value,
                               .text_len = is_empty ? 0 : text->value_len,
                               .files = json_array_size(keys) ? keys : NULL};
    if (key && once_key_check(key, strlen(key)) == ERR_OK)
        what.key = key;
    *waiter = intake_waiter(intake, req);
    add_message(intake, &what, added, waiter);
out:
    json_decref(keys);
    json_decref(files);
}

/* ---- with files ---- */

static void had(struct intake *intake, const struct form *form, size_t *count, int64_t *bytes)
{
    json_t *list = files_of(form);
    (void)intake;
    *count = json_array_size(list);
    *bytes = file_list_bytes(list);
    json_decref(list);
}

/* What was wrong with the files is said beside the words and the files before it, which are kept. */
static void show_fault(struct intake *intake, struct http_req *req, const struct form *form, enum form_files_end end)
{
    static const struct {
        unsigned status;
        const char *says;
    } faults[] = {
        [FORM_FILES_MANY] = {413, T("These are more files than we can take. Your words are kept.")},
        [FORM_FILES_LARGE] = {413, T("Together these files are too large for us. Your words are kept.")},
        [FORM_FILES_AWAY] = {503, T("The files could not be stored now. Your words are kept. Try again in a minute, or "
                                    "go on without files.")},
        [FORM_FILES_BROKEN] = {400, T("The files did not arrive whole. Your words are kept. Please send them again.")},
    };
    show_again(intake, req, form, faults[end].status, faults[end].says);
}

/* The fields as a body, for those who read it again when the store has answered. */
static enum err write_body(struct http_req *req, const struct form *form)
{
    struct buf *body = http_req_body(req);
    enum err err = ERR_OK;
    for (unsigned i = 0; i < form->count && err == ERR_OK; i++) {
        if (i)
            err = buf_add_byte(body, '&');
        if (err == ERR_OK)
            err = urlencoded_write(body, form->fields[i].name, strlen(form->fields[i].name));
        if (err == ERR_OK)
            err = buf_add_byte(body, '=');
        if (err == ERR_OK)
            err = urlencoded_write(body, form->fields[i].value, form->fields[i].value_len);
    }
    return err;
}

/* The fields, with all files in one of them. */
static enum err gather(const struct form_files *files, const json_t *list, struct form *out)
{
    const struct form *form = files->form;
    enum err err = ERR_OK;
    for (unsigned i = 0; i < form->count && err == ERR_OK; i++)
        if (strcmp(form->fields[i].name, "uploaded") != 0)
            err = form_add(out, form->fields[i].name, form->fields[i].value, form->fields[i].value_len);
    return err == ERR_OK ? file_list_put(list, out) : err;
}

static void taken(struct intake *intake, struct http_req *req, const struct form_files *files)
{
    const char *dropped = form_get(files->form, "drop");
    struct form form = {0};
    json_t *list = files_of(files->form);
    for (size_t i = 0; i < files->count; i++)
        file_list_add(list, files->file[i].key, files->file[i].size, files->file[i].name);
    if (dropped)
        file_list_drop(list, dropped);
    enum form_files_end fits = file_list_fit(list, intake->settings), end = files->end;
    if (end == FORM_FILES_OK)
        end = fits;
    enum err err = gather(files, list, &form);
    if (err == ERR_OK)
        err = write_body(req, &form);
    if (err != ERR_OK)
        http_answer(req, 413, "text/plain", "", 0);
    else if (end != FORM_FILES_OK)
        show_fault(intake, req, &form, end);
    else if (dropped)
        show_again(intake, req, &form, 200, NULL);
    else
        page_receipt_form(intake, req, &form);
    form_free(&form);
    json_decref(list);
}

static const struct form_files_calls calls = {had, taken};

enum err page_add_piece(struct http_req *req, void *room, const uint8_t *piece, size_t len)
{
    return form_files_piece(req, room, &calls, piece, len);
}

void page_add_post(struct http_req *req, void *room)
{
    form_files_complete(req, room, &calls);
}
