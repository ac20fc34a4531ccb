/* ops_export.c -- taking lists out of the desk: begun with a reason, handed out in pieces, ended with a count. */
#include <string.h>

#include "common/base/clock.h"
#include "common/base/code.h"
#include "common/base/mem.h"
#include "triage/vault/audit.h"
#include "triage/vault/case_state.h"
#include "triage/vault/conversation.h"
#include "triage/vault/export.h"
#include "triage/vault/fresh.h"
#include "triage/vault/listing.h"
#include "triage/vault/ops.h"
#include "triage/vault/register_view.h"
#include "triage/vault/seen.h"

enum {
    REASON_MAX = 2000,
    WHAT_MAX = 20,
    PIECE_ROWS = 200,
    PIECE_MS = 4, /* then somebody else has a turn */
    PIECE_BYTES = 128 * 1024
};

/* ---- begin ---- */

struct asked {
    enum export_what what;
    const char *reason;
    struct filter filter;
};

/* 0: the request was answered. */
static int read_ask(struct request *request, struct asked *out)
{
    const char *what;
    if (!request_text(request, "what", 1, WHAT_MAX, &what) ||
        !request_text(request, "reason", 1, REASON_MAX, &out->reason) || !listing_asked(request, &out->filter))
        return 0;
    out->what = export_what_of(what);
    if (out->what == EXPORT_WHATS) {
        request_fail(request, "malformed", "There is no such list.", "what");
        return 0;
    }
    if (out->what > EXPORT_MESSAGES && !filter_is_empty(&out->filter)) {
        request_fail(request, "malformed", "There is no such filter.", "filter");
        return 0;
    }
    return 1;
}

/* Each case whose messages leave is an opening: what is more than may be opened now is refused before it begins. */
static int is_over_budget(struct request *request, size_t cases)
{
    unsigned hour, day;
    const struct settings *settings = &request->vault->settings;
    struct session *session = request_session(request);
    need(session != NULL); /* the table asked for one */
    session_spent(request->vault->sessions, session, clock_wall(), &hour, &day);
    return (int64_t)(hour + cases) > settings->per_hour || (int64_t)(day + cases) > settings->per_day;
}

static size_t how_many(struct vault *vault, const struct asked *asked, const char *who, uint32_t **numbers)
{
    size_t count = 0;
    *numbers = NULL;
    if (asked->what <= EXPORT_MESSAGES)
        return listing_numbers(vault, &asked->filter, who, numbers);
    if (asked->what == EXPORT_IMPACTS)
        return impacts_count(vault->impacts);
    while (impacts_action_at(vault->impacts, count))
        count++;
    return count;
}

static void begun(void *room, enum err err)
{
    struct request *request = room;
    json_object_set(request->body, "export", json_object_get(request->kept, "export"));
    struct export *e = export_asked(request);
    need(e != NULL);
    e->is_busy = 0;
    if (err == ERR_OK) {
        request_ok(request, json_incref(request->kept));
        return;
    }
    export_drop(e);
    request_fail_with(request, err);
}

static void begin(struct request *request)
{
    struct asked asked;
    uint32_t *numbers;
    if (!read_ask(request, &asked))
        return;
    size_t count = how_many(request->vault, &asked, request->who, &numbers);
    if (asked.what == EXPORT_MESSAGES && is_over_budget(request, count)) {
        mem_free(numbers);
        request_fail(request, "budget", "That is more cases than you may open for now. Choose fewer.", NULL);
        return;
    }
    const struct export *e = export_new(request, asked.what, numbers, count);
    if (!e) {
        request_fail_with(request, ERR_BUSY);
        return;
    }
    json_t *detail =
        json_pack("{s:s,s:s,s:I}", "what", export_name(asked.what), "reason", asked.reason, "of", (json_int_t)count);
    json_t *filter = json_object_get(request->body, "filter");
    if (json_is_object(filter))
        json_object_set(detail, "filter", filter);
    json_decref(request->kept);
    request->kept = json_pack("{s:s,s:I}", "export", e->id, "total", (json_int_t)count);
    audit_alone(request->vault, request->who, "export.begin", NULL, detail, begun, request);
}

void ops_export_begin(struct request *request)
{
    struct asked asked;
    if (!read_ask(request, &asked))
        return;
    if (asked.what == EXPORT_MESSAGES && request->role != ROLE_OFFICER)
        request_deny(request, "Only officers may take out what people wrote.");
    else if (people_is_protected(vault_desk(request->vault)))
        fresh_check(request, begin);
    else
        begin(request);
}

/* ---- a piece ---- */

static json_t *piece_json(const struct export *e, json_t *items, int is_last)
{
    return json_pack("{s:o,s:I,s:I,s:I,s:I,s:b}", "items", items, "done", (json_int_t)e->at, "total",
                     (json_int_t)e->count, "rows", (json_int_t)e->rows, "left_out", (json_int_t)e->left_out, "last",
                     is_last);
}

static void ended(void *room, enum err err)
{
    struct request *request = room;
    if (err == ERR_OK)
        request_ok(request, json_incref(request->kept));
    else
        request_fail_with(request, err);
}

/* Takes `items`. The last piece leaves when the log has the end. */
static void give(struct request *request, struct export *e, json_t *items)
{
    e->rows += json_array_size(items);
    e->is_busy = 0;
    e->touched = clock_wall();
    if (e->at < e->count || e->left) {
        request_ok(request, piece_json(e, items, 0));
        return;
    }
    json_decref(request->kept);
    request->kept = piece_json(e, items, 1);
    export_end(request->vault, e, EXPORT_WHOLE, ended, request);
}

static json_t *row_of(struct vault *vault, const struct export *e, const struct docket *docket, size_t at, int64_t now)
{
    if (e->what == EXPORT_IMPACTS) {
        const struct impact *impact = impacts_at(vault->impacts, at);
        return impact ? export_impact(vault, e->who, docket, impact, now) : NULL;
    }
    if (e->what == EXPORT_ACTIONS) {
        const struct action *action = impacts_action_at(vault->impacts, at);
        return action ? export_action(vault, action, now) : NULL;
    }
    const struct case_file *file = seen_at(vault, e->who, e->numbers[at]);
    return file ? export_case(vault, file, now) : NULL;
}

static void give_rows(struct request *request, struct export *e)
{
    struct vault *vault = request->vault;
    struct docket docket = {0};
    json_t *items = json_array();
    int64_t until = clock_ms() + PIECE_MS, now = clock_wall();
    size_t bytes = 0;
    if (e->what == EXPORT_IMPACTS)
        docket_fill(vault, &docket);
    while (e->at < e->count && json_array_size(items) < PIECE_ROWS && bytes < PIECE_BYTES &&
           (clock_ms() <= until || !json_array_size(items))) {
        json_t *row = row_of(vault, e, &docket, e->at++, now);
        if (row)
            bytes += json_dumpb(row, NULL, 0, JSON_COMPACT);
        if (!row || json_array_append_new(items, row) != 0)
            e->left_out++;
    }
    if (e->what == EXPORT_IMPACTS)
        docket_free(&docket);
    give(request, e, items);
}

/* ---- messages: a case at a time, each of them an opening ---- */

/* What fits into a piece of those that wait. */
static void give_left(struct request *request, struct export *e)
{
    json_t *items = json_array();
    size_t bytes = 0;
    while (json_array_size(e->left) > 0 && bytes < PIECE_BYTES) {
        json_t *row = json_array_get(e->left, 0);
        bytes += json_dumpb(row, NULL, 0, JSON_COMPACT);
        json_array_append(items, row);
        json_array_remove(e->left, 0);
    }
    if (json_array_size(e->left) == 0) {
        json_decref(e->left);
        e->left = NULL;
    }
    give(request, e, items);
}

static void stop(struct request *request, struct export *e, const char *code, const char *says)
{
    e->is_busy = 0;
    export_end(request->vault, e, EXPORT_CUT, NULL, NULL);
    request_fail(request, code, says, NULL);
}

static void opened(void *room, enum err err, json_t *messages, const json_t *first)
{
    struct request *request = room;
    struct export *e = export_asked(request);
    need(e != NULL && e->is_busy);
    if (e->rebuilds != request->vault->rebuilds)
        err = ERR_CANCELLED;
    const struct case_file *file = err == ERR_OK ? seen_at(request->vault, e->who, e->numbers[e->at]) : NULL;
    if (file) {
        e->at++;
        e->left = export_messages(file, messages, first);
        give_left(request, e);
    } else if (err == ERR_OK || err == ERR_NOT_FOUND) { /* gone meanwhile, or for who asks */
        e->at++;
        e->left_out++;
        give(request, e, json_array());
    } else {
        e->is_busy = 0; /* asked again, it tries again */
        request_fail_with(request, err);
    }
}

static void opening_kept(void *room, enum err err)
{
    struct request *request = room;
    struct vault *vault = request->vault;
    struct export *e = export_asked(request);
    need(e != NULL && e->is_busy);
    if (err == ERR_OK && (vault->phase != PHASE_OPEN || e->rebuilds != vault->rebuilds))
        err = ERR_CANCELLED;
    const struct case_file *file = err == ERR_OK ? seen_at(vault, e->who, e->numbers[e->at]) : NULL;
    if (file)
        conversation_open(vault, file->id, opened, request);
    else
        opened(request, err == ERR_OK ? ERR_NOT_FOUND : err, NULL, NULL);
}

static void give_messages(struct request *request, struct export *e)
{
    struct vault *vault = request->vault;
    struct session *session = request_session(request);
    const struct case_file *file = NULL;
    while (e->at < e->count && !e->left && !(file = seen_at(vault, e->who, e->numbers[e->at]))) {
        e->at++;
        e->left_out++;
    }
    e->is_busy = 1;
    if (e->left || e->at == e->count)
        give_left(request, e);
    else if (!session || !session_spend(vault->sessions, session, NULL, clock_wall()))
        stop(request, e, "budget", "You have opened as many cases as you may for now.");
    else
        audit_alone(vault, request->who, "export.case", file->id, NULL, opening_kept, request);
}

void ops_export_next(struct request *request)
{
    const char *id;
    if (!request_text(request, "export", 1, EXPORT_ID, &id))
        return;
    struct export *e = export_asked(request);
    if (!e || e->state != EXPORT_UNDER_WAY || e->is_left) {
        request_fail(request, "not_found", "There is no such export under way.", "export");
    } else if (json_is_true(json_object_get(request->body, "leave"))) {
        e->is_left = 1; /* a piece may be under way: the tick cuts it */
        request_ok(request, NULL);
    } else if (e->is_busy) {
        request_fail_with(request, ERR_BUSY);
    } else if (e->rebuilds != request->vault->rebuilds) {
        stop(request, e, "busy", "The vault is starting again. Try again in a moment.");
    } else if (e->what == EXPORT_MESSAGES) {
        give_messages(request, e);
    } else {
        give_rows(request, e);
    }
}

/* ---- how far they are ---- */

void ops_export_list(struct request *request)
{
    static const char *const states[] = {
        [EXPORT_NONE] = "", [EXPORT_UNDER_WAY] = "under_way", [EXPORT_WHOLE] = "whole", [EXPORT_CUT] = "cut"};
    const struct export *e;
    int is_protected = people_is_protected(vault_desk(request->vault));
    json_t *items = json_array();
    for (size_t i = 0; (e = export_at(request, i)); i++)
        need(json_array_append_new(items,
                                   json_pack("{s:s,s:s,s:s,s:I,s:I,s:I}", "export", e->id, "what", export_name(e->what),
                                             "state", states[e->state], "done", (json_int_t)e->at, "total",
                                             (json_int_t)e->count, "rows", (json_int_t)e->rows)) == 0);
    request_ok(request, json_pack("{s:o,s:b,s:o}", "items", items, "fresh", is_protected, "passkey",
                                  is_protected ? passkey_asking(request) : json_null()));
}
