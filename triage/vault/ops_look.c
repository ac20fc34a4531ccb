/* ops_look.c -- the first look: three taps before anything is worked out. Is someone in danger? How urgent is it? Whose
 * desk (case.move)? It raises, never lowers: what the rules proposed stands until somebody assesses the case. With
 * `all` the same is said of all that say nearly the same (alike.h): one item, every voice kept. */
#include <string.h>

#include "common/base/clock.h"
#include "common/base/mem.h"
#include "triage/vault/alike.h"
#include "triage/vault/aside.h"
#include "triage/vault/audit.h"
#include "triage/vault/case_change.h"
#include "triage/vault/case_state.h"
#include "triage/vault/case_view.h"
#include "triage/vault/life.h"
#include "triage/vault/ops.h"
#include "triage/vault/seen.h"
#include "triage/vault/severity_json.h"
#include "triage/vault/stages.h"
#include "triage/vault/together.h"

enum { HOUR = 3600, DAY = 24 * HOUR };

/* How long what is urgent can wait; 0: nothing is said about time. */
static const struct {
    const char *code;
    int64_t within_s;
} urgencies[] = {{"now", HOUR}, {"today", DAY}, {"week", 7 * DAY}, {"later", 0}};

static const char *const dangers[] = {"yes", "no", "unsure"};

/* The row of that code, or -1. */
static int urgency_of(const char *code)
{
    for (int i = 0; i < (int)(sizeof urgencies / sizeof *urgencies); i++)
        if (strcmp(urgencies[i].code, code) == 0)
            return i;
    return -1;
}

static int is_danger(const char *code)
{
    for (size_t i = 0; i < sizeof dangers / sizeof *dangers; i++)
        if (strcmp(dangers[i], code) == 0)
            return 1;
    return 0;
}

/* What the taps raise, and the taps themselves. */
static json_t *look_json(const char *danger, int urgency, const char *who)
{
    struct severity raises = {.danger_now = strcmp(danger, "yes") == 0};
    if (urgencies[urgency].within_s)
        raises.by = clock_wall() + urgencies[urgency].within_s;
    json_t *look = json_pack("{s:s,s:s,s:s,s:o,s:o}", "danger", danger, "urgency", urgencies[urgency].code, "by_name",
                             who, "at", state_now(), "raises", severity_json(&raises));
    need(look != NULL);
    return look;
}

static void look(struct vault *vault, struct case_file *file, json_t *taps, const char *who, change_done_fn *done,
                 void *room)
{
    struct case_change *cc = case_change_begin(vault, file, NULL);
    need(json_object_set(cc->state, "look", taps) == 0);
    aside_end(cc->state, "taken", who, "");
    if (strcmp(state_text(cc->state, "lane"), "first_look") == 0)
        state_set_text(cc->state, "lane", "assessed");
    (void)life_follow(cc->state, LIFE_FIRST_LOOK, LIFE_BY_OFFICER, who);
    stages_did(cc->state, DEADLINE_LOOK);
    state_history(cc->state, who, "Had a first look");
    audit_leaf(vault, cc->change, who, "case.look", file->id, NULL);
    case_change_submit(cc, done, room);
}

/* ---- the same for all that say nearly the same, behind the answer ---- */

struct taps_of {
    json_t *taps;
    char who[VAULT_WHO_MAX + 1];
};

static int look_too(void *errand, struct vault *vault, struct case_file *file, change_done_fn *done, void *room)
{
    const struct taps_of *of = errand;
    if (*file->taken_by || !seen_by(file, of->who)) /* somebody is at it; or it names who looks, as of now */
        return 0;
    look(vault, file, of->taps, of->who, done, room);
    return 1;
}

static void looked_at_all(void *errand)
{
    struct taps_of *of = errand;
    json_decref(of->taps);
    mem_free(of);
}

/* Who else is in the group of `file` is looked at with it, from behind, so that whoever stands for the rest stays the
 * same. How many they are. */
static size_t look_at_others(struct request *request, const struct case_file *file, json_t *taps)
{
    const uint32_t *members;
    size_t count = alike_members(request->vault->alike, file->number, &members), others = 0;
    if (count < 2)
        return 0;
    const struct case_file *other;
    struct taps_of *of = mem_new(sizeof *of);
    of->taps = json_incref(taps);
    memcpy(of->who, request->who, sizeof of->who);
    uint8_t(*ids)[16] = mem_new_array(count, sizeof *ids);
    for (size_t i = 0; i < count; i++)
        if (members[i] != file->number && (other = seen_at(request->vault, request->who, members[i])))
            memcpy(ids[others++], other->id, sizeof *ids);
    together_begin(request->vault, ids, others, look_too, looked_at_all, of);
    return others;
}

/* ---- the operation ---- */

static void looked(void *room, enum err err)
{
    struct request *request = room;
    const struct case_file *file = err == ERR_OK ? case_asked(request, 0) : NULL;
    if (err != ERR_OK)
        request_fail_with(request, err);
    else if (file)
        request_ok(request, json_pack("{s:o,s:O}", "item", case_item(request->vault, file), "alike", request->kept));
}

void ops_case_look(struct request *request)
{
    const char *danger, *urgency;
    int all = 0;
    struct case_file *file = case_asked(request, 1);
    if (!file || !request_text(request, "danger", 1, 10, &danger) ||
        !request_text(request, "urgency", 1, 10, &urgency) || !request_flag(request, "all", 0, &all))
        return;
    int row = urgency_of(urgency);
    if (row < 0 || !is_danger(danger)) {
        request_fail(request, "malformed", "This is missing, or not in the form it must have.",
                     row < 0 ? "urgency" : "danger");
        return;
    }
    json_t *taps = look_json(danger, row, request->who);
    json_decref(request->kept);
    request->kept = json_integer(all ? (json_int_t)look_at_others(request, file, taps) : 0);
    look(request->vault, file, taps, request->who, looked, request);
    json_decref(taps);
}
