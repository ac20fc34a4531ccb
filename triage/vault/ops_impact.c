/* ops_impact.c -- operations on the register of impacts, and the links of cases to it. */
#include <string.h>

#include "common/base/code.h"
#include "triage/vault/audit.h"
#include "triage/vault/case_change.h"
#include "triage/vault/case_state.h"
#include "triage/vault/case_view.h"
#include "triage/vault/impacts.h"
#include "triage/vault/ops.h"

enum {
    REASON_MAX = 2000,
    TITLE_MAX = 200,
    WHAT_MAX = 20000,
    CODE_MAX = 60,
    RIGHTS_MAX = 40,
    LIST_MAX = 100,
    LIST_USUAL = 50,
    CASES_MAX = 200
};

/* ---- links ---- */

static void links_kept(void *room, enum err err)
{
    struct request *request = room;
    const struct case_file *file = err == ERR_OK ? case_asked(request, 0) : NULL;
    if (err != ERR_OK) {
        request_fail_with(request, err);
    } else if (file) {
        json_t *state = state_draft(file);
        request_ok(request, json_pack("{s:o}", "links", case_links(request->vault, state)));
        json_decref(state);
    }
}

static size_t link_index(json_t *links, const char *impact)
{
    size_t i;
    json_t *link;
    json_array_foreach(links, i, link) if (strcmp(state_text(link, "impact"), impact) == 0) return i;
    return json_array_size(links);
}

static void set_link(json_t *links, const char *impact, int confirm, const char *who, const char *reason)
{
    size_t at = link_index(links, impact);
    json_t *link = json_array_get(links, at);
    if (!confirm) {
        if (link)
            json_array_remove(links, at);
        return;
    }
    if (!link) {
        link = json_pack("{s:s,s:s,s:[]}", "impact", impact, "proposed_by", "person", "words");
        json_array_append_new(links, link);
    }
    json_object_set_new(link, "confirmed", json_true());
    json_object_set_new(link, "reason", json_string(reason));
    json_object_set_new(link, "by", json_string(who));
}

void ops_case_link(struct request *request)
{
    const char *impact, *reason = "";
    int confirm = 1;
    struct case_file *file = case_asked(request, 1);
    if (!file || !request_text(request, "impact", 1, CODE_ID_SIZE, &impact) ||
        !request_flag(request, "confirm", 0, &confirm) || !request_text(request, "reason", 0, REASON_MAX, &reason))
        return;
    if (!impacts_find(request->vault->impacts, impact)) {
        request_fail(request, "not_found", "There is no such impact.", "impact");
        return;
    }
    struct case_change *cc = case_change_begin(request->vault, file, NULL);
    set_link(state_list(cc->state, "links"), impact, confirm, request->who, reason);
    state_history(cc->state, request->who, confirm ? "Linked to an impact" : "A link was taken away");
    audit_leaf(request->vault, cc->change, request->who, confirm ? "case.link" : "case.unlink", file->id,
               json_pack("{s:s}", "impact", impact));
    case_change_submit(cc, links_kept, request);
}

/* ---- the register ---- */

static json_t *case_items(const struct vault *vault, const struct impact *impact)
{
    json_t *items = json_array();
    for (size_t i = 0; i < impact->case_count && i < CASES_MAX; i++)
        json_array_append_new(items, case_item(vault, book_at(vault->book, impact->cases[i])));
    return items;
}

static json_t *impact_row(const struct impact *impact)
{
    char id[CODE_ID_SIZE];
    code_id(impact->id, id);
    json_t *severity = json_pack("{s:O?,s:O?,s:O?}", "scale", json_object_get(impact->json, "scale"), "scope",
                                 json_object_get(impact->json, "scope"), "irremediability",
                                 json_object_get(impact->json, "irremediability"));
    json_t *row = json_pack("{s:s,s:s,s:s,s:o,s:I,s:I}", "impact", id, "title", state_text(impact->json, "title"),
                            "state", state_text(impact->json, "state"), "severity", severity, "cases",
                            (json_int_t)impact->case_count, "version", (json_int_t)impact->version);
    need(row != NULL);
    return row;
}

void ops_impact_list(struct request *request)
{
    int64_t after = 0, limit = LIST_USUAL;
    const struct impacts *impacts = request->vault->impacts;
    if (!request_int(request, "after", 0, 0, INT32_MAX, &after) ||
        !request_int(request, "limit", 0, 1, LIST_MAX, &limit))
        return;
    json_t *items = json_array();
    for (int64_t i = after; i < after + limit && impacts_at(impacts, (size_t)i); i++)
        json_array_append_new(items, impact_row(impacts_at(impacts, (size_t)i)));
    request_ok(request, json_pack("{s:o,s:I}", "items", items, "total", (json_int_t)impacts_count(impacts)));
}

void ops_impact_show(struct request *request)
{
    const char *id;
    if (!request_text(request, "impact", 1, CODE_ID_SIZE, &id))
        return;
    const struct impact *impact = impacts_find(request->vault->impacts, id);
    if (!impact) {
        request_fail(request, "not_found", "There is no such impact.", "impact");
        return;
    }
    json_t *shown = impact_row(impact);
    json_object_set(shown, "count", json_object_get(shown, "cases"));
    need(json_object_update_missing(shown, impact->json) == 0);
    json_object_set_new(shown, "cases", case_items(request->vault, impact));
    request_ok(request, shown);
}

static void created(void *room, enum err err, const uint8_t id[16])
{
    struct request *request = room;
    char text[CODE_ID_SIZE];
    if (err == ERR_CONFLICT)
        impacts_refresh(request->vault);
    if (err != ERR_OK) {
        request_fail_with(request, err);
        return;
    }
    code_id(id, text);
    request_ok(request, json_pack("{s:s}", "impact", text));
}

static json_t *rights_asked(const struct request *request)
{
    json_t *rights = json_array(), *one;
    size_t i;
    json_array_foreach(json_object_get(request->body, "rights"), i,
                       one) if (i < RIGHTS_MAX && json_is_string(one) && json_string_length(one) <= CODE_MAX)
        json_array_append(rights, one);
    return rights;
}

void ops_impact_create(struct request *request)
{
    const char *title, *what = "", *stage = "", *technology = "", *state = "actual";
    int64_t axes[3] = {0};
    static const char *const names[] = {"scale", "scope", "irremediability"};
    if (!request_text(request, "title", 1, TITLE_MAX, &title) || !request_text(request, "what", 0, WHAT_MAX, &what) ||
        !request_text(request, "stage", 0, CODE_MAX, &stage) ||
        !request_text(request, "technology", 0, TITLE_MAX, &technology) ||
        !request_text(request, "state", 0, CODE_MAX, &state))
        return;
    for (size_t i = 0; i < 3; i++)
        if (!request_int(request, names[i], 0, 1, 4, &axes[i]))
            return;
    if (strcmp(state, "actual") != 0 && strcmp(state, "potential") != 0) {
        request_fail(request, "malformed", "An impact is actual or potential.", "state");
        return;
    }
    json_t *json = json_pack("{s:i,s:s,s:s,s:o,s:s,s:s,s:s,s:s,s:o}", "v", 1, "title", title, "what", what, "rights",
                             rights_asked(request), "stage", stage, "technology", technology, "state", state, "by",
                             request->who, "at", state_now());
    for (size_t i = 0; i < 3; i++)
        json_object_set_new(json, names[i], axes[i] ? json_integer(axes[i]) : json_null());
    impacts_create(request->vault, request->who, json, created, request);
}
