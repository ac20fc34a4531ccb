/* ops_group_all.c -- what is done for all of a group case (groups.h): rename, take, answer in one language, link. Every
 * case has its own change, answer and leaf; together.h does them behind the answer to the one who asked. */
#include <string.h>

#include "common/base/clock.h"
#include "common/base/code.h"
#include "common/base/mem.h"
#include "triage/vault/audit.h"
#include "triage/vault/case_change.h"
#include "triage/vault/case_state.h"
#include "triage/vault/graphic.h"
#include "triage/vault/groups.h"
#include "triage/vault/impacts.h"
#include "triage/vault/life.h"
#include "triage/vault/ops.h"
#include "triage/vault/participants_keep.h"
#include "triage/vault/seen.h"
#include "triage/vault/together.h"

enum { REASON_MAX = 2000, TEXT_MAX = 20000, LANGUAGE_MAX_BYTES = 20 };

int group_reaches(const struct case_file *file, const json_t *state)
{
    return !life_is_ending(life_now(state)) && file->state_len <= STATE_FULL && book_key(file, ROOT_THREAD, 1) &&
           !participant_is_ended(state);
}

/* ---- errands: the same for many cases, behind the answer ---- */

struct errand {
    struct vault *vault;
    uint64_t rebuilds; /* of then */
    char group[CODE_ID_SIZE], who[VAULT_WHO_MAX + 1];
    int64_t renamed; /* how often it will have been: to rename */
    json_t *body;    /* what was asked */
};

/* Which cases it is for; asked once before it begins, and once more of each when its turn has come. */
typedef int chooses_fn(const struct errand *errand, const struct case_file *file, const json_t *state);

static struct errand *errand_new(const struct request *request, const struct group *group)
{
    struct errand *errand = mem_new(sizeof *errand);
    *errand =
        (struct errand){.vault = request->vault, .rebuilds = request->vault->rebuilds, .renamed = group->renamed + 1};
    code_id(group->id, errand->group);
    memcpy(errand->who, request->who, sizeof errand->who);
    errand->body = json_incref(request->body);
    return errand;
}

static void errand_end(void *room)
{
    struct errand *errand = room;
    struct group *group =
        errand->rebuilds == errand->vault->rebuilds ? groups_find(errand->vault->groups, errand->group) : NULL;
    if (group)
        group->under_way--;
    json_decref(errand->body);
    mem_free(errand);
}

static int chosen(const struct errand *errand, const struct case_file *file, chooses_fn *chooses)
{
    json_t *state = state_draft(file);
    int is_chosen = seen_by(file, errand->who) && chooses(errand, file, state);
    json_decref(state);
    return is_chosen;
}

/* Takes `errand`. How many cases it is for. */
static size_t errand_begin(struct errand *errand, struct group *group, chooses_fn *chooses, together_one_fn *one)
{
    size_t count = 0;
    uint8_t(*ids)[16] = mem_new_array(group->case_count + 1, sizeof *ids);
    for (size_t i = 0; i < group->case_count; i++) {
        const struct case_file *file = seen_at(errand->vault, errand->who, group->cases[i]);
        if (file && chosen(errand, file, chooses))
            memcpy(ids[count++], file->id, sizeof *ids);
    }
    group->under_way++;
    together_begin(errand->vault, ids, count, one, errand_end, errand);
    return count;
}

static const char *said(const struct errand *errand, const char *key)
{
    return state_text(errand->body, key);
}

/* ---- rename, take, answer, link ---- */

static void answer_count(struct request *request, size_t count)
{
    request_ok(request, json_pack("{s:I}", "cases", (json_int_t)count));
}

static int any(const struct errand *errand, const struct case_file *file, const json_t *state)
{
    (void)errand;
    (void)state;
    return file->state_len <= STATE_FULL;
}

static int rename_one(void *room, struct vault *vault, struct case_file *file, change_done_fn *done, void *done_room)
{
    const struct errand *errand = room;
    if (!chosen(errand, file, any))
        return 0;
    struct case_change *cc = case_change_begin(vault, file, NULL);
    json_t *group = json_object_get(cc->state, "group");
    if (strcmp(state_text(group, "id"), errand->group) != 0) { /* it left meanwhile */
        case_change_drop(cc);
        return 0;
    }
    state_set_text(group, "title", said(errand, "title"));
    need(json_object_set_new(group, "renamed", json_integer(errand->renamed)) == 0);
    audit_leaf(vault, cc->change, errand->who, "group.rename", file->id, NULL);
    case_change_submit(cc, done, done_room);
    return 1;
}

void ops_group_rename(struct request *request)
{
    const char *title;
    struct group *group = group_asked(request);
    if (group && request_text(request, "title", 1, GROUPS_TITLE_MAX, &title))
        answer_count(request, errand_begin(errand_new(request, group), group, any, rename_one));
}

/* Those that wait and that the queue might give them. */
static int may_take(const struct errand *errand, const struct case_file *file, const json_t *state)
{
    return any(errand, file, state) && file->place.lane != LANE_NONE && file->place.lane != LANE_HELD &&
           !*file->taken_by && sides_may_have(file, errand->who, clock_wall()) &&
           !participants_are_held(errand->vault, file, errand->who);
}

static int take_one(void *room, struct vault *vault, struct case_file *file, change_done_fn *done, void *done_room)
{
    const struct errand *errand = room;
    if (!chosen(errand, file, may_take))
        return 0;
    struct case_change *cc = case_change_begin(vault, file, NULL);
    ops_take_draft(cc, errand->who);
    audit_leaf(vault, cc->change, errand->who, "group.take", file->id, NULL);
    if (file->is_graphic) /* their own choice; the queue gives them the fewer today */
        graphic_took(vault->graphic, vault, errand->who, clock_wall());
    case_change_submit(cc, done, done_room);
    return 1;
}

/* Only who holds one of them already: what somebody works on first is the queue's choice. */
void ops_group_take(struct request *request)
{
    struct group *group = group_asked(request);
    int holds = 0;
    const struct case_file *file;
    for (size_t i = 0; group && i < group->case_count; i++)
        holds |= (file = seen_at(request->vault, request->who, group->cases[i])) &&
                 strcmp(file->taken_by, request->who) == 0;
    if (group && !holds)
        request_deny(request, "Only who holds one case of the group may take the others.");
    else if (group)
        answer_count(request, errand_begin(errand_new(request, group), group, may_take, take_one));
}

static int may_answer(const struct errand *errand, const struct case_file *file, const json_t *state)
{
    return group_reaches(file, state) && strcmp(state_text(state, "language"), said(errand, "language")) == 0;
}

static int answer_one(void *room, struct vault *vault, struct case_file *file, change_done_fn *done, void *done_room)
{
    const struct errand *errand = room;
    if (!chosen(errand, file, may_answer))
        return 0;
    struct case_change *cc = case_change_begin(vault, file, NULL);
    json_t *message = ops_answer_draft(cc, errand->who, said(errand, "text"), said(errand, "language"),
                                       said(errand, "state"), said(errand, "text"));
    if (!message) { /* that state is not open to this one: it gets no half of an answer */
        case_change_drop(cc);
        return 0;
    }
    json_decref(message);
    audit_leaf(vault, cc->change, errand->who, "group.answer", file->id, NULL);
    case_change_submit(cc, done, done_room);
    return 1;
}

void ops_group_answer(struct request *request)
{
    const char *text, *language, *state = "";
    int64_t version, is = 0;
    struct group *group = group_asked(request);
    if (!group || !request_text(request, "text", 1, TEXT_MAX, &text) ||
        !request_text(request, "language", 1, LANGUAGE_MAX_BYTES, &language) ||
        !request_text(request, "state", 0, 20, &state) || !request_int(request, "version", 1, 0, INT64_MAX, &version))
        return;
    if (*state && (life_of(state) == LIFE_COUNT || !life_comes_with_answer(life_of(state)))) {
        request_fail(request, "malformed", "An answer cannot bring the case into that state.", "state");
        return;
    }
    const struct case_file *file;
    for (size_t i = 0; i < group->case_count; i++)
        is += (file = seen_at(request->vault, request->who, group->cases[i])) ? file->told : 0;
    if (group->under_way || is != version) { /* pressed twice, or something came in meanwhile */
        request_fail(request, "conflict", "Something happened in this group case meanwhile. Look at it again.",
                     "version");
        return;
    }
    answer_count(request, errand_begin(errand_new(request, group), group, may_answer, answer_one));
}

static int link_one(void *room, struct vault *vault, struct case_file *file, change_done_fn *done, void *done_room)
{
    const struct errand *errand = room;
    if (!chosen(errand, file, any))
        return 0;
    struct case_change *cc = case_change_begin(vault, file, NULL);
    ops_link_draft(cc->state, said(errand, "impact"), 1, errand->who, said(errand, "reason"));
    audit_leaf(vault, cc->change, errand->who, "case.link", file->id,
               json_pack("{s:s}", "impact", said(errand, "impact")));
    case_change_submit(cc, done, done_room);
    return 1;
}

void ops_group_link(struct request *request)
{
    const char *impact, *reason = "";
    struct group *group = group_asked(request);
    if (!group || !request_text(request, "impact", 1, CODE_ID_SIZE, &impact) ||
        !request_text(request, "reason", 0, REASON_MAX, &reason))
        return;
    if (!impacts_find(request->vault->impacts, impact))
        request_fail(request, "not_found", "There is no such impact.", "impact");
    else
        answer_count(request, errand_begin(errand_new(request, group), group, any, link_one));
}
