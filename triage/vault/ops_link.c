/* ops_link.c -- a person confirms or takes away a case's link to an impact. */
#include <string.h>

#include "common/base/code.h"
#include "triage/vault/audit.h"
#include "triage/vault/case_change.h"
#include "triage/vault/case_state.h"
#include "triage/vault/case_view.h"
#include "triage/vault/impacts.h"
#include "triage/vault/ops.h"

enum { REASON_MAX = 2000 };

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

void ops_link_draft(json_t *state, const char *impact, int confirm, const char *who, const char *reason)
{
    json_t *links = state_list(state, "links");
    size_t at = link_index(links, impact);
    json_t *link = json_array_get(links, at);
    state_history(state, who, confirm ? "Linked to an impact" : "A link was taken away");
    if (!confirm) {
        if (link)
            json_array_remove(links, at);
        return;
    }
    if (!link) {
        link = json_pack("{s:s,s:s,s:[]}", "impact", impact, "proposed_by", "person", "words");
        json_array_append_new(links, link);
    }
    if (!json_is_true(json_object_get(link, "confirmed")))
        json_object_set_new(link, "at", state_now());
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
    ops_link_draft(cc->state, impact, confirm, request->who, reason);
    audit_leaf(request->vault, cc->change, request->who, confirm ? "case.link" : "case.unlink", file->id,
               json_pack("{s:s}", "impact", impact));
    case_change_submit(cc, links_kept, request);
}
