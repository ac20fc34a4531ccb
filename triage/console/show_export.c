/* show_export.c -- taking lists out: the page that asks for what and why and tells how far it is, and the file itself,
 * piece by piece as the vault hands it out and the client takes it. */
#include <stdio.h>
#include <string.h>

#include "common/base/clock.h"
#include "common/base/mem.h"
#include "triage/console/export_csv.h"
#include "triage/console/show.h"
#include "triage/console/view.h"

enum { PIECE_MAX = 8 * 1024 * 1024, IMPACTS_MAX = 100 };

/* ---- the page ---- */

static json_t *progress_of(const struct call *call, const json_t *answer)
{
    json_t *list = json_array();
    const json_t *items = json_object_get(answer, "items");
    for (size_t i = 0; i < json_array_size(items); i++) {
        const json_t *one = json_array_get(items, i);
        char *says = words_fill(&call->reader, T("{{done}} of {{total}}"),
                                json_pack("{s:I, s:I}", "done", (json_int_t)view_number(one, "done"), "total",
                                          (json_int_t)view_number(one, "total")));
        json_t *row =
            json_pack("{s:s, s:s, s:s, s:b}", "what", words_label(&call->reader, WORDS_EXPORT, view_text(one, "what")),
                      "state", words_label(&call->reader, WORDS_EXPORT_STATE, view_text(one, "state")), "says", says,
                      "is_under_way", strcmp(view_text(one, "state"), "under_way") == 0);
        need(row && json_array_append_new(list, row) == 0);
        mem_free(says);
    }
    return list;
}

static void with_impacts(struct call *call, struct http_req *req, const json_t *impacts)
{
    const json_t *answer = call->kept;
    json_t *context = show_filter_form(call, impacts);
    const char *const *whats = call_role(call) == ROLE_OFFICER ? EXPORTS : EXPORTS_OF_FACTS;
    view_put(context, "whats", words_options(&call->reader, WORDS_EXPORT, whats, "cases"));
    view_put(context, "is_officer", json_boolean(call_role(call) == ROLE_OFFICER));
    view_put_list(context, "exports", progress_of(call, answer));
    view_put(context, "fresh", json_boolean(json_is_true(json_object_get(answer, "fresh"))));
    view_put(context, "passkey", show_asking(json_object_get(answer, "passkey")));
    show_page(call, req, 200, "export", context);
}

void show_export_form(struct call *call, struct http_req *req, const json_t *answer)
{
    call->kept = json_deep_copy(answer);
    need(call->kept != NULL);
    call_ask(call, req, json_pack("{s:s, s:i}", "op", "impact.list", "limit", IMPACTS_MAX), with_impacts);
}

/* ---- the file ---- */

static http_more_fn more;

static int is_csv(const struct call *call)
{
    return strcmp(view_text(call->ask, "format"), "csv") == 0;
}

/* One that cannot be made is cut, as it would be where the vault refuses. Wipes `out`. */
static void give(struct call *call, struct http_req *req, enum err err, struct buf *out)
{
    (void)call;
    if (err == ERR_OK)
        http_stream_give(req, out->bytes, out->len);
    else
        http_stream_cut(req);
    buf_free(out);
}

static void piece(struct call *call, struct http_req *req, const json_t *answer)
{
    const char *what = view_text(call->ask, "what");
    const json_t *items = json_object_get(answer, "items");
    int is_last = json_is_true(json_object_get(answer, "last"));
    int64_t rows = view_number(answer, "rows"), left_out = view_number(answer, "left_out");
    struct buf out = BUF_INIT(PIECE_MAX);
    if (!is_last && json_array_size(items) == 0) {
        more(req, NULL);
        return;
    }
    enum err err = is_csv(call) ? export_csv_rows(what, items, &out) : export_ndjson_rows(items, &out);
    if (err == ERR_OK && is_last)
        err = is_csv(call) ? export_csv_end(what, rows, left_out, &out) : export_ndjson_end(rows, left_out, &out);
    json_object_set_new(call->kept, "whole", json_boolean(is_last));
    give(call, req, err, &out);
}

/* The client has taken what there was. */
static void more(struct http_req *req, void *room)
{
    (void)room;
    struct call *call = http_req_kept(req);
    struct buf out = BUF_INIT(PIECE_MAX);
    if (json_is_true(json_object_get(call->kept, "whole"))) {
        http_stream_end(req);
    } else if (is_csv(call) && !json_object_get(call->kept, "headed")) {
        json_object_set_new(call->kept, "headed", json_true());
        give(call, req, export_csv_head(view_text(call->ask, "what"), &out), &out);
    } else {
        call_ask(call, req, json_pack("{s:s, s:s}", "op", "export.next", "export", view_text(call->kept, "export")),
                 piece);
    }
}

/* Whoever asked has gone away, or what was made for them is no good: the vault shall not wait for the next question. */
static void left(struct call *call)
{
    if (!json_is_true(json_object_get(call->kept, "whole")))
        call_tell(call, json_pack("{s:s, s:s, s:b}", "op", "export.next", "export", view_text(call->kept, "export"),
                                  "leave", 1));
}

void show_exported(struct call *call, struct http_req *req, const json_t *answer)
{
    char day[11], disposition[64], total[24];
    call->kept = json_deep_copy(answer);
    need(call->kept != NULL);
    call->left = left;
    clock_day(clock_wall(), day);
    snprintf(disposition, sizeof disposition, "attachment; filename=\"export-%s.%s\"", day,
             is_csv(call) ? "csv" : "ndjson");
    snprintf(total, sizeof total, "%lld", (long long)view_number(answer, "total"));
    http_set(req, "Content-Disposition", disposition);
    http_set(req, "X-Total", total);
    http_stream(req, 200, is_csv(call) ? "text/csv; charset=utf-8; header=present" : "application/x-ndjson", more);
}
