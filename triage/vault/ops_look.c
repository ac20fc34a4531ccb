/* ops_look.c -- the first look: three taps before anything is worked out. Is someone in danger? How urgent is it? Whose
 * desk (case.move)? It raises, never lowers: what the rules proposed stands until somebody assesses the case. With
 * `all` the same is said of all that say nearly the same (alike.h): one item, every voice kept. */
#include <string.h>

#include "common/base/clock.h"
#include "common/base/mem.h"
#include "triage/vault/alike.h"
#include "triage/vault/audit.h"
#include "triage/vault/case_change.h"
#include "triage/vault/case_state.h"
#include "triage/vault/case_view.h"
#include "triage/vault/life.h"
#include "triage/vault/ops.h"
#include "triage/vault/seen.h"
#include "triage/vault/severity_json.h"
#include "triage/vault/stages.h"

/* As many changes as go well into one COMMIT. */
enum { HOUR = 3600, DAY = 24 * HOUR, TOGETHER = 32 };

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
    if (strcmp(state_text(cc->state, "lane"), "first_look") == 0)
        state_set_text(cc->state, "lane", "assessed");
    (void)life_follow(cc->state, LIFE_FIRST_LOOK, LIFE_BY_OFFICER, who);
    stages_did(cc->state, DEADLINE_LOOK);
    state_history(cc->state, who, "Had a first look");
    audit_leaf(vault, cc->change, who, "case.look", file->id, NULL);
    case_change_submit(cc, done, room);
}

/* ---- the same for all that say nearly the same, some at a time, behind the answer ---- */

struct spreading {
    struct vault *vault;
    uint64_t rebuilds; /* of then */
    uint32_t *numbers; /* of files: they live as long as the book */
    size_t left, under_way;
    json_t *taps;
    char who[VAULT_WHO_MAX + 1];
};

static void spread(void *arg);

static void spread_one(void *room, enum err err)
{
    struct spreading *s = room;
    s->under_way--;
    if (err != ERR_OK)
        s->left = 0; /* the vault rebuilds, or the database is away: they stand in the queue as before */
    spread(s);
}

/* From behind, so that whoever stands for the rest stays the same. */
static void spread(void *arg)
{
    struct spreading *s = arg;
    if (s->rebuilds != s->vault->rebuilds)
        s->left = 0;
    while (s->left > 0 && s->under_way < TOGETHER) {
        struct case_file *file = seen_at(s->vault, s->who, s->numbers[--s->left]);
        if (!file || file->writing || *file->taken_by)
            continue; /* somebody is at it */
        s->under_way++;
        look(s->vault, file, s->taps, s->who, spread_one, s);
    }
    if (s->left > 0 || s->under_way > 0)
        return;
    mem_free(s->numbers);
    json_decref(s->taps);
    mem_free(s);
}

/* Who else is in the group of `file`, to be looked at with it. NULL: nobody, or nobody asked for it. */
static struct spreading *others(struct request *request, const struct case_file *file, json_t *taps)
{
    const uint32_t *members;
    size_t count = alike_members(request->vault->alike, file->number, &members);
    if (count < 2)
        return NULL;
    struct spreading *s = mem_new(sizeof *s);
    *s = (struct spreading){.vault = request->vault, .rebuilds = request->vault->rebuilds, .taps = json_incref(taps)};
    memcpy(s->who, request->who, sizeof s->who);
    s->numbers = mem_new_array(count, sizeof *s->numbers);
    for (size_t i = 0; i < count; i++)
        if (members[i] != file->number && seen_at(request->vault, s->who, members[i]))
            s->numbers[s->left++] = members[i];
    return s;
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
    struct spreading *rest = all ? others(request, file, taps) : NULL;
    json_decref(request->kept);
    request->kept = json_integer(rest ? (json_int_t)rest->left : 0);
    if (rest)
        loop_later(request->vault->loop, spread, rest);
    look(request->vault, file, taps, request->who, looked, request);
    json_decref(taps);
}
