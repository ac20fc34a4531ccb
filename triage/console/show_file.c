/* show_file.c -- files that came with a report, as staff have them: a picture in a page, or an attachment that nothing
 * here ever shows inline. Both are fetched from the vault piece by piece with a ticket (docs/evidence.md). */
#include <stdio.h>
#include <string.h>

#include "common/base/code.h"
#include "common/base/mem.h"
#include "triage/console/show.h"
#include "triage/console/view.h"

enum {
    PICTURE_MAX = 4 * 1024 * 1024,
    PIECE_MAX = 512 * 1024,
    WAITS_MAX = 7, /* each is as long as the vault lets a question wait: all of them less than a handler may take */
};

/* ---- a piece ---- */

static void ask_piece(struct call *call, struct http_req *req, call_show_fn *next)
{
    call_ask(call, req,
             json_pack("{s:s, s:s, s:I}", "op", "file.piece", "ticket", view_text(call->kept, "ticket"), "n",
                       (json_int_t)view_number(call->kept, "n")),
             next);
}

/* Whoever asked has gone away: the place is for others. What the cleaner still works on stays for who asks again. */
static void left(struct call *call)
{
    if (!json_is_true(json_object_get(call->kept, "over")))
        call_tell(call, json_pack("{s:s, s:s, s:b}", "op", "file.piece", "ticket", view_text(call->kept, "ticket"),
                                  "leave", 1));
}

static void is_over(const struct call *call)
{
    need(json_object_set_new(call->kept, "over", json_true()) == 0);
}

static void begin(struct call *call, const json_t *answer, size_t max)
{
    call->kept = json_deep_copy(answer);
    need(call->kept != NULL && json_object_set_new(call->kept, "n", json_integer(0)) == 0);
    buf_init(&call->file, max);
    call->left = left;
}

/* 1: the cleaner is still at it, and it was asked again or given up. */
static int waits(struct call *call, struct http_req *req, const json_t *answer, call_show_fn *next)
{
    if (!json_is_true(json_object_get(answer, "waits")))
        return 0;
    int64_t count = view_number(call->kept, "waits") + 1;
    need(json_object_set_new(call->kept, "waits", json_integer(count)) == 0);
    if (count < WAITS_MAX) {
        ask_piece(call, req, next);
    } else {
        is_over(call);
        call_fail(call, req, "busy", T("This takes long, and goes on. Ask for the file again in a minute."), NULL);
    }
    return 1;
}

/* Its bytes behind those that are there; 0: it was answered, for what no vault of ours says. */
static int add_piece(struct call *call, struct http_req *req, const json_t *answer)
{
    const char *text = view_text(answer, "bytes");
    if (code_unbase64(text, strlen(text), &call->file) != ERR_OK) {
        call_fail(call, req, "internal", NULL, NULL);
        return 0;
    }
    need(json_object_set_new(call->kept, "n", json_integer(view_number(call->kept, "n") + 1)) == 0);
    if (json_is_true(json_object_get(answer, "last")))
        is_over(call);
    return 1;
}

/* ---- what could not be made ---- */

/* It may go better in a moment; the rest stays as it is. */
static int is_for_now(const char *refused)
{
    return strcmp(refused, "busy") == 0 || strcmp(refused, "away") == 0;
}

static json_t *page_of(const struct call *call, const json_t *answer)
{
    const char *by = view_text(answer, "by"), *refused = view_text(answer, "refused");
    const char *name = view_text(call->kept, "name"), *type = view_text(answer, "type");
    json_t *context = json_pack("{s:s, s:s}", "case", call->id, "file", view_text(call->ask, "file"));
    need(context != NULL);
    view_put_number(context, "number", call->kept);
    view_put(context, "name", *name ? json_string(name) : NULL);
    view_put(context, "type", *type ? json_string(type) : NULL);
    view_put(context, "by", *by ? json_string(by) : NULL);
    view_put(context, "refused", *refused ? json_string(words_label(&call->reader, WORDS_CLEANING, refused)) : NULL);
    view_put(context, "csrf", json_string(call_form(call, "csrf")));
    view_put(context, "can_download", json_boolean(call_role(call) & ROLE_MEMBER));
    return context;
}

/* 1: there is no copy, and it was answered. */
static int is_refused(struct call *call, struct http_req *req, const json_t *answer)
{
    const char *refused = view_text(answer, "refused");
    if (!*refused)
        return 0;
    is_over(call);
    const char *says = words_find(&call->reader, WORDS_CLEANING, refused);
    if (is_for_now(refused))
        call_fail(call, req, "busy", says, NULL);
    else if (call->action->door == DOOR_API)
        call_fail(call, req, "conflict", says, "which");
    else
        show_page(call, req, 409, "file", page_of(call, answer));
    return 1;
}

/* ---- looking ---- */

static int is_picture(const char *type)
{
    return strcmp(type, "image/png") == 0 || strcmp(type, "image/jpeg") == 0;
}

static char *base64_of(const struct buf *bytes)
{
    char *text = mem_new(CODE_BASE64_SIZE(bytes->len));
    code_base64((const uint8_t *)buf_text(bytes), bytes->len, text);
    return text;
}

static json_t *api_look(const struct call *call, const json_t *answer)
{
    const char *refused = view_text(answer, "refused");
    json_t *value =
        json_pack("{s:s, s:I, s:s, s:s, s:o, s:n}", "name", view_text(call->kept, "name"), "number",
                  (json_int_t)view_number(call->kept, "number"), "type", view_text(answer, "type"), "by",
                  view_text(answer, "by"), "refused", *refused ? json_string(refused) : json_null(), "picture");
    need(value != NULL);
    if (!*refused) {
        char *text = base64_of(&call->file);
        need(json_object_set_new(value, "picture",
                                 json_pack("{s:s, s:s}", "type", view_text(answer, "result_type"), "base64", text)) ==
             0);
        mem_free(text);
    }
    return value;
}

/* The picture lies in the page: there is no address at which it could be had again. */
static void show_picture(struct call *call, struct http_req *req, const json_t *answer)
{
    const char *type = view_text(answer, "result_type");
    json_t *context = page_of(call, answer);
    if (is_picture(type) && call->file.len) {
        char csp[STYLE_CSP_MAX + 32];
        char *text = base64_of(&call->file);
        snprintf(csp, sizeof csp, "%s; img-src data:", call->console->texts->style.csp);
        http_set(req, "Content-Security-Policy", csp);
        view_put(context, "picture", json_pack("{s:s, s:s}", "type", type, "base64", text));
        mem_free(text);
    }
    show_page(call, req, 200, "file", context);
}

static void look_answer(struct call *call, struct http_req *req, const json_t *answer)
{
    if (call->action->door != DOOR_API) {
        show_picture(call, req, answer);
        return;
    }
    json_t *value = api_look(call, answer);
    show_json(req, 200, value);
    json_decref(value);
}

static void look_piece(struct call *call, struct http_req *req, const json_t *answer)
{
    const char *refused = view_text(answer, "refused");
    if (waits(call, req, answer, look_piece))
        return;
    if (*refused && is_for_now(refused)) {
        (void)is_refused(call, req, answer);
    } else if (*refused) {
        is_over(call);
        look_answer(call, req, answer);
    } else if (add_piece(call, req, answer)) {
        if (json_is_true(json_object_get(answer, "last")))
            look_answer(call, req, answer);
        else
            ask_piece(call, req, look_piece);
    }
}

void show_file(struct call *call, struct http_req *req, const json_t *answer)
{
    begin(call, answer, PICTURE_MAX);
    ask_piece(call, req, look_piece);
}

/* ---- taking it out ---- */

static http_more_fn more;

static void next_piece(struct call *call, struct http_req *req, const json_t *answer)
{
    if (add_piece(call, req, answer))
        more(req, NULL);
}

/* The client has taken what there was. */
static void more(struct http_req *req, void *room)
{
    (void)room;
    struct call *call = http_req_kept(req);
    if (call->file.len) {
        http_stream_give(req, call->file.bytes, call->file.len);
        buf_clear(&call->file);
    } else if (json_is_true(json_object_get(call->kept, "over"))) {
        http_stream_end(req);
    } else {
        ask_piece(call, req, next_piece);
    }
}

static int is_safe_name(const char *name)
{
    return *name && strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789.-") == strlen(name);
}

static void first_piece(struct call *call, struct http_req *req, const json_t *answer)
{
    char disposition[80];
    const char *name = view_text(answer, "leaves_as");
    if (waits(call, req, answer, first_piece) || is_refused(call, req, answer) || !add_piece(call, req, answer))
        return;
    snprintf(disposition, sizeof disposition, "attachment; filename=\"%s\"", is_safe_name(name) ? name : "file.bin");
    http_set(req, "Content-Disposition", disposition);
    http_stream(req, 200, "application/octet-stream", more);
}

void show_downloaded(struct call *call, struct http_req *req, const json_t *answer)
{
    begin(call, answer, PIECE_MAX);
    ask_piece(call, req, first_piece);
}
